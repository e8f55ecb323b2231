"""What is imported is declared, what is declared is imported and pinned, and no address is needed."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
OWN = re.compile(r"policycore(_\w+)?$")
# Declared for what they do, not for what they are imported as.
NOT_IMPORTED = {
    "tzdata",  # data
    "pytest-timeout", "pytest-xdist", "pytest-asyncio",  # loaded by pytest
    "build", "hatchling", "mypy", "ruff",  # started as programs
    "import-linter",
    "psycopg",  # loaded by SQLAlchemy for postgresql:// addresses
}  # fmt: skip


def imports(*folders: str) -> Iterator[tuple[str, Path, bool]]:
    """Yield each third-party top-level name that is imported, where, and whether inside a function."""
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            late = {
                id(inner)
                for outer in ast.walk(tree)
                if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
                for inner in ast.walk(outer)
            }
            for node in ast.walk(tree):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names = [node.module]
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "importlib.import_module":
                    names = [one.value for one in node.args if isinstance(one, ast.Constant)]
                for name in {name.partition(".")[0] for name in names}:
                    if name not in sys.stdlib_module_names and not OWN.match(name):
                        yield name, path.relative_to(ROOT), id(node) in late


def declared(project: dict[str, Any], *extras: str) -> dict[str, Requirement]:
    """Return the declared requirements by name."""
    lines = list(project["project"]["dependencies"])
    for extra in extras:
        lines += project["project"]["optional-dependencies"][extra]
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


_suppliers = cache(packages_distributions)  # reads every installed distribution


def distributions_of(module: str) -> set[str]:
    """Return the distributions that may supply `module`; its own name when none is installed."""
    return {canonicalize_name(name) for name in _suppliers().get(module, [module])}


def test_everything_imported_is_declared(project: dict[str, Any]) -> None:
    always, sometimes = set(declared(project)), set(declared(project, "bench", "notify", "postgresql"))
    undeclared = {
        f"{path} imports {module}"
        for module, path, late in imports("policycore", "plugins", "rulesets", "tui")
        if not distributions_of(module) & (sometimes if late else always)
    }
    assert undeclared == set(), "declare them in pyproject.toml, then write constraints.txt again with .ci/pin"


def test_everything_the_tests_import_is_declared(project: dict[str, Any]) -> None:
    local = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"our_rules", "bench"}
    allowed = set(declared(project, "test"))
    undeclared = {
        f"{path} imports {module}"
        for module, path, _ in imports("tests")
        if module not in local and not distributions_of(module) & allowed
    }
    assert undeclared == set(), "declare them in the extra [test], then write constraints.txt again with .ci/pin"


def test_everything_declared_is_used(project: dict[str, Any]) -> None:
    used = {
        name
        for module, _, _ in imports("policycore", "plugins", "rulesets", "tui", "bench")
        for name in distributions_of(module)
    }
    unused = set(declared(project, "bench")) - used - NOT_IMPORTED
    assert unused == set(), "declared and never imported: every dependency costs every user an install"
    in_tests = {name for module, _, _ in imports("tests") for name in distributions_of(module)}
    assert set(declared(project, "test")) - used - in_tests - NOT_IMPORTED == set()


def test_every_dependency_says_what_it_is_for() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("[project.scripts]")]
    for line in block.splitlines():
        if line.strip().startswith('"'):
            assert "#" in line, f"no reason given: {line.strip()}"


@pytest.fixture(scope="module")
def pins() -> dict[str, str]:
    """Return the pinned versions by name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if line and not line.startswith("#")]
    versions = dict(line.split("==") for line in found)
    assert list(versions) == sorted(versions), "constraints.txt is not sorted: write it with .ci/pin"
    return versions


def reachable(project: dict[str, Any]) -> dict[str, list[Requirement]]:
    """Return every requirement that can be reached from the project, its extras and its build."""
    extras = project["project"]["optional-dependencies"]
    queue = list(declared(project, *extras).values()) + [
        Requirement(one) for one in project["build-system"]["requires"]
    ]
    found: dict[str, list[Requirement]] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while queue:
        wanted = queue.pop()
        name = canonicalize_name(wanted.name)
        found.setdefault(name, []).append(wanted)
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        try:
            needed = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # for another platform, or an extra that is not installed here
        for one in map(Requirement, needed):
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)):
                queue.append(one)
    return found


def test_constraints_pin_everything_that_can_be_installed(project: dict[str, Any], pins: dict[str, str]) -> None:
    wanted = reachable(project)
    missing = set(wanted) - set(pins)
    assert missing == set(), "not pinned: write constraints.txt again with .ci/pin"
    for name, requirements in wanted.items():
        for one in requirements:
            assert one.specifier.contains(Version(pins[name]), prereleases=True), (
                f"the pin {name}=={pins[name]} breaks {one}"
            )


def test_installs_need_no_address(pins: dict[str, str]) -> None:
    for path in ("constraints.txt", "pyproject.toml", ".ci/run", ".ci/pin"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not re.search(
            r"index[-_]url|find[-_]links|trusted[-_]host|https?://|file://| @ ", text, re.IGNORECASE
        ), path
    for name, version in pins.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name), name
        assert str(Version(version)), version
