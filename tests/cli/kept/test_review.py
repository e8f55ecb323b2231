"""Suspects are confirmed or dismissed; the next check follows, for the very same text too, until it is taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest

from policycore.store.workspace import needed_workspace

RULESET = """\
policycore: 1
ruleset: local-set
title: {zh: 本地, en: Local}
rules:
  - use: content/unrelated-topic
    severity: error
"""
VOTE = "请帮我家孩子投一票"
MESSAGES = [
    ("m1", "g1", "a1", VOTE),
    ("m2", "g2", "a1", VOTE),
    ("m3", "g3", "a3", VOTE),
    ("m4", "g1", "a1", VOTE + "！"),
    ("m5", "g1", "a1", "拼单买咖啡，有人一起吗，电话13812345678"),
]


@pytest.fixture
def queue(kept: Any) -> Any:
    """Return an office whose chats hold five suspects; a3, the sender of m3, is an outsider."""
    rows = ["id,group_id,sender_id,sent_at,type,text,recalled_at"]
    rows += [f"{name},{group},{sender},2024-04-01T10:00:00,text,{text}," for name, group, sender, text in MESSAGES]
    accounts = "id,platform,person_id,kind\na1,wechat,p1,internal\na3,wechat,p3,external\n"
    kept.estate(15, messages="\n".join(rows) + "\n", accounts=accounts)
    Path("set.yaml").write_text(RULESET, encoding="utf-8")
    assert verdicts(kept) == dict.fromkeys(("m1", "m2", "m3", "m4", "m5"), "suspect")
    return kept


def verdicts(office: Any) -> dict[str, str]:
    """Return the verdict of each message after another check."""
    found = json.loads(office.check("--format", "json").out)["findings"]
    return {one["subject"]["id"]: one["verdict"] for one in found if one["name"] == "content/unrelated-topic"}


def label(office: Any, message: str) -> str:
    """Return the id of the finding about a message."""
    return next(line.split()[0] for line in office.call("review").out.splitlines() if message in line.split("  ")[2])


def test_dismissed_is_the_very_same_text_of_the_same_class_of_sender(queue: Any) -> None:
    made = queue.call("review", label(queue, "m1"), "--dismiss", "--text", "工会活动").out.strip()
    assert len(queue.call("review").out.splitlines()) == 3, "the same text waits no longer"
    assert "[dismissed: 工会活动] " in queue.call("findings").out
    after = {"m1": "pass", "m2": "pass", "m3": "suspect", "m4": "suspect", "m5": "suspect"}
    assert verdicts(queue) == after
    assert queue.states()["open"] == 3
    assert verdicts(queue) == after
    for name in ("text", "json", "csv", "md", "html", "junit", "sarif"):
        assert queue.call("report", "latest", "--format", name).code == 0
    assert "工会活动" in queue.call("review", "--list").out
    listed = queue.call("review", "--list").out
    assert VOTE not in listed
    assert " standing internal" in listed
    assert "  CON003-" in listed
    assert queue.call("review", label(queue, "m5"), "--confirm").code == 0
    assert verdicts(queue) == {**after, "m5": "fail"}
    assert queue.call("audit", "verify").code == 0
    assert queue.call("review", "--withdraw", made).code == 0
    assert verdicts(queue) == {**dict.fromkeys(after, "suspect"), "m5": "fail"}
    assert queue.call("audit", "verify").code == 0


def test_one_key_each_and_the_next_one_at_once(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # Dismissing the first takes the same text along; undo brings it back; then all are decided.
    keys = iter("nuxsynnn")
    monkeypatch.setattr(click, "getchar", lambda: next(keys, "q"))
    monkeypatch.setattr("policycore.cli.review._interactive", lambda: True)
    ran = queue.call("review")
    assert ran.code == 0, ran.err
    assert "5 suspects wait" in ran.err
    assert "⟦" in ran.out
    assert "13812345678" not in ran.out
    done = queue.call("review", "--all").out
    assert "taken back" in done or "withdrawn" in done
    assert sum(verdict == "fail" for verdict in verdicts(queue).values()) == 1


def test_a_colleague_who_was_faster_ends_nothing(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = names = [line.split()[0] for line in queue.call("review").out.splitlines()]
    keys = iter("ｙnnnn")

    def pressed() -> str:
        key = next(keys, "q")
        if key == "ｙ":
            queue.call("review", first, "--dismiss", "--person", "李四")
        return key

    monkeypatch.setattr(click, "getchar", pressed)
    monkeypatch.setattr("policycore.cli.review._interactive", lambda: True)
    with needed_workspace().lock():
        ran = queue.call("review")
    assert ran.code == 0
    assert f"{first} was reviewed already" in ran.err
    made = [line.split("  ") for line in queue.call("review", "--list").out.splitlines()]
    assert made[0][3] == "李四"
    # The first one's text stands in a second message, which goes along.
    assert len(made) == len(names) - 1
    assert {one[1] for one in made} == {"dismissed"}


def test_what_secrecy_found_is_not_shown_in_the_queue_nor_learned_from(
    queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["id,group_id,sender_id,sent_at,type,text,recalled_at"]
    rows += [f"s1,g1,a1,2024-04-01T10:00:00,text,{VOTE}，登录密码：Zq8!kk21Pw,"]
    rows += [f"s2,g1,a3,2024-04-01T10:01:00,text,{VOTE},"]
    queue.estate(15, messages="\n".join(rows) + "\n")
    Path("set.yaml").write_text(RULESET + "  - use: secrecy/credential\n", encoding="utf-8")
    queue.check()
    monkeypatch.setattr(click, "getchar", iter("nnnq").__next__)
    monkeypatch.setattr("policycore.cli.review._interactive", lambda: True)
    ran = queue.call("review")
    assert "secrecy/credential" in ran.out
    assert ran.out.count("kept from view") == 2
    assert "请⟦帮我家孩子投一票⟧" in ran.out
    assert "Zq8!kk21Pw" not in ran.out + ran.err
    assert "0 confirmed, 1 dismissed" in queue.call("review", "--learn", "learned.txt").err


def test_a_rule_below_its_floor_asks_for_attention(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for message in ("m1", "m4", "m5"):
        queue.call("review", label(queue, message), "--confirm" if message == "m5" else "--dismiss")
    ran = queue.call("review", "--precision")
    assert "content/unrelated-topic  fewer than 10, too few to tell  1 confirmed  2 dismissed" in ran.out
    monkeypatch.setattr("policycore.operations.review.FEWEST", 2)
    ran = queue.call("review", "--precision")
    assert "content/unrelated-topic  33 % right  1 confirmed  2 dismissed" in ran.out
    assert "look at content/unrelated-topic" in ran.err
    assert "look at content/unrelated-topic" in queue.check().err


def test_several_that_say_the_same_are_dismissed_in_one_go(queue: Any) -> None:
    names = [line.split()[0] for line in queue.call("review").out.splitlines()]
    ran = queue.call("review", *names, "--dismiss")
    assert (ran.code, len(ran.out.split())) == (0, len(names) - 1), "one exception does for both"
    assert queue.call("review").out == ""
    assert set(verdicts(queue).values()) == {"pass"}


def test_what_cannot_be_reviewed(queue: Any) -> None:
    (first,) = [label(queue, "m5")]
    assert queue.call("review", first).code == 2
    assert queue.call("review", first, "--confirm", "--dismiss").code == 2
    assert queue.call("review", "--dismiss").code == 2
    assert queue.call("review", "NONE-123456", "--dismiss").code == 2
    assert queue.call("review", "--withdraw", "R-1").code == 2
    assert queue.call("review", "--text", "为何").code == 2
    assert queue.call("review", "--list", "--person", "李四").code == 2
    ran = queue.call("review", "--rule", "CON03")
    assert (ran.code, "CON003" in ran.err) == (2, True)
    assert queue.call("review", "--rule", "CON003").out == queue.call("review", "--rule", "content/unrelated-topic").out
    assert queue.call("review", first, "--confirm").code == 0
    assert "reviewed already" in queue.call("review", first, "--dismiss").err


@pytest.mark.long
def test_reviews_teach_what_a_rule_set_takes_and_too_few_teach_nothing(kept: Any) -> None:
    votes = [f"请帮我家孩子投一票，{one}比赛编号{one}" for one in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"]
    orders = [f"{one}单位拼单订午餐" for one in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"]
    rows = ["id,group_id,sender_id,sent_at,type,text,recalled_at"]
    rows += [f"m{number},g1,a1,2024-04-01T10:00:00,text,{text}," for number, text in enumerate(votes + orders)]
    accounts = "id,platform,person_id,kind\na1,wechat,p1,internal\na3,wechat,p3,external\n"
    kept.estate(15, messages="\n".join(rows) + "\n", accounts=accounts)
    Path("set.yaml").write_text(RULESET, encoding="utf-8")
    kept.check()
    lines = [line.split("  ") for line in kept.call("review").out.splitlines()]
    names = {line[2].rpartition("m")[2]: line[0] for line in lines}
    assert len(names) == len(votes) + len(orders)
    assert kept.call("review", "--learn", "learned.txt").code == 2
    kept.call("review", "--confirm", *(names[str(number)] for number in range(len(votes))))
    kept.call("review", "--dismiss", *(names[str(number + len(votes))] for number in range(len(orders))))
    said = kept.call("review", "--learn", "learned.txt")
    assert said.out == ""
    model = Path("learned.txt").read_text(encoding="utf-8")
    assert "投一 " in model
    assert not any(text in model for text in votes + orders)
    Path("set.yaml").write_text(
        RULESET + "  - use: content/learned\n    with: {model: !include learned.txt}\n", encoding="utf-8"
    )
    rows.append(f"new,g1,a1,2024-04-01T11:00:00,text,{votes[0]}甲,")
    kept.estate(15, messages="\n".join(rows) + "\n", accounts=accounts)
    found = json.loads(kept.check("--format", "json").out)["findings"]
    learned = {one["subject"]["id"]: one["verdict"] for one in found if one["name"] == "content/learned"}
    # What people judged under another rule is settled; only the new message is asked about.
    assert learned == {**{f"m{number}": "fail" for number in range(len(votes))}, "new": "suspect"}
