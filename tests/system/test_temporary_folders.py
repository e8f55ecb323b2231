"""What a killed process leaves is removed by the next one; what a living one uses is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from policycore.system import temporary_folders as private_folder
from policycore.system.temporary_folders import PrivateFolder, sweep_private_folders

HOLD = """
import sys, time
from policycore.system import temporary_folders
from policycore.system.temporary_folders import PrivateFolder
temporary_folders._SHELL = sys.argv[1]
folder = PrivateFolder()
(folder.path / "people.csv").write_text("name")
print(folder.path, flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give tests a place of their own for temporary files."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="folders can't be locked there, so nothing is swept")
def test_only_what_a_killed_process_left_is_swept(temporary: Path) -> None:
    (temporary / "policycore-abcdefgh").mkdir()
    with subprocess.Popen([sys.executable, "-c", HOLD, "no-shell"], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        left = Path(holder.stdout.readline().strip())
        assert left.parent == temporary
        assert sweep_private_folders() == 0
        assert (left / "people.csv").is_file()
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
    mine = PrivateFolder()
    assert sweep_private_folders() == 1
    assert not left.exists()
    assert mine.path.is_dir()
    assert (temporary / "policycore-abcdefgh").is_dir()
    mine.close()
    mine.close()
    assert not mine.path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no shell on Windows")
def test_the_folder_of_a_killed_process_goes_at_once() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, "/bin/sh"], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        left = Path(holder.stdout.readline().strip())
        assert (left / "people.csv").is_file()
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
    within = time.monotonic() + 10
    while left.exists() and time.monotonic() < within:
        time.sleep(0.01)
    assert not left.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="folders can't be locked there, so nothing is swept")
def test_a_folder_that_a_sweeper_has_taken_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[tuple[Path, int | None]] = []
    lock = private_folder.lock_folder

    def after_the_sweeper(folder: Path) -> int | None:
        if not taken:
            taken.append((folder, lock(folder)))
        return lock(folder)

    monkeypatch.setattr(private_folder, "lock_folder", after_the_sweeper)
    mine = PrivateFolder()
    ((swept, held),) = taken
    swept.rmdir()
    assert held is not None
    os.close(held)
    assert mine.path.is_dir()
    assert sweep_private_folders() == 0
    mine.close()


@pytest.mark.skipif(sys.platform == "win32", reason="the mode of a folder says nothing there")
def test_a_private_folder_is_for_its_owner_alone() -> None:
    folder = PrivateFolder()
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.close()


AGAIN = """
import shutil
from policycore.system.temporary_folders import PrivateFolder
folder = PrivateFolder()
remove, shutil.rmtree = shutil.rmtree, lambda *_, **__: None
folder.close()
assert folder.path.is_dir()
shutil.rmtree = remove
print(folder.path)
"""


def test_a_folder_that_could_not_be_removed_goes_when_the_process_ends() -> None:
    ended = subprocess.run([sys.executable, "-c", AGAIN], capture_output=True, text=True, check=True)
    assert not Path(ended.stdout.strip()).exists()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links")
def test_a_link_with_such_a_name_is_not_followed(temporary: Path) -> None:
    target = temporary / "precious"
    target.mkdir()
    (temporary / "policycore-held-abcdefgh").symlink_to(target)
    sweep_private_folders()
    assert target.is_dir()


def test_where_folders_have_no_locks_a_file_in_them_tells_whether_they_are_in_use(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_folder, "sys", SimpleNamespace(platform="win32"))
    left, used, unknown = (temporary / f"policycore-held-abcdefg{number}" for number in range(3))
    for folder in (left, used, unknown):
        folder.mkdir()
    for folder in (left, used):
        (folder / ".held").touch()
    unlink = os.unlink

    def refused(path: str, **options: int) -> None:
        if Path(path) == used / ".held":  # as Windows does with what another process has open
            raise PermissionError
        unlink(path, **options)

    monkeypatch.setattr(os, "unlink", refused)
    assert sweep_private_folders() == 1
    assert [folder.exists() for folder in (left, used, unknown)] == [False, True, True]
    own = PrivateFolder()
    assert (own.path / ".held").exists()
    own.close()
    assert not own.path.exists()
