"""Scoring entities: the tagger's spans by themselves, and the names that stand in a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from onrecord.errors import SourceError
from onrecord.evaluation.bootstrap import Counts, Measure
from onrecord.evaluation.cameo import bio_spans, spaced
from onrecord.evaluation.load import Row, bad_format, lines
from onrecord.evaluation.spans import pair_up, shared, trim
from onrecord.record import Article, Record

Labelled = tuple[int, int, str]

NAMES = ("Person", "Organization", "Location", "NORP", "Facility", "Product", "Misc")
VALUES = ("Date", "Money")
LABELS = (*NAMES, *VALUES)
UNER_LABELS = ("PER", "ORG", "LOC")
#: UNER counts buildings and other structures among its locations, and tags no nationalities.
TO_UNER = {"Person": "PER", "Organization": "ORG", "Location": "LOC", "Facility": "LOC"}
#: Kinds of a record's entities under the labels of the corpus.
FROM_KIND = {
    "person": "Person",
    "organization": "Organization",
    "country": "Location",
    "place": "Location",
    "group": "NORP",
    "facility": "Facility",
    "product": "Product",
    "other": "Misc",
}

KEYS = ("text", "tags", "offsets")
MEASURES = (
    Measure("exact F1", "f1"),
    Measure("exact F1 without Date, Money", "f1"),
    Measure("macro F1", "macro f1"),
)
RECORD_MEASURES = (
    Measure("in the record, exact F1", "f1"),
    Measure("in the record, overlap F1", "f1"),
    Measure("in the record, macro F1", "macro f1"),
)
UNER_MEASURES = (Measure("exact F1", "f1"), Measure("macro F1", "macro f1"))


class TaggedText(NamedTuple):
    """One document with its entity spans."""

    article: Article
    spans: tuple[Labelled, ...]
    #: Spans of the corpus none of whose tokens could be found in the text.
    lost: int = 0


def tagged_text(row: Row) -> TaggedText:
    """Parse a row of text, tags and offsets; tokens without offsets are passed over."""
    tags, offsets = row["tags"], row["offsets"]
    spans = bio_spans(tags, [(i, i + 1) for i in range(len(tags))])
    kept: list[Labelled] = []
    for first, last, label in spans:
        known = [pair for pair in offsets[first:last] if pair is not None]
        if known:
            kept.append((*trim(row["text"], int(known[0][0]), int(known[-1][1])), label))
    article = Article(text=row["text"], id=str(row["id"]) if "id" in row else None)
    return TaggedText(article, tuple(kept), len(spans) - len(kept))


def uner_documents(path: Path) -> list[TaggedText]:
    """Read an IOB2 file of UNER: one text a document, one sentence a line.

    Tokens are joined by spaces, sentences by line ends; a sentence without a
    document id stands for itself.  Raises SourceError for rows of fewer than three
    columns.
    """
    documents = [_uner_document(block) for block in _uner_blocks(path)]
    if not documents:
        raise SourceError(f"{path} holds no sentences; give an IOB2 file", source=str(path))
    return documents


def _uner_blocks(path: Path) -> Iterator[list[list[tuple[str, str]]]]:
    """Yield the documents as lists of sentences, each a list of (token, tag)."""
    document: list[list[tuple[str, str]]] = []
    sentence: list[tuple[str, str]] = []
    in_document = False
    for number, line in lines(path):
        if line and not line.startswith("#"):
            columns = line.split("\t")
            if len(columns) < 3:
                raise bad_format(path, number, "fewer than three columns", "IOB2 (id, token, tag)")
            sentence.append((columns[1], columns[2]))
            continue
        if sentence:
            document.append(sentence)
            sentence = []
        if document and (line.startswith("# newdoc") or not (in_document or line)):
            yield document
            document = []
        in_document = in_document or line.startswith("# newdoc")
    if sentence:
        document.append(sentence)
    if document:
        yield document


def _uner_document(sentences: list[list[tuple[str, str]]]) -> TaggedText:
    texts: list[str] = []
    spans: list[Labelled] = []
    at = 0
    for sentence in sentences:
        text, offsets = spaced([token for token, _ in sentence])
        moved = [(at + start, at + end) for start, end in offsets]
        spans += bio_spans([tag for _, tag in sentence], moved)
        texts.append(text)
        at += len(text) + 1
    kept = [span for span in spans if span[2] in UNER_LABELS]
    return TaggedText(Article(text="\n".join(texts)), tuple(kept))


def label_counts(
    labels: Iterable[str], gold: set[Labelled], found: set[Labelled]
) -> dict[str, tuple[float, float, float]]:
    """Count (right, predicted, gold) spans that agree in both ends and label, by label."""
    right = Counter(span[2] for span in gold & found)
    predicted = Counter(span[2] for span in found)
    wanted = Counter(span[2] for span in gold)
    return {
        label: (float(right[label]), float(predicted[label]), float(wanted[label]))
        for label in labels
    }


def _sum(triples: Mapping[str, tuple[float, float, float]], labels: Iterable[str]) -> Counts:
    chosen = [triples[label] for label in labels]
    return tuple(sum(column) for column in zip(*chosen, strict=True))


def _flat(triples: Mapping[str, tuple[float, float, float]]) -> Counts:
    return tuple(n for triple in triples.values() for n in triple)


def _trimmed(text: str, spans: Iterable[Labelled]) -> set[Labelled]:
    return {(*trim(text, start, end), label) for start, end, label in spans}


def score_tags(row: TaggedText, tags: Iterable[Labelled]) -> dict[str, Counts]:
    """Score the tagger's own spans: both ends and the label must agree."""
    triples = label_counts(LABELS, set(row.spans), _trimmed(row.article.text, tags))
    return {
        "exact F1": _sum(triples, LABELS),
        "exact F1 without Date, Money": _sum(triples, NAMES),
        "macro F1": _flat(triples),
    }


def score_uner(row: TaggedText, tags: Iterable[Labelled]) -> dict[str, Counts]:
    """Score the tagger's spans under UNER's three labels; other labels are left out."""
    renamed = [(start, end, TO_UNER[label]) for start, end, label in tags if label in TO_UNER]
    triples = label_counts(UNER_LABELS, set(row.spans), _trimmed(row.article.text, renamed))
    return {"exact F1": _sum(triples, UNER_LABELS), "macro F1": _flat(triples)}


def record_spans(record: Record) -> set[Labelled]:
    """Return a record's names, demonyms, times and sums of money under the corpus' labels."""
    spans: list[Labelled] = []
    for entity in record.entities:
        for mention in entity.mentions:
            if mention.kind == "demonym":
                spans.append((mention.start, mention.end, "NORP"))
            elif mention.kind == "name":
                spans.append((mention.start, mention.end, FROM_KIND[entity.kind]))
    spans += [(time.start, time.end, "Date") for time in record.times]
    spans += [(f.start, f.end, "Money") for f in record.figures if _is_money(f.unit)]
    return _trimmed(record.article.text, spans)


def _is_money(unit: str | None) -> bool:
    """Say whether a figure's unit is a currency: an ISO 4217 code."""
    return unit is not None and len(unit) == 3 and unit.isupper()


def score_record(row: TaggedText, record: Record) -> dict[str, Counts]:
    """Score the names that stand in a record (nominals and pronouns are not annotated)."""
    found = record_spans(record)
    triples = label_counts(LABELS, set(row.spans), found)
    gold = [span for span in row.spans if span[2] in NAMES]
    guesses = sorted(span for span in found if span[2] in NAMES)
    overlaps = shared([((a, b),) for a, b, _ in gold], [((a, b),) for a, b, _ in guesses])
    pairs = pair_up({p: n for p, n in overlaps.items() if gold[p[0]][2] == guesses[p[1]][2]})
    return {
        "in the record, exact F1": _sum(triples, NAMES),
        "in the record, overlap F1": (float(len(pairs)), float(len(guesses)), float(len(gold))),
        "in the record, macro F1": _flat(triples),
    }
