"""What a rule of words says in vain is a mistake at its place, and what is hardly meant is told of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.rulesets.load import LoadedRuleSet

HEAD = "rules:\n  - {id: L-1, name: local/one, severity: warning, message: {zh: 甲}, "


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("words: [@打卡, 接龙], except: [打卡]", "never-found"),
        ("words: 打卡, except: @[打卡]", "finds-nothing"),
        ("words: [@打卡机, 接龙], not_in: [打卡]", "never-found"),
        ("words: 打卡, except: @{patterns: ['.+']}", "finds-nothing"),
        ("patterns: [打卡], not_in: @{patterns: ['[^。]{2,}'], within: 9}", "finds-nothing"),
        ("words: 打卡, only_in: @[打卡]", "changes-nothing"),
        ("patterns: [打卡], only_in: @{patterns: ['.']}", "changes-nothing"),
        ("words: 打卡, except: {words: 打卡机, @within: 3}", "unknown-key"),
        ("words: 打卡, only_in: [通知], not_in: @[通知, 公告]", "finds-nothing"),
        ("words: 甲, only_after: {words: 请, within: 3}, not_after: @{words: 请, within: 4}", "finds-nothing"),
        ("words: 甲, not_senders: @[群主, 管理员, member]", "finds-nothing"),
        ("words: 甲, senders: [owner, bot], not_senders: @[bot, owner]", "finds-nothing"),
        ("words: 甲, by_count: @{1: error, 3: info}", "count-order"),
        ("words: 甲, by_count: @{2: info}", "count-order"),
        ("words: 甲, at_least: 3, by_count: @{2: info, 3: error}", "count-order"),
        ("words: @!include w.csv", "include-kind"),
        ("words: !include remark.txt", "lexicon-remark remark.txt:3:1"),
        ("words: !include gbk.txt", "encoding gbk.txt:1:3"),
    ],
)
def test_what_is_said_in_vain_is_refused(
    write: Callable[..., Path], mistakes: Callable[[Path], list[str]], entry: str, expected: str
) -> None:
    # The place that is told is that of the @.
    write("甲\n".encode(), "w.csv")
    write("＃ 来源：甲\n# 日期：2024\n打卡 # 考勤\n".encode(), "remark.txt")
    write("# 来源：甲\n".encode("gbk"), "gbk.txt")
    at = len(HEAD.splitlines()[1]) + entry.find("@") + 1
    expected = expected if ":" in expected else f"{expected} a.yaml:5:{at}"
    assert mistakes(write(f"{HEAD}{entry.replace('@', '')}}}\n")) == [expected]


@pytest.mark.parametrize(
    "entry",
    [
        "words: [打卡, 打卡机], except: [打卡机器], not_in: [机器]",
        "words: [KTV], not_in: [KT], except: [KTV房]",
        "patterns: [打卡], only_in: {patterns: ['^.{1,20}$']}",
        "words: 打卡, not_before: {patterns: ['[^。]'], within: 0}",
        "words: 甲, only_after: {words: 请, within: 3}, not_after: {words: 请, within: 2}",
        "words: 甲, senders: 群主, not_senders: [bot]",
        "words: 甲, by_count: {2: warning, 3: error}",
        "words: 甲, at_least: 2, by_count: {1: info, 3: warning}",
    ],
)
def test_what_can_be_meant_is_taken(
    write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet], entry: str
) -> None:
    assert load(write(f"{HEAD}{entry}}}\n")).warnings == ()


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("words: 'one,two'", "joined-words"),
        ("words: 甲, not_after: ['不得，严禁']", "joined-words"),
        ("words: 甲, not_after: {words: [不得、严禁], within: 3}", "joined-words"),
        ("words: 打.*卡", "word-as-written"),
        ("words: '[0-9]{3}号'", "word-as-written"),
        ("words: 打卡|接龙", "word-as-written"),
        ("words: lists/words.txt", "word-as-written"),
        ("words: 甲, except: ['甲\\d']", "word-as-written"),
    ],
)
def test_words_that_are_hardly_meant_as_they_stand(
    write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet], entry: str, code: str
) -> None:
    assert [one.code for one in load(write(f"{HEAD}{entry}}}\n")).warnings] == [f"ruleset.{code}"]
