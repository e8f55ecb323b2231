"""Laws and notices speak of secrecy all the time and bear no mark: every finding here is a false alarm."""

from __future__ import annotations

import pyarrow
import pytest

from policycore.text.matcher import Matcher
from policycore.text.patterns import TextMatch
from policycore_secrecy.rules.sec001_classification_mark import ClassificationMark


@pytest.mark.parametrize("bare_words", [False, True])
def test_no_paragraph_and_no_whole_text_is_flagged(shared_data, bare_words):
    files = sorted((shared_data / "official-texts").rglob("*.md")) or sorted(
        (shared_data / "official-texts").rglob("*.txt")
    )
    whole = [file.read_text(encoding="utf-8") for file in files]
    assert len(whole) == 199
    paragraphs = [line for text in whole for line in text.splitlines() if line.strip()]
    assert sum("秘密" in paragraph for paragraph in paragraphs) > 50
    rule = ClassificationMark()
    params = rule.Params(bare_words_in_header=bare_words)
    patterns = list(rule.patterns(params))
    matcher = Matcher([expression for pattern in patterns for expression in pattern.expressions()])
    hits = []
    for texts in (paragraphs, whole):
        found = matcher.scan(pyarrow.array(texts))
        for row in sorted(set(found.rows.tolist())):
            here = {patterns[which].id for which in found.which[found.rows == row].tolist()}
            hits += rule.confirm(TextMatch(texts[row], tuple(here), lambda: ()), params)
    assert hits == []
