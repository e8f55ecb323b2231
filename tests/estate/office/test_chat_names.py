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


@pytest.mark.parametrize("owner", ["李强、王芳", "李强/王芳", "李强 王芳", "李强，王芳等", "李强（教务处）、1002"])
def test_two_owners_in_one_cell_are_said_to_be_two(estate, owner):
    estate.write("人员.csv", PEOPLE)
    estate.write("工作群.csv", f"群名称,群主,部门\n教务处工作群,{owner},教务处\n".replace(owner, f'"{owner}"'))
    told = [str(note) for note in estate.run(lenient=True).notes if "several people" in str(note)]
    assert len(told) == 1
    assert "as admins" in told[0]


def test_a_number_of_members_that_is_not_used_says_what_to_hand_in(estate):
    estate.write("人员.csv", PEOPLE)
    estate.write("工作群.csv", "群名称,群主,部门,群人数\n教务处工作群,王芳,教务处,350\n")
    assert [note.code for note in estate.run(lenient=True).notes].count("estate.note-counts") == 1
