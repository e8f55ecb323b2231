"""What vanished with its rows is unknown: only what a run could have reported counts as resolved."""

from __future__ import annotations

from typing import Any

import pytest

MEMBERSHIPS = (
    "group_id,account_id,role,display_name,joined_at\n"
    "g1,a3,owner,王五,2024-01-01\ng1,a1,member,x,2024-01-02\ng2,a3,owner,王五,2024-01-01\n"
)
MESSAGES = "id,group_id,sent_at,sender_id,type,text\nm1,g1,2024-04-01,a1,file,看附件\nm2,g1,2024-04-01,a1,text,好\n"
ATTACHMENTS = "id,message_id,name\nf1,m1,机密.doc\n"
RULES = """
  - id: LOCAL-2
    name: local/nickname
    severity: error
    clause: [一-1]
    sql: "SELECT group_id, account_id FROM memberships WHERE display_name = 'x'"
    message: {zh: 昵称, en: nickname}
  - id: LOCAL-3
    name: local/busy
    severity: error
    clause: [一-1]
    sql: "SELECT DISTINCT group_id FROM messages WHERE text = '好'"
    message: {zh: 闲聊, en: chat}
  - id: LOCAL-4
    name: local/file
    severity: error
    clause: [一-1]
    sql: "SELECT m.group_id, m.id AS message_id FROM messages m
      JOIN attachments f ON f.message_id = m.id WHERE f.name LIKE '机密%'"
    message: {zh: 附件, en: file}
attestations:"""
FULL = {"memberships": MEMBERSHIPS, "messages": MESSAGES, "attachments": ATTACHMENTS}


@pytest.fixture
def wide(office: Any) -> Any:
    """Give a workspace with one run over members, messages and files."""
    file = office.folder / "set.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("\nattestations:", RULES), encoding="utf-8")
    assert office.call("init").code == 0
    office.estate(15, **FULL)
    ran = office.check()
    assert ran.code == 1, ran.err
    assert office.states() == {"new": 6}
    return office


def state_of(office: Any, rule: str) -> str:
    lines = office.call("findings", "--all", "--rule", rule, "--count", "state").out.splitlines()
    return ",".join(line.split("\t")[1] for line in lines)


def without(text: str, *beginnings: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(beginnings))


def test_a_finding_whose_rows_are_gone_is_unknown_for_as_long_as_they_are(wide: Any) -> None:
    some = {"memberships": without(MEMBERSHIPS, "g1,"), "attachments": without(ATTACHMENTS, "f")}
    none = some | {"memberships": without(MEMBERSHIPS, "g1,", "g2,"), "messages": without(MESSAGES, "m")}
    for day, gone, states in (
        (16, some, ["unknown", "open", "unknown"]),
        (17, none, ["unknown"] * 3),
        (18, {}, ["open"] * 3),
    ):
        wide.estate(day, **FULL | gone)
        wide.check()
        assert [state_of(wide, rule) for rule in ("LOCAL-2", "LOCAL-3", "LOCAL-4")] == states, day


def test_what_was_put_right_is_resolved(wide: Any) -> None:
    right = {
        "memberships": without(MEMBERSHIPS, "g1,a1"),
        "messages": MESSAGES.replace("好", "收到"),
        "attachments": ATTACHMENTS.replace("机密", "公开"),
    }
    wide.estate(16, **FULL | right)
    wide.check()
    assert [state_of(wide, rule) for rule in ("LOCAL-2", "LOCAL-3", "LOCAL-4")] == ["resolved"] * 3


def test_rows_that_were_set_aside_resolve_nothing(wide: Any) -> None:
    wide.estate(16, **FULL | {"memberships": MEMBERSHIPS.replace("g1,a1,", "g1,nobody,")})
    ran = wide.check("--lenient")
    assert ran.code == 3
    assert state_of(wide, "LOCAL-2") == "unknown"
    wide.estate(17, **FULL | {"memberships": without(MEMBERSHIPS, "g1,a1")})
    ran = wide.check()
    assert ran.code == 1, ran.err
    assert state_of(wide, "LOCAL-2") == "resolved", ran.err
