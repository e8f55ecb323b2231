from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import policycore_dormancy
from policycore import hookimpl
from policycore.errors import ExitCode
from policycore.plugin_api.plugins import load_plugins

Run = Callable[..., Any]


@pytest.fixture
def clean_imports() -> Iterator[None]:
    """Take what a test imported from its own folder out again."""
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith(("policycore_my", "single_module", "policycore_broken")):
            del sys.modules[name]


@pytest.fixture
def project(run: Run, tmp_path: Path, clean_imports: None) -> Path:
    folder = tmp_path / "my-project"
    assert run("plugin", "new", "my-rules", "--folder", folder).code == ExitCode.CLEAN
    return folder


def test_the_list_names_distribution_version_and_what_each_brings(run: Run) -> None:
    ended = run("plugin", "list")
    assert ended.code == ExitCode.CLEAN
    (line,) = [line for line in ended.out.splitlines() if line.startswith("ownership")]
    assert "policycore 0." in line
    assert f"rules {sum(rule.id.startswith('OWN') for rule in load_plugins({}).rules.all())} " in f"{line} "


def test_a_plugin_that_is_not_there_ends_the_list_with_4(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYCORE_PLUGINS", "ownership,absent")
    ended = run("plugin", "list")
    assert ended.code == ExitCode.INCOMPLETE
    assert "absent" in ended.err


def test_an_installed_plugins_cases_run_without_pytest(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    first = policycore_dormancy.policycore_rules()[0]
    monkeypatch.setattr(policycore_dormancy, "policycore_rules", hookimpl(lambda: [first]))
    ended = run("plugin", "test", "dormancy")
    assert ended.code == ExitCode.CLEAN
    for proved in (
        "only where a missing value could change the verdict is there none",
        "groups together are judged as apart",
    ):
        assert f"pass  {first.name}: {proved}" in ended.out
    assert ended.out.splitlines()[-1].endswith(" 0 failed")


def test_a_new_project_passes_its_own_cases(run: Run, project: Path) -> None:
    ended = run("plugin", "test", project)
    assert ended.code == ExitCode.CLEAN, ended.out + ended.err
    assert "pass  my-rules/purpose-given: a purpose that says something" in ended.out


def test_a_new_project_shows_how_to_speak_both_languages(run: Run, project: Path, clean_imports: None) -> None:
    ended = run("--lang", "zh", "plugin", "test", project)
    assert "my-rules/purpose-given: 写明了用途" in ended.out
    (rule,) = (project / "policycore_my_rules" / "rules").glob("*_purpose_given.py")
    assert 'json_schema_extra={"zh": "用途说明至少应有的字数"}' in rule.read_text(encoding="utf-8")


def test_a_broken_case_is_shown_with_what_was_expected(run: Run, project: Path) -> None:
    (rule,) = (project / "policycore_my_rules" / "rules").glob("*_purpose_given.py")
    text = rule.read_text(encoding="utf-8")
    rule.write_text(text.replace('"purpose": "教学通知与答疑"', '"purpose": "x"'), encoding="utf-8")
    ended = run("plugin", "test", project)
    assert ended.code == ExitCode.INCOMPLETE
    assert "FAIL  my-rules/purpose-given: a purpose that says something" in ended.out
    assert "expected []" in ended.out
    assert "got      ['g1']" in ended.out


def test_a_plugin_that_cannot_be_imported_is_named_and_not_passed(
    run: Run, tmp_path: Path, clean_imports: None
) -> None:
    (tmp_path / "policycore_broken.py").write_text("import nothing_of_the_kind\n", encoding="utf-8")
    ended = run("plugin", "test", tmp_path / "policycore_broken.py")
    assert ended.code == ExitCode.INCOMPLETE
    assert "nothing_of_the_kind" in ended.err


def _changed(project: Path, old: str, new: str) -> None:
    (rule,) = (project / "policycore_my_rules" / "rules").glob("*_purpose_given.py")
    text = rule.read_text(encoding="utf-8")
    assert old in text
    rule.write_text(text.replace(old, new), encoding="utf-8")


def test_the_whole_way_to_where_a_rule_broke_is_shown(run: Run, project: Path) -> None:
    _changed(project, "        return estate.query(", "        int('seven')\n        return estate.query(")
    ended = run("plugin", "test", project)
    assert ended.code == ExitCode.INCOMPLETE
    assert "policycore_my_rules/rules/myrules001_purpose_given.py:" in ended.out
    assert "    int('seven')" in ended.out
    assert "ValueError: invalid literal for int() with base 10: 'seven'" in ended.out


@pytest.mark.parametrize("error", ["SystemExit(0)", "KeyboardInterrupt", "GeneratorExit"])
def test_a_rule_that_ends_the_process_fails_its_cases(run: Run, project: Path, error: str) -> None:
    _changed(project, "        return estate.query(", f"        raise {error}\n        return estate.query(")
    ended = run("plugin", "test", project)
    assert ended.code == ExitCode.INCOMPLETE
    assert error.partition("(")[0] in ended.out


def test_a_column_that_is_not_declared_fails_the_test(run: Run, project: Path) -> None:
    _changed(project, "FROM groups", "FROM groups SEMI JOIN memberships m ON m.group_id = id AND m.role = 'owner'")
    ended = run("plugin", "test", project)
    assert ended.code == ExitCode.INCOMPLETE
    assert "its SQL judges by memberships.role" in ended.out


def test_a_name_of_an_installed_rule_fails_the_test(run: Run, project: Path) -> None:
    _changed(project, 'id = "MYRULES001"', 'id = "OWN001"')
    ended = run("plugin", "test", project)
    assert ended.code == ExitCode.INCOMPLETE
    assert "the rule OWN001 is claimed more than once" in ended.err


def test_a_name_that_is_neither_path_nor_plugin_is_wrong_usage(run: Run) -> None:
    ended = run("plugin", "test", "nothing-of-the-kind")
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")


@pytest.mark.parametrize("name", ["My", "a b", "../evil", "1x", "-x", "x-", ""])
def test_a_name_that_cannot_be_a_module_is_refused(name: str, run: Run, tmp_path: Path) -> None:
    ended = run("plugin", "new", "--folder", tmp_path / "out", "--", name)
    assert ended.code == ExitCode.USAGE
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_left_alone(run: Run, project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert run("plugin", "new", "other", "--folder", project).code == ExitCode.USAGE
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.long
def test_a_new_project_installs_and_its_rule_is_found_by_the_command_line(
    start: Run, project: Path, tmp_path: Path
) -> None:
    target = tmp_path / "site"
    installed = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "--target",
            target,
            project,
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    assert installed.returncode == 0, installed.stderr
    listed = start("rules", "my-rules", PYTHONPATH=str(target))
    assert (listed.code, listed.err) == (ExitCode.CLEAN, "")
    assert "my-rules/purpose-given" in listed.out
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(project / "tests")],
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(target)},
    )
    assert tested.returncode == 0, tested.stdout
    assert "6 passed" in tested.stdout


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ownership", "the installed package policycore_ownership"),
        ("rulesets", "the installed plugin rulesets"),
        ("secrecy", "the installed rule SEC001"),
        ("json", "the standard library's module json"),
        ("numpy", "the installed package numpy"),
        ("policycore", "policycore"),
    ],
)
def test_a_name_that_is_taken_is_refused(name: str, told: str, run: Run, tmp_path: Path) -> None:
    ended = run("--lang", "en", "plugin", "new", name, "--folder", tmp_path / "out")
    assert ended.code == ExitCode.USAGE
    assert told in ended.err
    assert not (tmp_path / "out").exists()


def test_a_distribution_of_that_name_is_enough(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    information = tmp_path / "policycore_other-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: policycore-other\nVersion: 1\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    ended = run("--lang", "en", "plugin", "new", "other", "--folder", tmp_path / "out")
    assert ended.code == ExitCode.USAGE
    assert "the installed distribution policycore-other" in ended.err
