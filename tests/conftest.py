"""Fixtures that several test folders share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policycore import language


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder, one for all workers, in which programs that tests start keep what they compile.

    Where Python is told to keep nothing, as in many containers, each of them would compile the whole program again.
    """
    base = tmp_path_factory.getbasetemp()
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "compiled"


@pytest.fixture(autouse=True)
def _steady_environment(monkeypatch: pytest.MonkeyPatch, compiled: Path) -> None:
    """Keep the reader's language and plugins out of the tests."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(compiled))
    for name in ("POLICYCORE_LANG", "POLICYCORE_PLUGINS", "POLICYCORE_TRACE", "POLICYCORE_DEBUG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C.UTF-8")
    # A command line run inside a test chooses its language for the rest of the process.
    language._language.set(None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data made by others, or skip where it is not there.

    POLICYCORE_SHARED_DATA names it; otherwise it is looked for beside the checkout.
    """
    named = os.environ.get("POLICYCORE_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the folder of real data is not here ({folder}); POLICYCORE_SHARED_DATA names another place")
    return folder
