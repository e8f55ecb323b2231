"""A command that the program prints can be typed as it stands, on every system."""

from __future__ import annotations

import shlex

import pytest

from policycore.system.command_line import as_typed

WORDS = {
    "estate": "estate",
    "D:\\台账\\estate": "D:\\台账\\estate",
    "D:/工作 群/estate": '"D:/工作 群/estate"',
    "甲&乙": '"甲&乙"',
    "群（2024）": '"群（2024）"',
    "D:\\工作 群\\": '"D:\\工作 群\\\\"',
    "it's": '"it\'s"',
}


@pytest.mark.parametrize("word", WORDS)
def test_words_are_quoted_as_the_system_reads_them(word: str) -> None:
    assert as_typed(word, windows=True) == WORDS[word]
    assert shlex.split(as_typed(word, windows=False)) == [word]
