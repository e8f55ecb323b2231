"""The filter as typed: words, keys, exclusion, Chinese keys and punctuation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.language import say_both, use_language
from policycore.store.typed_filter import described, terms
from policycore.store.typed_filter import parse as understood

KNOWN = {
    "department": {name: name for name in ("教务处", "财务处", "Student Affairs")},
    "group": {"教务处通知群": "g1", "g1": "g1"},
    "clause": {name: name for name in ("一(二)", "一(三)", "一(三)-1", "一(三)-2", "三(二)2(1)")},
    "name": {"ownership/owner-in-post": "ownership/owner-in-post"},
    "rule": {"OWN001": "OWN001"},
}


def parse(typed, **more):
    wanted, faults = understood(typed, known=lambda facet: KNOWN.get(facet, {}), **more)
    assert not faults
    return wanted


def faults_of(typed):
    return understood(typed, known=lambda facet: KNOWN.get(facet, {}))


def test_words_and_keys_are_told_apart():
    wanted = parse("severity:error dept:教务处 rule:OWN* !waived 群主")
    assert wanted.any_of == {"severity": ("error",), "department": ("教务处",), "rule": ("OWN*",)}
    assert wanted.words == ("群主",)
    assert wanted.without == ("waived",)
    assert wanted.active is True


def test_chinese_keys_values_and_full_width_punctuation():
    assert parse("级别：错误 ！部门：财务处").any_of == {"severity": ("error",)}
    assert parse("级别：错误 ！部门：财务处").none_of == {"department": ("财务处",)}


def test_every_word_that_a_severity_was_ever_shown_by_is_known():
    for value, words in {
        "error": ("必须整改", "must-fix", "错误", "严重", "error", '"must be put right"'),
        "warning": ("应当整改", "should-fix", "警告", "warning", '"should be put right"'),
        "info": ("提示", "info", '"for information"'),
    }.items():
        for typed in words:
            assert parse(f"severity:{typed}") == parse(f"级别:{typed}"), typed
            assert parse(f"severity:{typed}").any_of == {"severity": (value,)}, typed


def test_keys_are_known_in_both_writings_and_offered_in_the_readers_language():
    assert parse("級別:警告 結論:不合規") == parse("级别:应当整改 verdict:fail") == parse("嚴重程度:警告 结论:不合规")
    for language, own, foreign in (("zh", "部门", "severity"), ("en", "severity", "部门")):
        with use_language(language):
            fault = " ".join(understood("颜色:红")[1])
            assert own in fault
            assert foreign not in fault


def test_a_word_that_every_list_shows_is_found_where_it_is_shown():
    assert parse("不合规").shown_as == {"不合规": {"verdict": ("fail",)}}
    assert parse("must-fix !存疑").shown_as == {"must-fix": {"severity": ("error",)}, "存疑": {"verdict": ("suspect",)}}
    assert parse("已解决").active is None
    assert parse("!已解决").active is True
    assert parse("一（三）-1").shown_as == {"一（三）-1": {"clause": ("一(三)-1",)}}
    assert parse("教务处 30 a=b").shown_as == {}


def test_a_key_and_its_value_are_joined_as_people_join_them():
    assert parse("结论=不合规 单位＝教务处") == parse("verdict:fail dept:教务处")
    assert parse("due<2024-05-01") == parse("到期:2024-05-01") == parse("期限＜2024-05-01")
    assert parse("a=b 部门<教务处").words == ("a=b", "部门<教务处")
    assert parse("severity: 群主").words == ("群主",)


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
    assert parse("http://x 10:30").words == ("http://x", "10:30")
    assert faults_of("verdit:fail 教务")[0].words == ("教务",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("verdit:fail", "verdict"),
        ("结果:不合规", "没有筛选项"),
        ("结论:不合格", "不合规"),
        ("部门:教务", "教务处"),
        ("规则:owner-in-pots", "ownership/owner-in-post"),
        ("条款:九", "没有“九”"),
        ("状态:已经解决", "已解决"),
        ("期限:明天", "2024-05-01"),
    ],
)
def test_what_nobody_knows_is_told_and_counts_for_nothing(typed, meant):
    wanted, faults = faults_of(f"{typed} 群主")
    assert (wanted.any_of, wanted.words, wanted.due_before) == ({}, ("群主",), None)
    assert meant in faults[0]


@pytest.mark.parametrize("facet", ["severity", "verdict", "state", "kind"])
def test_every_word_that_is_shown_is_taken_in_both_languages(facet):
    from policycore.store.typed_filter import _SHOWN, KEYS

    values, shown = _SHOWN[facet]
    keys = [key for key, named in KEYS.items() if named == facet]
    for value in values:
        words = {value, *(word for key in shown for word in vars_of(say_both(f"{key}.{value}")))}
        assert {parse(f'{key}:"{word}"').any_of[facet] for key in keys for word in words} == {(value,)}


def vars_of(text):
    return text.zh, text.en


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((one, ("一(二)",)) for one in ("一(二)", "一（二）", "1(2)", "１（２）", "一 （ 二 ）", "第一条(二)")),
        ("1(3)", ("一(三)",)),
        ("3(2)", ("三(二)2(1)",)),
        ("三（二）", ("三(二)2(1)",)),
    ],
)
def test_clauses_are_known_as_people_type_them(typed, meant):
    assert parse(f'条款:"{typed}"').any_of["clause"] == meant


def test_a_group_goes_by_its_name():
    assert parse("群:教务处通知群 平台:无").any_of == {"group": ("g1",), "platform": ("",)}


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
    wanted, _ = understood(typed)
    assert all(wanted.words)
    assert len(terms(typed)) <= len(typed)
