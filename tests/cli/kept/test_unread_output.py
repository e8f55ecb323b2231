"""A reader that closes the pipe: no word about it, and an exit code that still tells what was found."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest


def unread(office: Any, *arguments: str, errors_too: bool = False) -> tuple[int, str]:
    """Run a command whose standard output nobody reads; return exit code and standard error."""
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [sys.executable, "-m", "policycore", *arguments],
        cwd=office.folder,
        stdout=writer,
        stderr=writer if errors_too else subprocess.PIPE,
        text=True,
        env={**os.environ, "POLICYCORE_LANG": "en"},
    )
    os.close(writer)
    _, errors = process.communicate(timeout=120)
    return process.returncode, errors or ""


@pytest.mark.parametrize(
    "name",
    ["xlsx", *(pytest.param(name, marks=pytest.mark.long) for name in ("text", "json", "sarif"))],
)
def test_a_check_that_nobody_reads_is_recorded_and_says_what_it_found(kept: Any, name: str) -> None:
    code, errors = unread(kept, "check", "--ruleset", "set.yaml", "--estate", "estate", "--format", name)
    assert code == 1
    assert "Traceback" not in errors
    assert "Error" not in errors
    assert "run 2" in errors
    assert len(kept.call("history").out.splitlines()) == 2


@pytest.mark.long
def test_a_check_whose_words_nobody_reads_either(kept: Any) -> None:
    check = ("check", "--ruleset", "set.yaml", "--estate", "estate")
    assert unread(kept, *check, errors_too=True) == (1, "")
    assert len(kept.call("history").out.splitlines()) == 2


@pytest.mark.parametrize(
    ("command", "expected"),
    [pytest.param(("history",), 0, marks=pytest.mark.long), (("findings",), 0), (("impact",), 1)],
)
@pytest.mark.long
def test_other_commands_end_as_they_would_have(kept: Any, command: tuple[str, ...], expected: int) -> None:
    if command == ("impact",):
        text = (kept.folder / "set.yaml").read_text(encoding="utf-8")
        (kept.folder / "new.yaml").write_text(text.replace("= 'retired'", "<> 'retired'"), encoding="utf-8")
        command = ("impact", "set.yaml", "new.yaml")
    code, errors = unread(kept, *command)
    assert code == expected
    assert "Traceback" not in errors
    assert "Error" not in errors


def test_more_than_a_pipe_holds_reaches_a_reader_in_part(kept: Any) -> None:
    header = "id,source,platform,name,kind,department_id,owner_id,created_at,dissolved_at\n"
    rows = (f"g{n},register,wechat,工作群{n},standing,d1,a3,2023-01-01,\n" for n in range(3000))
    kept.estate(20, groups=header + "".join(rows))
    command = f"{sys.executable} -m policycore check --ruleset set.yaml --estate estate --format csv | head -1"
    ended = subprocess.run(
        ["bash", "-c", f"{command}; echo ${{PIPESTATUS[0]}}"],
        cwd=kept.folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    first, code = ended.stdout.splitlines()
    assert first.lstrip("\ufeff").startswith('"编号",')
    assert code == "1"
    assert "Traceback" not in ended.stderr
