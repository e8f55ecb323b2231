"""Lists as offices really keep them: what each must become, and what must never be made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from policycore.estate.importing import import_estate, read_estate
from policycore.language import use_language
from tests.workbooks import workbook

ROSTER = [
    ["工号", "姓名", "部门", "职务", "状态"],
    ["1001", "张敏（原名张小敏）", "教务处", "处长", "在编在岗"],
    ["1002", "李强", "学生处", "副处长", "返聘"],
    ["1003", "周涛", "后勤处", "处长", "在职（在编）"],
    ["1004", "王芳", "教务处", "科员", "离退休"],
    ["1005", "欧阳修文", "学生处", "科长", "挂职"],
    ["1006", "古丽米热·艾比布力", "学生处", "科员", "内退"],
    ["1007", "张伟", "教务处", "科员", "在编"],
    ["1008", "张伟", "后勤处", "科员", "产假"],
    ["0012", "John Smith", "教务处", "科员", "外聘"],
    ["0012", "John Smith", "教务处", "科员", "外聘"],
]


@pytest.fixture(autouse=True)
def _english():
    with use_language("en"):
        yield


def save(path: Path, rows: list[list[Any]], merges: tuple[str, ...] = (), **hidden: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    for row in rows:
        book.active.append(row)
    for merged in merges:
        book.active.merge_cells(merged)
    for title, listed in hidden.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden"
        for row in listed:
            sheet.append(row)
    book.save(path)
    return path


def imported(tmp_path: Path, *lists: Path, **options: Any) -> dict[str, list[dict[str, Any]]]:
    roster = save(tmp_path / "名册.xlsx", ROSTER)
    snapshot = import_estate([*lists, roster], tmp_path / "estate", as_of="2024-04-15", **options)
    return {name: pq.read_table(table.path).to_pylist() for name, table in snapshot.tables.items()}


def officers(tables: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[str | None, str]]:
    """Return owner and admins by the name of the group."""
    found = {}
    for row in tables["groups"]:
        stays = [one for one in tables.get("memberships", ()) if one["group_id"] == row["id"]]
        admins = " ".join(sorted(one["account_id"] for one in stays if one["role"] == "admin"))
        owner = "?" if "owner_id" in (row.get("_unknown") or ()) else row.get("owner_id")
        found[row["name"] if row["id"] == row["name"] else row["id"]] = (owner, admins)
    return found


LISTS: dict[str, tuple[list[list[Any]], tuple[str, ...], dict[str, tuple[str | None, str]]]] = {
    "a header of two lines, names over names and telephones": (
        [
            ["工作群统计表"],
            ["序号", "群名称", "群主", None, "群管理员", None],
            [None, None, "姓名", "电话", "姓名", "电话"],
            [1, "甲群", "张敏", "13812345678", "李强", "13912345678"],
            ["合计", 1],
        ],
        ("A2:A3", "B2:B3", "C2:D2", "E2:F2"),
        {"甲群": ("1001", "1002")},
    ),
    "columns under headings of what they are about": (
        [
            [None, "群基本信息", None, "群主信息", None],
            ["序号", "群名称", "类型", "姓名", "电话"],
            [1, "甲群", "常设", "张敏", 1],
        ],
        ("B1:C1", "D1:E1"),
        {"甲群": ("1001", "")},
    ),
    "totals of every kind, notes and promises": (
        [
            ["序号", "所属部门", "群名称", "群主", "人数"],
            [1, "教务处", "甲群", "张敏", "共12人"],
            ["小计", "教务处", "1个", None, 12],
            [None, "小计", "1个群", None, 9],
            ["总计：", "3个群", None, None, 39],
            [None, "共3个群", None, None, None],
            ["审核：张敏", None, None, "填表：王芳", None],
            ["填报人签名", None, None, "联系方式：0373-3040123", None],
            ["本单位承诺以上内容真实准确。"],
        ],
        (),
        {"甲群": ("1001", "")},
    ),
    "a header and a title again on the next page, and a second list below": (
        [
            ["微信群台账"],
            ["群名称", "群主", "电话"],
            ["甲群", "张敏", 1],
            ["微信群台账（续）"],
            ["群名称", "群主", "电话"],
            ["乙群", "周涛", 2],
            [],
            ["二、联系人"],
            ["姓名", "部门", "电话"],
            ["王芳", "教务处", 138],
        ],
        (),
        {"甲群": ("1001", ""), "乙群": ("1003", "")},
    ),
    "people in every way": (
        [
            ["部门", "群名称", "群主", "群管理员"],
            ["教务处", "a", "张敏/13812345678", "王芳（借调）"],
            ["学生处", "b", "学生处 李强", "张敏13812345678；欧阳修文 139 1234 5678"],
            ["后勤处", "c", "周 涛（兼）", "副处长李强\n张 敏"],
            ["学生处", "d", "古丽米热•艾比布力", "1005"],
            ["后勤处", "e", "张伟", "张伟（教务处）"],
            ["教务处", "f", "李老师", "张敏 及 王芳和李强"],
            ["教务处", "g", "暂缺", "原来是张敏，现为王芳"],
        ],
        (),
        {
            "a": ("1001", "1004"),
            "b": ("1002", "1001 1005"),
            "c": ("1003", "1001 1002"),
            "d": ("1006", "1005"),
            "e": ("1008", "1007"),
            "f": ("?", "1001 1002 1004"),
            "g": (None, "原来是张敏 现为王芳"),
        },
    ),
    "admins however they are parted, and more of them than the list names": (
        [
            ["部门", "群名称", "群管理员"],
            ["教务处", "a", "张敏（教务处）李强（学生处）"],
            ["教务处", "b", "(1)张敏(2)李强"],
            ["教务处", "c", "1、张敏2、李强"],
            ["教务处", "d", "A角：张敏；B角：李强"],
            ["教务处", "e", "张敏+李强"],
            ["教务处", "f", "张敏-李强"],
            ["教务处", "g", "张敏｜李强"],
            ["教务处", "h", "教务处-张敏"],
            ["教务处", "i", "张敏、李强等5人"],
            ["教务处", "j", "无管理员"],
            ["教务处", "k", "（暂未设置）"],
        ],
        (),
        dict.fromkeys("abcdefg", (None, "1001 1002"))
        | {"h": (None, "1001"), "i": (None, "1001 1002"), "j": (None, ""), "k": (None, "")},
    ),
    "people with their numbers, without their dots, with marks around": (
        [
            ["部门", "群名称", "群主"],
            ["教务处", "a", "张伟（工号1008）"],
            ["教务处", "b", "1008张伟"],
            ["教务处", "c", "古丽米热艾比布力"],
            ["教务处", "d", "*张敏；"],
            ["教务处", "e", "张伟（1001）"],
            ["教务", "f", "张伟"],
            ["后勤", "g", "张伟"],
            ["教务处", "h", "张小敏"],
            ["教务处", "i", "john smith"],
            ["教务处", "j", "12"],
        ],
        (),
        {
            name: (person, "")
            for name, person in zip(
                "abcdefghij",
                ("1008", "1008", "1006", "1001", "?", "1007", "1008", "1001", "0012", "0012"),
                strict=True,
            )
        },
    ),
    "what stands below a list, each cell in its own column": (
        [
            ["填报单位：教务处（盖章）  填报日期：2024年3月26日"],
            ["序号", "群名称", "群主"],
            [1, "注册中心群", "张伟"],
            ["说明：", "1、常设群指长期使用的群"],
            ["备注", "以上均已规范"],
            ["联系人", "王芳", "电话"],
            ["审核意见：", "同意"],
            [None, "填表人：王芳", "审核人：张敏"],
        ],
        (),
        {"注册中心群": ("1007", "")},
    ),
    "one name of a group in several departments": (
        [["部门", "群名称", "群主"], ["教务处", "工作群", "张敏"], ["学生处", "工作群", "李强"]],
        (),
        {"工作群": ("1001", ""), "工作群（学生处）": ("1002", "")},
    ),
    "a card with a label before each value": (
        [
            ["工作群备案表"],
            ["群名称", "甲群", "群主", "张敏"],
            ["群管理员", "王芳", "用途", "通知"],
            ["负责人签字", None],
        ],
        (),
        {"甲群": ("1001", "1004")},
    ),
    "a department's name over its groups": (
        [["群名称", "群主"], ["教务处", None], ["甲群", "张敏"], ["后勤处", None], ["乙群", "周涛"], ["丙群", None]],
        (),
        {"甲群": ("1001", ""), "乙群": ("1003", ""), "丙群": (None, "")},
    ),
    "names of groups that are only counted, and an owner with admins in one column": (
        [["群名", "群主/管理员", "人数"], ["甲群", "张敏/王芳", 3], ["乙群", "群主：张敏；管理员：王芳、李强", 3]],
        (),
        {"甲群": ("?", ""), "乙群": ("1001", "1002 1004")},
    ),
    "one thing in two columns": (
        [["群名称", "群主", "直接责任人"], ["甲群", "张敏", "张敏"], ["乙群", "张敏", "李强"], ["丙群", None, "李强"]],
        (),
        {"甲群": ("1001", ""), "乙群": ("?", ""), "丙群": ("1002", "")},
    ),
    "English headers": (
        [["No.", "Group name", "Owner", "Admins", "Created"], [1, "甲群", "张敏", "王芳", "2020-03-01"]],
        (),
        {"甲群": ("1001", "1004")},
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_becomes_its_groups_with_their_owners_and_nothing_else(tmp_path, kind):
    rows, merges, expected = LISTS[kind]
    assert officers(imported(tmp_path, save(tmp_path / "台账.xlsx", rows, merges))) == expected


def test_members_in_a_cell_are_members_beside_the_owner(tmp_path):
    rows = [["群名称", "群主", "群成员"], ["甲群", "张敏", "张敏、周涛"], ["乙群", "张敏", "周涛、李强等30人"]]
    tables = imported(tmp_path, save(tmp_path / "台账.xlsx", rows))
    members = [(row["group_id"], row["account_id"], row["role"], row["_unknown"]) for row in tables["memberships"]]
    assert [one[1:3] for one in members if one[0] == "甲群"] == [("1001", "owner"), ("1003", "member")]
    # Whom 等 stands for is unknown, and is not taken for nobody.
    assert [one[1] for one in members if one[0] == "乙群" and not one[3]] == ["1001", "1003", "1002"]
    assert [one[3] for one in members if one[3]] == [["account_id", "role"]]


def test_departments_over_people_are_nobody(tmp_path):
    rows = [["姓名", "职务", "备注"], ["教务处"], ["李雷", "处长", "x"], ["学生处"], ["韩梅", "科员", "y"]]
    snapshot = import_estate([save(tmp_path / "花名册.xlsx", rows)], tmp_path / "estate", as_of="2024-04-15")
    posts = pq.read_table(snapshot.tables["appointments"].path).to_pylist()
    assert [(row["person_id"], row["department_id"]) for row in posts] == [("李雷", "教务处"), ("韩梅", "学生处")]


def test_a_list_of_each_quarter_names_a_group_once(tmp_path):
    header, first, second = ["群名称", "群主"], ["甲群", "张敏"], ["乙群", "张敏"]
    path = workbook(tmp_path / "台账.xlsx", 一季度=[header, first], 二季度=[header, first, second])
    tables = imported(tmp_path, path)
    assert officers(tables) == {"甲群": ("1001", ""), "乙群": ("1001", "")}
    assert not (tmp_path / "estate" / "rejects.jsonl").exists()


def test_statuses_as_offices_word_them(tmp_path):
    tables = imported(tmp_path)
    assert [row["status"] for row in tables["people"]] == [
        *("active", "active", "active", "retired", "seconded", "retired", "active", "leave", "active")
    ]


def test_two_posts_of_one_person_and_two_people_of_one_name(tmp_path):
    roster = [
        ["姓名", "单位", "职务"],
        ["张敏", "教务处", "处长"],
        ["张敏", "机关党委", "委员（兼）"],
        ["李强", "学生处", "科员"],
    ]
    roster += [["李强", "后勤处", "科员"], ["合计：3人"]]
    snapshot = import_estate([save(tmp_path / "名册.xlsx", roster)], tmp_path / "estate", as_of="2024-04-15")
    tables = {name: pq.read_table(table.path).to_pylist() for name, table in snapshot.tables.items()}
    assert [row["id"] for row in tables["people"]] == ["张敏", "李强", "李强（后勤处）"]
    assert [(row["person_id"], row["department_id"]) for row in tables["appointments"]][:2] == [
        ("张敏", "教务处"),
        ("张敏", "机关党委"),
    ]


def _document(path: Path) -> Path:
    """Write a text document with one table, its first column merged over two rows."""
    from docx import Document

    document = Document()
    document.add_paragraph("各部门工作群情况")
    rows = [["部门", "群名称", "群主"], ["教务处", "甲群", "张敏"], ["", "乙群", "王芳"], ["合计", "", "2"]]
    table = document.add_table(rows=len(rows), cols=3)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 1))
    document.save(str(path))
    return path


def test_two_people_of_one_name_whom_nothing_tells_apart_stay_two_and_nobody_guesses(tmp_path):
    roster = save(tmp_path / "名册.xlsx", [["姓名", "状态"], ["王五", "在职"], ["王五", "退休"]])
    groups = save(tmp_path / "台账.xlsx", [["群名称", "群主"], ["甲群", "王五"]])
    snapshot = import_estate([roster, groups], tmp_path / "estate", as_of="2024-04-15")
    tables = {name: pq.read_table(table.path).to_pylist() for name, table in snapshot.tables.items()}
    assert [(row["id"], row["status"]) for row in tables["people"]] == [("王五", "active"), ("王五#2", "retired")]
    assert officers(tables) == {"甲群": ("?", "")}


def test_a_table_in_a_document_reads_like_a_sheet(tmp_path):
    tables = imported(tmp_path, _document(tmp_path / "情况.docx"))
    assert [(row["name"], row["department_id"], row["owner_id"]) for row in tables["groups"]] == [
        ("甲群", "教务处", "1001"),
        ("乙群", "教务处", "1004"),
    ]


def test_pasted_lines_and_lists_without_the_groups_name_are_members_of_the_group_that_is_named_above(tmp_path):
    pasted = tmp_path / "甲群成员.txt"
    pasted.write_text("教务处-张敏\n🌻向阳花\n", encoding="utf-8")
    listed = [["群名称：乙群"], ["序号", "群昵称", "姓名"], [1, "学生处李强", "李强"]]
    groups = save(tmp_path / "台账.xlsx", [["群名称", "群主"], ["甲群", "张敏"], ["乙群", "李强"]])
    tables = imported(tmp_path, pasted, save(tmp_path / "名单.xlsx", listed), groups)
    assert {(row["group_id"], row["account_id"], row["display_name"]) for row in tables["memberships"]} == {
        ("乙群", "1002", "学生处李强"),
        ("甲群", "1001", "教务处-张敏"),
        ("甲群", "甲群#🌻向阳花#1", "🌻向阳花"),
    }
    assert ("1001", "owner") in {(row["account_id"], row["role"]) for row in tables["memberships"]}


def test_what_lies_in_an_offices_folder_and_is_no_list_is_told_and_skipped(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    hidden = {"选项": [["群类型", "是否"], ["常设", "是"]]}
    save(folder / "名册.xlsx", ROSTER)
    save(folder / "教务处工作群.xlsx", [["群名称", "群主", "天气"], ["甲群", "张敏", "晴"]], **hidden)
    for name in ("Thumbs.db", "~$名册.xlsx", ".DS_Store", "通知.pdf", "照片.jpg", "情况说明.txt", "讲话.doc"):
        (folder / name).write_bytes(b"x")
    read = read_estate([folder], tmp_path / "estate", as_of="2024-04-15")
    assert not read.problems
    skipped = [note.place.file for note in read.notes() if note.code == "estate.note-skipped"]
    assert skipped == ["情况说明.txt", "照片.jpg", "讲话.doc", "通知.pdf"]
    by_file = {one.file: one for one in read.readings}
    assert by_file["教务处工作群.xlsx[选项]"].why == "hidden"
    # A file a department: the one that its name says.
    assert by_file["教务处工作群.xlsx[Sheet1]"].given == [("department_id", "教务处")]
    assert [(one.kind, one.key) for one in read.questions] == [("headers", "天气")]
    alone = read_estate([folder / "通知.pdf"], tmp_path / "estate", as_of="2024-04-15")
    assert [one.code for one in alone.problems] == ["estate.no-table-file"]


def test_answers_that_are_kept_need_no_question_again(tmp_path):
    rows = [["群名称", "联络负责", "天气"], ["甲群", "张伟", "晴"]]
    list_ = save(tmp_path / "台账.xlsx", rows)
    (tmp_path / "estate.recipe.yaml").write_text(
        "policycore: 1\nheaders: {groups: {联络负责: owner_id, 天气: none}}\nnames: {张伟: '1008'}\n", encoding="utf-8"
    )
    roster = save(tmp_path / "名册.xlsx", ROSTER)
    read = read_estate([list_, roster], tmp_path / "estate", as_of="2024-04-15")
    assert not read.questions
    assert officers(imported(tmp_path, list_)) == {"甲群": ("1008", "")}


def test_a_list_from_each_department_tells_who_has_handed_in_none(tmp_path):
    lists = []
    for name, owner in (("教务处", "张敏"), ("学生处", "李强")):
        lists.append(save(tmp_path / f"{name}台账.xlsx", [["群名称", "群主"], [f"{name}群", owner]]))
    roster = save(tmp_path / "名册.xlsx", ROSTER)
    read = read_estate([*lists, roster], tmp_path / "estate", as_of="2024-04-15")
    [note] = [note.what for note in read.notes() if note.code == "estate.note-not-handed-in"]
    assert note.endswith("后勤处")
    one = read_estate([lists[0], roster], tmp_path / "estate", as_of="2024-04-15")
    assert not [note for note in one.notes() if note.code == "estate.note-not-handed-in"]


@pytest.mark.parametrize("heads", [["群编号", "群名称"], ["群名称", "群编号"]])
def test_an_id_counts_where_the_name_stands_beside_it(tmp_path, heads):
    groups = [["群编号", "群名称", "群主"], ["g1", "教务处群", "张敏"], ["g2", "教务处群", "张敏"]]
    stays = [[*heads, "姓名", "群昵称"]]
    for number, person in (("g1", "王芳"), ("g2", "李强")):
        beside = {"群编号": number, "群名称": "教务处群"}
        stays.append([*(beside[head] for head in heads), person, f"某处-{person}"])
    tables = imported(tmp_path, save(tmp_path / "台账.xlsx", groups), save(tmp_path / "群成员.xlsx", stays))
    assert {(one["group_id"], one["display_name"]) for one in tables["memberships"] if one["display_name"]} == {
        ("g1", "某处-王芳"),
        ("g2", "某处-李强"),
    }
