from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pyarrow
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policycore.plugin_api.rule import Case
from policycore.testing import run_rule
from policycore.text.expression import read
from policycore.text.fold import fold
from policycore.text.marks.grammar import LONGEST_YEARS, MARK_PATTERN, find_marks
from policycore.text.matcher import Matcher
from policycore_secrecy.rules.sec001_classification_mark import ClassificationMark


@cache
def matcher():
    """Return what looks for marks, made once."""
    return Matcher([read(MARK_PATTERN)])


def found(text):
    """Return the marks that pass both the scan and the grammar."""
    return list(find_marks(fold(text), text)) if len(matcher().scan(pyarrow.array([text])).rows) else []


def verdicts(texts):
    """Return what the rule says of messages that one person sends one after another."""
    case = Case(
        "messages",
        given={
            "groups": [{"id": "g1"}],
            "messages": [
                {
                    "id": f"m{place}",
                    "group_id": "g1",
                    "sender_id": "a",
                    "sent_at": f"2024-04-01T10:0{place}:00",
                    "text": text,
                }
                for place, text in enumerate(texts)
            ],
        },
    )
    return {finding.verdict.value for finding in run_rule(ClassificationMark(), case).findings}


def written(file):
    """Return the texts of a file, written before the rules were looked at, as messages in one group."""
    lines = (Path(__file__).parent / file).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def verdict_of_each(items):
    """Return the verdict of the rule on the one text of each item; "" where it finds nothing."""
    case = Case(
        "texts",
        given={
            "groups": [{"id": "g1"}],
            "messages": [
                {"id": str(place), "group_id": "g1", "text": item["texts"][0]} for place, item in enumerate(items)
            ],
        },
    )
    found = {}
    for finding in run_rule(ClassificationMark(), case).findings:
        found.setdefault(finding.subject.id, set()).add(finding.verdict.value)
    return [
        "fail" if "fail" in found.get(str(place), ()) else "".join(found.get(str(place), ()))
        for place in range(len(items))
    ]


def test_evasions_are_found():
    items = [item for item in written("mark_evasions.jsonl") if len(item["texts"]) == 1]
    assert len(items) >= 400
    says = verdict_of_each(items)
    missed = [item["texts"] for item, verdict in zip(items, says, strict=True) if not verdict]
    assert len(missed) <= len(items) // 100, missed
    plain = [(item["texts"], verdict) for item, verdict in zip(items, says, strict=True) if item["expect"] == "fail"]
    weak = [text for text, verdict in plain if verdict != "fail"]
    assert len(weak) <= len(plain) // 100, weak
    assert {v for item, v in zip(items, says, strict=True) if item["expect"] == "suspect"} == {"suspect"}


@pytest.mark.parametrize("item", [item for item in written("mark_evasions.jsonl") if len(item["texts"]) > 1], ids=str)
def test_a_mark_over_several_messages_is_found(item):
    assert verdicts(item["texts"]) & {"fail", "suspect"}


@pytest.mark.parametrize(
    "texts",
    [["秘密", "★★★★★"], ["这部电影叫秘密", "★4.5分"], ["机密", "好的"], ["收到", "★10年店庆"], ["商业秘密", "★5年"]],
)
def test_two_messages_that_make_no_mark_are_left_alone(texts):
    assert verdicts(texts) == set()


def test_look_alikes_are_never_an_error():
    items = written("mark_lookalikes.jsonl")
    assert len(items) >= 400
    says = verdict_of_each(items)
    assert [item["texts"] for item, verdict in zip(items, says, strict=True) if verdict == "fail"] == []
    assert says.count("suspect") <= len(items) // 10


gaps = st.sampled_from(["", "", " ", "\u3000", "\u200b", "\n", "\u202e", " \u2060"])
wide = str.maketrans("0123456789", "０１２３４５６７８９")
numbers = st.sampled_from(["1", "３", "5", "一", "三", "五", "⑤", "七", "九"])
levels = st.sampled_from(["绝密", "絕密", "机密", "機密", "秘密", "祕密"])
prose = st.text(alphabet="请各位老师阅读，。（附件）", max_size=12)


@given(
    prose,
    levels,
    gaps,
    gaps,
    st.sampled_from("★☆⭐✪*＊"),
    gaps,
    numbers,
    gaps,
    st.sampled_from(["年", "个月", "個月"]),
    prose,
)
def test_every_planted_evasion_is_found_once_at_its_place(
    before, level, inside, gap, star, after, number, end, unit, rest
):
    assume(not (gap == "\n" and star in "*＊" and fold(after)[:1] == " "))  # a point of a list, not a star
    mark = level[0] + inside + level[1] + gap + star + after + number + end + unit
    text = before + mark + rest
    (only,) = found(text)
    assert only.category == fold(level)
    assert text[only.offset : only.offset + only.length] == mark
    assert only.manner in ("mark", "variant")
    assert only.doubtful == (fold(level) == "秘密" and before[-1:].isalnum())


@given(
    st.text(alphabet="国家秘密绝机级事项公开的商业保守法★ ", max_size=40).map(
        lambda text: text.replace("密★", "密").replace("密 ", "密")
    )
)
def test_words_of_secrecy_without_a_star_behind_are_never_marks(text):
    assert found(text) == []


@given(st.sampled_from(sorted(LONGEST_YEARS)), st.integers(1, 120))
def test_a_period_is_impossible_exactly_beyond_the_longest_of_its_level(level, years):
    (mark,) = found(f"{level}★{years}年")
    assert (mark.manner == "impossible-period") == (years > LONGEST_YEARS[level])


@pytest.mark.parametrize(
    ("numerals", "impossible"),
    [
        ("十", False),
        ("十一", True),
        ("九", False),
        ("二十", True),
        ("廿", True),
        ("一〇", False),
        ("一百", True),
        ("半", False),
    ],
)
def test_chinese_numerals_count(numerals, impossible):
    (mark,) = found(f"秘密★{numerals}年")
    assert (mark.manner == "impossible-period") is impossible


@pytest.mark.parametrize(
    ("text", "near"), [("份号：000123\n机密★10年", True), ("机密★10年\n特急", True), ("机密★10年 共12份", False)]
)
def test_a_copy_number_or_urgency_makes_it_a_header(text, near):
    assert [mark.in_header for mark in found(text)] == [near]


def test_a_finding_keeps_the_place_and_never_the_text():
    canary = "CANARY某部队演习"
    case = Case(
        "canary",
        given={
            "groups": [{"id": "g1"}],
            "messages": [{"id": "m1", "group_id": "g1", "text": f"机密★10年 {canary} 13812345678"}],
            "attachments": [{"id": "f1", "message_id": "m1", "name": f"秘密★1年{canary}.pdf"}],
        },
    )
    result = run_rule(ClassificationMark(), case)
    assert len(result.findings) == 2
    shown = json.dumps(
        [[one.facts, one.message.zh, one.message.en, one.subject.name] for one in result.findings], default=str
    )
    assert "CANARY" not in shown
    assert "13812345678" not in shown


@pytest.mark.timeout(60)  # takes a second; a quadratic reading would take an hour
def test_a_text_full_of_marks_is_read_in_linear_time():
    assert len(found("机密★" * 50_000)) == 50_000
    assert found("机" * 200_000 + "密 " * 200_000) == []
