"""Starting costs nothing that is not needed: what a command loads is seen from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"pydantic", "duckdb", "pyarrow", "numpy", "textual", "openpyxl", "sqlalchemy", "ruamel", "rapidfuzz"}
PROGRAM = """
import json, sys
try:
    {code}
except SystemExit as stop:
    assert not stop.code, stop.code
finally:
    sys.stderr.write(json.dumps(sorted(sys.modules)))
"""


def loaded(code: str, folder: Path) -> set[str]:
    """Return the top-level names that a fresh interpreter has loaded after `code`."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(code=code)],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return {name.partition(".")[0] for name in json.loads(ran.stderr.splitlines()[-1])}


@pytest.mark.parametrize(
    "code",
    [
        "import policycore",
        "import policycore.errors, policycore.language",
        "import policycore.hookspecs",
        "sys.argv = ['policycore', '--version']; from policycore.cli.main import run; run()",
        "sys.argv = ['policycore', '--help']; from policycore.cli.main import run; run()",
    ],
)
def test_the_start_loads_nothing_heavy_and_no_plugin(code: str, tmp_path: Path) -> None:
    names = loaded(code, tmp_path)
    assert names & HEAVY == set()
    assert {name for name in names if name.startswith("policycore_")} == set()


def test_importing_a_built_in_plugin_loads_no_rule(tmp_path: Path) -> None:
    names = loaded("import policycore_ownership, policycore_admission, policycore_dormancy", tmp_path)
    assert names & HEAVY == set()


def test_a_headless_check_never_loads_the_terminal_interface(tmp_path: Path) -> None:
    names = loaded("sys.argv = ['policycore', 'rules']; from policycore.cli.main import run; run()", tmp_path)
    assert "textual" not in names
