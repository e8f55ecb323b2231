"""Rules of words in YAML: contexts, hours, senders, counts, lexicons, and every mistake at its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.cli.main import main
from policycore.engine.run import evaluate
from policycore.rulesets.load import LoadedRuleSet
from policycore.testing import case_parameters, check_case, estate_of, own_rules

RULE = """calendar: {2024: {holidays: [2024-05-01]}}
parameters: {more: [报数]}
rules:
  - id: L-1
    name: local/check-in
    severity: warning
    words: [打卡, $more, !include lists/words.txt]
    patterns: ['收到请(?:立即|马上)?回复']
    message: {zh: "要求“{word}”（{count}处）", en: "asks for “{word}” ({count} places)"}
"""
LEXICON = "# 来源：办公室\n# 日期：2024-03\n# 备注\n接龙\nKTV\n3号楼\n\n"


def test_lists_of_all_characters_spell_no_text_that_bears_a_mark(
    write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]
) -> None:
    rule = """  - id: L-{n}
    name: local/place-{n}
    words: [獬, 豸, 部, 署, 投, 票]
    only_after: {{patterns: ['^.{{{n}}}'], within: 0}}
    message: {{zh: "{{word}}", en: "{{word}}"}}
"""
    rows = [
        {"id": f"m{n}", "group_id": "g1", "sender_id": "a1", "text": text}
        for n, text in enumerate(("獬豸部署 机密★10年", "一二投票"))
    ]
    case = f"      - {{name: x, given: {{groups: [{{id: g1}}], messages: {json.dumps(rows)}}}, as_of: 2024-06-01}}"
    rules = "".join(rule.format(n=number) for number in range(1, 4))
    loaded = load(write(f"rules:\n{rules}    cases:\n{case}\n"))
    [(_, shown)] = case_parameters(own_rules(loaded.ruleset.rules))
    found = evaluate(estate_of(shown), loaded.ruleset).findings
    assert {one.subject.id for one in found} == {"m0", "m1"}
    for one in found:
        told = one.facts["word"], one.facts["offset"], one.facts["length"]
        assert told == (("[机密 6+6/11]", 5, 6) if one.subject.id == "m0" else told), one
    assert {one.facts["word"] for one in found if one.subject.id == "m1"} <= {"投", "票"}


@pytest.fixture
def judged(write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet], tmp_path: Path) -> Callable[..., str]:
    """Return a function that says which of some texts a rule of words finds, by their numbers."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "words.txt").write_text(LEXICON, encoding="utf-8")

    def run(more: str, texts: list[str | dict[str, object]], lacks: str = "[]") -> str:
        rows = [
            {
                "id": f"m{number}",
                "group_id": "g1",
                "sender_id": "a1",
                **(one if isinstance(one, dict) else {"text": one}),
            }
            for number, one in enumerate(texts)
        ]
        case = "{name: x, given: {groups: [{id: g1}], accounts: [{id: a1}], memberships: "
        case += f"[{{group_id: g1, account_id: a1, role: owner}}], messages: {json.dumps(rows)}}}, "
        case += f"lacks: {lacks}, as_of: 2024-06-01}}"
        loaded = load(write(f"{RULE}    {more}\n    cases:\n      - {case}\n".replace("    \n", "")))
        [(rule, shown)] = case_parameters(own_rules(loaded.ruleset.rules))
        assert rule.id == "L-1"
        result = evaluate(estate_of(shown), loaded.ruleset)
        assert result.problems == ()
        found = sorted(
            f"{one.subject.id}:{one.verdict.value[0]}{one.severity.value[0]}{one.facts['count']}"
            for one in result.findings
        )
        return " ".join([*found, *sorted(f"{key}:?" for gap in result.gaps for key in gap.subjects)])

    return run


@pytest.mark.parametrize(
    ("more", "texts", "expected"),
    [
        ("", ["请打卡", "打卡接龍，报数", "收到请马上回复", "收到请回 复"], "m0:sw1 m1:sw3 m2:sw1"),
        ("not_after: [不得]", ["打卡", "不得打卡", "不得“打卡”", "不得不打卡", "不得。打卡"], "m0:sw1 m3:sw1 m4:sw1"),
        ("not_after: {words: 不得, within: 5}", ["不得让打卡", "不得。打卡", "不得迟到早退旷工打卡"], "m1:sw1 m2:sw1"),
        ("not_before: {patterns: ['[机器]'], within: 1}", ["打卡机", "打卡吧", "打卡的机器"], "m1:sw1"),
        ("only_after: {words: 请, within: 4}", ["请大家打卡", "打卡请看", "请在今天下午打卡"], "m0:sw1"),
        ("only_before: 上报", ["打卡上报", "上报打卡"], "m0:sw1"),
        ("only_in: [通知]", ["通知：打卡", "打卡的通知", "打卡"], "m0:sw1 m1:sw1"),
        ("only_in: {words: [截图], within: 4}", ["打卡后发截图", "打卡晚上以前发截图", "截图打卡"], "m0:sw1 m2:sw1"),
        ("not_in: [取消]", ["打卡", "取消打卡", "打卡已经取消"], "m0:sw1"),
        ("except: [打卡机, 景点打卡]", ["打卡机坏了", "景点打卡", "打卡", "打卡机旁打卡"], "m2:sw1 m3:sw1"),
        ("not_after: {patterns: ['(?:不得|严禁)[^。]{0,6}'], within: 0}", ["严禁让人打卡", "不得。打卡"], "m1:sw1"),
        ("only_before: {patterns: ['卡[^。]{0,4}截图'], within: 0}", ["打卡发截图", "打卡。截图"], "m0:sw1"),
        ("not_before: [卡]", ["打卡", "打卡卡"], "m0:sw1"),
        ("gaps: 2", ["打 卡", "打\n卡", "打-_卡", "打 - 卡", "打了卡", "打。卡", "打!卡"], "m0:sw1 m1:sw1 m2:sw1"),
        ("", ["去KTV吧", "ＫＴＶ2号", "KTVs", "aktv", "3号楼", "13号楼", "A3号楼"], "m0:sw1 m1:sw1 m4:sw1 m6:sw1"),
        ("gaps: 1", ["K T V", "K T Vs", "1 3号楼", "13 号楼"], "m0:sw1 m2:sw1"),
        ("not_after: [no]", ["no 打卡", "casino打卡"], "m1:sw1"),
        ("", ["「张三：请打卡」\n- - - - - - -\n好", "「张三：好」\n——————\n打卡", "「打卡」"], "m1:sw1 m2:sw1"),
        ("quotes: true", ["「张三：请打卡」\n- - - - - - -\n好"], "m0:sw1"),
        ("at_least: 2", ["打卡", "打卡打卡"], "m1:sw2"),
        ("fail_from: 2", ["打卡", "打卡接龙"], "m0:sw1 m1:fw2"),
        ("verdict: fail", ["打卡"], "m0:fw1"),
        ("by_count: {1: info, 3: error}", ["打卡", "打卡，打卡，打卡"], "m0:si1 m1:se3"),
        ("by_count: {2: error}", ["打卡", "打卡，打卡"], "m0:sw1 m1:se2"),
        ("senders: [群主]", ["打卡"], "m0:sw1"),
        ("senders: [admin, bot]", ["打卡"], ""),
        ("not_senders: [owner]", ["打卡"], ""),
        ("reads: [attachments.name]", ["打卡"], ""),
    ],

)  # fmt: skip
def test_what_counts(judged: Callable[..., str], more: str, texts: list[str], expected: str) -> None:
    assert judged(more, texts) == expected


def test_hours_and_what_nobody_knows(judged: Callable[..., str]) -> None:
    hours = ["2024-04-01T23:00:00", "2024-04-02T06:59:00", "2024-04-02T07:00:00", "2024-05-01T12:00:00"]
    said = [{"text": "打卡", "sent_at": hour} for hour in hours]
    night = "quiet_hours: {begins: 22, ends: 7"
    assert judged(night + "}", said) == "m0:sw1 m1:sw1"
    assert judged("quiet_hours: {begins: 7, ends: 13}", said) == "m2:sw1 m3:sw1"
    assert judged(night + ", days_off: true}", said) == "m0:sw1 m1:sw1 m3:sw1"
    assert judged("quiet_hours: {begins: '23:00', ends: 06:59}", said) == "m0:sw1"
    assert judged("quiet_hours: {begins: 6：59, ends: '12:01'}", said) == "m1:sw1 m2:sw1 m3:sw1"
    assert judged("quiet_hours: {days_off: true}", said) == "m3:sw1"
    # A year of which the calendar says nothing, a time and a sender that the source does not supply.
    other = [{"text": "打卡", "sent_at": "2023-04-03T12:00:00"}, {"text": "好", "sent_at": "2023-04-03T12:00:00"}]
    assert judged(night + ", days_off: true}", other) == "m0:?"
    assert judged(night + "}", ["打卡", "好"], "[messages.sent_at]") == "m0:?"
    assert judged("senders: [owner]", ["打卡", "好"], "[memberships.role]") == "m0:?"
    assert judged("not_senders: [bot]", ["打卡", "好"], "[accounts.kind]") == "m0:?"
    assert judged("", ["打卡"], "[messages.text]") == "m0:?"


def test_a_set_that_extends_another_changes_the_words_within_its_floor(
    write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet], mistakes: Callable[[Path], list[str]]
) -> None:
    base = RULE.replace(", !include lists/words.txt", "")
    write(base + "    floor: {words: {includes: [打卡]}}\n", "base.yaml")
    child = "extends: [base.yaml]\nparameters: {more: [签到]}\nrules:\n  - {use: local/check-in"
    [rule] = load(write(child + "}\n")).ruleset.rules
    assert rule.params.model_dump()["words"] == ["打卡", "签到"]
    [rule] = load(write(child + ", with: {words: [打卡, 点名], except: [打卡机]}}\n")).ruleset.rules
    assert rule.params.model_dump()["words"] == ["打卡", "点名"]
    assert "outside-floor" in mistakes(write(child + ", with: {words: [点名]}}\n"))[0]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("words: ['\u200b']", "control a.yaml:5:76"),
        ("patterns: ['a*']", "bad-pattern a.yaml:5:78"),
        ("words: []", "self-written-lacks a.yaml:5:5"),
        ("not_after: [不]", "self-written-lacks a.yaml:5:5"),
        ("words: 甲, not_after: {}", "no-context a.yaml:5:88"),
        ("words: 甲, not_after: {words: 乙, witin: 3}", "unknown-key a.yaml:5:99"),
        ("words: 甲, senders: [群主, 老板]", "unknown-word a.yaml:5:91"),
        ("words: 甲, sql: SELECT id AS group_id FROM groups", "only-with-words a.yaml:5:67"),
        ("words: 甲, with: {words: 乙}", "not-with-words a.yaml:5:77"),
        ("words: 甲, reads: [groups.name, messages.text]", "reads-both a.yaml:5:84"),
        ("words: 甲, reads: [messages.txt]", "unknown-word a.yaml:5:85"),
        ("words: 甲, reads: [groups.name], senders: [owner]", "group-sends-nothing a.yaml:5:108"),
        ("words: 甲, by_count: {three: error}", "no-places a.yaml:5:88"),
        ("words: 甲, quiet_hours: {begins: 25, ends: 晚上10点}", "no-hour a.yaml:5:99|no-hour a.yaml:5:109"),
        ("words: 甲, quiet_hours: {begins: '7:60', ends: true}", "no-hour a.yaml:5:99|no-hour a.yaml:5:113"),
        ("words: 甲, quiet_hours: {begins: 20, ends: '20:00'}", "no-hours a.yaml:5:90"),
        ("words: 甲, quiet_hours: {begins: 0, ends: 24}", "no-hours a.yaml:5:90"),
        ("words: 甲, quiet_hours: {begins: 22}", "no-hours a.yaml:5:90"),
        ("words: 甲, quiet_hours: {days_off: false}", "no-hours a.yaml:5:90"),
        ("words: 甲, quiet_hours: 22:00-6:00", "wrong-type a.yaml:5:90"),
        ("words: !include bad.txt", "lexicon-day bad.txt:2:1|lexicon-no-source bad.txt:1:1|lexicon-twice bad.txt:4:2"),
        ("words: !include none.txt", "no-file a.yaml:5:74"),
    ],
)
def test_a_mistake_has_its_place(
    write: Callable[..., Path], mistakes: Callable[[Path], list[str]], entry: str, expected: str
) -> None:
    write(b"# remark\n# date: 2024-13\n\xe7\x94\xb2\n \xe7\x94\xb2\n", "bad.txt")
    found = mistakes(
        write(f"rules:\n  - {{id: L-1, name: local/one, severity: error, message: {{zh: 甲}}, {entry}}}\n")
    )
    assert set(expected.split("|")) <= set(found), found


def test_its_cases_are_run(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    case = "    cases:\n      - name: a\n"
    case += "        given: {groups: [{id: g}], messages: [{id: m, group_id: g, text: 打卡}]}\n"
    case += "        finds: [m]\n"
    file = write(RULE.replace(", !include lists/words.txt", "") + case)
    assert main(["ruleset", "test", str(file)]) == 0
    assert main(["ruleset", "explain", str(file), "local/check-in"]) == 0
    assert 'with.words = ["打卡", "报数"]' in capsys.readouterr().out


def test_the_words_of_a_case_are_checked_by_the_test_kit(
    write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]
) -> None:
    text = RULE.replace(", !include lists/words.txt", "") + "    cases:\n      - {name: a, given: {}, finds: [m]}\n"
    [(rule, case)] = case_parameters(own_rules(load(write(text)).ruleset.rules))
    with pytest.raises(AssertionError):
        check_case(rule, case)
