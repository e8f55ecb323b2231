from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.text.clean import MARKS_IN_A_ROW, clean

anything = st.text(
    alphabet=st.characters(codec=None) | st.sampled_from("\u202e\u200d\u0301\u20dd\x1b\n\ud800\ue000中a")
)


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("教务处工作群", "教务处工作群"),
        ("red \x1b[31malarm\x07", "red ?[31malarm?"),
        ("first\nsecond\tthird\x85fourth\u2028fifth", "first second third fourth fifth"),
        ("exe\u202egnp.docx\u202c", "exegnp.docx"),
        ("\u2066a\u2069\u200e\u200f\u061c", "a"),
        ("机\u200b密\ufeff\u2060", "机密"),
        ("full\u3000width\xa0space", "full width space"),
        ("\ud800 \ue000 \uffff", "? ? ?"),
        ("👨\u200d👩", "👨👩"),
        ("e\u0301\u0302", "e\u0301\u0302"),
        ("z" + "\u0301" * 500 + "a", "z" + "\u0301" * MARKS_IN_A_ROW + "a"),
        ("ก" + "\u0e49" * 50, "ก" + "\u0e49" * MARKS_IN_A_ROW),
    ],
)
def test_what_acts_or_hides_is_gone(dirty, expected):
    assert clean(dirty) == expected


@pytest.mark.parametrize(("limit", "expected"), [(6, "机关党委工作"), (5, "机关党委…"), (1, "…"), (0, "")])
def test_the_limit_counts_the_ellipsis(limit, expected):
    assert clean("机关党委工作", limit=limit) == expected


def test_markup_is_left_to_the_screen():
    assert clean("[@click=quit]x[/]") == "[@click=quit]x[/]"


@given(anything, st.none() | st.integers(0, 40))
def test_every_text_comes_out_printable_and_short(text, limit):
    result = clean(text, limit=limit)
    assert not {unicodedata.category(character) for character in result} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert limit is None or len(result) <= limit
    assert clean(result, limit=limit) == result


@given(st.text(alphabet="\u0301\u0e49\u20dda。 ", max_size=60))
def test_marks_never_pile_up(text):
    run = 0
    for character in clean(text):
        run = run + 1 if unicodedata.category(character)[0] == "M" else 0
        assert run <= MARKS_IN_A_ROW
