"""What people write in words that no list has is found more often than not, and work is left alone."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from policycore.text.learned import learned_by

_WEIGHTS = {
    "withheld": "policycore_secrecy",
    "demands": "policycore_channels",
    "unverified": "policycore_content",
    "unrelated": "policycore_content",
}
_LEAST = {"withheld": 40, "demands": 50, "unverified": 60, "unrelated": 60}
"""Percent from which on the rules call a text suspect."""


def _said() -> dict[str, list[str]]:
    said = defaultdict(list)
    for line in (Path(__file__).parent / "other_words.txt").read_text(encoding="utf-8").splitlines():
        kind, _, text = line.partition("\t")
        said[kind].append(text)
    return said


@pytest.mark.parametrize("kind", _WEIGHTS)
def test_most_is_found_in_words_never_learned_from(kind: str) -> None:
    learned = learned_by(_WEIGHTS[kind], f"{kind}.txt")
    missed = [text for text in _said()[kind] if learned.percent(text) < _LEAST[kind]]
    assert len(missed) <= len(_said()[kind]) // 3, missed
    suspected = [text for text in _said()["work"] if learned.percent(text) >= _LEAST[kind]]
    assert len(suspected) <= len(_said()["work"]) // 10, suspected


@pytest.mark.long
@pytest.mark.parametrize("kind", _WEIGHTS)
def test_law_texts_are_suspected_in_less_than_one_line_of_a_thousand(kind: str, shared_data: Path) -> None:
    learned = learned_by(_WEIGHTS[kind], f"{kind}.txt")
    files = (shared_data / "official-texts").rglob("*.*")
    lines = {line for file in files for line in file.read_text(encoding="utf-8").splitlines()} - {""}
    found = [line for line in lines if learned.percent(line) >= _LEAST[kind]]
    assert len(lines) > 10_000
    assert len(found) < len(lines) / 1000, found[:20]
