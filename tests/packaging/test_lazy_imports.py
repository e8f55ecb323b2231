"""Starting costs nothing that is not needed: what a command loads is seen from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"pydantic", "duckdb", "pyarrow", "numpy", "textual", "openpyxl", "sqlalchemy", "ruamel", "rapidfuzz"}
PROGRAM = """
import atexit, json, sys
atexit.register(lambda: sys.stderr.write("\\n" + json.dumps(sorted(sys.modules))))
{code}
"""


def command(*arguments: str) -> str:
    """Return the code that runs one command line as the installed program does."""
    return f"sys.argv = ['policycore', *{list(arguments)!r}]; from policycore.cli.main import run; run()"


def loaded(code: str, folder: Path, stops: int = 0) -> set[str]:
    """Return the top-level names that a fresh interpreter has loaded after `code`, which ends with `stops`."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(code=code)],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=120,
        check=False,
    )
    assert ran.returncode == stops, ran.stderr[-2000:]
    return {name.partition(".")[0] for name in json.loads(ran.stderr.splitlines()[-1])}


@pytest.mark.parametrize(
    "code",
    [
        "import policycore",
        "import policycore.errors, policycore.language",
        "import policycore.plugin_api.hookspecs",
        command("--version"),
    ],
)
def test_the_start_loads_nothing_heavy_and_no_plugin(code: str, tmp_path: Path) -> None:
    names = loaded(code, tmp_path)
    assert names & HEAVY == set()
    assert {name for name in names if name.startswith("policycore_")} == set()


@pytest.mark.parametrize(
    "code", ["import policycore_ownership, policycore_admission, policycore_dormancy", command("--help")]
)
def test_finding_the_plugins_loads_no_rule(code: str, tmp_path: Path) -> None:
    assert loaded(code, tmp_path) & HEAVY == set()


def test_a_headless_check_never_loads_the_terminal_interface(tmp_path: Path) -> None:
    (tmp_path / "estate").mkdir()
    (tmp_path / "estate" / "groups.csv").write_text("id,name,owner_id\ng1,教务处工作群,\n", encoding="utf-8")
    arguments = ["check", "--ruleset", "work-groups-base", "--estate", "estate", "--output", "report.txt", "--no-store"]
    names = loaded(command(*arguments), tmp_path, stops=1)
    assert "duckdb" in names
    assert "textual" not in names
    assert "sqlalchemy" not in names, "no workspace, no database"
    assert "教务处工作群" in (tmp_path / "report.txt").read_text(encoding="utf-8")


def test_commands_that_ask_every_plugin_do_not_load_it_either(tmp_path: Path) -> None:
    lines = [["rules"], ["plugin", "list"], ["doctor"]]
    code = f"from policycore.cli.main import main; assert [main(words) for words in {lines}] == [0, 0, 0]"
    assert "textual" not in loaded(code, tmp_path)
