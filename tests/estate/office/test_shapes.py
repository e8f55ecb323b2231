"""Ways in which a list lies on a sheet, in a file, in a folder: all of it is read, and nothing as what it is not."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from policycore.estate.importing import import_estate, read_estate
from policycore.estate.office.headers import Headers
from policycore.language import use_language

ROSTER = [
    ["工号", "姓名", "部门"],
    ["1001", "张敏", "教务处"],
    ["1002", "李强", "学生处"],
    ["1003", "王芳", "教务处"],
]
HEADER = ["序号", "群名称", "群主", "群管理员", "群类型"]
FIRST, SECOND = ["1", "甲群", "张敏", "王芳", "常设"], ["2", "乙群", "李强", "无", "临时"]
BOTH = {"甲群": ("1001", "1003", "standing"), "乙群": ("1002", "", "temporary")}


@pytest.fixture(autouse=True)
def _english():
    with use_language("en"):
        yield


def save(path: Path, *sheets: list[list[Any]], titles: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(titles[number] if titles else f"Sheet{number + 1}")
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def groups(folder: Path, tmp_path: Path) -> dict[str, tuple[str | None, str, str | None]]:
    save(folder / "名册.xlsx", ROSTER)
    snapshot = import_estate([folder], tmp_path / "estate", as_of="2024-04-15")
    tables = {name: pq.read_table(table.path).to_pylist() for name, table in snapshot.tables.items()}
    admins = {
        row["name"]: " ".join(
            one["account_id"]
            for one in tables.get("memberships", ())
            if one["group_id"] == row["id"] and one["role"] == "admin"
        )
        for row in tables["groups"]
    }
    return {row["name"]: (row.get("owner_id"), admins[row["name"]], row.get("kind")) for row in tables["groups"]}


SHAPES: dict[str, tuple[list[list[list[Any]]], tuple[str, ...]]] = {
    "a header of three lines": (
        [
            [
                ["统计表"],
                ["序号", "群信息", None, "人员", None, None, None],
                [None, "群名称", "群类型", "群主", None, "群管理员", None],
                [None, None, None, "姓名", "电话", "姓名", "电话"],
                [1, "甲群", "常设", "张敏", 138, "王芳", 139],
                [2, "乙群", "临时", "李强", 138, "无", None],
            ]
        ],
        (),
    ),
    "admins in several columns, with what is said of each": (
        [
            [
                ["填报部门：教务处", None, None, "填报人：王芳", None, None, None, None, "2024.3.25"],
                ["序号", "群信息", None, "管理人员", None, None, None, None, None],
                [
                    None,
                    "群名称",
                    "群类型",
                    "群主",
                    "群主电话",
                    "管理员1",
                    "管理员1电话",
                    "管理员2及联系方式",
                    "负责人职务",
                ],
                [1, "甲群", "常设", "张敏", 13800000001, "无", None, "王芳 13800000003", "处长"],
                [2, "乙群", "临时", "李强 学生处", None, "无", None, "/", None],
            ]
        ],
        (),
    ),
    "who fills it in above the list, and telephone numbers behind names": (
        [
            [
                ["填报部门：教务处", "填报人：李强", "日期：2024.3.25"],
                ["群名称", "群主及联系方式", "管理员及联系方式", "群类型"],
                ["甲群", "张敏 13800000001", "王芳，13800000007", "常设"],
                ["乙群", "李强13800000002", "暂无", "临时"],
            ]
        ],
        (),
    ),
    "a list on its side": ([[list(column) for column in zip(HEADER, FIRST, SECOND, strict=True)]], ()),
    "two columns of rows": ([[["台账"], [*HEADER, None, *HEADER], [*FIRST, None, *SECOND]]], ()),
    "a card below a card": (
        [[[f"{label}：", value] for row in (FIRST, SECOND) for label, value in zip(HEADER[1:], row[1:], strict=True)]],
        (),
    ),
    "labels and values in one cell": (
        [[[f"{label}：{value}"] for label, value in zip(HEADER[1:], row[1:], strict=True)] for row in (FIRST, SECOND)],
        (),
    ),
    "the same group in a later month": (
        [[HEADER, ["1", "甲群", "李强", "无", "临时"]], [HEADER, FIRST], [HEADER, SECOND]],
        ("2023年12月", "2024年2月", "2024年1月"),
    ),
    "the one above": ([[HEADER, FIRST, ["2", "丙群", "同上", "〃", '"'], SECOND]], ()),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_list_gives_its_groups(tmp_path, shape):
    sheets, titles = SHAPES[shape]
    save(tmp_path / "in" / "台账.xlsx", *sheets, titles=titles)
    above = {"丙群": BOTH["甲群"]} if shape == "the one above" else {}
    assert groups(tmp_path / "in", tmp_path) == {**BOTH, **above}


def _archive(folder: Path) -> None:
    """Write an archive as Windows does in China: the names in GBK, without a mark."""
    inner = save(folder / "x.xlsx", [HEADER, FIRST, SECOND])
    with zipfile.ZipFile(folder / "报送.zip", "w") as archive:
        archive.write(inner, "NAMENAME/list.xlsx")
        archive.writestr("__MACOSX/._list.xlsx", b"x")
    inner.unlink()
    whole = (folder / "报送.zip").read_bytes()
    (folder / "报送.zip").write_bytes(whole.replace(b"NAMENAME/", "学生工作".encode("gbk") + b"/"))


def _page(rows: list[list[str]]) -> str:
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return f"<html><body><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></body></html>"


FILES = {
    "tsv": lambda folder: (folder / "台账.tsv").write_text(
        "\n".join("\t".join(row) for row in (HEADER, FIRST, SECOND)), "utf-8"
    ),
    "tabs called .txt": lambda folder: (folder / "登记.txt").write_text(
        "\n".join("\t".join(row) for row in (HEADER, FIRST, SECOND)), "utf-16"
    ),
    "tabs in UTF-16": lambda folder: (folder / "台账.csv").write_text(
        "\r\n".join("\t".join(row) for row in (HEADER, FIRST, SECOND)), "utf-16"
    ),
    "semicolons": lambda folder: (folder / "台账.csv").write_text(
        "\r\n".join(";".join(row) for row in (HEADER, FIRST, SECOND)), "gbk"
    ),
    "a page called .xls": lambda folder: (folder / "台账.xls").write_text(_page([HEADER, FIRST, SECOND]), "gbk"),
    "lines called .xls": lambda folder: (folder / "台账.xls").write_text(
        "\r\n".join("\t".join(row) for row in (HEADER, FIRST, SECOND)), "gbk"
    ),
    "a folder for each department": lambda folder: [
        save(folder / "教务处" / "台账.xlsx", [HEADER, FIRST]),
        save(folder / "学生处" / "台账.xlsx", [HEADER, SECOND]),
    ],
    "an archive": _archive,
}


@pytest.mark.parametrize("way", FILES)
def test_every_file_that_holds_a_list_is_read(tmp_path, way):
    folder = tmp_path / "in"
    folder.mkdir()
    FILES[way](folder)
    assert groups(folder, tmp_path) == BOTH


def test_cells_of_a_page_that_span_rows_and_columns_stand_where_they_are_seen(tmp_path):
    from policycore.estate.readers.markup import read_tables

    page = tmp_path / "a.xls"
    page.write_text(
        "<table><tr><th colspan=2>甲</th><th>乙</th></tr><tr><td rowspan=2>处<td>1<td>2</tr>"
        "<tr><td>3<td>4<br>5</tr></table>",
        "utf-8",
    )
    assert read_tables(page, "a.xls")[0].rows == [["甲", None, "乙"], ["处", "1", "2"], ["处", "3", "4\n5"]]


MEMBERS = {
    "甲群成员.txt": "1. 教务处张敏\n2. 学生处李强\n3. 向阳花\n",
    "甲群.txt": "群成员(3)\n教务处张敏\n学生处李强\n向阳花\n",
    "甲群成员列表.txt": "群成员(3)\n教务处张敏\t群主\n学生处李强\t管理员\n向阳花\n",
    "甲群成员名单.txt": "教务处张敏、学生处李强、向阳花",
    "一.txt": "甲群（3）\n教务处张敏\n学生处李强\n向阳花\n",
    "甲群 .txt": "教务处张敏，学生处李强，向阳花",
}


OF_SEVERAL = {
    "一个群一列.xlsx": [["各群成员名单"], ["甲群", "乙群"], ["教务处张敏", "教务处张敏"], ["学生处李强"], ["向阳花"]],
    "昵称.xlsx": [
        *(["群名称", "群昵称"], ["甲群", "教务处张敏"], [None, "学生处李强"], [None, "向阳花"], ["乙群", "教务处张敏"]),
        ["合计：4人", None],
    ],
}


def test_members_of_a_group_with_posts_and_telephones_are_no_directory(tmp_path):
    people = [["甲群成员名单"], ["序号", "姓名", "部门", "职务", "手机号"], [1, "张敏", "教务处", "处长", 138]]
    save(tmp_path / "in" / "甲群成员名单.xlsx", people)
    # Of two of one name the number tells who it is.
    numbered = [["群名称", "姓名", "工号", "群昵称"], ["乙群", "张敏", 1009, "张敏"]]
    save(tmp_path / "in" / "乙群.xlsx", numbered)
    save(tmp_path / "in" / "名册.xlsx", [*ROSTER, ["1009", "张敏", "学生处"]])
    snapshot = import_estate([tmp_path / "in"], tmp_path / "estate", as_of="2024-04-15")
    members = pq.read_table(snapshot.tables["memberships"].path).to_pylist()
    assert {(one["group_id"], one["account_id"]) for one in members} == {("甲群", "1001"), ("乙群", "1009")}
    assert snapshot.tables["people"].rows == len(ROSTER)


def test_a_department_that_is_written_once_holds_for_the_rows_below_whose_owners_are_of_it(tmp_path):
    rows = [["部门", "群名称", "群主"], ["教务处", "甲群", "张敏"], [None, "乙群", "王芳"], [None, "丙群", "李强"]]
    save(tmp_path / "in" / "台账.xlsx", [*([f"说明{n}：如实填写。"] for n in range(20)), *rows])
    save(tmp_path / "in" / "名册.xlsx", ROSTER)
    snapshot = import_estate([tmp_path / "in"], tmp_path / "estate", as_of="2024-04-15")
    found = pq.read_table(snapshot.tables["groups"].path).to_pylist()
    assert [row["department_id"] for row in found] == ["教务处", "教务处", None]


@pytest.mark.parametrize("name", [*MEMBERS, "甲群成员.xlsx", "名单.xlsx", *OF_SEVERAL])
def test_members_of_one_group_are_shown_names_and_no_directory(tmp_path, name):
    folder = tmp_path / "in"
    folder.mkdir()
    if name in MEMBERS:
        (folder / name).write_text(MEMBERS[name], "utf-8")
    elif name in OF_SEVERAL:
        save(folder / name, OF_SEVERAL[name])
    else:
        shown = [[1, "教务处张敏", None], [2, "学生处李强", None], [3, "向阳花", "不认识"], ["合计", "3人", None]]
        save(folder / name, [["甲群（3人）"], ["序号", "群昵称", "备注"], *shown])
    save(folder / "名册.xlsx", ROSTER)
    snapshot = import_estate([folder], tmp_path / "estate", as_of="2024-04-15")
    members = pq.read_table(snapshot.tables["memberships"].path).to_pylist()
    assert [(one["group_id"], one["account_id"], one["display_name"]) for one in members] == [
        *(("甲群", f"甲群#{shown}#1", shown) for shown in ("教务处张敏", "学生处李强", "向阳花")),
        *([("乙群", "乙群#教务处张敏#1", "教务处张敏")] if name in OF_SEVERAL else ()),
    ]
    if "role" in members[0]:
        assert [one["role"] for one in members] == ["owner", "admin", "member"]
    written = [one["name"] for one in pq.read_table(snapshot.tables["groups"].path).to_pylist()]
    assert written == ["甲群", "乙群"][: 1 + (name in OF_SEVERAL)]


def test_a_text_called_like_a_group_that_is_no_list_of_names_is_not_read_as_one(tmp_path):
    said = ["张敏 2024/3/22 10:00", "各位老师，请于今天下班前报送材料。", "收到"]
    save(tmp_path / "in" / "名册.xlsx", ROSTER)
    (tmp_path / "in" / "甲群.txt").write_text("\n".join(said), "utf-8")
    snapshot = import_estate([tmp_path / "in"], tmp_path / "estate", as_of="2024-04-15")
    assert "memberships" not in snapshot.tables


def test_what_a_program_hides_and_leaves_behind_is_told(tmp_path):
    path = save(tmp_path / "in" / "台账.xlsx", [HEADER, FIRST, SECOND])
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.save(path)
    for name in ("Thumbs.db", "~$台账.xlsx", ".DS_Store"):
        (tmp_path / "in" / name).write_bytes(b"x")
    read = read_estate([tmp_path / "in"], tmp_path / "estate", as_of="2024-04-15")
    [reading] = [one.as_json() for one in read.readings]
    assert (reading["rows"], reading["hidden_rows"], reading["hidden_columns"]) == (2, [3], ["C"])
    said = " ".join(note.what for note in read.notes() if note.code in ("estate.note-unseen", "estate.note-traces"))
    assert all(word in said for word in ("3", "C", "Thumbs.db", "~$台账.xlsx", ".DS_Store"))


@pytest.mark.parametrize(
    "row", [["1", "无"], ["无"], ["本部门无微信工作群。"], ["1", "零报告"], ["教务处未建立工作群"]]
)
def test_a_register_that_says_that_there_is_no_group_is_handed_in(tmp_path, row):
    save(tmp_path / "in" / "台账.xlsx", [["填报单位：教务处"], HEADER, row])
    assert groups(tmp_path / "in", tmp_path) == {}
    submissions = pq.read_table(tmp_path / "estate" / "submissions.parquet").to_pylist()
    assert [one["department_id"] for one in submissions] == ["教务处"]


HEADERS = {
    "dissolved_at": ["已解散时间"],
    "name": ["清理前群名称", "群的名称", "微信工作群", "名称", "企业微信群全称"],
    "owner_id": ["微信群主", "工作群主姓名", "群所有者"],
    "admins": ["群管理人", "管理人员", "副群主", "日常管理人员", "指定管理员姓名"],
    "created_at": ["建立日期", "群创建时间", "组建日期", "启用时间", "微信群成立年月"],
    "department_id": ["使用部门", "牵头单位", "所属处室", "二级单位", "所属单位名称"],
    "purpose": ["群的主要功能", "群作用说明"],
    "kind": ["微信群分类"],
    "scope": ["使用范围", "群成员范围"],
    "responsible_id": ["负责人姓名", "部门负责人", "第一责任人及电话"],
    "creator_and_time": ["创建人及时间", "建群人、建群日期"],
    "": ["群主职务", "管理员2手机号", "负责人电话", "联系人"],
}


def test_headers_that_nobody_listed_are_read_by_how_they_are_put_together():
    headers = Headers()
    assert {(column, cell): headers.meaning("groups", cell) for column in HEADERS for cell in HEADERS[column]} == {
        (column, cell): column for column in HEADERS for cell in HEADERS[column]
    }
    # What only speaks of a group is none of its columns.
    assert [headers.meaning("groups", cell) for cell in ("群昵称", "群二维码", "解散原因", "主管领导")] == [None] * 4


def test_a_header_that_is_only_alike_gives_way_to_the_one_that_is_meant(tmp_path):
    rows = [["管理部门", "群名称", "部门", "启用日期", "建群时间"], ["学生处", "甲群", "教务处", "2021", "2019-09-01"]]
    save(tmp_path / "in" / "台账.xlsx", rows)
    save(tmp_path / "in" / "名册.xlsx", ROSTER)
    read = read_estate([tmp_path / "in"], tmp_path / "estate", as_of="2024-04-15")
    assert not read.problems
    columns = {one.header: one.field for one in read.readings[0].columns}
    assert [columns[name] for name in rows[0]] == [None, "name", "department_id", None, "created_at"]


def test_a_sheet_of_people_is_of_the_department_that_it_is_called_by_and_numbers_kept_as_text_are_whole(tmp_path):
    folder = tmp_path / "in"
    people = [["教务处人员名单"], ["序号", "姓名", "职务", "联系电话"], [1, "张敏", "处长", 138]]
    save(folder / "名册.xlsx", people, [["序号", "姓名", "职务"], [1, "李强", "科员"]], titles=("教务处", "学生处"))
    (folder / "花名册.csv").write_bytes(
        '工号,姓名,部门\r\n="001003",王芳,后勤处\r\n\'001004,周涛,后勤处\r\n'.encode("gbk")
    )
    snapshot = import_estate([folder], tmp_path / "estate", as_of="2024-04-15")
    posts = pq.read_table(snapshot.tables["appointments"].path).to_pylist()
    assert sorted((one["person_id"], one["department_id"]) for one in posts) == [
        *(("001003", "后勤处"), ("001004", "后勤处"), ("张敏", "教务处"), ("李强", "学生处"))
    ]


def test_what_nobody_sees_in_a_cell_keeps_nothing_from_being_read(tmp_path):
    """A mark without width behind a name, a header or a word, as copying from a chat or a page leaves it."""
    folder = tmp_path / "in"
    header = ["序号", "群名称\u200b", "\ufeff群主", "群\u00a0管理员", "群类型"]
    save(
        folder / "台账.xlsx",
        [
            header,
            ["1", "甲群\u200e", "\u200b张敏", "王芳\u2060", "常设\u200b"],
            ["2", "乙\u200b群", "李\u00ad强", "无", "临时"],
        ],
    )
    assert groups(folder, tmp_path) == BOTH


@pytest.mark.parametrize("name", ["Book1.csv", "export-2024.csv"])
def test_a_csv_with_chinese_headers_is_a_list_whatever_it_is_called(tmp_path, name):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes("\r\n".join(",".join(row) for row in (HEADER, FIRST, SECOND)).encode("gbk"))
    assert groups(folder, tmp_path) == BOTH


@pytest.mark.parametrize(
    "text",
    [
        "2024/3/20 上午9:01 - 张敏: 请报送\n2024/3/20 下午12:05 - 李强: 收到\n还有第二行\n",
        "\u200e[2024/3/20, 09:01:02] 张敏: 请报送\n[20/03/2024, 3:34:09\u202fPM] 李强: 收到\n",
        "2024-03-20 9:01:02 教务处-张敏(12345678)\n请报送\n\n2024-03-20 9:02:03 李强<a@b.cn>\n收到\n",
        "张敏 2024/3/20 9:01:02\n请报送\n\n李强 2024年3月20日 9:02\n收到\n",
    ],
    ids=["whatsapp", "whatsapp-ios", "qq", "copied"],
)
def test_a_chat_as_text_is_no_list_of_members(tmp_path, text):
    (file := tmp_path / "教务群.txt").write_text(text, encoding="utf-8")
    assert [one.code for one in read_estate([file], tmp_path / "estate").gathered.unread] == ["estate.chat-text"]
