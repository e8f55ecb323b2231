from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.text.width import cut, fill_line, width, wrap

TEXTS = st.text(st.sampled_from("ab -,.(群教务处，。（）Ａé★“”e\u0301"), max_size=60)


@pytest.mark.parametrize(
    ("text", "cells"),
    [("", 0), ("ab", 2), ("群", 2), ("群a", 3), ("Ａ", 2), ("e\u0301", 1), ("，", 2), ("★", 1), ("𠀀", 2)],
)
def test_chinese_takes_two_cells_and_marks_none(text: str, cells: int) -> None:
    assert width(text) == cells


def test_punctuation_does_not_begin_a_line() -> None:
    assert wrap("教务处通知，请看", 10) == ["教务处通", "知，请看"]
    assert wrap("教务（通知）", 6) == ["教务", "（通", "知）"]


def test_words_stay_whole_and_long_ones_break() -> None:
    assert wrap("the owner has left", 9) == ["the owner", "has left"]
    assert wrap("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


@given(TEXTS, st.integers(1, 40))
def test_cutting_never_goes_over(text: str, cells: int) -> None:
    shown = cut(text, cells)
    assert width(shown) <= cells
    assert shown == text or shown.endswith("…")
    assert width(fill_line(text, cells)) == cells


@given(TEXTS, st.integers(2, 40))
def test_wrapping_loses_nothing_but_spaces_and_never_goes_over(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert lines
    assert max(map(width, lines)) <= cells
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
