from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from policycore.cli.import_command import command
from policycore.errors import DataError, UsageError
from policycore.estate.snapshot import open_snapshot
from policycore.language import use_language


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "manifest.yaml").write_text("policycore: 1\nas_of: 2024-04-15\ntimezone: Asia/Shanghai\n")
    (inside / "people.csv").write_text("id,name,status\np1,张三,在职\np2,李四,happy\n", encoding="utf-8")
    return inside


def run(*arguments: object):
    with use_language("en"):
        return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_strict_import_raises_every_problem_and_writes_nothing(folder, tmp_path):
    result = run(folder, "--estate", tmp_path / "out")
    assert isinstance(result.exception, DataError)
    assert "“happy”" in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_lenient_import_says_how_many_rows_went_where_and_keeps_stdout_for_data(folder, tmp_path):
    result = run(folder, "--estate", tmp_path / "out", "--lenient")
    assert result.exit_code == 0
    assert result.stdout == "people\t2\n"
    assert "line 3, column status: wrong value “happy”" in result.stderr
    assert "count as unknown" in result.stderr
    (folder / "people.csv").write_text("id,name\np1,x\np1,y\n", encoding="utf-8")
    result = run(folder, "--estate", tmp_path / "out", "--lenient", "--force")
    assert result.stdout == "people\t1\n"
    assert "1 row was set aside" in result.stderr
    assert open_snapshot(tmp_path / "out").rejected == 1


def test_as_of_and_zone_of_the_command_line_win(folder, tmp_path):
    run(folder, "--estate", tmp_path / "out", "--lenient", "--as-of", "2024-05-01 08:00", "--timezone", "UTC")
    snapshot = open_snapshot(tmp_path / "out")
    assert (snapshot.as_of.isoformat(), snapshot.timezone) == ("2024-05-01T08:00:00+00:00", "UTC")


@pytest.mark.parametrize("wrong", [["--as-of", "soon"], ["--timezone", "Mars/Base"]])
def test_a_wrong_option_is_a_usage_error(folder, tmp_path, wrong):
    assert isinstance(run(folder, "--estate", tmp_path / "out", *wrong).exception, UsageError)


def test_another_snapshot_is_replaced_only_when_forced(folder, tmp_path):
    run(folder, "--estate", tmp_path / "out", "--lenient")
    again = [folder, "--estate", tmp_path / "out", "--lenient", "--as-of", "2024-05-01"]
    assert isinstance(run(*again).exception, DataError)
    assert run(*again, "--force").exit_code == 0


def test_a_recipe_is_found_by_name_among_the_plugins(folder, tmp_path):
    result = run(folder, "--estate", tmp_path / "out", "--recipe", "k8s-google-groop")
    assert "k8s-google-groups" in str(result.exception)


LIST = "群名称,群主,备案号,群主电话\n甲群,张三（教务处）,B-1,13812345678\n合计,1,,\n"
ROSTER = "工号,姓名,部门,状态\n1001,张三,教务处,在编\n"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    inside = tmp_path / "lists"
    inside.mkdir()
    (inside / "工作群台账.csv").write_text(LIST, encoding="utf-8")
    (inside / "花名册.csv").write_text(ROSTER, encoding="utf-8")
    return inside


def test_a_preview_shows_how_everything_was_read_and_writes_nothing(office, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    text = run(office, "--preview", "--as-of", "2024-04-15")
    assert text.exit_code == 0, text.stderr
    assert "read as groups, header in row 1, 1 row; 群名称 → name, 群主 → owner_id" in text.stdout
    assert "the column “备案号” is unknown" in text.stdout
    assert "row 3 “合计” (a total)" in text.stdout
    assert "owner_id “张三（教务处）” = 1001" in text.stdout
    result = run(office, "--preview", "--as-of", "2024-04-15", "--format", "json")
    read = json.loads(result.stdout)
    first = next(one for one in read["files"] if one["table"] == "groups")
    assert [(one["header"], one["field"], one["status"]) for one in first["columns"]] == [
        ("群名称", "groups.name", "used"),
        ("群主", "groups.owner_id", "used"),
        ("备案号", None, "unknown"),
        ("群主电话", None, "not-used"),
    ]
    assert first["set_aside"] == [{"row": 3, "text": "合计", "why": "total", "reason": "a total"}]
    assert read["tables"]["groups"] == 1
    assert [one["about"] for one in read["questions"]] == ["备案号"]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_preview_of_what_cannot_be_imported_says_so(office):
    (office / "花名册.csv").write_text("工号,部门,姓铭\n1001,教务处,张三\n", encoding="utf-8")
    with use_language("en"):
        arguments = [str(office), "--preview", "--format", "json"]
        result = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert result.return_value == 3
    assert {one["code"] for one in json.loads(result.stdout)["problems"]} >= {
        "estate.unknown-column",
        "estate.column-missing",
    }


def test_on_a_terminal_it_asks_and_keeps_the_answers_beside_the_estate(office, tmp_path, monkeypatch):
    monkeypatch.setattr("policycore.cli.import_command.is_terminal", lambda _: True)
    arguments = [str(office), "--estate", str(tmp_path / "out"), "--as-of", "2024-04-15"]
    with use_language("en"):
        first = CliRunner().invoke(command, arguments, input="1\n")
        again = CliRunner().invoke(command, [*arguments, "--force"])
    assert first.exit_code == again.exit_code == 0
    assert "what is the column “备案号”?" in first.stderr
    assert "what is the column" not in again.stderr
    assert "备案号: none" in (tmp_path / "out.recipe.yaml").read_text(encoding="utf-8")


def test_an_answer_that_is_no_choice_is_asked_for_again_in_the_readers_language(office, tmp_path, monkeypatch):
    monkeypatch.setattr("policycore.cli.import_command.is_terminal", lambda _: True)
    arguments = [str(office), "--estate", str(tmp_path / "out"), "--as-of", "2024-04-15"]
    with use_language("zh"):
        asked = CliRunner().invoke(command, arguments, input="99\n二\n-1\n1\n")
    assert asked.exit_code == 0
    assert asked.stderr.count("请输入1至") == 3
    assert "Error" not in asked.stderr
    assert "备案号: none" in (tmp_path / "out.recipe.yaml").read_text(encoding="utf-8")


def test_strict_refuses_in_spreadsheets_what_is_otherwise_told(office, tmp_path):
    result = run(office, "--estate", tmp_path / "out", "--strict")
    assert "备案号" in str(result.exception)
    assert isinstance(run(office, "--estate", tmp_path / "out", "--strict", "--lenient").exception, UsageError)
    assert isinstance(run(office).exception, UsageError)
