from __future__ import annotations

from datetime import date, datetime

import openpyxl
import pytest

from tests.workbooks import PEOPLE, groups, save


def test_a_register_of_names_becomes_tables_of_ids(estate, rows):
    save(
        estate,
        {
            "群组": groups(
                [1, "教务工作群", "张三", "李四、王五(教务处)", 3, "教务", datetime(2023, 3, 1, 10), "常设", "教务处"],
                [2, "迎新专班", "李四", None, 1, "迎新", "2024年3月22日", "临时", "教务处"],
            ),
            "成员": [
                ["群名称", "姓名", "部门", "群昵称", "入群时间"],
                ["教务工作群", "张三", "教务处", "教务处张三", "2023/3/1"],
                ["教务工作群", " 李四 ", None, "教务处李四", "2023.3.2"],
                ["教务工作群", "王五", "教务处", "教务处王五", date(2023, 3, 3)],
                ["迎新专班", 1002, None, "教务处李四", None],
            ],
            "人员": PEOPLE,
            "填表说明": [["请如实填写"]],
        },
    )
    snapshot = estate.run()
    assert [(row["id"], row["kind"], row["owner_id"]) for row in rows(snapshot, "groups")] == [
        ("教务工作群", "standing", "1001"),
        ("迎新专班", "temporary", "1002"),
    ]
    assert rows(snapshot, "groups")[0]["created_at"].isoformat() == "2023-03-01T02:00:00+00:00"
    members = rows(snapshot, "memberships", origin=True)
    assert [(row["group_id"], row["account_id"], row["role"]) for row in members] == [
        ("教务工作群", "1001", "owner"),
        ("教务工作群", "1002", "admin"),
        ("教务工作群", "1003", "admin"),
        ("迎新专班", "1002", "owner"),
    ]
    assert members[1]["display_name"] == "教务处李四"
    assert (members[1]["_file"], members[1]["_row"]) == ("台账.xlsx[成员]", 3)
    assert {row["id"]: row["person_id"] for row in rows(snapshot, "accounts")}["1003"] == "1003"
    posts = rows(snapshot, "appointments")
    assert posts[0] == {"person_id": "1001", "department_id": "教务处", "title": "处长", "rank": "中层正职"}
    assert [row["id"] for row in rows(snapshot, "departments")] == ["教务处", "学生处"]
    notes = " ".join(str(note) for note in snapshot.notes)
    assert "序号, 人数" in notes
    assert "填表说明" in notes


def told(snapshot) -> list[tuple[str, str]]:
    """Return code and text of the notes about cells."""
    return [(note.code.removeprefix("estate."), str(note)) for note in snapshot.notes if ": row " in str(note)]


def test_names_that_mean_nobody_or_several_are_unknown_and_never_guessed(estate, rows):
    save(
        estate,
        {
            "群组": groups(
                [1, "甲群", "王五", "赵六", 1, "x", None, None, "财务处"],
                [2, "乙群", "张三", "王五", 1, "x", None, None, "教务处"],
            ),
            "人员": PEOPLE,
        },
    )
    snapshot = estate.run()
    found = told(snapshot)
    assert sorted(code for code, _ in found) == ["ambiguous", "unresolved", "unresolved"]
    # The admin of a department's group is the one of that department, which is said.
    assert [
        "王五（教务处） = 1003" in note.what for note in snapshot.notes if note.code == "estate.note-told-apart"
    ] == [True]
    assert any("row 4, column 群主: “王五”" in text for _, text in found)
    assert any("财务处" in text for _, text in found)
    assert [(row["owner_id"], row["department_id"], row["_unknown"]) for row in rows(snapshot, "groups")] == [
        (None, None, ["department_id", "owner_id"]),
        ("1001", "教务处", None),
    ]
    assert [(row["group_id"], row["role"], row["_unknown"]) for row in rows(snapshot, "memberships")] == [
        ("甲群", "admin", ["account_id"]),
        ("乙群", "owner", None),
        ("乙群", "admin", None),
    ]


def test_whether_an_admin_is_one_whom_the_list_of_members_does_not_have_is_unknown(estate, rows):
    members = [["群名称", "姓名"], ["甲群", "张三"]]
    save(
        estate,
        {"群组": groups([1, "甲群", "张三", "李四", 1, "x", None, None, None]), "成员": members, "人员": PEOPLE},
    )
    snapshot = estate.run()
    assert [code for code, _ in told(snapshot)] == ["not-member"]
    assert [(row["role"], row["_unknown"]) for row in rows(snapshot, "memberships")] == [
        ("owner", None),
        ("admin", ["account_id"]),
    ]


def test_a_register_saved_as_gbk_csv_reads_like_the_sheet(estate, rows):
    estate.write("人员.csv", "工号,姓名,部门,状态\r\n1001,张三,教务处,在职\r\n".encode("gbk"))
    estate.write("群列表.csv", "群名称,群主,群管理员,人数\r\n甲群,张三,,3\r\n".encode("gbk"))
    snapshot = estate.run()
    assert rows(snapshot, "groups")[0]["owner_id"] == "1001"


def test_unknown_headers_and_sheets_are_told_and_are_errors_where_nothing_is_read_or_strictly(estate):
    other = {"杂项": [["天气", "心情"], ["晴", "好"]]}
    save(estate, other)
    assert estate.codes() == ["no-table-sheet"]
    save(estate, {"群组": [["群名称", "群主", "建群时闻"], ["甲群", None, None]], **other})
    assert estate.codes(strict=True) == ["note-unknown-column", "note-not-read"]
    notes = estate.run().notes
    assert "estate.note-not-read" in [note.code for note in notes]
    [note] = [str(note) for note in notes if note.code == "estate.note-unknown-column"]
    assert "建群时闻" in note
    assert "建群时间" in note


def test_a_sheet_whose_header_fits_several_tables_is_not_guessed(estate):
    save(estate, {"Sheet1": [["编号", "id", "name"], [1, "x", "y"]]})
    assert estate.codes() == ["no-table-sheet"]


def test_a_sheet_without_a_telling_title_is_known_by_its_header(estate, rows):
    save(estate, {"Sheet1": [["2024年统计"], ["工号", "姓名", "人员状态"], [1, "张三", "在职"]]})
    assert rows(estate.run(), "people") == [{"id": "1", "name": "张三", "status": "active"}]


def test_cells_with_wrong_values_are_named_by_their_header(estate, rows):
    save(estate, {"人员": [["工号", "姓名", "状态"], [1, "张三", "在职"], [2, "李四", "好"], [3, None, "在职"]]})
    [(_, message)] = estate.problems(strict=True)[-1:]
    assert "row 4, column 姓名: nothing there" in message
    assert message in [str(note) for note in estate.run().notes]
    save(estate, {"人员": [["工号", "姓名", "状态"], [1, "张三", "在职"], [2, "李四", "好"]]})
    snapshot = estate.run(force=True)
    [(_, message)] = told(snapshot)
    assert "row 3, column 状态: wrong value “好”" in message
    assert rows(snapshot, "people")[1] == {"id": "2", "name": "李四", "status": None, "_unknown": ["status"]}


def test_a_nickname_is_nobody(estate):
    accounts = [["账号", "工号", "昵称"], ["wx1", 1002, "张三"], ["wx2", 1001, "老张"]]
    save(
        estate,
        {"群组": groups([1, "甲群", "张三", None, 1, "x", None, None, None]), "人员": PEOPLE, "账号": accounts},
    )
    snapshot = estate.run()
    import pyarrow.parquet as pq

    assert pq.read_table(snapshot.tables["groups"].path).column("owner_id").to_pylist() == ["wx2"]


def test_a_register_of_names_without_a_directory_is_one_mistake_not_one_a_name(estate):
    save(
        estate,
        {
            "群组": groups([1, "甲群", "张三", "李四", 1, "x", None, None, None]),
            "成员": [["群名称", "姓名"], ["甲群", "张三"]],
        },
    )
    found = estate.problems()
    assert [code for code, _ in found] == ["no-directory", "no-directory"]
    assert "台账.xlsx[成员]" in found[0][1]
    assert "台账.xlsx[群组]" in found[1][1]


def test_an_unknown_admin_is_reported_under_the_header_of_admins(estate):
    save(estate, {"群组": groups([1, "甲群", "张三", "李墙", 1, "x", None, None, None]), "人员": PEOPLE})
    [(_, text)] = told(estate.run())
    assert "row 4, column 群管理员: " in text


def test_a_sheet_named_after_its_table_has_each_misspelt_header_reported(estate):
    header = ["序号", "群名秤", "群主姓明", "群管里员", "人数", "建群时间"]
    save(estate, {"工作群": [["工作群台账"], header, [1, "甲群", "张三", None, 3, None]], "人员": PEOPLE})
    found = estate.problems()
    assert [code for code, _ in found] == ["unknown-column"] * 3 + ["column-missing"]
    assert all("台账.xlsx[工作群]:2:" in text for _, text in found)
    assert found[0][1].endswith("群名称")
    assert found[2][1].endswith("群管理员")


def test_a_cell_merged_over_rows_counts_for_each_of_them(estate, rows):
    save(
        estate,
        {
            "人员": [
                ["人员名册"],
                ["部门", "姓名", "状态"],
                ["教务处", "张三", "在职"],
                [None, "李四", "在职"],
                [None, "王五", "在职"],
            ]
        },
    )
    book = openpyxl.load_workbook(estate.folder / "台账.xlsx")
    book["人员"].merge_cells("A1:C1")
    book["人员"].merge_cells("A3:A4")
    book.save(estate.folder / "台账.xlsx")
    posts = rows(estate.run(), "appointments")
    assert [(post["person_id"], post["department_id"]) for post in posts] == [("张三", "教务处"), ("李四", "教务处")]


@pytest.mark.parametrize(
    ("title", "header", "missing"),
    [
        ("群组", ["群主", "用途"], "群名称"),
        ("人员", ["部门", "职务"], "姓名"),
        ("成员", ["群名称", "入群时间"], "账号"),
    ],
)
def test_a_sheet_without_the_column_that_tells_its_rows_apart_is_an_error(estate, title, header, missing):
    save(estate, {title: [header, ["x", None]]})
    [(code, text)] = estate.problems()
    assert code == "column-missing"
    assert f"“{missing}”" in text


def test_a_sheet_with_a_header_and_nothing_else_is_said_to_be_empty(estate):
    save(estate, {"群组": [["群名称", "群主"]], "人员": PEOPLE})
    assert [note.place.file for note in estate.run().notes if note.code == "estate.note-no-rows"] == ["台账.xlsx[群组]"]


@pytest.mark.parametrize(
    ("owner", "found"),
    [
        ("王五（学生处）", "1004"),
        ("王五(学生处)", "1004"),
        ("王五 （教务处）", "1003"),
        ("张三（学生处）", None),
        ("张三（处长）", "1001"),
        ("王五", "1003"),
        ("赵六（教务处）", None),
        ("王五 13837312345", "1003"),
        ("教务处王五", "1003"),
        ("学生处-王五", "1004"),
        ("王五科员", "1003"),
        ("张三处长", "1001"),
        ("张　三", "1001"),
        ("张三丰", None),
        ("小张三", None),
    ],
)
def test_a_name_with_its_department_means_who_is_there(estate, rows, owner: str, found: str | None):
    save(estate, {"群组": groups([1, "一群", owner, None, 3, None, None, "常设", "教务处"]), "人员": PEOPLE})
    [group] = rows(estate.run(), "groups")
    assert group["owner_id"] == found


def test_namesakes_of_one_department_can_only_be_told_by_their_ids(estate):
    twins = [*PEOPLE, [5, 1005, "王五", "学生处", "科员", None, "在职"]]
    save(estate, {"群组": groups([1, "一群", "王五（学生处）", None, 3, None, None, "常设", "学生处"]), "人员": twins})
    [note] = [note for note in estate.run().notes if note.code == "estate.ambiguous-there"]
    assert note.fix == "write the id"


def test_an_id_that_a_spreadsheet_shortened_is_refused(estate):
    people = [PEOPLE[1], [1, 410711199003072345, "张三", "教务处", "处长", "中层正职", "在职"]]
    save(estate, {"人员": people})
    assert [code for code, _ in estate.problems()] == ["shortened"]
    (estate.folder / "台账.xlsx").unlink()
    estate.write("people.csv", "id,name\n4.10711E+17,张三\n")
    assert [code for code, _ in estate.problems()] == ["shortened"]
