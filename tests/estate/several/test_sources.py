"""The same group, person and account in several sources is one; what they say differently is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from policycore.errors import DataError
from policycore.estate.importing import import_estate
from policycore.estate.snapshot import Snapshot
from tests.workbooks import workbook

MANIFEST = "policycore: 1\nas_of: 2024-04-15\ntimezone: Asia/Shanghai\nsources:\n  - {{name: {name}}}\n"


@pytest.fixture
def hand_in(tmp_path) -> Callable[..., Path]:
    """Return a function that writes a folder of tables, each as the text of its CSV."""

    def write(name: str, **tables: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "manifest.yaml").write_text(MANIFEST.format(name=name), encoding="utf-8")
        for table, text in tables.items():
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def brought(tmp_path) -> Callable[..., Snapshot]:
    """Return a function that imports what was handed in."""
    count = iter(range(100))
    return lambda *inputs, **options: import_estate(inputs, tmp_path / f"out{next(count)}", **options)


@pytest.fixture
def by_id(rows) -> Callable[..., dict[str, dict[str, Any]]]:
    return lambda snapshot, table: {row["id"]: row for row in rows(snapshot, table)}


def said(rows, snapshot: Snapshot) -> list[tuple[Any, ...]]:
    return [
        (row["field"], row["id"], row["source"], row["value"], row["other_source"], row["other_value"])
        for row in rows(snapshot, "differences")
    ]


def test_columns_are_the_union_and_what_nobody_says_of_a_row_is_unknown(hand_in, brought, by_id, rows):
    register = hand_in("register", groups="id,name,purpose\ng1,甲,教学\ng2,乙,\n")
    platform = hand_in("platform", groups="id,name,owner_id,dissolved_at\ng1,甲,a1,\ng3,丙,,2024-01-01\n")
    snapshot = brought(register, platform)
    groups = by_id(snapshot, "groups")
    assert (groups["g1"]["purpose"], groups["g1"]["owner_id"], groups["g1"]["_unknown"]) == ("教学", "a1", None)
    # A register that has no end dates lists what goes on; an empty purpose is none.
    assert (groups["g2"]["purpose"], groups["g2"]["_unknown"]) == (None, ["owner_id"])
    assert (groups["g3"]["owner_id"], groups["g3"]["_unknown"]) == (None, ["purpose"])
    assert {group: row["source"] for group, row in groups.items()} == {
        "g1": "register", "g2": "register", "g3": "platform",
    }  # fmt: skip
    assert [source.name for source in snapshot.sources] == ["register", "platform"]
    supplied = {(row["group_id"], row["source"]): set(row["fields"]) for row in rows(snapshot, "group_sources")}
    assert set(supplied) == {("g1", "register"), ("g1", "platform"), ("g2", "register"), ("g3", "platform")}
    assert "groups.purpose" in supplied["g1", "register"] - supplied["g1", "platform"]
    assert "groups.owner_id" in supplied["g1", "platform"] - supplied["g1", "register"]
    assert said(rows, snapshot) == []


def test_the_first_source_counts_and_each_difference_is_named(hand_in, brought, by_id, rows):
    groups = "id,name,owner_id,kind,purpose\n"
    register = hand_in("register", groups=groups + "g1,甲,a1,常设,涉密:13800000000\ng2,乙,,专项,\n")
    platform = hand_in("platform", groups=groups + "g1,甲,a2,常设,公开\ng2,乙,a2,bad,\n")
    with pytest.raises(DataError, match="bad"):
        brought(register, platform)
    snapshot = brought(register, platform, lenient=True)
    assert by_id(snapshot, "groups")["g1"]["owner_id"] == "a1"
    # That there is none is an answer too; what cannot be read is no answer.
    assert (by_id(snapshot, "groups")["g2"]["owner_id"], by_id(snapshot, "groups")["g2"]["kind"]) == (None, "project")
    assert said(rows, snapshot) == [
        ("groups.purpose", "g1", "register", "[14]", "platform", "[2]"),
        ("groups.owner_id", "g1", "register", "a1", "platform", "a2"),
        ("groups.owner_id", "g2", "register", None, "platform", "a2"),
    ]
    notes = [str(note) for note in snapshot.notes]
    assert any("register/groups.csv" in note and "“a1”" in note and "“a2”" in note for note in notes)
    assert not any("13800000000" in note for note in notes)
    turned = brought(platform, register, lenient=True)
    assert {group: row["owner_id"] for group, row in by_id(turned, "groups").items()} == {"g1": "a2", "g2": "a2"}
    # What the first cannot say for sure the second may.
    assert by_id(turned, "groups")["g2"]["kind"] == "project"
    assert {(one[0], one[1], one[3], one[5]) for one in said(rows, turned)} == {
        (field, group, other, value) for field, group, _, value, _, other in said(rows, snapshot)
    }


def test_rows_are_found_by_name_and_department_where_ids_differ(hand_in, brought, by_id, rows):
    own = hand_in(
        "own",
        departments="id,name\nD1,教务处\nD2,学生处\n",
        people="id,name,status\nP1,张敏,在职\nP2,李强,在职\nP3,李强,在职\nP4,王芳,在职\n",
        appointments="person_id,department_id\nP1,D1\nP2,D1\nP3,D1\nP4,D1\n",
        groups="id,name,department_id\nG1,教研群,D1\nG2,值班群,D2\n",
    )
    other = hand_in(
        "other",
        departments="id,name\n教务处,教务处\n后勤处,后勤处\n",
        people="id,name\nx1,张 敏\nx2,李强\nx4,王芳\n",
        appointments="person_id,department_id\nx1,教务处\nx2,教务处\nx4,后勤处\n",
        accounts="id,person_id,kind\na1,x1,internal\n",
        groups="id,name,department_id,owner_id\ng1,教研群,教务处,a1\ng2,值班群,后勤处,\n",
    )
    snapshot = brought(own, other)
    assert set(by_id(snapshot, "departments")) == {"D1", "D2", "后勤处"}
    # Two of one name and department, and the same name elsewhere, stay apart.
    assert set(by_id(snapshot, "people")) == {"P1", "P2", "P3", "P4", "x2", "x4"}
    assert set(by_id(snapshot, "groups")) == {"G1", "G2", "g2"}
    assert by_id(snapshot, "accounts")["a1"]["person_id"] == "P1"
    assert by_id(snapshot, "groups")["G1"]["owner_id"] == "a1"
    posts = {(row["person_id"], row["department_id"]) for row in rows(snapshot, "appointments")}
    assert posts == {("P1", "D1"), ("P2", "D1"), ("P3", "D1"), ("P4", "D1"), ("x2", "D1"), ("x4", "后勤处")}
    notes = [note for note in snapshot.notes if note.code == "estate.note-same"]
    assert len(notes) == 3


def test_a_group_of_which_an_export_knows_the_name_alone_is_the_only_one_of_that_name(hand_in, brought, by_id, rows):
    register = hand_in(
        "register",
        departments="id,name\nD1,教务处\n",
        groups="id,name,department_id,platform\n教研群,教研群,D1,微信\nG2,值班群,D1,\nG3,值班群,D1,\nG4,考务群,D1,微信\n",
    )
    export = hand_in(
        "export",
        groups="id,name,platform\nc1,教研群,wechat\nc2,值班群,\nc4,考务群,slack\n",
        accounts="id\nu1\n",
        messages="id,group_id,sender_id,sent_at,type,text\nm1,c1,u1,2024-03-22,text,收到\n",
    )
    snapshot = brought(register, export)
    # Two of one name, and another platform, stay apart.
    assert set(by_id(snapshot, "groups")) == {"c1", "G2", "G3", "G4", "c2", "c4"}
    assert by_id(snapshot, "groups")["c1"]["department_id"] == "D1"
    [note] = [note.what for note in snapshot.notes if note.code == "estate.note-same-by-name"]
    assert "c1" in note


def test_a_register_of_names_and_a_platform_of_accounts_are_one_estate(hand_in, brought, by_id, rows, tmp_path):
    register = workbook(
        tmp_path / "台账.xlsx",
        人员=[["姓名", "部门"], ["张敏", "教务处"], ["赵磊", "教务处"], ["周涛", "教务处"]],
        群组=[["群编号", "群名称", "群主", "群管理员"], ["g1", "教研群", "张敏", "周涛"], ["g2", "值班群", "赵磊", ""]],
    )
    platform = hand_in(
        "platform",
        departments="id,name\nD1,教务处\n",
        people="id,name\nP1,张敏\nP2,赵磊\n",
        appointments="person_id,department_id\nP1,D1\nP2,D1\n",
        accounts="id,person_id,kind\nw1,P1,internal\nw2,P2,internal\n",
        groups="id,name,owner_id\ng1,教研群,w1\ng2,值班群,w1\n",
        memberships="group_id,account_id,role\ng1,w1,owner\ng1,w2,member\ng2,w1,owner\ng2,w2,member\n",
    )
    for inputs in ((register, platform), (platform, register)):
        snapshot = brought(*inputs, timezone="Asia/Shanghai")
        assert set(by_id(snapshot, "people")) == {"P1", "P2", "周涛"}
        assert set(by_id(snapshot, "accounts")) == {"w1", "w2"}
        differing = {(one[0], one[1]) for one in said(rows, snapshot)}
        assert differing == {("groups.owner_id", "g2"), ("memberships.role", "g2/w2")}
        members = {(row["group_id"], row["account_id"]): row["role"] for row in rows(snapshot, "memberships")}
        assert members["g1", "周涛"] == "admin"
        assert members["g2", "w2"] == ("owner" if inputs[0] is register else "member")
    assert snapshot.sources[0].name == "platform"


def test_a_month_a_day_of_it_and_an_hour_of_the_day_are_no_difference(hand_in, brought, by_id, rows):
    made = "id,name,created_at\n"
    register = hand_in("register", groups=made + "g1,甲,2023-09\ng2,乙,2023-09\ng3,丙,2023-09-14\ng4,丁,2023-09-14\n")
    hours = "g3,丙,2023-09-14T00:30:00+08:00\ng4,丁,2023-09-15T00:00:00+08:00\n"
    platform = hand_in("platform", groups=made + "g1,甲,2023-09-14\ng2,乙,2023-10-01\n" + hours)
    snapshot = brought(register, platform)
    assert [one[1] for one in said(rows, snapshot)] == ["g2", "g4"]
    assert by_id(snapshot, "groups")["g1"]["created_at_latest"].month == 9


def test_lists_of_names_alone_are_of_one_group_only_in_one_department(tmp_path, brought, by_id):
    header = ["群名称", "部门", "用途"]
    first = workbook(
        tmp_path / "教务处.xlsx", 群组=[header, ["值班群", "教务处", "值班"], ["校庆群", "教务处", "校庆"]]
    )
    second = workbook(tmp_path / "学生处.xlsx", 群组=[header, ["值班群", "学生处", "夜间值班"]])
    groups = by_id(brought(first, second), "groups")
    assert {(row["name"], row["department_id"]) for row in groups.values()} == {
        ("值班群", "教务处"), ("校庆群", "教务处"), ("值班群", "学生处"),
    }  # fmt: skip
    assert {row["source"] for row in groups.values()} == {"教务处.xlsx", "学生处.xlsx"}


def test_several_stays_of_one_member_are_told_apart(hand_in, brought, rows):
    stays = "group_id,account_id,role,joined_at,left_at\ng1,a1,member,2020-01-01,2021-01-01\ng1,a1,member,2022-01-01,\n"
    first = hand_in("first", groups="id,name\ng1,甲\n", memberships=stays)
    names = "group_id,account_id,joined_at,display_name\ng1,a1,2020-01-01,甲某\ng1,a1,2022-01-01,乙某\n"
    second = hand_in("second", memberships=names)
    assert [row["display_name"] for row in rows(brought(first, second), "memberships")] == ["甲某", "乙某"]


def test_what_is_wrong_in_any_source_is_named_at_its_place_and_counted(hand_in, brought, rows, rejects):
    first = hand_in("first", groups="id,name\ng1,甲\n,乙\n", people="id,name\np1,张敏\n")
    second = hand_in("second", groups="id,name\ng1,甲\ng1,甲\ng2,丙\n", people="id,name\np1,张敏\n")
    with pytest.raises(DataError) as caught:
        brought(first, second)
    places = {(problem.place.file, problem.code) for problem in caught.value.problems}
    assert places == {("first/groups.csv", "estate.missing-value"), ("second/groups.csv", "estate.duplicate")}
    snapshot = brought(first, second, lenient=True)
    assert [(one["file"], one["row"]) for one in rejects(snapshot)] == [
        ("first/groups.csv", 3),
        ("second/groups.csv", 3),
    ]
    assert snapshot.rejected == 2
    assert [(row["id"], row["_file"], row["_row"]) for row in rows(snapshot, "groups", origin=True)] == [
        ("g1", "first/groups.csv", 2),
        ("g2", "second/groups.csv", 4),
    ]


def test_manifests_of_different_zones_are_refused(hand_in, brought):
    first, second = hand_in("first", people="id,name\np1,x\n"), hand_in("second", people="id,name\np1,x\n")
    path = second / "manifest.yaml"
    path.write_text(path.read_text("utf-8").replace("Asia/Shanghai", "Europe/Berlin"), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        brought(first, second)
    assert [problem.code for problem in caught.value.problems] == ["estate.zones-differ"]


def test_the_same_hand_ins_give_the_same_snapshot(hand_in, brought):
    first = hand_in("first", groups="id,name\ng1,甲\ng2,乙\n", people="id,name\np1,张敏\n")
    second = hand_in("second", groups="id,name,purpose\ng2,乙组,值班\n", people="id,name\np1,章敏\n")
    assert brought(first, second).id == brought(first, second).id


def test_a_list_of_members_counts_for_the_groups_that_it_names(tmp_path, brought, rows):
    people = [["姓名", "部门"], ["张敏", "教务处"], ["赵磊", "教务处"]]
    register = workbook(
        tmp_path / "台账.xlsx",
        人员=people,
        群组=[["群编号", "群名称", "群主", "群管理员"], ["g1", "甲", "张敏", ""], ["g2", "乙", "张敏", ""]],
    )
    members = workbook(
        tmp_path / "成员.xlsx",
        成员=[["群编号", "成员姓名", "群昵称"], ["g1", "张敏", "教务处-张敏"], ["g1", "赵磊", "教务处-赵磊"]],
    )
    snapshot = brought(register, members)
    supplied: dict[str, set[str]] = {}
    for row in rows(snapshot, "group_sources"):
        supplied.setdefault(row["group_id"], set()).update(row["fields"])
    asked = {"memberships.account_id", "memberships.display_name"}
    assert asked <= supplied["g1"]
    assert not asked & supplied["g2"]
    # In one workbook the list of members is the list of all members.
    both = workbook(
        tmp_path / "合订.xlsx",
        人员=people,
        群组=[["群编号", "群名称", "群主", "群管理员"], ["g1", "甲", "张敏", ""], ["g2", "乙", "张敏", ""]],
        成员=[["群编号", "成员姓名", "群昵称"], ["g1", "张敏", "教务处-张敏"]],
    )
    (source,) = brought(both).sources
    assert source.lacks == frozenset()


def test_files_of_one_name_in_two_folders_are_two_hand_ins(tmp_path, brought, rows):
    files = []
    for office in ("a", "b"):
        (tmp_path / office).mkdir()
        lines = [["群编号", "群名称", "部门"], ["g1", "校庆群", "校办"], [f"g-{office}", "值班群", office]]
        files.append(workbook(tmp_path / office / "台账.xlsx", 群组=lines))
    snapshot = brought(*files)
    assert {row["id"] for row in rows(snapshot, "groups")} == {"g1", "g-a", "g-b"}
    assert len(snapshot.sources) == 2


def test_two_exports_of_one_source_are_told_apart_by_where_they_were_handed_in(tmp_path):
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "groups.csv").write_text(f"id,name\ng1,{folder} name\n", encoding="utf-8")
        (tmp_path / folder / "manifest.yaml").write_text("policycore: 1\nsources: [{name: chat}]\n", encoding="utf-8")
    snapshot = import_estate([tmp_path / "old", tmp_path / "new"], tmp_path / "estate", as_of="2024-04-15")
    [row] = pq.read_table(snapshot.tables["differences"].path).to_pylist()
    assert ("old" in row["source"], "new" in row["other_source"]) == (True, True)
