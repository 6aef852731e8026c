"""What the archive's commands tell a person, in lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from onrecord.render.wording import clean as _clean

if TYPE_CHECKING:
    from onrecord.archive.adding import Progress, Summary

#: What is told of an article, besides its text.
_META = ("title", "byline", "publisher", "published", "language", "canonical_url")


def clean(value: object) -> str:
    """Return a value's words without what a terminal would take for a command."""
    return _clean(str(value))


def parsed(item: Any) -> list[str]:
    """Return lines that show an article, or one that could not be had, for a dry run."""
    from onrecord.intake import Unreadable, doubts, votes_of

    if isinstance(item, Unreadable):
        return [f"{clean(item.id or '(no article)')}: {item.code}: {clean(item.why)}"]
    names = ("published", "title", "byline", "publisher", "language", "url")
    against = [vote._asdict() for vote in votes_of(item) if not vote.taken]
    lines = [clean(item.id)]
    for name in names:
        if getattr(item, name):
            lines.append(f"    {name}: {clean(getattr(item, name))}")
        lines += [f"        not {_vote(vote)}" for vote in against if vote["field"] == name]
    words = " ".join(clean(item.text[:400]).split())
    lines.append(f"    text ({len(item.text):,} characters): {words[:160]}")
    return lines + [f"    {one.code}: {clean(one.message)}" for one in doubts(item)]


def _vote(vote: Mapping[str, Any]) -> str:
    why = f": {vote['doubt']}" if vote["doubt"] else ""
    return f"“{clean(vote['value'])}” ({clean(vote['place'])}{why})"


def failure(source: str, id_: str | None, why: str) -> str:
    """Return in a line which article of which source failed, and why."""
    told = f"{id_}: {why}" if id_ else why
    return told if source in told else f"{source}: {told}"


def summary(done: Summary, unread: int = 0) -> str:
    """Return in a line what became of the articles."""
    parts = [f"read {done.read:,}", f"unchanged {done.unchanged:,}",
             f"new version {done.new_version:,}"]  # fmt: skip
    for name, counts in (("skipped", done.skipped), ("failed", done.failed)):
        why = ", ".join(f"{reason} {number:,}" for reason, number in sorted(counts.items()))
        parts.append(f"{name} {sum(counts.values()):,}" + (f" ({why})" if why else ""))
    return " · ".join(parts) + (f" · sources not read {unread:,}" if unread else "")


def progress(one: Progress) -> str:
    """Return count, rate and time left in words."""
    line = f"{one.done:,}"
    if one.total is not None:
        line += f" of {one.total:,}"
    line += f" · {one.rate:.1f} a second"
    if one.left is not None:
        minutes, seconds = divmod(round(one.left), 60)
        line += f" · {minutes}:{seconds:02} left"
    return line


def results(found: Any) -> str:
    """Return hits with their snippets, and the facets."""
    lines = []
    for hit in found.hits:
        id_ = hit.article_id + (f"#{hit.row}" if hit.row else "")
        head = (id_, hit.published, hit.publisher, hit.speaker, hit.stance or hit.title)
        lines.append(" · ".join(clean(part) for part in head if part))
        lines.append("    " + " ".join(clean(hit.snippet).split()))
    lines.append(f"{found.total:,} found")
    for name, values in found.facets.items():
        counts = ", ".join(f"{clean(value)} {number:,}" for value, number in values.items())
        lines += [f"{_FACETS.get(name, name)}: {counts}"] if counts else []
    return "\n".join(lines)


_FACETS = {"type": "type of event"}


# -- the words behind a row ------------------------------------------------------------


def article(record: Any, votes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield lines that tell an article's title, date and so on, and which places said what."""
    a, reader = record.article, record.reader
    yield f"article {clean(a.id)} · version {a.version} · {clean(a.url or 'no address')}"
    yield f"read by onrecord {reader.version} · model {reader.model} {reader.model_sha256[:12]}"
    listed = [vote for vote in votes if vote["article_version"] == a.version]
    for name in _META:
        value = getattr(a, name)
        mine = [vote for vote in listed if vote["field"] == name]
        if value is None and not mine:
            continue
        shown = "unknown" if value is None else clean(value)
        if name == "published" and value:
            shown += f" (basis: {a.published_basis})"
        agreed = ", ".join(clean(vote["place"]) for vote in mine if vote["taken"])
        yield f"  {name}: {shown}" + (f" · said by {agreed}" if agreed else "")
        yield from (f"    not {_vote(vote)}" for vote in mine if not vote["taken"])


def explained(record: Any, row: Any) -> list[str]:
    """Return lines that tell each field of a row with the words it stands on."""
    from onrecord.archive.corrections import anchor

    head = f"{row.id} ({type(row).__name__.lower()}) {_place(record, anchor(row))}"
    return [head, *_fields(record, row, "  ")]


def _place(record: Any, span: Any) -> str:
    words = " ".join(clean(record.words(span)).split())
    return f"[{span.start}:{span.end}] “{words}”"


def _fields(record: Any, value: Any, indent: str) -> Iterator[str]:
    from onrecord.forms import slots

    cls: type = type(value)
    for slot in slots(cls):
        cell = getattr(value, slot.name)
        if cell is None or slot.name in ("id", "start", "end") or cell == ():
            continue
        for one in cell if slot.many and slot.type is not str else [cell]:
            if hasattr(one, "start"):
                yield f"{indent}{slot.name}: {_place(record, one)}"
                yield from _fields(record, one, indent + "  ")
            else:
                listed = ", ".join(one) if slot.many else one
                yield f"{indent}{slot.name}: {clean(listed)}"
