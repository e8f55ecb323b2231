from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import policycore
from policycore.errors import ExitCode

Run = Callable[..., Any]


def test_a_sound_installation_is_well(run: Run) -> None:
    ended = run("doctor")
    assert (ended.code, ended.err) == (ExitCode.CLEAN, "")
    assert f"policycore             {policycore.__version__}" in ended.out
    assert "plugin ownership" in ended.out
    assert ended.out.endswith("All is well.\n")
    for name in ("duckdb", "pydantic", "textual", "python-calamine"):
        assert name in ended.out


def test_a_temporary_folder_that_cannot_be_written_is_a_problem(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr("tempfile.tempdir", str(tmp_path / "file"))
        ended = run("doctor")
    assert ended.code == ExitCode.INCOMPLETE
    assert str(tmp_path / "file") in ended.err


def test_a_broken_plugin_is_a_problem(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYCORE_PLUGINS", "absent")
    ended = run("doctor")
    assert ended.code == ExitCode.INCOMPLETE
    assert "absent" in ended.err
    assert "Problems: 1." in ended.out


def test_an_encoding_without_chinese_is_a_problem(start: Run) -> None:
    ended = start("doctor", "--lang", "en", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.code == ExitCode.INCOMPLETE
    assert "PYTHONUTF8=1" in ended.err
