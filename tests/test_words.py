"""Words, pieces, features and windows keep every offset into the text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from onrecord.reading import words as W
from onrecord.reading.encoder import MODEL_FOLDER


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return W.load_tokenizer(MODEL_FOLDER / "tokenizer.json")


ANY_TEXT = st.text(max_size=400)


@given(text=ANY_TEXT)
@settings(max_examples=100, deadline=None)
def test_words_stand_in_order_where_they_say(text: str) -> None:
    words = W.cut(W.load_tokenizer(MODEL_FOLDER / "tokenizer.json"), text)
    assert (words.start < words.end).all()
    assert (words.end[:-1] <= words.start[1:]).all()
    assert len(words.first_piece) == len(words) == len(words.features)
    assert not len(words) or words.end[-1] <= len(text)


def test_a_word_is_letters_or_one_mark(tokenizer: Tokenizer) -> None:
    words = W.cut(tokenizer, "“Don’t sign,” naïve Åsa said.")
    assert [words.word(i) for i in range(len(words))] == [
        *("“", "Don", "’", "t", "sign", ",", "”", "naïve", "Åsa", "said", ".")
    ]


def test_a_lone_surrogate_costs_no_offset(tokenizer: Tokenizer) -> None:
    words = W.cut(tokenizer, "a \ud800 word")
    assert words.word(len(words) - 1) == "word"


def test_features_tell_case_lines_and_quotation(tokenizer: Tokenizer) -> None:
    words = W.cut(tokenizer, 'UN said\n\nHe: "go"')
    shape, line, quote = words.features.T
    assert shape.tolist() == [2, 0, 1, 6, 6, 0, 6]
    assert line.tolist() == [3, 0, 2, 0, 0, 0, 0]
    assert quote.tolist() == [0, 0, 0, 0, 2, 1, 3]


def test_an_unclosed_quotation_ends_with_its_paragraph(tokenizer: Tokenizer) -> None:
    words = W.cut(tokenizer, "“never closed\n\nnext")
    assert words.features[-1, 2] == 0


def test_words_in_takes_every_word_that_a_span_touches(tokenizer: Tokenizer) -> None:
    words = W.cut(tokenizer, "one two three")
    assert words.words_in(4, 7) == (1, 2)
    assert words.words_in(5, 9) == (1, 3)
    assert words.words_in(3, 4) == (1, 1)


def test_without_leaves_the_other_words_as_they_stood(tokenizer: Tokenizer) -> None:
    words = W.cut(tokenizer, "Site icon Courier\n\nSell unhappily now")
    left = words.without([(0, 17)])
    assert [left.word(i) for i in range(len(left))] == ["Sell", "unhappily", "now"]
    assert left.word_of[0] == 0
    assert np.array_equal(left.first_piece, np.searchsorted(left.word_of, np.arange(3)))


@pytest.mark.parametrize("count", [0, 1, 253, 254, 255, 300, 1000, 5003])
def test_windows_answer_each_word_once_and_hold_its_first_piece(
    tokenizer: Tokenizer, count: int
) -> None:
    words = W.cut(tokenizer, "unhappily " * (count // 2) + "go " * (count - count // 2))
    cut = W.windows(words)
    answered = [i for w in cut for i in range(w.word_first, w.word_last)]
    assert answered == list(range(len(words)))
    for window in cut:
        first = words.first_piece[window.word_first : window.word_last]
        assert window.last - window.first <= W.WINDOW - 2
        assert window.first <= first.min() <= first.max() < window.last


def test_windows_of_an_article_are_of_near_equal_length(tokenizer: Tokenizer) -> None:
    sizes = [w.last - w.first for w in W.windows(W.cut(tokenizer, "go " * 600))]
    assert max(sizes) - min(sizes) <= W.OVERLAP


def test_a_batch_points_at_first_pieces(tokenizer: Tokenizer) -> None:
    words = W.cut(tokenizer, "unhappily gone")
    one = W.batch([(words, W.windows(words)[0], None)])
    flat = one.ids.reshape(-1)
    assert flat[one.take].tolist() == words.ids[words.first_piece].tolist()
    assert one.ids.shape[1] % W.PAD_TO == 0
