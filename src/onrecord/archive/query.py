"""What a person types into a search, as a tree: words, "phrases", prefix*, AND, OR, NOT, ( ).

Words side by side are all wanted.  Pure: no database here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord import settings
from onrecord.archive.textsearch import fold
from onrecord.errors import InputError

#: Words and phrases in a query, and parentheses inside each other.
MOST_TERMS, DEEPEST = 64, 16
_TOKEN = re.compile(r'\s*(?:"(?P<phrase>[^"]*)"|(?P<mark>[()])|(?P<word>[^\s()"]+))')


class QueryError(InputError):
    """A search cannot be understood, is too large or takes too long; ``.query`` is its text."""

    def __init__(self, message: str, *, query: str) -> None:
        super().__init__(message)
        self.query = query


@dataclass(frozen=True, slots=True)
class Term:
    """A word, the beginning of one, or several words in a row; folded."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts, and none of ``without``."""

    parts: tuple[Node, ...]
    without: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts or several."""

    parts: tuple[Node, ...]


Node = Term | Both | Either


def parse(query: str) -> Node:
    """Return the tree of a query; QueryError, which tells what to change, when it has none."""
    most = settings.get("search_chars")
    shown = query[:80]
    if len(query) > most:
        raise QueryError(
            f"a search may have {most:,} characters, this has {len(query):,}; shorten it, or "
            "raise ONRECORD_SEARCH_CHARS",
            query=shown,
        )
    if query.count('"') % 2:
        raise QueryError(f"a quotation mark is not closed in {shown!r}; add or drop one",
                         query=shown)  # fmt: skip
    return _Parser(query, shown).all()


class _Parser:
    """Recursive descent over the tokens; as deep as DEEPEST."""

    def __init__(self, query: str, shown: str) -> None:
        self._shown = shown
        self._tokens = [match for match in _TOKEN.finditer(query) if match.group().strip()]
        self._at = 0
        self._terms = 0

    def all(self) -> Node:
        found = self._either(0)
        if self._at < len(self._tokens):
            raise self._wrong("a parenthesis is closed that was not opened")
        return found

    def _wrong(self, what: str) -> QueryError:
        return QueryError(
            f'{what} in the search {self._shown!r}; words, "phrases", prefix*, AND, OR, NOT and '
            "parentheses are understood",
            query=self._shown,
        )

    def _peek(self) -> str:
        return self._tokens[self._at].group().strip() if self._at < len(self._tokens) else ""

    def _either(self, depth: int) -> Node:
        parts = [self._both(depth)]
        while self._peek() == "OR":
            self._at += 1
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self, depth: int) -> Node:
        parts: list[Node] = []
        without: list[Node] = []
        while (token := self._peek()) not in ("", ")", "OR"):
            if token == "AND":
                self._at += 1
                if not parts or self._peek() in ("", ")", "OR", "AND"):
                    raise self._wrong("AND stands without a word on both sides")
                continue
            negated = token == "NOT"
            self._at += negated
            one = self._one(depth)
            if one is not None:
                (without if negated else parts).append(one)
        if not parts:
            raise self._wrong("there is no word to look for")
        return parts[0] if len(parts) == 1 and not without else Both(tuple(parts), tuple(without))

    def _one(self, depth: int) -> Node | None:
        token = self._peek()
        if token in ("", ")", "OR", "AND", "NOT"):
            raise self._wrong("a word is missing")
        match = self._tokens[self._at]
        self._at += 1
        if token == "(":
            return self._group(depth)
        return self._term(match)

    def _group(self, depth: int) -> Node:
        if depth >= DEEPEST:
            raise self._wrong(f"more than {DEEPEST} parentheses stand inside each other")
        found = self._either(depth + 1)
        if self._peek() != ")":
            raise self._wrong("a parenthesis is not closed")
        self._at += 1
        return found

    def _term(self, match: re.Match[str]) -> Node | None:
        """A term; None for what holds no letter or digit, which no text can answer."""
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise self._wrong(f"more than {MOST_TERMS} words and phrases stand")
        word = match["word"]
        words = tuple(fold(word or match["phrase"]).split())
        return Term(words, bool(word and word.endswith("*"))) if words else None


# -- for the databases ----------------------------------------------------------------


def fts5(node: Node) -> str:
    """Return the tree in FTS5's language; every word is quoted, so none is an operator."""
    if isinstance(node, Term):
        return f'"{" ".join(node.words)}"' + (" *" if node.prefix else "")
    if isinstance(node, Either):
        return _joined(node.parts, " OR ")
    found = _joined(node.parts, " AND ")
    return f"({found} NOT {_joined(node.without, ' OR ')})" if node.without else found


def _joined(parts: Sequence[Node], with_: str) -> str:
    return "(" + with_.join(map(fts5, parts)) + ")"


def tsquery(node: Node, config: str) -> str:
    """Return the tree as PostgreSQL's expression; words hold letters and digits only."""
    if isinstance(node, Term):
        return _ts_term(node, config)
    parts = [tsquery(part, config) for part in node.parts]
    if isinstance(node, Either):
        return "(" + " || ".join(parts) + ")"
    parts += ["!!" + tsquery(part, config) for part in node.without]
    return "(" + " && ".join(parts) + ")"


def _ts_term(node: Term, config: str) -> str:
    # Folded words hold no quotation mark, so they can stand in the command as they are.
    if not node.prefix:
        return f"phraseto_tsquery('{config}', '{' '.join(node.words)}')"
    *before, last = node.words
    begun = f"to_tsquery('{config}', '''{last}'':*')"
    if not before:
        return begun
    return f"(phraseto_tsquery('{config}', '{' '.join(before)}') <-> {begun})"
