"""The site: an edition made from an archive, and the pages that stand behind each of its lines."""
