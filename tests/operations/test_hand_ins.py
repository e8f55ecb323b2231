"""What departments are called is theirs; what their files are called, every system has to take."""

from __future__ import annotations

import os
from pathlib import Path

from policycore.estate.importing import import_estate
from policycore.operations.hand_ins import NOTICE, file_names, status_of
from tests.workbooks import workbook


def test_nobody_is_called_missing_whose_paper_came_as_something_unclear(tmp_path: Path) -> None:
    register = [
        ["部门名称", "报送类型", "报送形式", "收到时间"],
        ["教务处", "规范清理情况", None, "2024-03-26 10:30"],
        ["教务处", "清理表", "纸质", "2024-03-26 10:30"],
        ["教务处", "那张表", "纸质", "2024-03-26 10:30"],
    ]
    sheets = {"报送登记": register, "部门": [["部门名称"], ["教务处"]]}
    out = import_estate([workbook(tmp_path / "登记.xlsx", **sheets)], tmp_path / "out", lenient=True).folder
    found = status_of(out, None, NOTICE)
    assert [item.state for item in found.items] == ["in-time", "unclear", "missing"]
    assert found.others == [("教务处", "那张表")]


def test_names_of_files_are_short_plain_and_each_another_one(tmp_path: Path) -> None:
    texts = [
        "教务处",
        "教务/处",
        "教务:处",
        "教务_处-2",
        "x" * 3000,
        "x" * 3000,
        "群" * 90,
        "..",
        "",
        "A",
        "a",
        "\x1b[2J\u202e",
        *("CON", "nul", "Com1.2024", "LPT9 ", "群.", " 前后 "),
    ]
    names = file_names(texts)
    assert len(names) == len({name.casefold() for name in names}) == len(texts)
    assert names[0] == "教务处"
    for name in names:
        (tmp_path / f"{name}.docx").write_bytes(b"")
        assert name.isprintable()
        # Windows takes some names for devices, and strips others.
        assert name.partition(".")[0].upper() not in ("CON", "NUL", "COM1", "LPT9")
        assert name == name.strip(" .")
    assert len(os.listdir(tmp_path)) == len(texts)  # noqa: PTH208 - what the system made of them
