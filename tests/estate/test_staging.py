"""What killed imports leave behind is cleared away by the next one, and nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from policycore.errors import DataError
from policycore.estate.importing import import_estate
from policycore.estate.snapshot import open_snapshot

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders have no locks there, so nothing is swept")

MANIFEST = "policycore: 1\nas_of: 2024-04-15T00:00:00+08:00\ntimezone: Asia/Shanghai\n"
IMPORT = """\
import sys, time
from pathlib import Path
from policycore.system import temporary_folders
temporary_folders._SHELL = "{shell}"
{stall}
from policycore.cli.main import main
sys.exit(main(["import", "rows", "--estate", "out", "--force"]))
"""
WRITING = """\
import pyarrow.parquet
write = pyarrow.parquet.write_table
def write_table(*given, **more):
    write(*given, **more)
    print("here", flush=True)
    time.sleep(60)
pyarrow.parquet.write_table = write_table
"""
REPLACING = """\
from policycore.estate.staging import Staging
aside = Staging.set_aside
def set_aside(staging):
    aside(staging)
    print("here", flush=True)
    time.sleep(60)
Staging.set_aside = set_aside
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with rows to import, as the current one."""
    monkeypatch.chdir(tmp_path)
    rows(tmp_path, "教务处")
    return tmp_path


def rows(folder: Path, department: str) -> None:
    (folder / "rows").mkdir(exist_ok=True)
    (folder / "rows" / "manifest.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "rows" / "departments.csv").write_text(f"id,name\nd1,{department}\n", encoding="utf-8")


@contextmanager
def importing(folder: Path, stall: str, shell: str = "no-shell") -> Iterator[subprocess.Popen[str]]:
    """Run an import in a process of its own that stops half way; it is killed in the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT.format(stall=stall, shell=shell)],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        process.stdout.close()


def hidden(folder: Path) -> list[str]:
    return sorted(path.name[:9] for path in folder.iterdir() if path.name.startswith(".out."))


def codes(folder: Path, *, force: bool = False) -> list[str]:
    return [note.code for note in import_estate([folder / "rows"], folder / "out", force=force).notes]


def test_the_folder_of_a_killed_import_goes_with_the_next_and_is_named(folder: Path) -> None:
    for _ in range(2):
        with importing(folder, WRITING):
            pass
    # The second one swept after the first.
    assert hidden(folder) == [".out.new-"]
    assert codes(folder) == ["estate.note-swept"]
    assert hidden(folder) == []
    assert codes(folder) == []


@pytest.mark.parametrize("stall", [WRITING, REPLACING], ids=["writing", "replacing"])
def test_a_killed_import_leaves_nothing_and_what_stood_there_stands(folder: Path, stall: str) -> None:
    first = import_estate([folder / "rows"], folder / "out")
    rows(folder, "科研处")
    with importing(folder, stall, "/bin/sh"):
        assert hidden(folder)
    within = time.monotonic() + 10
    while hidden(folder) and time.monotonic() < within:
        time.sleep(0.01)
    assert hidden(folder) == []
    assert open_snapshot(folder / "out").id == first.id


def test_a_live_import_is_left_alone(folder: Path) -> None:
    with importing(folder, WRITING) as process:
        assert codes(folder) == []
        assert hidden(folder) == [".out.new-"]
        assert process.poll() is None
    assert codes(folder) == ["estate.note-swept"]


def test_a_snapshot_that_a_killed_import_had_moved_away_comes_back(folder: Path) -> None:
    first = import_estate([folder / "rows"], folder / "out")
    rows(folder, "科研处")
    with importing(folder, REPLACING):
        # Between the old and the new snapshot a live import must be left alone too.
        assert hidden(folder) == [".out.new-", ".out.old-"]
        assert not (folder / "out").exists()
    rows(folder, "教务处")
    assert codes(folder) == ["estate.note-restored", "estate.note-swept"]
    assert open_snapshot(folder / "out").id == first.id
    assert hidden(folder) == []


def test_neighbours_with_longer_names_links_and_files_stay(folder: Path) -> None:
    kept = [".out2.new-abc", ".out.newer", "out.new-abc"]
    for name in kept:
        (folder / name).mkdir()
    (folder / ".out.new-file").write_text("x")
    (folder / ".out.new-link").symlink_to(folder / "rows")
    assert codes(folder) == []
    assert {path.name for path in folder.iterdir()} >= {*kept, ".out.new-file", ".out.new-link", "rows"}
    assert (folder / "rows" / "departments.csv").exists()


@pytest.mark.long
def test_many_imports_at_once_all_end_and_leave_nothing(folder: Path) -> None:
    commands = [sys.executable, "-m", "policycore", "import", "rows", "--estate", "out"]
    running = [subprocess.Popen(commands, cwd=folder, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0, 0]
    assert hidden(folder) == []


def test_the_folder_of_an_import_that_is_refused_goes_at_once(folder: Path) -> None:
    import_estate([folder / "rows"], folder / "out")
    rows(folder, "科研处")
    with pytest.raises(DataError):
        import_estate([folder / "rows"], folder / "out")
    assert hidden(folder) == []
