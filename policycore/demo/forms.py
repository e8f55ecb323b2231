"""Fill the spreadsheets that departments hand in: 附件1 of the notice, and the register of groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook

from policycore.demo.estate import COMMITTEE, DemoEstate, Office, offices
from policycore.demo.people import Directory
from policycore.demo.submissions import designated, phone_of
from policycore.papers.workbook import save_workbook
from policycore.system.grouped import grouped

__all__ = ["FORM_HEADER", "REGISTER_HEADER", "write_forms"]

FORM_HEADER = ("序号", "部门名称", "姓名", "职务", "联系电话", "备注")
REGISTER_HEADER = (
    "序号",
    "所属部门",
    "群编号",
    "群名称",
    "群类型",
    "群主",
    "群管理员",
    "人数",
    "用途",
    "建群时间",
    "备注",
)
_KINDS = {"standing": "常设", "project": "专项", "temporary": "临时"}
# XLSX remembers when it was made; one fixed moment keeps the bytes the same.
_MADE = datetime(2024, 3, 26, 9, tzinfo=UTC)


def write_forms(estate: DemoEstate, directory: Directory, folder: Path) -> None:
    """Write one 附件1 per department and the register of groups, as XLSX and CSV."""
    forms = folder / "附件1"
    forms.mkdir(parents=True, exist_ok=True)
    for number, department in enumerate(offices()):
        if department.id != COMMITTEE:
            _write_form(directory, department, number, forms / f"附件1-{department.name}.xlsx")
    # The register as a department fills it: names instead of ids, Chinese headers.
    rows = [REGISTER_HEADER, *_register_rows(estate)]
    save_workbook(_workbook({"工作群备案表": rows}), folder / "工作群备案表.xlsx", _MADE)
    text = "".join(",".join(str(cell) for cell in row) + "\r\n" for row in rows)
    # Spreadsheet programs write a byte order mark and CRLF; so does this one.
    (folder / "工作群备案表.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    _write_directory(estate, folder)


def _write_directory(estate: DemoEstate, folder: Path) -> None:
    """Write the directory as the personnel office keeps it: departments, people and posts on three sheets."""
    statuses = {"active": "在职", "retired": "退休", "departed": "离职", "seconded": "借调", "leave": "请假"}
    departments = (
        (row["id"], row["name"], "|".join(row["aliases"]), row["parent_id"], row["kind"])
        for row in estate.tables["departments"]
    )
    people = (
        (row["id"], row["name"], statuses[row["status"]], str(row["status_since"])[:10])
        for row in estate.tables["people"]
    )
    posts = (
        (
            *(row["person_id"], row["department_id"], row["title"], row["rank"], "|".join(row["duties"])),
            *(str(row["since"])[:10], str(row["until"] or "")[:10]),
        )
        for row in estate.tables["appointments"]
    )
    book = _workbook(
        {
            "部门": [("部门编号", "部门名称", "部门别名", "上级部门", "部门类型"), *departments],
            "人员名册": [("人员编号", "姓名", "人员状态", "状态日期"), *people],
            "任职表": [("人员编号", "部门编号", "职务", "职级", "分工", "任职时间", "免职时间"), *posts],
        }
    )
    save_workbook(book, folder / "人员名册.xlsx", _MADE)


def _write_form(directory: Directory, department: Office, number: int, path: Path) -> None:
    """Write the form of one department: its deputy for Party work and its liaison."""
    named = (
        (row, department.name, person.name, person.title, phone_of(number, row), remark)
        for row, (person, remark, _) in enumerate(designated(directory, department), start=1)
    )
    rows: list[Sequence[object]] = [
        ("机关党委微信工作群成员信息统计表",),
        FORM_HEADER,
        *named,
        (),
        ("", "", "", "负责人签字:", directory.head(department).name),
        ("", "", "", f"{department.name}(盖章):"),
        ("", "", "", "2024年3月26日"),
    ]
    book = _workbook({"信息统计表": rows})
    book.worksheets[0].merge_cells("A1:F1")
    save_workbook(book, path, _MADE)


def _register_rows(estate: DemoEstate) -> Iterable[Sequence[object]]:
    """Yield one row per group of the source ``register``."""
    departments = {row["id"]: row["name"] for row in estate.tables["departments"]}
    people = {row["id"]: row["name"] for row in estate.tables["people"]}
    holders = {row["id"]: people.get(row["person_id"], "") for row in estate.tables["accounts"]}
    stays = grouped((stay["group_id"], stay) for stay in estate.tables["memberships"])
    chosen = (row for row in estate.tables["groups"] if row["source"] == "register" and row["dissolved_at"] is None)
    for number, group in enumerate(sorted(chosen, key=lambda row: str(row["id"])), start=1):
        members = stays.get(group["id"], [])
        admins = "、".join(holders.get(stay["account_id"], "") for stay in members if stay["role"] == "admin")
        yield (
            number,
            departments[group["department_id"]],
            group["id"],
            group["name"],
            _KINDS.get(group["kind"] or "", ""),
            holders.get(group["owner_id"] or "", ""),
            admins,
            len({stay["account_id"] for stay in members}),
            group["purpose"],
            str(group["created_at"])[:10],
            "",
        )


def _workbook(sheets: Mapping[str, Iterable[Sequence[object]]]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book
