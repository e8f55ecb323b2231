"""What a list of groups without a list of members, or without a column, does not say."""

from __future__ import annotations

import pytest

from policycore.errors import DataError
from policycore.estate.office.headers import Headers
from policycore.model.schema import table_schemas
from tests.workbooks import PEOPLE, groups, save

ABOUT_ALL_MEMBERS = {
    "memberships.account_id",
    "memberships.display_name",
    "memberships.inviter_id",
    "memberships.join_scene",
    "memberships.joined_at",
    "memberships.left_at",
}


def test_a_register_without_a_list_of_members_says_that_its_source_lacks_them(estate, rows):
    save(estate, {"群组": groups([1, "甲群", "张三", "李四", 9, "x", None, None, None]), "人员": PEOPLE})
    snapshot = estate.run()
    assert [(source.name, source.lacks) for source in snapshot.sources] == [("register", ABOUT_ALL_MEMBERS)]
    found = [(row["account_id"], row["role"]) for row in rows(snapshot, "memberships")]
    assert found == [("1001", "owner"), ("1002", "admin")]
    assert snapshot.tables["memberships"].columns == ("group_id", "account_id", "role")
    assert "estate.note-no-members" in [note.code for note in snapshot.notes]


def test_a_register_without_a_column_of_admins_does_not_know_that_there_are_none(estate):
    save(estate, {"群组": [["群名称", "群主"], ["甲群", "张三"]], "人员": PEOPLE})
    assert estate.run().sources[0].lacks == {*ABOUT_ALL_MEMBERS, "memberships.role"}


@pytest.mark.parametrize(
    ("header", "lacks"), [(["群名称", "姓名"], {"memberships.role"}), (["群名称", "姓名", "角色"], set())]
)
def test_a_list_of_members_supplies_them_and_roles_only_with_its_column(estate, header, lacks):
    members = [header, ["甲群", "张三", "群主"][: len(header)]]
    save(estate, {"群组": [["群名称", "群主"], ["甲群", "张三"]], "成员": members, "人员": PEOPLE})
    assert estate.run().sources[0].lacks == lacks


def test_only_the_sources_of_the_register_lack_members(estate):
    estate.write(
        "manifest.yaml",
        "policycore: 1\nsources:\n  - {name: 台账, lacks: [groups.kind]}\n  - {name: 平台, lacks: []}\n",
    )
    save(estate, {"群组": [["群名称", "群主", "群管理员", "来源"], ["甲群", "张三", None, "台账"]], "人员": PEOPLE})
    found = {source.name: source.lacks for source in estate.run().sources}
    assert found == {"台账": {*ABOUT_ALL_MEMBERS, "groups.kind"}, "平台": set()}


@pytest.mark.parametrize("table", sorted(table_schemas()))
def test_only_columns_of_the_table_are_suggested(table):
    headers = Headers()
    assert [choice for choice in headers.choices(table) if not headers.meaning(table, choice)] == []


@pytest.mark.parametrize("header", ["Time", "Number", "membrs", "qqq"])
def test_help_for_an_unknown_column_names_those_of_its_table(estate, header):
    save(estate, {"消息": [[header, "内容", "发送人"], ["1", "好", "张三"]]})
    with pytest.raises(DataError) as caught:
        estate.run()
    fixes = [one.fix for one in caught.value.problems if one.code == "estate.unknown-column"]
    assert fixes == ["known: 消息编号, 群编号, 发送时间, 发送人, 消息类型, 内容, 回复, 撤回时间, 提及"]
