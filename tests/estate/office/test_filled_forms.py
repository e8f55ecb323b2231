"""Forms that departments hand back are read whatever they look like, and what is wrong with each is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.drawing.image import Image

from policycore.estate.importing import import_estate
from policycore.estate.snapshot import Snapshot

HEADER = ("序号", "部门名称", "姓名", "职务", "联系电话", "备注")
TITLE = "机关党委微信工作群成员信息统计表"
PEOPLE = [
    ("1", "教务处", "张敏", "副处长", "19000000001", "负责党建工作的副职"),
    ("2", "教务处", "李 强", "科员", "19000000002", "联络员"),
]
FOOT = [("", "", "", "负责人签字:"), ("", "", "", "教务处(盖章):"), ("", "", "", "2024年3月26日")]
STAFF = [("姓名", "部门", "职务"), ("张敏", "教务处", "副处长"), ("李强", "教务处", "科员")]


def book_of(rows: list[tuple[str, ...]]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return book


def good() -> Workbook:
    return book_of([(TITLE,), HEADER, *PEOPLE, (), *FOOT])


def changed(change: Callable[[Workbook], object]) -> Workbook:
    book = good()
    change(book)
    return book


def put(cell: str, value: str) -> Workbook:
    return changed(lambda book: book.worksheets[0].__setitem__(cell, value))


def imported(tmp_path: Path) -> Snapshot:
    people = book_of(STAFF)
    people.worksheets[0].title = "人员名册"
    people.save(tmp_path / "in" / "人员名册.xlsx")
    return import_estate([tmp_path / "in"], tmp_path / "out")


def rows(snapshot: Snapshot, table: str) -> list[dict[str, object]]:
    import pyarrow.parquet as pq

    return pq.read_table(snapshot.tables[table].path).to_pylist()  # type: ignore[no-any-return]


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    folder = tmp_path / "in" / "附件1"
    folder.mkdir(parents=True)
    return folder


def test_a_form_becomes_a_submission_with_its_people(forms: Path, tmp_path: Path) -> None:
    good().save(forms / "附件1-教务处.xlsx")
    snapshot = imported(tmp_path)
    (form,) = rows(snapshot, "submissions")
    assert (form["kind"], form["department_id"], form["faults"]) == ("附件1", "教务处", [])
    found = [(row["name"], row["person_id"], row["role"], row["phone"]) for row in rows(snapshot, "designations")]
    assert found == [("张敏", "张敏", "deputy", "19000000001"), ("李强", "李强", "liaison", "19000000002")]


CASES: dict[str, tuple[Callable[[], Workbook], list[str]]] = {
    "header": (lambda: put("C2", "名字"), ["header@C2"]),
    "one more column": (lambda: put("G2", "微信号"), ["header@G2"]),
    "numbering": (lambda: put("A4", "3"), ["numbering@A4"]),
    "no department": (lambda: put("B4", " "), ["no-department@2"]),
    "left over": (lambda: put("D7", "XXX部门(盖章):"), ["left-over@D7"]),
    "no such day": (lambda: put("D8", "2024年3月32日"), ["date@D8"]),
    "no day": (lambda: put("D8", "2024年3月XXX日"), ["left-over@D8", "no-date"]),
    "title": (lambda: put("A1", "通讯录"), ["title"]),
    "formula": (lambda: put("D3", '="副处长"'), ["formula@D3"]),
    "merged": (lambda: changed(lambda book: book.worksheets[0].merge_cells("B3:B4")), ["merged@B3:B4"]),
    "another sheet": (lambda: changed(lambda book: book.create_sheet("草稿").append(["a"])), ["extra-sheet@草稿"]),
    "another version": (
        lambda: changed(lambda book: setattr(book.properties, "keywords", "policycore-form:members/2019-01")),
        ["version@members/2019-01"],
    ),
    "empty": (lambda: book_of([(TITLE,), HEADER, ("1",), ("2",), *FOOT]), ["empty"]),
    "an empty sheet beside it": (lambda: changed(lambda book: book.create_sheet("Sheet2")), []),
}


def test_each_thing_wrong_with_a_form_is_said(forms: Path, tmp_path: Path) -> None:
    for name, (make, _) in CASES.items():
        make().save(forms / f"附件1-{name}.xlsx")
    found = {Path(str(row["_file"])).stem[4:]: row["faults"] for row in rows(imported(tmp_path), "submissions")}
    assert {name: sorted(found[name]) for name in CASES} == {
        name: sorted(faults) for name, (_, faults) in CASES.items()
    }


def test_what_cannot_be_read_is_a_submission_all_the_same(forms: Path, tmp_path: Path) -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    contents = {
        "附件1-a.xlsx": (compound + "EncryptedPackage".encode("utf-16-le"), "password"),
        "附件1-b.xls": (compound + b"old", "old-format"),
        "附件1-c.pdf": (b"%PDF-1.4", "scan"),
        "附件1-d.docx": (b"PK\x03\x04broken", "damaged"),
        "附件1-e.xlsx": (b"not a workbook", "damaged"),
    }
    for name, (content, _) in contents.items():
        (forms / name).write_bytes(content)
    found = {str(row["_file"]).rpartition("/")[2]: row["faults"] for row in rows(imported(tmp_path), "submissions")}
    assert found == {name: [fault] for name, (_, fault) in contents.items()}


def test_a_picture_beside_the_table_is_said(forms: Path, tmp_path: Path) -> None:
    picture = pytest.importorskip("PIL.Image", reason="pictures are made with Pillow")
    picture.new("RGB", (4, 4)).save(tmp_path / "x.png")
    book = changed(lambda book: book.worksheets[0].add_image(Image(str(tmp_path / "x.png")), "A9"))
    book.save(forms / "附件1-教务处.xlsx")
    assert rows(imported(tmp_path), "submissions")[0]["faults"] == ["picture-beside"]


def test_the_form_of_the_notice_as_a_document(forms: Path, tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph(TITLE)
    table = document.add_table(0, 6)
    for row in (HEADER, *PEOPLE):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for line in ("负责人签字:", "教务处(盖章):", "2024年3月26日"):
        document.add_paragraph(line)
    document.save(str(forms / "附件1-教务处.docx"))
    snapshot = imported(tmp_path)
    assert rows(snapshot, "submissions")[0]["faults"] == []
    assert [row["role"] for row in rows(snapshot, "designations")] == ["deputy", "liaison"]


def test_who_is_meant_for_what_is_asked_where_the_form_does_not_tell(forms: Path, tmp_path: Path) -> None:
    put("F3", "").save(forms / "附件1-教务处.xlsx")
    found = rows(imported(tmp_path), "designations")
    assert [row["role"] for row in found] == [None, "liaison"]


def test_blank_forms_come_back_and_are_read(tmp_path: Path) -> None:
    """What was written blank is filled in with another program's library, and nothing is wrong with it."""
    from openpyxl import load_workbook

    from policycore.operations.hand_ins import write_blank_forms

    (tmp_path / "in").mkdir()
    (members, _) = write_blank_forms("members", tmp_path / "in", ["教务处"], (".xlsx", ".docx"))
    book = load_workbook(members)
    sheet = book.worksheets[0]
    for row, (name, post) in enumerate((("张敏", "副处长"), ("李强", "科员")), 3):
        sheet[f"C{row}"], sheet[f"D{row}"], sheet[f"E{row}"] = name, post, f"1900000000{row}"
    dated = next(
        cell for row in sheet.iter_rows() for cell in row if "年" in str(cell.value) and "月" in str(cell.value)
    )
    dated.value = "2024年3月26日"
    book.save(members)
    (tmp_path / "in" / "附件1-教务处.docx").unlink()
    (kept, nil) = write_blank_forms("inventory", tmp_path / "in", ["教务处", "财务处"], (".xlsx",))
    book = load_workbook(kept)
    for column, value in {"B": "g1", "C": "教务群", "G": "张敏", "K": "解散", "L": "2024年3月25日"}.items():
        book.worksheets[0][f"{column}4"] = value
    book.save(kept)
    book = load_workbook(nil)
    book.worksheets[0]["C4"] = "无"
    book.save(nil)
    people = book_of([*STAFF, ("周涛", "财务处", "处长")])
    people.save(tmp_path / "in" / "人员名册.xlsx")
    snapshot = import_estate([tmp_path / "in"], tmp_path / "out")
    found = {(row["kind"], row["department_id"]): row for row in rows(snapshot, "submissions")}
    assert found["附件1", "教务处"]["faults"] == []
    nils = {key[1]: row["nil_return"] for key, row in found.items() if key[0] == "规范清理情况"}
    assert nils == {"教务处": False, "财务处": True}
    (listing,) = rows(snapshot, "listings")
    assert (listing["listed_id"], listing["handling"]) == ("g1", "dissolve")
    assert [row["id"] for row in rows(snapshot, "groups")] == ["g1"]


def test_another_list_that_is_an_attachment_is_no_form(forms: Path, tmp_path: Path) -> None:
    groups = book_of(
        [("微信群台账",), ("序号", "群名称", "群主", "部门名称", "备注"), ("1", "教务群", "张敏", "教务处", "")]
    )
    groups.save(tmp_path / "in" / "附件1：微信群台账.xlsx")
    groups.save(tmp_path / "in" / "附件12 工作群.xlsx")
    (forms / "附件1-教务处.csv").write_text(
        "\n".join(",".join(row) for row in [(TITLE,), HEADER, *PEOPLE, *FOOT]), encoding="utf-8"
    )
    snapshot = imported(tmp_path)
    assert [row["name"] for row in rows(snapshot, "groups")] == ["教务群"]
    (form,) = rows(snapshot, "submissions")
    assert form["faults"] == ["old-format"]
    assert len(rows(snapshot, "designations")) == 2
