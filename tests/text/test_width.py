from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.text.width import cut, fill_line, width, wrap

HEART, PHONE, FAMILY = "\u2764\ufe0f", "\u260e\ufe0f", "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SIGNS = [*"ab -,.(群教务处，。（）Ａé★“”e", "e\u0301", HEART, PHONE, FAMILY]
TEXTS = st.lists(st.sampled_from(SIGNS), max_size=60).map("".join)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("ab", 2),
        ("群", 2),
        ("群a", 3),
        ("Ａ", 2),
        ("e\u0301", 1),
        ("，", 2),
        ("★", 1),
        ("𠀀", 2),
        (HEART, 2),
        (PHONE, 2),
        (FAMILY, 2),
    ],
)
def test_chinese_takes_two_cells_and_marks_none(text: str, cells: int) -> None:
    assert width(text) == cells


@pytest.mark.parametrize("sign", [HEART, PHONE, FAMILY, "e\u0301"])
def test_what_makes_up_one_sign_is_never_torn(sign: str) -> None:
    for cells in range(1, 12):
        assert cut(sign * 8, cells).removesuffix("…") in [sign * count for count in range(9)]
        assert all(line.replace(sign, "") == "" for line in wrap(sign * 8, cells))


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
