"""Expressions of a rule set are refused at their place, unless they can be matched in linear time and at low cost."""

from __future__ import annotations

import re

import pytest

from policycore import Field, Pattern, Subject, TextRule, Words
from policycore.errors import RuleSetError
from policycore.language import use_language
from policycore.plugin_api.rule_catalogue import RuleCatalogue
from policycore.rulesets.load import check_ruleset
from policycore.text import limits
from policycore.text.engines import hyperscan_is_here
from policycore.text.expression import ExpressionError, read
from tests.rulesets.conftest import SAY, Small


class Listed(TextRule):
    """A rule that looks for what a rule set lists."""

    id = "TXT001"
    name = "test/listed"
    subject = Subject.MESSAGE
    requires = ()
    title = message = explanation = SAY
    remediation = Small.remediation

    class Params(TextRule.Params):
        """Offer words and expressions."""

        words: tuple[str, ...] = Field(("甲",))
        expressions: tuple[str, ...] = Field(("[(",))

    def patterns(self, params):
        """Return what is listed."""
        yield Words("words", params.words)
        for expression in params.expressions:
            yield Pattern("expression", expression)


@pytest.fixture
def refused(write):
    """Return a function that says what is wrong with a set that gives the rule some values."""

    def run(given):
        path = write(f"rules:\n  - use: test/listed\n    severity: error\n    with: {given}\n")
        try:
            check_ruleset(path, RuleCatalogue([Listed()]), [path.parent])
        except RuleSetError as error:
            return [(one.code, one.place.line, one.place.column, one.what) for one in error.problems]
        return []

    return run


@pytest.mark.parametrize(
    "expression",
    [
        "(a)\\\\1", "(?=a)b", "a(?<!b)c", "a*", "(?m)^a", "a^b", "\\\\ba", "a{3000}{3000}", "(", "[b-a]", "a++",
        "(?>a)b", "\\u200b", "(?:" * 3000 + "a" + ")" * 3000, "((a{60}){60}){60}",
    ],
)  # fmt: skip
def test_an_expression_outside_the_dialect_is_refused_at_its_place(refused, expression):
    (mistake,) = refused(f'{{expressions: [好, "{expression}"]}}')
    assert mistake[:3] == ("ruleset.bad-pattern", 7, 29)


def test_a_word_of_which_nothing_is_seen_is_refused_at_its_place(refused):
    (mistake,) = refused('{words: [好, "\\u200b"]}')
    assert mistake[:2] == ("ruleset.bad-pattern", 7)


def test_what_can_be_matched_is_taken_and_so_is_what_the_rule_brings_itself(refused):
    assert refused("{words: [打卡, 接龙]}") == []
    assert refused('{expressions: ["收到请(?:立即|马上)?回复", "(?<![0-9])1[3-9][0-9]{9}(?![0-9])", "(a+)+$"]}') == []


@pytest.mark.skipif(not hyperscan_is_here(), reason="nothing is compiled without hyperscan")
def test_what_takes_too_long_to_compile_is_refused_and_the_next_one_is_tried_all_the_same(refused, monkeypatch):
    monkeypatch.setattr(limits, "MOST_SECONDS", 0.8)  # it takes two
    costly = "(?:[a-c]{0,40}[b-d]{0,40}x){1,9}[a-z]{0,40}.{0,40}(?:a|b.{3,30}){2,9}y"
    mistakes = refused(f'{{expressions: ["ab", "{costly}", "cd"]}}')
    assert [one[:3] for one in mistakes] == [("ruleset.costly-pattern", 7, 32)]


@pytest.mark.parametrize(
    "source",
    [
        *("(abc", "a)", "a{3,1}", "(?P<x>a)(?P<x>b)", "[z-a]", "*a", "a**", "(?<=a+)b", r"\1", r"(a)\1", "[abc", r"\q"),
        *("a\\", "(?z)", "(?P<1>a)", r"\b甲", "a(?=b)c", "(?>a)b", "a++", "a?", "(?m)a", "a{99999}", r"\x1", "(?P=x)"),
        *("(?#a", "甲(?i)", "(?P<x", r"\N{abc}", "$a", "(" * 3000),
    ],
)
def test_why_an_expression_is_refused_is_said_in_the_readers_language(source):
    said = {}
    for language in ("zh", "en"):
        with use_language(language), pytest.raises(ExpressionError) as refused:
            read(source)
        said[language] = str(refused.value)
    assert re.match("[^a-z]*[\u4e00-\u9fff]", said["zh"]), said
    assert not re.search("[\u4e00-\u9fff]", said["en"]), said
