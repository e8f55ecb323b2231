"""What is imported is declared, what is declared is imported and pinned, and no address is needed."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
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


def named(node: ast.AST) -> list[str]:
    """Return the modules that one statement or call imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "importlib.import_module":
        return [str(one.value) for one in node.args if isinstance(one, ast.Constant)]
    return []


@cache
def imports(folder: str) -> frozenset[tuple[str, str, bool]]:
    """Return each third-party top-level name that is imported, where, and whether inside a function."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        below: list[tuple[ast.AST, bool]] = [(ast.parse(path.read_text(encoding="utf-8")), False)]
        while below:
            node, late = below.pop()
            found |= {(name.partition(".")[0], str(path.relative_to(ROOT)), late) for name in named(node)}
            late = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            below += [(inner, late) for inner in ast.iter_child_nodes(node)]
    return frozenset(one for one in found if one[0] not in sys.stdlib_module_names and not OWN.match(one[0]))


def imported(*folders: str) -> set[tuple[str, str, bool]]:
    """Return what `imports` finds in all `folders`."""
    return {one for folder in folders for one in imports(folder)}


def declared(project: dict[str, Any], *extras: str) -> dict[str, Requirement]:
    """Return the declared requirements by name."""
    lines = list(project["project"]["dependencies"])
    for extra in extras:
        lines += project["project"]["optional-dependencies"][extra]
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


_suppliers = cache(packages_distributions)  # reads every installed distribution


def distributions_of(module: str) -> set[str]:
    """Return the distributions that may supply `module`; its own name when none is installed."""
    return {canonicalize_name(name) for name in _suppliers().get(module, ["pillow" if module == "PIL" else module])}


def test_everything_imported_is_declared(project: dict[str, Any]) -> None:
    always, sometimes = set(declared(project)), set(declared(project, "bench", "files", "notify", "ocr", "postgresql"))
    undeclared = {
        f"{path} imports {module}"
        for module, path, late in imported("policycore", "plugins", "rulesets", "tui")
        if not distributions_of(module) & (sometimes if late else always)
    }
    assert undeclared == set(), "declare them in pyproject.toml, then write constraints.txt again with .ci/pin"


def test_everything_the_tests_import_is_declared(project: dict[str, Any]) -> None:
    local = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"our_rules", "bench", "tests"}
    allowed = set(declared(project, "test"))
    undeclared = {
        f"{path} imports {module}"
        for module, path, _ in imported("tests")
        if module not in local and not distributions_of(module) & allowed
    }
    assert undeclared == set(), "declare them in the extra [test], then write constraints.txt again with .ci/pin"


def test_everything_declared_is_used(project: dict[str, Any]) -> None:
    used = {
        name
        for module, _, _ in imported("policycore", "plugins", "rulesets", "tui", "bench")
        for name in distributions_of(module)
    }
    unused = set(declared(project, "bench")) - used - NOT_IMPORTED
    assert unused == set(), "declared and never imported: every dependency costs every user an install"
    in_tests = {name for module, _, _ in imported("tests") for name in distributions_of(module)}
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


def test_what_is_declared_is_pinned_within_its_range(project: dict[str, Any], pins: dict[str, str]) -> None:
    """Asks two files only: what a registry serves or somebody installed changes nothing of what was tested."""
    wanted = list(declared(project, *project["project"]["optional-dependencies"]).values())
    wanted += map(Requirement, project["build-system"]["requires"])
    for one in wanted:
        pin = pins.get(canonicalize_name(one.name))
        assert pin, f"{one.name} is not pinned: write constraints.txt again with .ci/pin"
        assert one.specifier.contains(Version(pin), prereleases=True), f"the pin {one.name}=={pin} breaks {one}"


def test_an_installed_version_that_is_not_pinned_is_named(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    program = shutil.copy(ROOT / ".ci" / "pin", tmp_path / ".ci")
    (tmp_path / "constraints.txt").write_text("pytest==0.0.1\n", encoding="utf-8")
    ran = subprocess.run([sys.executable, program, "--check"], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert f"pytest=={pytest.__version__}" in ran.stderr


def test_installs_need_no_address(pins: dict[str, str]) -> None:
    for path in ("constraints.txt", "pyproject.toml", ".ci/run", ".ci/pin"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not re.search(
            r"index[-_]url|find[-_]links|trusted[-_]host|https?://|file://| @ ", text, re.IGNORECASE
        ), path
    for name, version in pins.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name), name
        assert str(Version(version)), version
