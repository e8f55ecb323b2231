"""Fixtures that several test folders share."""

from __future__ import annotations

import atexit
import gc
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from policycore import language
from policycore.system.speech import LOGGER

pytest_plugins = ["tests.command_line", "tests.databases", "tests.object_stores", "tests.results", "tests.made_once"]

_ANY_PACE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
settings.register_profile("small", max_examples=16, derandomize=True, **_ANY_PACE)
settings.register_profile("full", max_examples=200, print_blob=True, **_ANY_PACE)


def _long(config: pytest.Config) -> bool:
    """Return whether the tests that take long were asked for."""
    return "long" in config.option.markexpr and "not long" not in config.option.markexpr


def pytest_xdist_auto_num_workers() -> int:
    """Return one more worker than there are cores: tests of screens and of processes wait for a third of their time."""
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Try the same few examples of every property in each run, and many random ones with ``-m long``."""
    settings.load_profile("full" if _long(config) else "small")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Count properties among the tests that take long where those were asked for."""
    for item in items if _long(config) else ():
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("long")


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, and no more among the thousands of tests themselves."""
    gc.freeze()
    atexit.register(gc.unfreeze)  # what is left when the interpreter ends is told of as leaked


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


@pytest.fixture
def said() -> Iterator[list[str]]:
    """Return what plugins print, as the log has it."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    logger, handler = logging.getLogger(LOGGER), Kept()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)
