"""The command line in this process as its entry point runs it, and in a process of its own: a pytest plugin."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

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
