"""Parts that meet say something; one word that is part of two, or parts far apart, do not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policycore import Meeting, Topic, any_of
from policycore.plugin_api.rule_contract import rule_faults
from policycore.testing import check_case
from policycore.text.fold import fold

TWO_OF_THREE = Meeting(("鸡蛋|土鸡蛋", "谁要|要的", "鸡蛋|包邮"), unless="食堂", least=2, apart=True)


@pytest.mark.parametrize(
    ("passage", "met"),
    [
        ("土鸡蛋,要的说一声", ["土鸡蛋,要的"]),
        ("包邮的土鸡蛋", ["包邮的土鸡蛋"]),
        ("鸡蛋", []),
        ("土鸡蛋", []),
        ("鸡蛋" + "，" * 30 + "谁要", ["鸡蛋" + "，" * 30 + "谁要"]),
        ("鸡蛋" + "，" * 31 + "谁要", []),
        ("食堂的鸡蛋谁要", []),
    ],
)
def test_parts_meet_that_are_different_words_close_together(passage, met):
    found = [passage[begin:end] for begin, end in TWO_OF_THREE.spans(passage)]
    assert found[:1] == met


def test_a_word_that_stands_in_a_longer_one_does_not_hide_a_way_to_meet():
    three = Meeting(("收走前", "底稿", ",[^,]{4,12}的|,凑合看"), apart=True)
    assert [*three.spans("底稿,人家收走前我翻拍的,凑合看")] == [(0, 16)]


def test_many_parts_are_read_in_time_that_grows_with_the_text():
    many = Meeting(("啊", "吧", "呢", "吗", "谁也不说的词"), least=4, apart=True)
    assert len([*many.spans("啊吧呢" * 5_000)]) == 0


def test_a_saying_is_folded_as_texts_are():
    text = fold("請看（機密），轉給大家")
    assert [*Topic(("（機密）[，。]轉",)).spans("（機密）[，。]轉", text)] == [(2, 8)]


def test_families_of_words_are_written_a_line_each_with_remarks():
    fruit = "苹果 # the one to eat\n    梨 [#]1号"
    assert any_of("# Fruit and numbers", fruit, "C#") == "苹果|梨|[#]1号|C#"


def test_the_topic_rule_of_the_documentation_is_one():
    page = (Path(__file__).parents[2] / "docs" / "text-rules.md").read_text(encoding="utf-8")
    written: dict[str, object] = {"__name__": "local"}
    exec(next(block for block in re.findall(r"```python\n(.*?)```", page, re.S) if "TopicRule" in block), written)  # noqa: S102
    rule = written["LostAndFound"]
    assert rule_faults(rule) == []
    check_case(rule(), rule.cases[0])
