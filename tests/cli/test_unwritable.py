"""A folder that cannot be written: proper words and one exit code, whichever command meets it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from policycore.cli.failures import report_failure
from policycore.errors import ExitCode
from policycore.language import use_language
from tests.command_line import Ended

COMMANDS = (("plugin", "new", "ourplugin"), ("init",), ("demo",), ("import", "{estate}", "--estate", "out"))
CHECK = ("check", "--no-store", "--estate", "{estate}", "--ruleset", "{ruleset}", "--format", "json")
REPORTS = (
    (*CHECK, "--output"),
    (*CHECK, "--log"),
    ("report", "--workspace", "{kept}", "--output"),
    ("findings", "--workspace", "{kept}", "--output"),
    ("schedule", "cron", "--workspace", "{kept}", "--estate", "{estate}", "--ruleset", "{ruleset}", "--output"),
)
"""Command lines that end with the place to write to."""
_EACH = """\
import contextlib, io, json, sys
from policycore.cli.main import main
told = []
for words in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    told.append([int(code), out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""
"""Runs each of the command lines that it is given, and prints how they ended and what they wrote."""


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """Return a folder without write permission."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    yield folder
    folder.chmod(0o755)


@pytest.fixture
def places(run: Callable[..., Any], tmp_path: Path, estate: Path, ruleset: Path) -> dict[str, Path]:
    """Return an estate, a rule set and a workspace that keeps a run."""
    kept = tmp_path / "kept"
    run("init", kept)
    assert run("check", "--workspace", kept, "--estate", estate, "--ruleset", ruleset).code == ExitCode.FINDINGS
    return {"estate": estate, "ruleset": ruleset, "kept": kept}


def _without_rights(folder: Path, *commands: Sequence[object]) -> list[Ended]:
    """Run command lines in one process in `folder`, without the right to write where others may not."""
    line = [sys.executable, "-c", _EACH, json.dumps([["--lang", "en", *map(str, words)] for words in commands])]
    if os.geteuid() == 0:
        # Root may write everywhere, unless it gives that up.
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everywhere, and there is no setpriv to take that away")
        line = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *line]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [Ended(*ended) for ended in json.loads(done.stdout)]


def test_a_report_that_cannot_be_written_ends_with_3(places: dict[str, Path], closed: Path, tmp_path: Path) -> None:
    lines = [[word.format_map(places) for word in command] for command in REPORTS]
    kept = ("check", "--workspace", places["kept"], "--estate", places["estate"], "--ruleset", places["ruleset"])
    told = _without_rights(
        tmp_path, *((*words, closed / "inside") for words in lines), (*kept, "--output", closed / "report")
    )
    assert list(closed.iterdir()) == []
    for ended in told:
        assert ended.code == ExitCode.DATA, ended.err
        assert "cannot be written" in ended.err or "no file can be written" in ended.err
        assert ended.out == ""
    # It was told before the work.
    assert "run 2" not in told[-1].err


@pytest.mark.parametrize("command", REPORTS, ids=lambda command: f"{command[0]} {command[-1]}")
def test_a_file_or_folder_in_a_report_s_way_is_told(
    run: Callable[..., Any], places: dict[str, Path], tmp_path: Path, command: tuple[str, ...]
) -> None:
    words = [word.format_map(places) for word in command]
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    in_the_way = run(*words, tmp_path / "file" / "inside")
    assert in_the_way.code == ExitCode.DATA, in_the_way.err
    assert "internal error" not in in_the_way.err
    if command[0] != "schedule":  # which makes the folder it is told of
        missing = run(*words, tmp_path / "missing" / "inside")
        assert missing.code == ExitCode.DATA, missing.err
        # A folder where a file is wanted is a slip of the hand, whatever may be written.
        assert run(*words, tmp_path / "kept").code == ExitCode.USAGE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_whatever_else_went_wrong_is_told_with_it(
    run: Callable[..., Any], places: dict[str, Path], tmp_path: Path
) -> None:
    with (places["estate"] / "people.csv").open("a", encoding="utf-8") as file:
        file.write("p1,twice,active\n")
    log = tmp_path / "log"
    words = ("check", "--lenient", "--workspace", places["kept"], "--estate", places["estate"], "--log", log)
    ended = run(*words, "--ruleset", places["ruleset"], "--output", "/dev/full")
    assert ended.code == ExitCode.DATA
    assert "no file can be written in /dev" in ended.err
    assert "set aside" in ended.err
    last = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    assert (last["event"], last["exit_code"]) == ("finished", ExitCode.DATA)


def test_a_folder_without_write_permission_ends_with_3(closed: Path, estate: Path) -> None:
    for ended in _without_rights(closed, *([word.format(estate=estate) for word in words] for words in COMMANDS)):
        assert ended.code == ExitCode.DATA, ended.err
        assert "permission denied" in ended.err
        assert "internal error" not in ended.err
    assert list(closed.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_file_in_the_way_ends_with_3(
    run: Callable[..., Any], tmp_path: Path, estate: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    inside = tmp_path / "file" / "inside"
    words = [word.format(estate=estate) for word in command]
    if command[0] == "import":
        words = words[:-1]
    if command[0] == "plugin":
        words.append("--folder")
    ended = run(*words, inside)
    assert ended.code == ExitCode.DATA, ended.err
    assert "internal error" not in ended.err


def test_a_permission_that_nobody_expected_to_lack_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with use_language("zh"):
        code = report_failure(PermissionError(13, "Permission denied", "某处"))
    assert code == ExitCode.DATA
    assert "没有权限使用 某处" in capsys.readouterr().err
