"""What people type as a path never ends the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from policycore_tui.state.typed_path import typed_path


def test_a_home_that_nobody_has_is_taken_as_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert typed_path("~/report.csv") == tmp_path / "report.csv"
    assert typed_path("~nobody-of-this-name/report.csv") == Path("~nobody-of-this-name/report.csv")
