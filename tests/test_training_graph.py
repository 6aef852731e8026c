"""Which inputs of a quantised product are multiplied apart."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra 'train'")

from training.outliers import MOST, apart


def test_inputs_that_stand_out_are_set_apart_largest_first() -> None:
    largest = np.full(40, 4.0)
    largest[[7, 3]] = 28, 9
    assert apart(largest).tolist() == [7, 3]


def test_where_none_stands_out_none_is_set_apart() -> None:
    assert apart(np.linspace(3, 4, 40)).tolist() == []


def test_more_are_never_set_apart_than_the_limit() -> None:
    largest = np.full(40, 1.0)
    largest[:MOST] = 20
    assert len(apart(largest)) == MOST
