from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from policycore.cli.output import columns, open_output, use_colour
from policycore.errors import DataError, ExitCode, PolicycoreError, UsageError


class Terminal:
    """A stream that a person watches."""

    def isatty(self) -> bool:
        return True


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")
    with open_output(path) as stream:
        stream.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")

    def fail_half_way() -> None:
        with open_output(path) as stream:
            stream.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert path.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with open_output(pipe) as stream:
            stream.write(b"report")
        assert os.read(reader, 100) == b"report"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode), "a device such as /dev/null would be gone for the whole machine"


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old", encoding="utf-8")
    (tmp_path / "link.json").symlink_to("real.json")
    with open_output(tmp_path / "link.json") as stream:
        stream.write(b"new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"new"


def test_a_new_file_is_its_owners_and_one_that_was_opened_to_others_stays_so(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    for mode in (0o600, 0o644):
        with open_output(report) as stream:
            stream.write(b"x")
        assert stat.S_IMODE(report.stat().st_mode) == mode
        report.chmod(0o644)


@pytest.mark.parametrize(("name", "kind"), [("missing/report.json", DataError), (".", UsageError)])
def test_a_missing_folder_and_a_folder_are_refused(name: str, kind: type[PolicycoreError], tmp_path: Path) -> None:
    with pytest.raises(kind) as caught, open_output(tmp_path / name):
        pass
    assert str(tmp_path) in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_colours_need_a_terminal_and_no_objection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert use_colour(Terminal())
    assert not use_colour(object())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not use_colour(Terminal())
    monkeypatch.setenv("NO_COLOR", "")
    assert use_colour(Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert not use_colour(Terminal())


def test_what_goes_to_a_file_does_not_depend_on_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert columns(object()) == 80


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_a_full_disk_is_said_in_words() -> None:
    program = [sys.executable, "-c", "from policycore.cli.main import run; run()", "rules", "--lang", "en"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == ExitCode.DATA
    assert "the report was not written" in ended.stderr
    assert "internal error" not in ended.stderr


def test_a_disk_that_fills_while_a_report_is_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(PolicycoreError) as raised, open_output(tmp_path / "report.json"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert raised.value.exit_code == ExitCode.DATA
    assert list(tmp_path.iterdir()) == []


def test_a_device_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    # One of our own: a mistake here would take the machine's away.
    device = tmp_path / "null"
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root may make a device")
    with open_output(device) as stream:
        stream.write(b"report")
    assert stat.S_ISCHR(device.stat().st_mode)


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "dated.json").write_text("old", encoding="utf-8")
    link = tmp_path / "latest.json"
    link.symlink_to("dated.json")
    with open_output(link) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert (tmp_path / "dated.json").read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed by a shell of POSIX")
def test_a_program_whose_output_was_closed_before_it_began_ends_as_any_other():
    ended = subprocess.run(
        ["/bin/sh", "-c", f"'{sys.executable}' -m policycore --version >&-"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
