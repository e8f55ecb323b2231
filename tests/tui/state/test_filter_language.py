"""The filter as typed: words, keys, exclusion, Chinese keys and punctuation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore_tui.state.filter_language import described, parse, terms


def test_words_and_keys_are_told_apart():
    wanted = parse("severity:error dept:教务处 rule:OWN* !waived 群主")
    assert wanted.any_of == {"severity": ("error",), "department": ("教务处",), "rule": ("OWN*",)}
    assert wanted.words == ("群主",)
    assert wanted.without == ("waived",)
    assert wanted.active is True


def test_chinese_keys_values_and_full_width_punctuation():
    assert parse("级别：错误 ！部门：财务处").any_of == {"severity": ("error",)}
    assert parse("级别：错误 ！部门：财务处").none_of == {"department": ("财务处",)}


def test_several_values_of_one_key_are_alternatives():
    assert parse("severity:error severity:warning").any_of == {"severity": ("error", "warning")}


def test_quotes_keep_spaces_together():
    assert parse('dept:"Student Affairs" "two words"').any_of == {"department": ("Student Affairs",)}
    assert parse("“两 词”").words == ("两 词",)


def test_a_rule_may_be_given_by_id_or_by_name():
    assert parse("rule:own001").any_of == {"rule": ("OWN001",)}
    assert parse("rule:owner-in-post").any_of == {"name": ("*owner-in-post*",)}
    assert parse("rule:ownership/*").any_of == {"name": ("ownership/*",)}


@pytest.mark.parametrize("typed", ["state:resolved", "状态:已豁免", "verdict:waived", "state:*"])
def test_settled_findings_show_when_asked_for(typed):
    assert parse(typed).active is None


@pytest.mark.parametrize("typed", ["", "   ", "severity:", "!", ":", '"', "dept:“"])
def test_half_typed_text_is_no_error(typed):
    parse(typed)


def test_an_unknown_key_is_a_word():
    assert parse("http://x").words == ("http://x",)


def test_picked_facets_join_what_is_typed():
    wanted = parse("severity:warning", facets={"severity": ["error"], "department": []})
    assert wanted.any_of == {"severity": ("error", "warning")}


def test_the_active_filter_can_be_typed_again():
    line = described("群主", {"department": ["Student Affairs"], "severity": ["error"]})
    again = parse(line)
    assert again.any_of == {"department": ("Student Affairs",), "severity": ("error",)}
    assert again.words == ("群主",)


@given(st.text(max_size=200))
def test_any_text_is_a_filter(typed):
    wanted = parse(typed)
    assert all(wanted.words)
    assert len(terms(typed)) <= len(typed)
