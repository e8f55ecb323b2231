"""A name in a register means whom the directory calls so, whatever somebody in a chat calls himself."""

from __future__ import annotations

import pytest

from policycore.plugin_api.plugins import load_plugins

PEOPLE = "工号,姓名,部门,状态\n1001,李强,教务处,退休\n1002,王芳,教务处,在职\n"
GROUPS = "群名称,群主,群管理员,部门\n教务处工作群,{owner},王芳,教务处\n"
HEADER = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n"


def _owner(estate, rows, owner, sender, name):
    estate.write("人员.csv", PEOPLE)
    estate.write("工作群.csv", GROUPS.format(owner=owner))
    estate.write("chat.csv", f"{HEADER}1,2,1,0,0,1712534400,3,收到,2024-04-08 08:00:00,,{name},{sender}\n")
    sources = load_plugins().sources
    snapshot = estate.run(lenient=True, sources=lambda: sources)
    people = {row["id"]: row.get("person_id") for row in rows(snapshot, "accounts")}
    owners = {row["id"]: row.get("owner_id") for row in rows(snapshot, "groups")}
    written = {row["sender_id"] for row in rows(snapshot, "messages")}
    return owners["教务处工作群"], people, written


@pytest.mark.parametrize(
    ("owner", "sender", "name"),
    [
        ("李强", "李强", "李强"),
        ("李 强", "李强", ""),
        ("李强（教务处）", "李强", "阿强"),
        ("1001", "1001", "1001"),
    ],
)
def test_nobody_in_a_chat_takes_the_place_of_whom_a_register_names(estate, rows, owner, sender, name):
    account, people, written = _owner(estate, rows, owner, sender, name)
    assert people[account] == "1001"
    assert account not in written


def test_an_account_that_the_register_names_and_the_directory_does_not_is_that_account(estate, rows):
    account, people, _ = _owner(estate, rows, "wxid_1", "wxid_1", "阿强")
    assert account == "wxid_1"
    assert people[account] is None
