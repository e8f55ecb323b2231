"""Whatever a command writes is for its owner's eyes."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

import pytest

MADE = (".policycore", "there", "elsewhere.sqlite3", "r.html", "log.jsonl", "snapshot", "f.csv")


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions on Windows")
def test_whatever_a_command_writes_is_its_owners_alone(office: Any) -> None:
    assert office.call("init").code == 0
    assert office.call("init", "there", "--store", "../../elsewhere.sqlite3").code == 0
    assert office.check("--output", "r.html", "--format", "html", "--log", "log.jsonl").code == 1
    assert office.call("import", "estate", "--estate", "snapshot").code == 0
    assert office.call("findings", "--format", "csv", "--output", "f.csv").code in (0, 1)
    made = [path for name in MADE for path in (office.folder / name, *(office.folder / name).rglob("*"))]
    assert len(made) > 30
    assert [str(path) for path in made if stat.S_IMODE(path.stat().st_mode) != _wanted(path)] == []


def _wanted(path: Path) -> int:
    return 0o700 if path.is_dir() else 0o600
