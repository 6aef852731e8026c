"""An article's page: the words with their marks, and each field with its confidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from markupsafe import Markup

from onrecord.record import Record
from onrecord.render import wording
from onrecord.render.html import _View, esc

#: Characters of a text that are shown where the site shows excerpts.
EXCERPT = 600


class ArticleView(_View):
    """A record as the site shows it: beside each field how sure it is, and how to correct it."""

    def __init__(self, record: Record, *, can_correct: bool, is_excerpt: bool) -> None:
        super().__init__(record, "")
        self._can_correct = can_correct
        self._is_excerpt = is_excerpt
        self._sure = {row.id: row.confidence for row in record.statements}
        self._sure |= {row.id: row.confidence for row in record.events}
        self._sure |= {row.id: row.confidence for row in record.places}
        self._sure |= {
            row.id: max((one.confidence for one in row.mentions), default=0.0)
            for row in record.entities
        }

    def card(self, row: str, tone: str, parts: Iterable[str]) -> str:
        """Return the box of one row, with its confidence and the way to correct it."""
        return super().card(row, tone, [*parts, self._foot(row)])

    def _foot(self, row: str) -> str:
        sure = self._sure.get(row)
        said = "" if sure is None else f"{round(100 * sure)} % sure"
        link = ""
        if self._can_correct:
            article = quote(self.record.article.id or "", safe="")
            link = f'<a href="/correct/{article}/{quote(row)}">correct {esc(row)}</a>'
        return f'<p class="facts">{wording.joined([said, link])}</p>' if said or link else ""

    def text(self) -> str:
        """Return the words; where the site shows excerpts, the first of them."""
        return super().text().replace("<main ", "<div ", 1).replace("</main>", "</div>", 1)

    def _paragraphs(self) -> Iterator[str]:
        if not self._is_excerpt:
            yield from super()._paragraphs()
            return
        text, shown = self.record.article.text, 0
        lines = (line for line in text.split("\n") if line.strip())
        for line, paragraph in zip(lines, super()._paragraphs()):
            if shown and shown + len(line) > EXCERPT:
                yield '<p class="skipped-rest">The rest stands with the outlet.</p>'
                return
            shown += len(line)
            yield paragraph


def body(record: Record, *, can_correct: bool, is_excerpt: bool) -> Markup:
    """Return the part of an article's page below its head, escaped."""
    view = ArticleView(record, can_correct=can_correct, is_excerpt=is_excerpt)
    return Markup(
        '<div class="onrecord">'
        f'{view.jump()}<div class="columns">{view.text()}{view.panel()}</div>{view.foot()}</div>'
    )
