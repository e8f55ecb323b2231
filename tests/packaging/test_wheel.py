"""The built wheel holds what it must and nothing else, and works where nothing else of the project is."""

from __future__ import annotations

import tarfile
import zipfile
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.long  # builds the distributions

ROOT = Path(__file__).resolve().parents[2]
DATA = {".yaml", ".yml", ".txt", ".typed", ".tcss", ".json", ".csv", ".html", ".css"}


def members(wheel: Path) -> list[str]:
    """Return the paths inside the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_only_policycore_packages_reach_site_packages(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in members(wheel)}
    assert {top for top in tops if not top.startswith("policycore")} == set()
    assert not {"plugins", "tui", "rulesets", "tests", "docs", "bench"} & tops


def test_every_package_of_the_project_is_inside(wheel: Path, project: dict[str, Any]) -> None:
    tops = {name.split("/")[0] for name in members(wheel)}
    wanted = {Path(folder).name for folder in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    assert wanted <= tops
    for package in wanted:
        assert f"{package}/py.typed" in members(wheel), f"{package} ships no types: add py.typed"


def test_every_tracked_source_and_data_file_is_inside(wheel: Path, project: dict[str, Any]) -> None:
    inside = set(members(wheel))
    for folder in map(Path, project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in DATA | {".py"}:
                assert f"{folder.name}/{path.relative_to(ROOT / folder).as_posix()}" in inside


def test_nothing_but_sources_and_data_is_inside(wheel: Path) -> None:
    strange = [
        name
        for name in members(wheel)
        if ".dist-info/" not in name and not name.endswith("/") and Path(name).suffix not in DATA | {".py", ".mako"}
    ]
    strange = [name for name in strange if Path(name).name != "py.typed"]
    assert strange == []


def test_metadata_names_python_licence_and_a_readable_description(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_string(archive.read(name).decode())
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_the_source_archive_holds_what_a_build_and_the_tests_need(
    source_archive: Path, project: dict[str, Any]
) -> None:
    with tarfile.open(source_archive) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "README.zh.md", "LICENSE", "requirements/base.txt", ".ci/run"} <= names
    for folder in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert f"{folder}/__init__.py" in names
    assert any(name.startswith("tests/") for name in names)


def test_the_installed_program_runs_from_its_own_place(installed: Any, tmp_path: Path) -> None:
    where = installed.run("python", "-I", "-c", "import policycore; print(policycore.__file__)", folder=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(installed.site_packages), where.stdout + where.stderr


def test_the_installed_program_prints_its_version(installed: Any, tmp_path: Path, wheel: Path) -> None:
    printed = installed.run("policycore", "--version", folder=tmp_path)
    assert printed.returncode == 0, printed.stderr
    assert wheel.name.split("-")[1] in printed.stdout
    assert printed.stderr == ""


def test_the_installed_program_finds_all_built_in_plugins(
    installed: Any, tmp_path: Path, project: dict[str, Any]
) -> None:
    listed = installed.run("policycore", "--lang", "en", "plugin", "list", folder=tmp_path)
    assert listed.returncode == 0, listed.stdout + listed.stderr
    for name in project["project"]["entry-points"]["policycore"]:
        assert name in listed.stdout


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_demo_runs_from_an_empty_folder(installed: Any, tmp_path: Path, language: str) -> None:
    shown = installed.run("policycore", "--lang", language, "demo", folder=tmp_path)
    assert shown.returncode in (0, 1), shown.stdout + shown.stderr
    assert "Traceback" not in shown.stderr
    assert shown.stdout.strip()
