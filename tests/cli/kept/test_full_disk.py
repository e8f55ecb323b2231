"""A disk that takes not one byte more: what is kept can still be read and verified."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
from policycore.cli.main import main
for line in sys.argv[1:]:
    code = main(["--lang", "en", *line.split()])
    print(f"== {line}: {code}", flush=True)
"""
READING = (
    *("audit verify", "history", "report latest", "report 1 --format json", "findings", "diff 1 2", "snapshots"),
    *("gaps", "review", "roles", "key show", "diff --json", "waive --list"),
)
WRITING = ("forecast --days 2", "key rotate", "snapshots --gc", "report latest --format html --output report.html")


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
@pytest.mark.parametrize(
    "journal", [pytest.param(False, marks=pytest.mark.long), True], ids=["all-in-one-file", "newest-in-the-journal"]
)
def test_what_is_kept_can_be_read_on_a_full_disk(kept: Any, journal: bool) -> None:
    kept.estate(16)
    kept.check()
    store = Path(".policycore/store.sqlite3")
    if journal:
        _leave_journal(store)
        assert store.with_name("store.sqlite3-wal").stat().st_size
    done = subprocess.run(
        [sys.executable, "-c", _FULL, *READING, *WRITING],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    told = [line for line in done.stdout.splitlines() if line.startswith("== ")]
    assert told == [*(f"== {line}: 0" for line in READING), *(f"== {line}: 3" for line in WRITING)], done.stderr
    assert "internal error" not in done.stderr
    assert not Path("report.html").exists()
    assert kept.call("audit", "verify").code == 0


def _leave_journal(store: Path) -> None:
    """Write to the store in a process that dies before its journal is folded in."""
    write = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
        "c.execute('UPDATE policycore_schema SET version = version'); c.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", write, store], check=True)
