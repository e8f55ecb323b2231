"""What is imported is declared, what is declared is imported and pinned, and no address is needed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bench.licences import licence_lines, locked

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements"
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
    always, sometimes = (
        set(declared(project)),
        set(declared(project, "bench", "cluster", "files", "notify", "ocr", "postgresql")),
    )
    undeclared = {
        f"{path} imports {module}"
        for module, path, late in imported("policycore", "plugins", "rulesets", "tui")
        if not distributions_of(module) & (sometimes if late else always)
    }
    assert undeclared == set(), "declare them in pyproject.toml, then write the lock again with .ci/pin"


def test_everything_the_tests_import_is_declared(project: dict[str, Any]) -> None:
    local = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"our_rules", "bench", "tests"}
    allowed = set(declared(project, "test"))
    undeclared = {
        f"{path} imports {module}"
        for module, path, _ in imported("tests")
        if module not in local and not distributions_of(module) & allowed
    }
    assert undeclared == set(), "declare them in the extra [test], then write the lock again with .ci/pin"


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


def entries(name: str) -> list[str]:
    """Return the entries of one file of the lock, each with its hashes."""
    return re.findall(r"^[a-z0-9].*\n(?:    .*\n)*", (LOCK / f"{name}.txt").read_text(encoding="utf-8"), re.MULTILINE)


def test_what_is_declared_is_locked_within_its_range(project: dict[str, Any]) -> None:
    """Asks files only: what a registry serves or somebody installed changes nothing of what was tested."""
    extras = project["project"]["optional-dependencies"]
    assert {file.stem for file in LOCK.iterdir()} == {"base", *extras}
    versions = locked(LOCK)
    for extra in ("base", *extras):
        wanted = list(declared(project).values()) + [Requirement(one) for one in project["build-system"]["requires"]]
        wanted += [Requirement(one) for one in extras.get(extra, ())]
        text = "".join(entries("base") + entries(extra))
        for one in wanted:
            name = canonicalize_name(one.name)
            assert f"\n{name}=={versions[name]} " in f"\n{text}", f"{extra}: {one.name}: write the lock with .ci/pin"
            assert one.specifier.contains(Version(versions[name]), prereleases=True), f"{name} breaks {one}"


def test_the_lock_holds_versions_and_hashes_and_no_address() -> None:
    versions: dict[str, str] = {}
    for file in LOCK.iterdir():
        head = "# Written by .ci/pin.\n--require-hashes\n" + "-r base.txt\n" * (file.stem != "base")
        whole = entries(file.stem)
        assert file.read_text(encoding="utf-8") == head + "".join(whole)
        for entry in whole:
            assert re.fullmatch(r"[a-z0-9-]+==\S+( ; .+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n", entry), entry[:80]
            name, version = entry.split()[0].split("==")
            assert versions.setdefault(name, version) == version, f"two versions of {name} were not tested"
    for path in ("pyproject.toml", ".ci/run", ".ci/pin", ".ci/wheels", "Containerfile", "docs/installation.md"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not re.search(r"index[-_]url|trusted[-_]host|https?://|file://| @ ", text, re.IGNORECASE), path


def test_a_file_that_is_not_the_locked_one_is_refused(tmp_path: Path) -> None:
    """The name and the version of a locked package, other bytes: what a taken registry or a proxy would serve."""
    (entry,) = (one for one in entries("test") if one.startswith("iniconfig=="))
    version = entry.split()[0].partition("==")[2]
    wheel = tmp_path / f"iniconfig-{version}-py3-none-any.whl"
    about = f"iniconfig-{version}.dist-info"
    with ZipFile(wheel, "w") as archive:
        archive.writestr("iniconfig.py", "raise SystemExit('not what was tested')\n")
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: iniconfig\nVersion: {version}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    own = sha256(wheel.read_bytes()).hexdigest()
    for hashes, refused in ((entry.partition("\\\n")[2], True), (f"--hash=sha256:{own}\n", False)):
        lock = tmp_path / "lock.txt"
        lock.write_text(f"--require-hashes\n{wheel.as_posix()} {hashes.strip()}\n", encoding="utf-8")
        ran = subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--isolated",
                "--no-deps",
                "-r",
                lock,
                "--target",
                tmp_path / "installed",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode != 0) is refused, ran.stderr
        assert ("DO NOT MATCH THE HASHES" in ran.stderr) is refused, ran.stderr
        assert (tmp_path / "installed" / "iniconfig.py").exists() is not refused
    folder = tmp_path / "carried"
    folder.mkdir()
    wheel.rename(folder / wheel.name)
    ran = subprocess.run([sys.executable, ROOT / ".ci" / "wheels", folder], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert wheel.name in ran.stderr
    assert not (folder / "requirements.txt").exists()


def test_every_licence_is_known_and_copyleft_stays_in_extras(project: dict[str, Any]) -> None:
    said = dict(line.split(None, 2)[::2] for line in licence_lines(LOCK))
    assert said.keys() == locked(LOCK).keys()
    assert [name for name, licence in said.items() if licence == "none declared"] == []
    assert {name for name, licence in said.items() if "GPL" in licence} <= {"psycopg", "psycopg-binary"}
    assert not {canonicalize_name(Requirement(one).name) for one in project["project"]["dependencies"]} & {"psycopg"}
