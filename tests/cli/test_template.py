"""Blank lists: what is written, and that what comes back is read without a question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from policycore.cli.template import command
from policycore.errors import UsageError
from policycore.estate.importing import import_estate, read_estate
from policycore.language import use_language
from policycore.papers.list_templates import LISTS


def written(folder: Path, name: str, *arguments: str) -> Path:
    with use_language("en"):
        result = CliRunner().invoke(command, [name, "--output", str(folder), *arguments])
    assert result.exit_code == 0, result.output
    return Path(result.stdout.splitlines()[-1])


def fill(path: Path) -> None:
    """Copy the example into the list, as somebody would."""
    book = openpyxl.load_workbook(path)
    header = next(row for row in range(1, 5) if book.worksheets[0].cell(row, 2).value is not None)
    for column, value in enumerate(
        next(LISTS[name] for name in LISTS if LISTS[name].title in path.name).columns.values(), 1
    ):
        book.worksheets[0].cell(header + 1, column).value = value
    book.save(path)


def test_what_comes_back_is_read_without_a_question_and_the_example_is_no_data(tmp_path):
    files = [written(tmp_path / "lists", name) for name in LISTS]
    blank = read_estate(files, tmp_path / "blank", as_of="2024-04-15")
    assert not blank.problems
    assert not blank.questions
    nothing = import_estate(files, tmp_path / "nothing", as_of="2024-04-15").tables
    assert {nothing[name].rows for name in ("people", "groups", "memberships", "group_sources")} == {0}
    for file in files:
        fill(file)
    read = read_estate(files, tmp_path / "estate", as_of="2024-04-15")
    assert not read.problems
    assert not read.questions
    assert not [note for note in read.notes() if note.code == "estate.note-unknown-column"]
    tables: dict[str, list[dict[str, Any]]] = {
        name: pq.read_table(table.path).to_pylist()
        for name, table in import_estate(files, tmp_path / "estate", as_of="2024-04-15").tables.items()
    }
    assert [(row["name"], row["status"]) for row in tables["people"]] == [("张敏", "active")]
    assert [(row["name"], row["owner_id"], row["join_approval"]) for row in tables["groups"]] == [
        ("教务处工作群", "1001", True)
    ]
    assert [row["display_name"] for row in tables["memberships"] if row["account_id"] == "1001"] == ["教务处-张敏"]
    assert [(row["department_id"], row["medium"], row["signed"]) for row in tables["submissions"]] == [
        ("教务处", "paper", True)
    ]


def test_a_list_for_each_department_names_it_and_replaces_nothing(tmp_path):
    path = written(tmp_path, "groups", "--department", "教务处", "--department", "学/生处")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["工作群台账-学_生处.xlsx", "工作群台账-教务处.xlsx"]
    assert "填报单位：学/生处" in [cell.value for cell in openpyxl.load_workbook(path).worksheets[0]["A"]]
    again = CliRunner().invoke(command, ["groups", "--output", str(tmp_path), "--department", "教务处"])
    assert isinstance(again.exception, UsageError)
    named = CliRunner().invoke(command, ["groups", "--output", str(tmp_path / "groups.xlsx")])
    assert isinstance(named.exception, UsageError)
    assert not (tmp_path / "groups.xlsx").exists()
    with pytest.raises(SystemExit):
        raise SystemExit(CliRunner().invoke(command, ["nothing"]).exit_code)
