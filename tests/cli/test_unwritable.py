"""A folder that cannot be written: proper words and one exit code, whichever command meets it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policycore.cli.failures import report_failure
from policycore.errors import ExitCode
from policycore.language import use_language

COMMANDS = (("plugin", "new", "abc"), ("init",), ("demo",), ("import", "{estate}", "--estate", "out"))


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """Return a folder without write permission."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    yield folder
    folder.chmod(0o755)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_folder_without_write_permission_ends_with_3(closed: Path, estate: Path, command: tuple[str, ...]) -> None:
    words = [word.format(estate=estate) for word in command]
    line = [sys.executable, "-m", "policycore", "--lang", "en", *words]
    if os.geteuid() == 0:
        # Root may write everywhere, unless it gives that up.
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everywhere, and there is no setpriv to take that away")
        line = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *line]
    ended = subprocess.run(line, cwd=closed, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == ExitCode.DATA, ended.stderr
    assert "Permission denied" in ended.stderr
    assert "internal error" not in ended.stderr
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
