"""Across records: copies, stories, incidents, disputes, offices, and what follows from them."""
