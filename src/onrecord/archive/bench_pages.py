"""What web pages cost: ``python -m onrecord.archive.bench_pages [--pages 500]``.

Writes a folder of invented pages, adds it as ``onrecord add FOLDER`` does, with the real
reader, and tells which share of the work is finding the report in the page: of processor
time (that of the processes which do it), and of the time that passes (what the reader waits).
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from onrecord.archive import Archive
from onrecord.intake import open_source

_PEOPLE = ("Ana Solheim", "Jonas Keita", "Maria Dorval", "Peter Lindqvist", "Amina Farouk")
_OFFICES = ("the foreign minister", "the prime minister", "a spokesman for the army",
            "the head of the port authority", "the interior minister")  # fmt: skip
_COUNTRIES = ("Norway", "Portugal", "Kenya", "Chile", "Iceland", "Morocco", "Japan")
_SENTENCES = (
    "{person}, {office} of {country}, said on Monday that talks with {other} would go on.",
    "“We have not agreed to anything yet,” {person} told reporters after the meeting.",
    "Police in the capital of {country} detained {number} people who had blocked the harbour.",
    "{country} accused {other} of holding back documents about the sunken ferry.",
    "At least {number} people were injured when a bridge gave way near the border with {other}.",
    "The government of {other} denied the claims and called them an attempt to win time.",
    "Officials from {country} and {other} are expected to meet again late next month.",
    "Thousands marched through the city on Saturday to demand the release of {person}.",
    "{person} warned that {country} could close its airspace if the shelling did not stop.",
    "Aid worth {number} million dollars reached the flooded villages on Wednesday.",
    "According to a report seen by the paper, the navy of {other} sent two ships to the strait.",
    "“That is for the courts to decide,” said {person}, who left office in March.",
    "The court in {country} sentenced two former officials to {number} months in prison.",
    "It was the first visit of {office} of {other} in eleven years.",
    "Farmers said that they had lost most of the harvest, and asked for help from abroad.",
    "No one claimed responsibility for the attack, which the police called well prepared.",
)
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} - The Daily Example</title>
<meta property="og:site_name" content="The Daily Example">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",
"datePublished": "2025-11-{day:02}T08:00:00Z"}}</script><style>{style}</style></head>
<body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>
<p class="byline">By {person}</p>{body}</article>
<aside><h2>Read more</h2><ul>{menu}</ul></aside></main>
<footer><p>The Daily Example. Terms. Privacy.</p>{menu}</footer>
<script>{script}</script></body></html>
"""


class Cost(NamedTuple):
    """What adding a folder of pages cost."""

    pages: int
    seconds: float
    #: Seconds that the reader waited for pages.
    waited: float
    #: Processor seconds of the processes that took the pages apart, and of all.
    extraction: float
    processor: float

    @property
    def share(self) -> float:
        """Share of the processor time that finding the reports took."""
        return self.extraction / self.processor

    @property
    def wait_share(self) -> float:
        """Share of the time that passed in which the reader waited for pages."""
        return self.waited / self.seconds


def write_pages(folder: Path, number: int, seed: int = 1) -> None:
    """Write invented pages of about 400 words, with menus, scripts and styles around them."""
    dice = random.Random(seed)
    menu = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(40))
    for n in range(number):
        lines = [_sentence(dice) for _ in range(24)]
        body = "".join(f"<p>{' '.join(lines[at : at + 2])}</p>" for at in range(0, 24, 2))
        page = _PAGE.format(
            title=lines[0][:60].rstrip(" ,.").replace('"', ""), person=dice.choice(_PEOPLE),
            day=1 + n % 28, body=body, menu=menu, style=".a { color: red }\n" * 200,
            script="var a = 1;\n" * 500,
        )  # fmt: skip
        (folder / f"{n:05}.html").write_text(page, encoding="utf-8")


def _sentence(dice: random.Random) -> str:
    country, other = dice.sample(_COUNTRIES, 2)
    return dice.choice(_SENTENCES).format(
        person=dice.choice(_PEOPLE), office=dice.choice(_OFFICES), country=country, other=other,
        number=dice.randrange(3, 90),
    )  # fmt: skip


def measure(archive: Archive, folder: Path, reader: Any = None) -> Cost:
    """Add a folder of pages and tell what it cost."""
    waited = 0.0

    def patient() -> Iterator[Any]:
        nonlocal waited
        articles = open_source(str(folder))
        while True:
            asked = time.perf_counter()
            item = next(articles, None)
            waited += time.perf_counter() - asked
            if item is None:
                return
            yield item

    before, began = _processor(), time.perf_counter()
    done = archive.add(patient(), reader=reader, source=str(folder))
    seconds, after = time.perf_counter() - began, _processor()
    own, others = (late - early for early, late in zip(before, after, strict=True))
    return Cost(done.total, seconds, waited, others, own + others)


def _processor() -> tuple[float, float]:
    """Processor seconds of this process and of its children that have ended."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, others = (one.ru_utime + one.ru_stime for one in found)
    return own, others


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        pages = Path(name, "pages")
        pages.mkdir()
        write_pages(pages, given.pages)
        with Archive.open(Path(name, "bench.db")) as archive:
            cost = measure(archive, pages)
    print("| pages | seconds | a second | extraction, share of processor time | waited for |")
    print("|---|---|---|---|---|")
    shares = f"{cost.share:.1%} | {cost.wait_share:.1%}"
    print(f"| {cost.pages:,} | {cost.seconds:.0f} | {cost.pages / cost.seconds:.1f} | {shares} |")


if __name__ == "__main__":
    main()
