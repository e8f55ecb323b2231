"""Rules read all of a text, however long it is and wherever its sentences end, and each place of it once."""

from __future__ import annotations

import pytest

from policycore import Case
from policycore.engine.run import evaluate
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset
from policycore.rulesets.words import rule as words
from policycore.testing import estate_of
from policycore.text.topics import Topic

BEGIN = "policycore: 1\nruleset: long\ntitle: {zh: 长文, en: long}\nrules:\n"
NO_END = "工作安排如下" * 4_000
NOTICE = "【通知】" + "".join(f"第{n}项工作由{chr(0x4E00 + n)}{chr(0x5E00 + n)}负责，" for n in range(800))
RUMOUR = "明天起全市所有超市停售食盐三个月，大家赶紧囤货。"


def said(tmp_path, rule, *texts):
    """Return what a rule finds and leaves open in messages m0, m1 and so on, a minute after one another."""
    (tmp_path / "rules.yaml").write_text(BEGIN + rule, encoding="utf-8")
    known = load_plugins()
    ruleset = load_ruleset(tmp_path / "rules.yaml", known.rules, known.ruleset_folders)
    common = {"group_id": "g", "sender_id": "a", "type": "text"}
    messages = [
        {"id": f"m{n}", **common, "sent_at": f"2024-04-09T10:{n:02}", "text": text} for n, text in enumerate(texts)
    ]
    given = {"groups": [{"id": "g"}], "accounts": [{"id": "a", "kind": "internal"}], "messages": messages}
    result = evaluate(estate_of(Case("", given=given)), ruleset)
    assert not result.problems
    return {one.subject.id for one in result.findings}, {one for gap in result.gaps for one in gap.subjects}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("content/unverified-news", f"{NO_END}听说下周要停课"),
        ("content/unverified-news", f"听说下周要停课{NO_END}"),
        (f"content/unverified-news, with: {{rumours: [{RUMOUR}]}}", f"{NO_END}。{RUMOUR}"),
        ("content/notice-complete", f"请看材料。{NO_END}。有意者报给联系人，联系人待定。请将名单报送给联系人"),
    ],
)
def test_what_stands_behind_a_long_text_is_found(tmp_path, rule, text):
    assert said(tmp_path, f"  - {{use: {rule}}}\n", text)[0] == {"m0"}


def test_notices_that_begin_alike_and_go_on_differently_are_no_pass(tmp_path):
    rule = "  - {use: content/notices-agree}\n"
    assert len(NOTICE) > 4_000
    assert said(tmp_path, rule, NOTICE, f"{NOTICE}完") == (set(), {"m1"})
    assert said(tmp_path, rule, f"{NOTICE}完", f"{NOTICE}完") == ({"m1"}, set())


def test_signs_that_stand_all_over_a_text_without_ends_are_asked_once_for_each_part_of_it(tmp_path, monkeypatch):
    asked = []
    spans = Topic.spans
    monkeypatch.setattr(Topic, "spans", lambda self, *given: (asked.append(1), spans(self, *given))[1])
    counts = []
    for many in (5_000, 20_000):
        asked.clear()
        said(tmp_path, "  - {use: content/sensitive-topic}\n", "有人" * many)
        counts.append(len(asked))
    assert 0 < counts[1] <= 5 * counts[0]


def test_what_must_not_stand_beside_a_word_is_looked_for_near_it_alone(tmp_path, monkeypatch):
    asked = []
    stands = words._stands
    monkeypatch.setattr(words, "_stands", lambda *given: (asked.append(1), stands(*given))[1])
    rule = """  - id: L-1
    name: local/words
    words: [内部]
    not_after: {words: [非], within: 4}
    except: [内部食堂]
    message: {zh: 有, en: there}
"""
    assert said(tmp_path, rule, "内部资料" * 2_000 + "非常内部食堂。" * 2_000)[0] == {"m0"}
    assert len(asked) < 20_000
