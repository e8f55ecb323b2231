"""Lists that name a part of a department where the directory knows the department."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from policycore.estate.importing import import_estate
from policycore.operations.query_estate import query_estate
from policycore.plugin_api.plugins import load_plugins

GROUPS = {
    # department, owner: which department and which account they mean
    ("教务处教学科", "张三"): ("教务处", "person:1"),
    ("教务处", "教务处考务科张三"): ("教务处", "person:1"),
    ("学生处学生资助管理科", "张三（教务处教学科）"): ("学生处", "person:1"),
    ("学生处", "李四（教务处教学科）"): ("学生处", None),
    ("教务处实训中心", "李四"): (None, "person:2"),
    ("后勤处维修科", "李四"): ("后勤处维修科", "person:2"),
    ("后勤处", "李四"): ("后勤处", "person:2"),
}


def test_a_part_of_a_department_is_of_that_department(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    groups = book["Sheet"]
    groups.append(("群名称", "部门", "群主"))
    for number, (department, owner) in enumerate(GROUPS, 10):
        groups.append((f"第{number}工作群", department, owner))
    people = book.create_sheet("人员名册")
    people.append(("工号", "姓名", "部门", "状态"))
    for row in (
        ("1", "张三", "教务处"),
        ("2", "李四", "学生处"),
        ("3", "王五", "后勤处"),
        ("4", "赵六", "后勤处维修科"),
    ):
        people.append((*row, "在职"))
    book.save(tmp_path / "台账.xlsx")
    out = import_estate([tmp_path / "台账.xlsx"], tmp_path / "out", as_of="2024-04-15").folder
    sql = """SELECT department_id, person_id FROM all_groups LEFT JOIN accounts ON accounts.id = owner_id
        ORDER BY all_groups.name"""
    wanted = [(department, owner and owner.removeprefix("person:")) for department, owner in GROUPS.values()]
    assert list(query_estate(out, sql, plugins=load_plugins()).rows) == wanted
