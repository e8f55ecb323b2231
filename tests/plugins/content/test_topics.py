"""Texts that were written before the rules were looked at, and law texts, in which every hit is a false alarm."""

from __future__ import annotations

from pathlib import Path

import pyarrow
import pytest

from policycore.text.matcher import Matcher
from policycore.text.patterns import Place, TextMatch
from policycore_content.rules.con003_unrelated_topic import UnrelatedTopic
from policycore_content.rules.con004_unverified_news import UnverifiedNews
from policycore_content.rules.con005_sensitive_topic import SensitiveTopic
from policycore_content.rules.con006_notice_complete import NoticeComplete

RULES = {"unrelated": UnrelatedTopic, "unverified": UnverifiedNews, "sensitive": SensitiveTopic}


def hit(rule, texts):
    """Return which of `texts` the rule finds anything in."""
    params = rule.Params()
    asked = [
        (pattern.id, word, expression)
        for pattern in rule.patterns(params)
        for word, expression in zip(getattr(pattern, "words", ("",)), pattern.expressions(), strict=True)
    ]
    found = Matcher([expression for _, _, expression in asked]).scan(pyarrow.array(texts))
    places: dict[int, list[Place]] = {}
    for row, number, begin, end in zip(found.rows, found.which, found.begins, found.ends, strict=True):
        places.setdefault(int(row), []).append(Place(asked[number][0], int(begin), int(end), asked[number][1]))
    matches = (
        (row, TextMatch(texts[row], tuple({place.pattern for place in here}), lambda here=here: here))
        for row, here in places.items()
    )
    return [texts[row] for row, match in matches if [*rule.confirm(match, params)]]


def written(kind, sort):
    """Return the texts of one kind, each in a line."""
    lines = (Path(__file__).parent / f"{kind}_{sort}.txt".replace("_.", ".")).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("kind", RULES)
def test_evasions_are_found_and_look_alikes_are_not(kind):
    evasions = written(kind, "evasions")
    missed = set(evasions) - set(hit(RULES[kind](), evasions))
    assert len(missed) <= len(evasions) // 100, missed
    assert hit(RULES[kind](), written(kind, "lookalikes")) == []


@pytest.mark.parametrize("kind", [*RULES, "notice"])
@pytest.mark.long
def test_law_texts_are_suspected_in_less_than_one_line_of_a_thousand(kind, shared_data):
    texts = [file.read_text(encoding="utf-8") for file in (shared_data / "official-texts").rglob("*.*")]
    lines = [line for text in texts for line in text.splitlines() if line.strip()]
    assert len(lines) > 10_000
    found = hit((RULES | {"notice": NoticeComplete})[kind](), [*lines, *texts])
    assert len(found) < len(lines) / 1000, found[:20]


def test_a_notice_lacks_what_it_lacks_and_nothing_else():
    rule = NoticeComplete()
    for line in written("notices", ""):
        lacks, _, text = line.partition("\t")
        match = TextMatch(text.replace("\\n", "\n"), ("notice",), lambda: ())
        assert [one["lacks"] for one in rule.confirm(match, rule.Params())] == ([] if lacks == "-" else [lacks]), line
