"""What people type as a path never ends the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from policycore_tui.state.typed import can_hold, is_there, typed_path


def test_a_home_that_nobody_has_is_taken_as_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert typed_path("~/report.csv") == tmp_path / "report.csv"
    assert typed_path("~nobody-of-this-name/report.csv") == Path("~nobody-of-this-name/report.csv")


def test_what_cannot_be_looked_at_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert is_there(tmp_path / "file")
    assert can_hold(tmp_path / "file")
    assert can_hold(tmp_path / "new")
    for name in ("x" * 300, "file/inside", "missing/inside", "x" * 300 + "/inside"):
        assert not is_there(tmp_path / name)
    for name in ("x" * 300, "file/inside", "missing/inside", "x" * 300 + "/inside", "."):
        assert not can_hold(tmp_path / name)
