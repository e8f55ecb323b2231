from __future__ import annotations

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
    assert "row 2, column status: wrong value “happy”" in result.stderr
    assert "counts as unknown" in result.stderr
    (folder / "people.csv").write_text("id,name\np1,x\np1,y\n", encoding="utf-8")
    result = run(folder, "--estate", tmp_path / "out", "--lenient", "--force")
    assert result.stdout == "people\t1\n"
    assert "1 rows were set aside" in result.stderr
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
