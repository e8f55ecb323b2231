"""Distributions that a test installs."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that installs a distribution with one plugin module."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made: list[str] = []

    def add(name: str, source: str) -> None:
        module = f"trial_{name}"
        (tmp_path / f"{module}.py").write_text(textwrap.dedent(source), "utf-8")
        info = tmp_path / f"trial_{name}-1.5.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: trial-{name}\nVersion: 1.5\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[policycore]\n{name} = {module}\n", "utf-8")
        made.append(module)

    yield add
    for module in made:
        sys.modules.pop(module, None)
