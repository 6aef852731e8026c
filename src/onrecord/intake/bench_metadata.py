"""How often the vote finds what is true: ``python -m onrecord.intake.bench_metadata [--pages N]``.

Writes invented pages whose places differ in the ways that pages do, at the rates of
``RATES``, and tells for each field the share of pages on which the value is the true one: by the
vote, by the first place that says anything, and by the extraction library alone.  The faults are
assumed, not counted on the web: the numbers compare the three ways, they are no promise.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from onrecord.intake.html import article_from_html
from onrecord.intake.identity import canonical_url
from onrecord.intake.metadata import PAGE, Said, Vote, elect, votes_of
from onrecord.record import Article

TODAY = date(2026, 2, 20)
#: Share of pages on which a place says something, and, of these, says what is true.
RATES: Mapping[str, tuple[float, float]] = {
    "JSON-LD headline": (0.7, 0.9), "JSON-LD date": (0.7, 0.85), "JSON-LD author": (0.7, 0.85),
    "JSON-LD publisher": (0.7, 0.95), "og:title": (0.9, 0.85), "og:site_name": (0.8, 0.95),
    "article:published_time": (0.6, 0.9), "date": (0.4, 0.6), "author": (0.6, 0.75),
    "h1": (0.95, 0.95), "title": (1.0, 0.9), "time": (0.5, 0.95), "canonical": (0.8, 0.97),
    "address": (0.5, 1.0),
}  # fmt: skip
_TITLES = ("Bridge over the river to be rebuilt", "Port of the north blocked for a third day",
           "Ministers meet on the cod quota", "Court frees two harbour pilots")  # fmt: skip
_OTHER_TITLES = ("You will not believe what the council did", "Latest news and pictures", "Home")
_PEOPLE = ("Ana Sol", "Ola Nord", "Jane Doe", "Peter Lind", "Amina Keita")
_NOBODY = ("admin", "https://news.example/staff/7", "Web desk")
_SITES = ("The Fjord Post", "Bay News", "Harbour Times")
_BODY = "The council said on Monday that it would rebuild the bridge over the river. " * 8


class Truth(NamedTuple):
    """What is true of a page."""

    title: str
    byline: str
    publisher: str
    published: str
    canonical_url: str


class _Page:
    """One invented page: what each of its places says."""

    def __init__(self, dice: random.Random, number: int) -> None:
        self._dice = dice
        day = date(2025, 3, 1) + timedelta(days=dice.randrange(300))
        self.truth = Truth(
            dice.choice(_TITLES), dice.choice(_PEOPLE), dice.choice(_SITES), day.isoformat(),
            f"https://news.example/a/{number}",
        )  # fmt: skip
        if self._says("address"):
            self.truth = self.truth._replace(
                canonical_url=f"https://news.example/{day:%Y/%m/%d}/{number}"
            )

    def _says(self, place: str) -> bool:
        return self._dice.random() < RATES[place][0]

    def _told(self, place: str, true: str, *false: str) -> str | None:
        """What a place says: nothing, what is true, or something else."""
        if not self._says(place):
            return None
        return true if self._dice.random() < RATES[place][1] else self._dice.choice(false)

    def _wrong_days(self) -> tuple[str, ...]:
        day = date.fromisoformat(self.truth.published)
        later = day + timedelta(days=self._dice.randrange(1, 40))
        return later.isoformat(), "2019-01-07", "9999-01-01", "1970-01-01"

    def markup(self) -> str:
        """Return the page."""
        true, days = self.truth, self._wrong_days()
        object_ = {
            "@type": "NewsArticle",
            "headline": self._told("JSON-LD headline", true.title, *_OTHER_TITLES),
            "datePublished": self._told("JSON-LD date", f"{true.published}T08:00:00Z", *days),
            "author": self._told("JSON-LD author", true.byline, *_NOBODY),
            "publisher": self._told("JSON-LD publisher", f"{true.publisher} AS", "Reader App"),
        }
        metas = {
            "og:title": self._told("og:title", f"{true.title} | {true.publisher}", *_OTHER_TITLES),
            "og:site_name": self._told("og:site_name", true.publisher, "Reader App"),
            "article:published_time": self._told("article:published_time", true.published, *days),
            "date": self._told("date", true.published, *days),
            "author": self._told("author", true.byline, *_NOBODY),
        }
        canonical = self._told("canonical", true.canonical_url + "?utm_source=x", "/", "")
        return "".join(self._pieces(object_, metas, canonical))

    def _pieces(
        self, data: Mapping[str, str | None], metas: Mapping[str, str | None], canonical: str | None
    ) -> Iterator[str]:
        true = self.truth
        title = self._told("title", f"{true.title} | {true.publisher}", *_OTHER_TITLES) or ""
        yield f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>'
        said = {name: value for name, value in data.items() if value}
        yield f'<script type="application/ld+json">{json.dumps(said)}</script>'
        for name, value in metas.items():
            if value:
                yield f'<meta property="{name}" content="{value}">'
        if canonical:
            yield f'<link rel="canonical" href="{canonical}">'
        yield "</head><body><article>"
        if heading := self._told("h1", true.title, true.publisher):
            yield f"<h1>{heading}</h1>"
        if day := self._told("time", true.published, *self._wrong_days()):
            yield f'<time class="published" datetime="{day}"></time>'
        yield f"<p>{_BODY}</p></article></body></html>"


def measure(pages: int, seed: int = 1) -> dict[str, dict[str, float]]:
    """Return field → way (``vote``, ``first``, ``library``) → share of pages that are right."""
    dice = random.Random(seed)
    right: dict[str, Counter[str]] = {name: Counter() for name in Truth._fields}
    for number in range(pages):
        page = _Page(dice, number)
        url = page.truth.canonical_url
        found = article_from_html(page.markup(), source="x", url=url, today=TODAY)
        for name in Truth._fields:
            for way, value in _ways(name, found, page.truth.publisher).items():
                right[name][way] += _same(name, value, getattr(page.truth, name))
    return {
        name: {way: right[name][way] / pages for way in ("vote", "first", "library")}
        for name in Truth._fields
    }


def _ways(name: str, found: Article, site: str) -> dict[str, str | None]:
    mine = [vote for vote in votes_of(found) if vote.field == name]
    places = [vote for vote in mine if vote.place != PAGE]
    whole = [vote for vote in mine if vote.place == PAGE]
    return {
        "vote": getattr(found, name),
        "first": _alone(name, places[0], site) if places else None,
        "library": _alone(name, whole[0], site) if whole else None,
    }


def _alone(name: str, vote: Vote, site: str) -> str | None:
    return elect(name, [Said(vote.place, vote.value)], today=TODAY, site=site).value


def _same(name: str, value: str | None, true: str) -> bool:
    if value is None:
        return False
    if name == "canonical_url":
        return value == canonical_url(true)
    if name == "published":
        return value[:10] == true
    return value.removesuffix(" AS").casefold() == true.casefold()


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    given = parser.parse_args(argv)
    print("| field | by vote | by the first place | by the library |\n|---|---|---|---|")
    for name, shares in measure(given.pages).items():
        print(f"| {name} | " + " | ".join(f"{share:.1%}" for share in shares.values()) + " |")


if __name__ == "__main__":
    main()
