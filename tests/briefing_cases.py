"""Invented reports on a quarrel over boats, as an archive that took them in day by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.record import Record

from .analysis_records import Draft

KENYA = ("Kenya", "Kenya", "KEN", "GOV", "country")
CHAD = ("Chad", "Chad", "TCD", "GOV", "country")
MOURA = ("Idriss Moura", "Idriss Moura", "TCD", "GOV")
ODHIAMBO = ("Grace Odhiambo", "Grace Odhiambo", "KEN", "GOV")


class Clock:
    """Noon of a day that is set."""

    def __init__(self) -> None:
        self.day = "2026-05-01"

    def __call__(self) -> datetime:
        return datetime.fromisoformat(f"{self.day}T12:00").replace(tzinfo=UTC)


def seizure(id_: str = "a1", published: str = "2026-05-05", publisher: str = "Herald") -> Draft:
    draft = Draft(
        id_,
        "Boats of Chad held at Lamu\n\n"
        "Kenya seized three fishing boats of Chad at the harbour of Lamu on Monday, and nine "
        "sailors were hurt. “Every fishing boat had paid its harbour dues,” said Chad's minister "
        "Idriss Moura. Kenya will hold a hearing on the fishing boats on 20 May.",
        published=published, publisher=publisher, title="Boats of Chad held at Lamu",
        url=f"https://news.example/{id_}",
    )  # fmt: skip
    hurt = draft.figure("nine", "injured", 9, 9)
    place = draft.place("Lamu", "KEN", (-2.27, 40.9))
    draft.event(
        "seized", "COERCE", "seize", actors=[KENYA], recipients=[CHAD], place=place,
        time=draft.time("Monday", "2026-05-04"), figures=[hurt],
    )  # fmt: skip
    draft.says(MOURA, "“Every fishing boat had paid its harbour dues,”", cue="said")
    draft.event("hearing", "ACCUSE", status="future", actors=[KENYA],
                time=draft.time("20 May", "2026-05-20"))  # fmt: skip
    return draft


def second(id_: str = "b1", published: str = "2026-05-06") -> Draft:
    draft = Draft(
        id_,
        "Twelve sailors hurt as Kenya seized boats of Chad\n\n"
        "Twelve sailors were hurt on Monday when Kenya seized three fishing boats of Chad at the "
        "harbour of Lamu, the hospital said. “Not one fishing boat had paid its harbour dues,” "
        "said Kenya's minister Grace Odhiambo. According to Chad a sailor was beaten on a "
        "fishing boat at Lamu; Grace Odhiambo denied that a sailor was beaten.",
        published=published, publisher="Gazette", title="Twelve sailors hurt",
    )  # fmt: skip
    hurt = draft.figure("Twelve sailors were", "injured", 12, 12)
    draft.event(
        "seized three", "COERCE", "seize", actors=[KENYA], recipients=[CHAD],
        place=draft.place("Lamu", "KEN", (-2.27, 40.9)),
        time=draft.time("Monday", "2026-05-04"), figures=[hurt],
    )  # fmt: skip
    draft.says(ODHIAMBO, "“Not one fishing boat had paid its harbour dues,”", cue="said Kenya")
    claim = draft.says(CHAD, "a sailor was beaten on a fishing boat at Lamu", "claim",
                       cue="According to")  # fmt: skip
    draft.says(ODHIAMBO, "that a sailor was beaten", "deny", cue="denied")
    draft.event("beaten", "ASSAULT", "beat", actors=[KENYA], recipients=[CHAD], by=claim)
    return draft


def recall(id_: str = "c1", published: str = "2026-05-08") -> Draft:
    draft = Draft(
        id_,
        "Chad calls its ambassador home over fishing boats\n\n"
        "Chad recalled its ambassador from Nairobi on Thursday over the three fishing boats that "
        "were seized at the harbour of Lamu. “No fishing boat had paid its harbour dues,” said "
        "Chad's minister Idriss Moura, who named 14 sailors hurt.",
        published=published, publisher="Herald", title="Chad calls its ambassador home",
    )  # fmt: skip
    draft.event("recalled", "SANCTION", "withdraw", actors=[CHAD],
                time=draft.time("Thursday", "2026-05-07"))  # fmt: skip
    hurt = draft.figure("14", "injured", 14, 14)
    draft.event(
        "seized", "COERCE", "seize", recipients=[CHAD], time=draft.time("were", "2026-05-04"),
        place=draft.place("Lamu", "KEN", (-2.27, 40.9)), figures=[hurt],
    )  # fmt: skip
    draft.says(MOURA, "“No fishing boat had paid its harbour dues,”", cue="said")
    return draft


def elsewhere(id_: str = "z1", published: str = "2026-05-06") -> Draft:
    draft = Draft(
        id_,
        "Teachers march in Potosi\n\nTeachers marched through Potosi in Bolivia on Tuesday for "
        "higher wages. Shops along the way shut their doors, and a brass band of miners led them "
        "down to the square, where they sang until the rain came.",
        published=published, publisher="Andes Post", title="Teachers march in Potosi",
    )  # fmt: skip
    draft.event(
        "marched", "PROTEST", "demo",
        actors=[("Teachers", None, "BOL", "CVL", "group")],
        place=draft.place("Bolivia", "BOL", (-16.7, -64.7), "country"),
        time=draft.time("Tuesday", "2026-05-05"),
    )  # fmt: skip
    return draft


def everything() -> list[Draft]:
    return [seizure(), second(), recall(), elsewhere()]


def copied(record: Record, id_: str, publisher: str = "Copyist") -> Record:
    """The same report under another id, from another publisher, a day later."""
    article = replace(record.article, id=id_, publisher=publisher, url=None)
    return replace(record, article=article)


def archive_of(place: Path, records: Iterable[Record]) -> Archive:
    """An archive that took each report in on the day it was published."""
    clock = Clock()
    archive = Archive.open(place, clock=clock)
    for record in sorted(records, key=lambda one: one.article.published or ""):
        clock.day = (record.article.published or clock.day)[:10]
        archive.add_records([record])
    join(archive)
    return archive
