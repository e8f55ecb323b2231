"""Fixtures of the demo's tests: one generated demo for the module, and the real rules and rule set."""

from __future__ import annotations

from pathlib import Path

import pytest

from policycore.demo.estate import DemoEstate
from policycore.demo.generate import generate_demo


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoEstate]:
    """Return a demo's folder and the estate it was written from."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, generate_demo(folder)
