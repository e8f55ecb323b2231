"""Forms go out, come back late, wrong or in shapes of their own, are imported in one go, judged, and reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from policycore.demo.estate import DemoEstate, offices
from policycore.demo.generate import generate_demo
from tests.command_line import Run

SHAPED = {"组织部": "docx", "宣传部": "no title", "人事处": "other order"}
LATE = "教务处"


def people_of(estate: DemoEstate) -> dict[str, list[tuple[str, str, str, str]]]:
    """Return by department the name, post, telephone number and remark of whom it names, out of the demo's tables."""
    names = {row["id"]: row["name"] for row in estate.tables["departments"]}
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for row in estate.tables["designations"]:
        line = (row["name"], row["title"], f"19000000{len(found):03d}", row["remark"])
        found.setdefault(names[row["department_id"]], []).append(line)
    return {
        name: [(*line[:2], f"190{number:04d}{place:04d}", line[3]) for place, line in enumerate(lines)]
        for number, (name, lines) in enumerate(found.items())
        if len(lines) == 2
    }


def as_document(path: Path, people: list[tuple[str, str, str, str]]) -> None:
    """Hand in a document of one's own in place of the workbook, without a line to sign."""
    department = path.stem.removeprefix("附件1-")
    document = Document()
    document.add_paragraph("机关党委微信工作群成员信息统计表")
    table = document.add_table(0, 6)
    header = ("序号", "部门名称", "姓名", "职务", "联系电话", "备注")
    for row in (header, *((str(n), department, *line) for n, line in enumerate(people, 1))):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("2024年3月26日")
    document.save(str(path.with_suffix(".docx")))
    path.unlink()


def fill_in(path: Path, people: list[tuple[str, str, str, str]], shape: str) -> None:
    """Fill in a blank 附件1, in a shape of its own where `shape` says so."""
    if shape == "docx":
        as_document(path, people)
        return
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for number, (name, title, phone, remark) in enumerate(people, 3):
        sheet[f"C{number}"], sheet[f"D{number}"], sheet[f"E{number}"], sheet[f"F{number}"] = name, title, phone, remark
    for row in sheet.iter_rows():
        for cell in row:
            if "年" in str(cell.value or "") and "月" in str(cell.value):
                cell.value = "2024年3月26日"
    if shape == "no title":
        sheet["A1"] = "通讯录"
    if shape == "other order":
        for number in (2, 3, 4):
            sheet[f"C{number}"].value, sheet[f"D{number}"].value = sheet[f"D{number}"].value, sheet[f"C{number}"].value
    book.save(path)


@pytest.mark.long
def test_forms_go_out_and_come_back(tmp_path: Path, run: Run) -> None:
    people = people_of(generate_demo(tmp_path / "demo"))
    handed, roster = tmp_path / "in", tmp_path / "demo" / "forms" / "人员名册.xlsx"
    as_of = ("--as-of", "2024-04-15")
    assert run("import", roster, "--estate", tmp_path / "roster", *as_of).code == 0
    named = [part for name in people for part in ("--department", name)]
    blank = ("--estate", tmp_path / "roster", "--output", handed, "--format", "xlsx", *named)
    assert run("form", "members", *blank).code == 0
    assert run("form", "inventory", *blank).code == 0
    received = Workbook()
    received.worksheets[0].append(("报送类型", "部门", "报送形式", "收到时间", "报送地点", "已签字", "已盖章", "哈希"))
    for number, (name, lines) in enumerate(people.items()):
        fill_in(handed / f"附件1-{name}.xlsx", lines, SHAPED.get(name, ""))
        inventory = handed / f"规范清理情况-{name}.xlsx"
        book = load_workbook(inventory)
        sheet = book.worksheets[0]
        sheet["C4"] = "无"
        if number % 2:
            sheet["B4"], sheet["C4"], sheet["F4"], sheet["G4"] = f"g{number}", f"{name}工作群", lines[0][0], lines[0][0]
        book.save(inventory)
        at = "2024-03-27 11:37" if name == LATE else "2024-03-26 09:00"
        for kind, medium in (("规范清理情况", "纸质"), ("规范清理情况", "电子"), ("附件1", "纸质")):
            place = "523室" if medium == "纸质" else "机关党委邮箱"
            received.worksheets[0].append((kind, name, medium, at, place, "是", "是", ""))
    received.worksheets[0].title = "报送登记"
    received.save(handed / "报送登记.xlsx")
    ended = run("import", handed, roster, "--estate", tmp_path / "estate", *as_of)
    assert ended.code == 0, ended.err
    checked = run(
        *("check", "--ruleset", "xxu-2024-wechat-groups", "--estate", tmp_path / "estate"),
        *("--format", "json", "--no-store"),
    )
    found = {
        (one["name"], one["subject"].get("department") or one["subject"]["name"], one["verdict"])
        for one in json.loads(checked.out)["findings"]
        if one["name"].startswith("rectification/")
    }
    missing = {office.name for office in offices()} - people.keys() - {"机关党委"}
    expected = {(f"rectification/{rule}", LATE, "fail") for rule in ("inventory-handed-in", "form-handed-in")}
    expected |= {
        (f"rectification/{rule}", name, "fail")
        for rule in ("inventory-handed-in", "form-handed-in")
        for name in missing
    }
    expected |= {("rectification/form-as-issued", name, "fail") for name in ("宣传部", "人事处")}
    assert found == expected
