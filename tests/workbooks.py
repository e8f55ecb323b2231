"""Workbooks as offices fill them in: a register of groups, and the people of a small office."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

GROUPS = ["序号", "群名称", "群主", "群管理员", "人数", "用途", "建群时间", "群类型", "所属部门"]
PEOPLE = [
    ["人员名册"],
    ["序号", "工号", "姓名", "部门", "职务", "职级", "状态"],
    [1, 1001, "张三", "教务处", "处长", "中层正职", "在职"],
    [2, 1002, "李四", "教务处", "科员", None, "退休"],
    [3, 1003, "王五", "教务处", "科员", None, "在职"],
    [4, 1004, "王五", "学生处", "科员", None, "在职"],
]


def workbook(path: Path, **sheets: Iterable[Sequence[object]]) -> Path:
    """Write a workbook with one sheet a title, and return its path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def save(estate: Any, sheets: dict[str, list[list[object]]], name: str = "台账.xlsx") -> None:
    """Write a workbook into the folder from which `estate` imports."""
    workbook(estate.folder / name, **sheets)


def groups(*rows: list[object]) -> list[list[object]]:
    """Return a register of groups: a title, an empty row, the header, `rows`."""
    return [["某某学院微信工作群台账"], [], GROUPS, *rows]
