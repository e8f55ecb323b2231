"""The command line in this process as its entry point runs it, and in one of its own, on copies: a pytest plugin."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from policycore.cli.main import main
from policycore.language import use_language


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command wrote and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs one command line in English unless it says otherwise."""

    def run_one(*arguments: object) -> Ended:
        capfd.readouterr()
        with use_language("en"):
            code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return run_one


@pytest.fixture
def start() -> Run:
    """Return a function that runs one command line in a fresh process."""

    def start_one(*arguments: object, **environment: str) -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "policycore", *map(str, arguments)],
            env={**os.environ, "PYTHONUTF8": "1", **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return start_one


def copy_folder(folder: Path, target: Path) -> None:
    """Copy a folder; files that are one file under two names, as tables of a snapshot are, are one in the copy too."""
    copies: dict[int, str] = {}

    def copy(source: str, place: str) -> str:
        known = copies.setdefault(Path(source).stat().st_ino, place)
        if known == place:
            return shutil.copy2(source, place)
        os.link(known, place)
        return place

    shutil.copytree(folder, target, copy_function=copy, dirs_exist_ok=True)
