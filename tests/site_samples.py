"""The sample reports of some stories, read by the shipped reader and joined: what sites show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fastapi.testclient import TestClient

from onrecord import samples
from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.site.app import create_app
from onrecord.site.config import Site

#: The stories whose reports the tests read.
STORIES = ("barges", "beni-flood", "daugava-flood", "cup-final")


def sample_archive(place: Path) -> Archive:
    """Return an archive of the sample reports of ``STORIES``, joined."""
    wanted = {
        id_ for story in samples.truth()["stories"] if story["id"] in STORIES
        for id_ in story["articles"]
    }  # fmt: skip
    archive = Archive.open(place)
    archive.add(one for one in samples.articles() if one.id in wanted)
    join(archive)
    return archive


def clients(archive: Archive, site: Site | None = None) -> Iterator[TestClient]:
    """Yield a client of the site of an archive, as a browser on this machine."""
    with TestClient(
        create_app(archive, site), base_url="http://localhost:8000", client=("127.0.0.1", 50000)
    ) as client:
        yield client
