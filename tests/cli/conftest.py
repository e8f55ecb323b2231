"""Run the command line in this process as its entry point runs it, and in a process of its own."""

from __future__ import annotations

import os
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
    """Hold what a command wrote and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Return a function that runs one command line in English unless it says otherwise."""

    def run_one(*arguments: object) -> Ended:
        capfd.readouterr()
        with use_language("en"):
            code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return run_one


@pytest.fixture
def start() -> Callable[..., Ended]:
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


RULESET = """\
policycore: 1
ruleset: small
title: {zh: 小规则集, en: Small set}
document:
  title: 通知
  clauses:
    - {id: 一, text: 群主负责}
    - {id: 二, text: 不得涉密}
rules:
  - use: ownership/owner-present
    clause: [一]
    severity: error
"""

MANIFEST = """\
policycore: 1
as_of: 2024-04-15T00:00:00+08:00
timezone: Asia/Shanghai
sources:
  - {name: register, platform: wechat}
"""


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    """Return a small rule set."""
    path = tmp_path / "small.yaml"
    path.write_text(RULESET, encoding="utf-8")
    return path


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """Return an interchange folder with two groups, one of them without an owner."""
    folder = tmp_path / "estate"
    folder.mkdir()
    (folder / "manifest.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "groups.csv").write_text(
        "id,name,owner_id,kind\ng1,教务处群,a1,standing\ng2,后勤群,,temporary\n", encoding="utf-8"
    )
    (folder / "accounts.csv").write_text("id,person_id,kind\na1,p1,internal\n", encoding="utf-8")
    (folder / "people.csv").write_text("id,name,status\np1,张三,active\n", encoding="utf-8")
    return folder
