"""A register of what came in is joined with the forms that it speaks of; the day on a form is never when it came."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from policycore.engine.run import evaluate
from policycore.estate.importing import import_estate
from policycore.estate.snapshot import Snapshot
from policycore.operations.hand_ins import Due, status_of
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset

TITLE = "机关党委微信工作群成员信息统计表"
HEADER = ("序号", "部门名称", "姓名", "职务", "联系电话", "备注")
STAFF = {"教务处": ("张敏", "李强"), "学生处": ("王芳", "赵磊"), "财务处": ("孙丽", "周涛")}
RULES = """policycore: 1
ruleset: forms
title: {zh: 表, en: forms}
rules: [{use: rectification/form-as-issued, with: {latest: 2024-03-31T00:00:00+08:00}}]
"""


def form(path: Path, unit: str, day: str, foot: str = "负责人签字:") -> None:
    """Write one form, as workbook or document; an XXX left in its foot is a fault."""
    rows = [(str(n), unit, name, "科员", f"1900000000{n}", "") for n, name in enumerate(STAFF[unit], 1)]
    if path.suffix == ".xlsx":
        book = Workbook()
        for row in ((TITLE,), HEADER, *rows, (foot,), (day,)):
            book.worksheets[0].append(row)
        book.save(path)
        return
    document = Document()
    document.add_paragraph(TITLE)
    table = document.add_table(0, len(HEADER))
    for row in (HEADER, *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for text in (foot, day):
        document.add_paragraph(text)
    document.save(str(path))


REGISTER = [
    ("部门", "收到时间", "介质", "文件"),
    ("教务处", "2024-03-26 09:30", "电子", "附件1-教务处.xlsx"),
    ("教务处", "2024-03-27 12:30", "电子版", r"D:\收表\附件1-教务处(更正)"),
    ("学生处", "2024-03-27 11:01", "纸质、电子", ""),
    ("财务处", "2024-03-26 10:00", "电子", "附件1-财务处-旧.xlsx"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a directory and four forms: of one department a first one and its correction."""
    (tmp_path / "in" / "附件1").mkdir(parents=True)
    book = Workbook()
    book.worksheets[0].title = "人员名册"
    for row in (("姓名", "部门"), *((name, unit) for unit, names in STAFF.items() for name in names)):
        book.worksheets[0].append(row)
    book.save(tmp_path / "in" / "人员名册.xlsx")
    forms = tmp_path / "in" / "附件1"
    form(forms / "附件1-教务处.xlsx", "教务处", "2024年3月25日", "XXX部门(盖章)")
    form(forms / "附件1-教务处(更正).docx", "教务处", "2024年3月27日")
    form(forms / "附件1-学生处.docx", "学生处", "2024年3月26日")
    form(forms / "附件1-财务处.xlsx", "财务处", "2024年3月26日")
    return tmp_path / "in"


def states(estate: Path) -> dict[str, str]:
    """Return how the electronic forms stand to the deadline, by department."""
    due = Due("附件1", ["electronic"], kinds=["机关部门"])
    return {item.department_id: item.state for item in status_of(estate, "2024-04-15", [due]).items}


def judged(estate: Snapshot, folder: Path) -> tuple[set[str], int]:
    """Return of which departments a form is at fault, and how many nobody can judge."""
    plugins = load_plugins()
    path = folder / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    result = evaluate(estate, load_ruleset(str(path), plugins.rules, plugins.ruleset_folders))
    return {str(one.subject.department_id) for one in result.findings}, sum(gap.count for gap in result.gaps)


@pytest.mark.parametrize("where", ["same folder", "source beside", "interchange folder"])
def test_a_register_says_when_each_file_came(folder: Path, tmp_path: Path, where: str) -> None:
    inputs = [folder]
    if where == "interchange folder":
        inputs.append(tmp_path / "register")
        inputs[-1].mkdir()
        medium = {"电子": "electronic", "电子版": "electronic"}
        lines = ["id,department_id,kind,medium,received_at,file"]
        for number, (unit, at, said, file) in enumerate(REGISTER[1:]):
            for one in said.split("、"):
                day = at.replace(" ", "T")
                lines.append(f"r{number}{one},{unit},附件1,{medium.get(one, 'paper')},{day}:00+08:00,{file}")
        (inputs[-1] / "submissions.csv").write_text("\n".join(lines), encoding="utf-8")
    else:
        book = Workbook()
        for row in [("附件1交表登记",), *REGISTER]:
            book.worksheets[0].append(row)
        book.save(folder / "附件1交表登记.xlsx" if where == "same folder" else tmp_path / "附件1交表登记.xlsx")
        inputs += [tmp_path / "附件1交表登记.xlsx"] if where == "source beside" else []
    estate = import_estate(inputs, tmp_path / "out")
    # The file of the finance department is not the one that the register names.
    assert estate.tables["submissions"].rows == 6
    assert states(tmp_path / "out") == {"教务处": "in-time", "学生处": "late", "财务处": "in-time"}
    assert judged(estate, tmp_path)[0] == set()


@pytest.mark.parametrize(
    ("first", "second", "wrong", "open_forms"),
    [
        ("2024年3月25日", "2024年3月27日", set(), 0),
        ("2024年3月27日", "2024年3月25日", {"教务处"}, 0),
        ("2024年3月26日", "2024年3月26日", set(), 1),
    ],
)
def test_without_a_register_the_days_on_two_forms_order_them_and_nothing_is_in_time(
    folder: Path, tmp_path: Path, first: str, second: str, wrong: set[str], open_forms: int
) -> None:
    form(folder / "附件1" / "附件1-教务处.xlsx", "教务处", first, "XXX部门(盖章)")
    form(folder / "附件1" / "附件1-教务处(更正).docx", "教务处", second)
    estate = import_estate([folder], tmp_path / "out")
    assert set(states(tmp_path / "out").values()) == {"no-time"}
    assert judged(estate, tmp_path) == (wrong, open_forms)
