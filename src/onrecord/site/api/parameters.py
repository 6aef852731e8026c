"""Parameters that several endpoints take, with what they mean and what is too much."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Query

#: Longest filter, in characters.
_LONGEST = 200

Limit = Annotated[
    int | None, Query(ge=1, le=10_000, description="Rows of a page, or lines of a stream.")
]
Cursor = Annotated[
    str | None, Query(max_length=1_000, description="`next` of the page before, of the same list.")
]
Order = Annotated[
    Literal["newest", "oldest"], Query(description="`newest`: what came in last comes first.")
]
Format = Annotated[
    Literal["json", "ndjson"] | None,
    Query(description="`ndjson`: all rows, one a line; `Accept: application/x-ndjson` does too."),
]
AsOf = Annotated[
    str | None,
    Query(
        max_length=40,
        description="As it was known here at the end of that day, or at that moment.",
        examples=["2026-02-20"],
    ),
]
Since = Annotated[
    str | None, Query(max_length=10, description="From this day on.", examples=["2026-02-01"])
]
Until = Annotated[
    str | None, Query(max_length=10, description="Up to this day.", examples=["2026-02-28"])
]
Actor = Annotated[
    str | None,
    Query(max_length=_LONGEST, description="Who does it: a country's code, or a name."),
]
Recipient = Annotated[
    str | None,
    Query(max_length=_LONGEST, description="Whom it is done to: a country's code, or a name."),
]
Speaker = Annotated[str | None, Query(max_length=_LONGEST, description="Who says it: a name.")]
Type = Annotated[
    str | None, Query(max_length=_LONGEST, description="PLOVER type.", examples=["COERCE"])
]
Mode = Annotated[
    str | None, Query(max_length=_LONGEST, description="Mode of the type.", examples=["seize"])
]
Status = Annotated[
    str | None, Query(max_length=_LONGEST, description="Status.", examples=["actual"])
]
Stance = Annotated[
    str | None, Query(max_length=_LONGEST, description="Stance.", examples=["deny"])
]  # fmt: skip
Country = Annotated[
    str | None, Query(max_length=_LONGEST, description="Where it happens: ISO 3166 alpha-3.")
]
Publisher = Annotated[str | None, Query(max_length=_LONGEST, description="Outlet.")]
Article = Annotated[str | None, Query(max_length=2_000, description="Id of an article.")]
StoryId = Annotated[str | None, Query(max_length=_LONGEST, description="Id of a story.")]
Text = Annotated[bool, Query(description="Whether the whole text comes along, not an excerpt.")]

Id = Annotated[str, Path(max_length=2_000, description="Id.")]
Number = Annotated[int, Path(ge=1, le=2**62, description="Number.")]
Code = Annotated[str, Path(pattern="^[A-Z]{3}$", description="A country's code.")]
