"""Rules of the house that no linter knows; each failure says what to do."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("policycore", "plugins", "rulesets", "tui")
MOST_LINES = 400
# Written in pieces, so that this file does not find itself.
FOREIGN = {
    "a path of one machine": r"(?<![\w.~-])/(?:work|root|home/[a-z]{3,}|Users/\w+)/",
    "the address of a package index": r"https?://[^\s/]+/(?:simple|packages|debian)/|(?:extra-)?index" + r"-url",
    "a folder outside the project": r"\.\./" + r"shared",
}


def modules() -> list[Path]:
    """Return every module that is shipped."""
    return sorted(path for folder in SOURCES for path in (ROOT / folder).rglob("*.py"))


def tracked() -> list[Path]:
    """Return the files under version control, or every file where git is not at hand."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        return [path for path in ROOT.rglob("*") if path.is_file() and ".git" not in path.parts]
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    files = modules() + sorted((ROOT / "tests").rglob("*.py"))
    # A rule's cases stand in its file, as many as it takes.
    texts = {path: path.read_text(encoding="utf-8").partition("\n    cases = (\n")[0] for path in files}
    lengths = {str(path.relative_to(ROOT)): len(text.splitlines()) for path, text in texts.items()}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}, "split them"


@pytest.mark.parametrize("what", FOREIGN)
def test_nothing_of_one_machine_is_committed(what: str) -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if re.search(FOREIGN[what], text):
            found.append(str(path.relative_to(ROOT)))
    assert found == [], f"these name {what}"


def public_names(tree: ast.Module) -> list[str]:
    """Return the public functions, classes and constants that a module defines at its top."""
    names: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [one.id for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return [name for name in names if not name.startswith("_")]


def declared_names(tree: ast.Module) -> set[str] | None:
    """Return what ``__all__`` lists, or None where there is none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id == "__all__" for one in node.targets
        ):
            return set(ast.literal_eval(node.value))
    return None


def test_public_modules_say_what_they_export() -> None:
    silent = []
    for path in modules():
        # Hook modules, rule files, catalogues of texts and migrations are found by name, not imported from.
        parts = path.relative_to(ROOT).parts
        if (
            parts[0] != "policycore"
            or path.name.startswith("_")
            or {"catalogue", "catalogue.py", "versions"} & set(parts)
        ):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if public_names(tree) and declared_names(tree) is None:
            silent.append("/".join(parts))
    assert silent == [], "give them __all__"


def test_every_ignored_lint_rule_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = text[text.index("[tool.ruff.lint]") :]
    for line in lint.splitlines():
        if re.match(r'\s+"[A-Z]+\d*",', line) or re.match(r'"\S+" = \[', line):
            assert "#" in line, f"no reason given: {line.strip()}"


def test_the_default_run_leaves_long_tests_out_and_strict_settings_in() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert "not long" in settings["addopts"]
    assert {"--strict-markers", "--strict-config"} <= set(settings["addopts"])
    assert settings["filterwarnings"][0] == "error"
