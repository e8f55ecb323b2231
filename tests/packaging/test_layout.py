"""Plugin folders, packages of the wheel, entry points and the checks over them name the same things."""

from __future__ import annotations

import re
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def folders(*parents: str) -> set[str]:
    """Return the packages that lie directly in `parents`."""
    return {init.parent.name for parent in parents for init in (ROOT / parent).glob("*/__init__.py")}


@pytest.fixture(scope="session")
def packages(project: dict[str, Any]) -> set[str]:
    """Return the names of the packages that the wheel is made of."""
    return {Path(folder).name for folder in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}


def test_folders_and_packages_of_the_wheel_agree(packages: set[str]) -> None:
    assert packages == {"policycore"} | folders("plugins", "rulesets", "tui"), (
        "a package folder and [tool.hatch.build.targets.wheel] packages disagree: "
        "bring them together, then install again: python -m pip install -e ."
    )


def test_folders_and_declared_entry_points_agree(project: dict[str, Any]) -> None:
    declared = project["project"]["entry-points"]["policycore"]
    assert set(declared.values()) == folders("plugins", "rulesets", "tui"), (
        "a plugin folder and [project.entry-points.policycore] disagree: "
        "bring them together, then install again: python -m pip install -e ."
    )
    for name, module in declared.items():
        assert module == f"policycore_{name}", f"the entry point {name} is named unlike its package {module}"


def test_installed_entry_points_are_the_declared_ones(project: dict[str, Any]) -> None:
    found = {entry.name: entry.value for entry in entry_points(group="policycore") if entry.dist.name == "policycore"}
    assert found == project["project"]["entry-points"]["policycore"], (
        "the installed entry points are older than pyproject.toml; install again: python -m pip install -e ."
    )


def test_types_and_import_contracts_cover_every_package(project: dict[str, Any], packages: set[str]) -> None:
    assert set(project["tool"]["mypy"]["packages"]) == packages | {"bench"}
    assert set(project["tool"]["importlinter"]["root_packages"]) == packages
    contracts = project["tool"]["importlinter"]["contracts"]
    (engine,) = (one for one in contracts if one.get("source_modules") == ["policycore"])
    assert packages - {"policycore"} <= set(engine["forbidden_modules"])
    (inside,) = (one for one in contracts if one.get("forbidden_modules") == ["policycore.*"])
    assert set(inside["source_modules"]) == folders("plugins", "rulesets")


def test_every_rule_is_a_file_that_its_plugin_returns() -> None:
    from policycore.plugin_api.plugins import load_plugins

    plugins = load_plugins()
    assert not plugins.problems
    returned = {sys.modules[type(rule).__module__].__file__ for rule in plugins.rules.all()}
    written = {str(path) for path in (ROOT / "plugins").glob("*/rules/*.py") if re.match(r"[a-z]+\d{3}_", path.name)}
    assert {Path(file).name for file in returned if file} == {Path(file).name for file in written}
