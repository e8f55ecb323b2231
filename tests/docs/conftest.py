"""The READMEs taken apart, and a shell in which their commands run as a reader would type them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from tests.command_line import Run

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Block:
    """A fenced block: its language and its text."""

    language: str
    text: str


@dataclass(frozen=True)
class Readme:
    """A README."""

    name: str
    text: str

    @property
    def blocks(self) -> list[Block]:
        """Return the fenced blocks in order."""
        found = re.findall(r"^( *)```(\w+)\n(.*?)^\1```$", self.text, re.DOTALL | re.MULTILINE)
        return [Block(language, dedent(body)) for _, language, body in found]

    @property
    def headings(self) -> list[str]:
        """Return the headings in order."""
        return re.findall(r"^#+ .*$", re.sub(r"```.*?```", "", self.text, flags=re.DOTALL), re.MULTILINE)

    @property
    def links(self) -> list[str]:
        """Return what links and pictures point to."""
        return re.findall(r"\]\(([^)]+)\)", self.text)

    @property
    def tables(self) -> list[list[list[str]]]:
        """Return the tables in order, each as rows of cells, the head first."""
        return [
            [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines.splitlines()[::1]]
            for lines in re.findall(r"((?:^ *\|.*\|\n)+)", self.text, re.MULTILINE)
        ]

    def block(self, language: str, word: str) -> str:
        """Return the one block in `language` that has `word` in it."""
        (found,) = (block.text for block in self.blocks if block.language == language and word in block.text)
        return found


@pytest.fixture(scope="session", params=["README.md", "README.zh.md"])
def readme(request: pytest.FixtureRequest) -> Readme:
    """Return each README in turn."""
    return Readme(request.param, (ROOT / request.param).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def english() -> Readme:
    """Return the English README."""
    return Readme("README.md", (ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def chinese() -> Readme:
    """Return the Chinese README."""
    return Readme("README.zh.md", (ROOT / "README.zh.md").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Shell:
    """A folder in which lines run, with this interpreter's programs first on the path."""

    folder: Path
    run: Run

    def __call__(self, line: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one line and return how it went: in this process where it is one command and loads no new plugin."""
        words = shlex.split(line)
        if words[0] == "policycore" and words[1] != "plugin" and not environment and not set("|&;<>$") & set(line):
            with chdir(self.folder):
                ended = self.run(*words[1:])
            return subprocess.CompletedProcess(words, ended.code, ended.out, ended.err)
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env={**os.environ, "PATH": programs, "POLICYCORE_LANG": "en", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )


@pytest.fixture
def shell(tmp_path: Path, run: Run) -> Shell:
    """Return a shell in an empty folder."""
    return Shell(tmp_path, run)
