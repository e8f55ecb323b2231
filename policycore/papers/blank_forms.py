"""Write blank forms that departments fill in: as workbook and as document, ready to print, sign and seal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from policycore.model.forms import MEMBERS, FormLayout

__all__ = ["write_blank_form"]
_MADE = datetime(2024, 3, 22, tzinfo=UTC)
"""What a blank form says of when it was made: the same form has the same bytes every day."""
_DAY = "        年     月     日"


def write_blank_form(layout: FormLayout, department: str, path: Path) -> None:
    """Write a blank form for `department` ('' for any) to `path`, whose ending says in which format.

    Raises DataError where it cannot be written.
    """
    (_write_workbook if path.suffix == ".xlsx" else _write_document)(layout, department, path)


def _rows(layout: FormLayout, department: str) -> list[list[str]]:
    """Return the rows as they are printed: numbered, with what is known already."""
    roles = layout.choices.get("备注", ()) if layout is MEMBERS else ()
    remarks = [*roles, *("",) * (layout.rows - len(roles))]
    known = [{"序号": str(n), "部门名称": department, "备注": said} for n, said in enumerate(remarks, 1)]
    return [[row.get(header, "") for header in layout.columns] for row in known[: layout.rows]]


def _signature(department: str) -> tuple[str, str, str]:
    """Return the lines that are signed, sealed and dated."""
    return "负责人签字：", f"{department or '部门'}（盖章）：", _DAY


def _unit(layout: FormLayout, department: str) -> str:
    """Return the line above a table that names the department; '' where a column does."""
    return "" if "部门名称" in layout.columns else f"填报部门：{department}"


def _write_workbook(layout: FormLayout, department: str, path: Path) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    from policycore.papers.typography import BODY
    from policycore.papers.workbook import new_workbook, offer_choices, save_workbook, set_table, set_title

    book, sheet = new_workbook(layout.title[:31], landscape=layout.landscape)
    headers = list(layout.columns)
    set_title(sheet, layout.title, len(headers))
    unit = _unit(layout, department)
    if unit:
        sheet.append([unit])
    header = set_table(sheet, headers, layout.columns.values(), _rows(layout, department))
    last = header + layout.rows
    for number in range(header + 1, last + 1):
        sheet.row_dimensions[number].height = 30
    offer_choices(sheet, headers, layout.choices, header + 1, last)
    column = max(1, len(headers) - 2)
    for number, text in enumerate(_signature(department), last + 2):
        cell = sheet.cell(number, column, text)
        cell.font = Font(name=BODY.name, size=14)
        cell.alignment = Alignment(horizontal="left")
        sheet.row_dimensions[number].height = 30
    sheet.print_area = f"A1:{get_column_letter(len(headers))}{last + 4}"
    save_workbook(book, path, _MADE, layout.mark)


def _write_document(layout: FormLayout, department: str, path: Path) -> None:
    from policycore.papers.document import OfficialDocument

    document = OfficialDocument(landscape=layout.landscape)
    if layout.kind.startswith("附件"):
        document.paragraph("attachment", layout.kind)
    document.title(layout.title)
    unit = _unit(layout, department)
    if unit:
        document.paragraph("line", unit)
    document.table(list(layout.columns), _rows(layout, department), list(layout.columns.values()), row_mm=12)
    document.signature(_signature(department))
    document.save(path, _MADE, layout.mark)
