"""Pinyin initials of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.text.initials import initials


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("教务处", "jwc"),
        ("机关党委工作群", "jgdwgzq"),
        ("欧阳娜娜", "oynn"),
        ("2024年招生专班", "2024nzszb"),
        ("计算机-张三", "jsjzs"),
        ("office", ""),
        ("", ""),
        ("·—【】", ""),
    ],
)
def test_initials(text, letters):
    assert initials(text) == letters


@given(st.text())
def test_initials_are_ascii_letters_and_digits(text):
    assert all(letter.isascii() and letter.isalnum() for letter in initials(text))
