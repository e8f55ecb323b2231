from __future__ import annotations

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from policycore.estate.snapshot import open_snapshot

PEOPLE = "id,name,status,status_since\n"
BAD = PEOPLE + "p1,a,gone,2024-01-01\np2,b,retired,soon\np3,c,active,\n"


def sheet(estate, title: str, *lines: list[object]) -> None:
    book = openpyxl.Workbook()
    book.active.title = title
    for line in lines:
        book.active.append(line)
    book.save(estate.folder / f"{title}.xlsx")


def test_a_folder_of_tables_is_read_strictly(estate):
    estate.write("people.csv", BAD)
    assert estate.codes() == ["bad-value", "bad-value"]


def test_lenient_keeps_the_row_of_a_bad_cell_and_says_that_the_cell_is_unknown(estate, rows, rejects):
    estate.write("people.csv", BAD)
    snapshot = estate.run(lenient=True)
    assert [(row["id"], row["status"], row["_unknown"]) for row in rows(snapshot, "people")] == [
        ("p1", None, ["status"]),
        ("p2", "retired", ["status_since"]),
        ("p3", "active", None),
    ]
    assert snapshot.rejected == 0
    assert ["people.csv:" in str(note) for note in snapshot.notes] == [True, True]
    assert ["unknown" in str(note) for note in snapshot.notes] == [True, False], "what that means is said once"
    assert [(entry["row"], entry["problems"][0]["column"], entry["kept"]) for entry in rejects(snapshot)] == [
        (2, "status", True),
        (3, "status_since", True),
    ]


def test_only_tables_with_unknown_cells_say_which(estate):
    estate.write("people.csv", BAD)
    estate.write("accounts.csv", "id,person_id\nu1,p1\n")
    snapshot = open_snapshot(estate.run(lenient=True).folder)
    assert "_unknown" in snapshot.tables["people"].columns
    assert "_unknown" not in snapshot.tables["accounts"].columns


def test_a_reference_that_leads_nowhere_is_unknown_where_the_row_can_do_without(estate, rows):
    estate.write("accounts.csv", "id,person_id\nu1,p9\n")
    estate.write("people.csv", "id,name\np1,a\n")
    estate.write("groups.csv", "id,owner_id\ng1,u1\ng2,u9\n")
    estate.write("memberships.csv", "group_id,account_id\ng1,u1\ng1,u9\n")
    snapshot = estate.run(lenient=True)
    assert [row["_unknown"] for row in rows(snapshot, "accounts")] == [["person_id"]]
    assert [(row["owner_id"], row["_unknown"]) for row in rows(snapshot, "groups")] == [
        ("u1", None),
        (None, ["owner_id"]),
    ]
    assert [row["account_id"] for row in rows(snapshot, "memberships")] == ["u1"]
    assert snapshot.rejected == 1


def test_two_stays_whose_times_cannot_be_read_are_not_one(estate, rows):
    header = "group_id,account_id,joined_at\n"
    estate.write("memberships.csv", header + "g,u,soon\ng,u,later\ng,u,2024-01-01\ng,u,2024-01-01\n")
    assert len(rows(estate.run(lenient=True), "memberships")) == 3


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_table_may_say_itself_which_cells_are_unknown(estate, rows, form):
    if form == "csv":
        estate.write("groups.csv", "id,owner_id,kind,_unknown\ng1,,x,owner_id|kind\ng2,,standing,\n")
    elif form == "jsonl":
        lines = '{"id": "g1", "owner_id": null, "kind": "x", "_unknown": ["owner_id", "kind"]}\n'
        estate.write("groups.jsonl", lines + '{"id": "g2", "kind": "standing"}\n')
    else:
        table = {"id": ["g1", "g2"], "owner_id": pyarrow.nulls(2, pyarrow.string()), "kind": ["x", "standing"]}
        table["_unknown"] = [["owner_id", "kind"], None]
        pyarrow.parquet.write_table(pyarrow.table(table), estate.folder / "groups.parquet")
    assert [(row["kind"], row["_unknown"]) for row in rows(estate.run(), "groups")] == [
        (None, ["kind", "owner_id"]),
        ("standing", None),
    ]


def test_a_name_of_no_column_among_the_unknown_is_a_mistake(estate):
    estate.write("groups.jsonl", '{"id": "g1", "_unknown": ["ownr_id"]}\n{"id": "g2", "_unknown": "name"}\n')
    [(code, text)] = estate.problems()
    assert code == "bad-value"
    assert "groups.jsonl:1" in text
    assert "owner_id" in text


@pytest.mark.parametrize("word", ["不详", "未知", "待定", "?", "\uff1f"])
def test_words_for_unknown_in_an_office_file_leave_the_cell_unknown(estate, rows, word):
    sheet(estate, "人员", ["工号", "姓名", "部门", "状态", "状态日期"], [1, "张三", word, word, word])
    snapshot = estate.run()
    [person] = rows(snapshot, "people")
    assert (person["status"], person["status_since"]) == (None, None)
    assert person["_unknown"] == ["status", "status_since"]
    assert [row["_unknown"] for row in rows(snapshot, "appointments")] == [["department_id"]]
    assert "departments" not in snapshot.tables
    said = [note for note in snapshot.notes if note.code not in ("estate.note-read", "estate.note-columns")]
    assert said
    assert all("人员.xlsx: row 2" in str(note) for note in said)


@pytest.mark.parametrize("word", ["无", "暂无", "/", "-", "——", "空", None])
def test_words_for_none_in_an_office_file_are_none(estate, rows, word):
    sheet(estate, "人员", ["工号", "姓名", "状态"], [1, "张三", "在职"])
    header = ["群名称", "群主", "群管理员", "解散时间", "用途", "入群确认"]
    sheet(estate, "群组", header, ["甲群", word, word, word, word, "无"])
    snapshot = estate.run()
    [group] = rows(snapshot, "groups")
    assert (group["owner_id"], group["dissolved_at"], group["purpose"]) == (None, None, None)
    assert group["join_approval"] is False
    assert "_unknown" not in group
    assert "memberships" not in snapshot.tables or rows(snapshot, "memberships") == []


def test_admins_of_whom_nobody_knows_are_neither_none_nor_one(estate, rows):
    sheet(estate, "人员", ["工号", "姓名", "状态"], [1, "张三", "在职"])
    sheet(estate, "群组", ["群名称", "群主", "群管理员"], ["甲群", "张三", "不详"])
    members = rows(estate.run(), "memberships")
    assert [(row["role"], row["_unknown"]) for row in members] == [
        ("owner", None),
        (None, ["account_id", "role"]),
    ]


def test_what_was_shown_or_said_stays_as_it_is(estate, rows):
    sheet(estate, "成员", ["群编号", "账号", "群昵称"], ["g1", "u1", "?"], ["g1", "u2", "无"])
    sheet(estate, "群组", ["群编号", "群名称"], ["g1", "甲群"])
    sheet(estate, "账号", ["账号", "账号类型"], ["u1", "内部"], ["u2", "内部"])
    assert [row["display_name"] for row in rows(estate.run(), "memberships")] == ["?", "无"]
