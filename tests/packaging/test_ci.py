"""The check of a clean clone is well-formed, names what it needs, and ends as promised."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / ".ci" / "run"


@pytest.fixture(scope="module")
def bash() -> str:
    """Return the shell, or skip where there is none."""
    found = shutil.which("bash")
    if not found:
        pytest.skip("bash is not here")
    return found


def test_it_is_a_program_that_the_shell_understands(bash: str) -> None:
    assert os.access(RUN, os.X_OK)
    checked = subprocess.run([bash, "-n", str(RUN)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("========================= 7 failed, 77 passed in 5.03s =========================", True),
        ("=========== 812 passed, 3 skipped, 9 deselected in 201.40s (0:03:21) ===========", True),
        ("============================ no tests ran in 0.01s =============================", True),
        ("=========================== short test summary info ============================", False),
    ],
)
def test_the_last_line_is_the_summary_of_the_tests(bash: str, line: str, found: bool) -> None:
    (pattern,) = re.findall(r"^grep -E '([^']+)' \"\$work/tests\.log\"", RUN.read_text(encoding="utf-8"), re.MULTILINE)
    matched = subprocess.run(
        [bash, "-c", f"grep -cE '{pattern}'"], input=line, capture_output=True, text=True, check=False
    )
    assert (matched.stdout.strip() == "1") is found


def test_the_commands_are_taken_from_the_readme(bash: str) -> None:
    patterns = re.findall(r'grep -m1 -E "([^"]+)" README', RUN.read_text(encoding="utf-8"))
    assert len(patterns) == 2
    for pattern, ends in zip(sorted(patterns), ("policycore demo", "python -m pytest"), strict=True):
        matched = subprocess.run(
            [bash, "-c", f'grep -E "{pattern}" README.md'], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert matched.stdout.count("\n") == 1
        assert matched.stdout.endswith(f" && {ends}\n")


def test_nothing_is_set_that_a_person_does_not_set() -> None:
    text = RUN.read_text(encoding="utf-8")
    assert not re.search(r"^\s*export\b|\bPIP_\w+=", text, re.MULTILINE)


def test_every_debian_package_has_a_name_and_a_reason() -> None:
    lines = (ROOT / ".ci" / "debian-packages.txt").read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]
    assert packages
    for line in packages:
        assert re.fullmatch(r"[a-z0-9][a-z0-9+.-]+ +# .+", line), line
