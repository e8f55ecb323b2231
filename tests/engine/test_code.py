"""Which code judged: every file of the packages counts, and what can't be seen is never the same."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from policycore.engine import code
from policycore.engine.code import UNSEEN, changed_parts


@pytest.fixture(autouse=True)
def forget() -> None:
    """Let every test look at the files again."""
    code.package_code.cache_clear()


def package(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> str:
    """Return the hash of a package with these files."""
    place = folder / "some_rules"
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    module = ModuleType("some_rules")
    module.__path__ = [str(place)]
    monkeypatch.setitem(sys.modules, "some_rules", module)
    code.package_code.cache_clear()
    return code.package_code("some_rules")


def test_every_file_of_a_package_counts_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = {"__init__.py": "", "deep/rule.py": "x = 1\n", "words.txt": "一\n"}
    first = package(tmp_path / "a", monkeypatch, base)
    assert package(tmp_path / "b", monkeypatch, base) == first
    assert package(tmp_path / "b", monkeypatch, {"__pycache__/rule.cpython-311.pyc": "compiled"}) == first
    seen = {first}
    for changed in ({"words.txt": "二\n"}, {"deep/rule.py": "x = 2\n"}, {"more.py": ""}):
        seen.add(package(tmp_path / "b", monkeypatch, changed))
    assert len(seen) == 4


def test_a_module_of_one_file_and_one_of_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("one_file")
    monkeypatch.setitem(sys.modules, "one_file", module)
    assert code.package_code("one_file") == UNSEEN
    code.package_code.cache_clear()
    (tmp_path / "one_file.py").write_text("x = 1\n")
    module.__file__ = str(tmp_path / "one_file.py")
    assert len(code.package_code("one_file")) == 64


def test_what_differs_is_named() -> None:
    before = {"policycore": "a" * 64, "duckdb": "1.4.0", "gone": "b" * 64, "same": "1", "hidden": UNSEEN}
    now = {"policycore": "c" * 64, "duckdb": "1.4.1", "new": "2", "same": "1", "hidden": UNSEEN}
    assert changed_parts(before, now) == ("duckdb 1.4.0 → 1.4.1", "gone", "hidden", "new", "policycore")
    assert changed_parts(now, {**now, "hidden": "d" * 64}) == ("hidden",)
