"""One run at a time, whatever happened to the one before."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from policycore.errors import DataError, ExitCode, LockedError
from policycore.system.lock import RunLock


def test_the_lock_names_its_holder_and_is_empty_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with RunLock(file) as lock:
        assert json.loads(file.read_text())["pid"] == os.getpid()
        assert lock.took_over is None
    assert file.read_text() == ""


def test_a_second_one_is_refused_with_exit_code_5(tmp_path: Path) -> None:
    with RunLock(tmp_path / "lock"), pytest.raises(LockedError) as caught:
        RunLock(tmp_path / "lock").__enter__()
    assert caught.value.exit_code is ExitCode.LOCKED_OR_OUT_OF_TIME
    assert str(os.getpid()) in str(caught.value)
    with RunLock(tmp_path / "lock"):
        pass


def test_a_second_one_waits_and_gets_it(tmp_path: Path) -> None:
    order = []

    def second() -> None:
        with RunLock(tmp_path / "lock", wait_seconds=20):
            order.append("second")

    with RunLock(tmp_path / "lock"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join(20)
    assert order == ["first", "second"]


def test_an_error_inside_gives_it_back(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), RunLock(tmp_path / "lock"):
        raise RuntimeError
    with RunLock(tmp_path / "lock") as lock:
        assert lock.took_over is None


@pytest.mark.parametrize("rest", [b'{"pid": 7, "host": "h", "since": "s"}', b'{"pid": 7', b"\xff\x00", b"[]", b"{}"])
def test_what_a_dead_process_left_is_taken_over(tmp_path: Path, rest: bytes) -> None:
    (tmp_path / "lock").write_bytes(rest)
    with RunLock(tmp_path / "lock") as lock:
        assert lock.took_over is not None
    with RunLock(tmp_path / "lock") as lock:
        assert lock.took_over is None


def test_a_killed_holder_frees_it_at_once(tmp_path: Path) -> None:
    script = (
        "import sys, time, pathlib; from policycore.system.lock import RunLock\n"
        "with RunLock(pathlib.Path(sys.argv[1])):\n print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LockedError):
        RunLock(tmp_path / "lock").__enter__()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with RunLock(tmp_path / "lock", wait_seconds=5) as lock:
        assert lock.took_over is not None
        assert lock.took_over.pid == holder.pid


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        RunLock(tmp_path / "nowhere" / "lock").__enter__()


@pytest.mark.skipif(sys.platform == "win32", reason="another call locks on Windows")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_not_taken_for_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    import fcntl

    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(DataError):
        RunLock(tmp_path / "lock").__enter__()


def test_a_disk_without_room_for_the_holder_s_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: Path, _data: str, **_options: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(DataError):
            RunLock(tmp_path / "lock").__enter__()
    with RunLock(tmp_path / "lock") as lock:
        assert lock.took_over is None
