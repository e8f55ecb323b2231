"""What SQL of a rule set may take: memory, rows and time; a rule beyond it is that rule's error, by its place."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.engine.run import evaluate
from policycore.errors import UsageError
from policycore.model.verdict import Verdict
from policycore.plugin_api.rule import Case
from policycore.rulesets.load import LoadedRuleSet
from policycore.system.memory import memory_limit
from policycore.testing import estate_of

CASE = Case("two groups", given={"groups": [{"id": "g1", "name": "甲乙丙丁戊己庚辛群"}, {"id": "g2", "name": "乙群"}]})
HEAD = "rules:\n  - id: L-1\n    name: local/rule\n    message: {zh: 不对}\n    sql: "
FINE = "\n  - {id: L-2, name: local/fine, message: {zh: 不对}, sql: SELECT id AS group_id FROM groups}\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can hold a process to its memory")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id AS group_id FROM groups WHERE length(repeat(id, (10 ** length(name))::BIGINT)) > 1",
        "SELECT id AS group_id FROM groups WHERE length(lpad(id, (10 ** length(name))::INTEGER, 'x')) > 1",
        "SELECT id AS group_id FROM groups WHERE len(range((10 ** length(name))::BIGINT)) > 1",
    ],
)
def test_a_rule_that_asks_for_too_much_memory_is_an_error_alone(
    write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet], sql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYCORE_MEMORY", "256MB")
    result = evaluate(estate_of(CASE), load(write(HEAD + sql + FINE)).ruleset)
    assert sorted(finding.verdict for finding in result.findings) == [Verdict.ERROR, Verdict.FAIL, Verdict.FAIL]
    (problem,) = result.problems
    assert "POLICYCORE_MEMORY" in problem.what
    assert "a.yaml:5" in problem.what
    assert ".py" not in problem.what


def test_a_value_that_cannot_be_converted_is_told_by_the_place_of_the_rule(
    write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]
) -> None:
    sql = "SELECT id AS group_id FROM groups WHERE CASE WHEN length(name) > 3 THEN CAST(name AS INTEGER) END > 1"
    (problem,) = evaluate(estate_of(CASE), load(write(HEAD + sql + "\n")).ruleset).problems
    assert "a.yaml:5" in problem.what
    assert "甲乙" not in problem.what
    assert ".py" not in problem.what


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what a process took at most")
def test_checking_takes_no_memory_that_the_sql_asks_for(write: Callable[..., Path]) -> None:
    path = write(HEAD + "SELECT id AS group_id FROM groups WHERE len(repeat('x', 4000000000)) > length(id)\n")
    program = (
        "import re, sys; from policycore.cli.main import main; code = main(['ruleset', 'check', sys.argv[1]]);"
        # What the kernel counts for the whole process begins with what its parent had; this begins with the program.
        "print('PEAK', int(re.search(r'VmHWM:\\s+([0-9]+)', open('/proc/self/status').read())[1]) // 1024)"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, env=os.environ)
    assert "Traceback" not in ended.stderr
    assert int(ended.stdout.rpartition("PEAK ")[2]) < 800


@pytest.mark.parametrize(("written", "bytes_"), [("512MB", 512 << 20), ("4gb", 4 << 30), ("3 GB", 3 << 30), ("", None)])
def test_the_variable_says_how_much(monkeypatch: pytest.MonkeyPatch, written: str, bytes_: int | None) -> None:
    monkeypatch.setenv("POLICYCORE_MEMORY", written)
    assert memory_limit() == bytes_ if bytes_ else memory_limit() <= 2 << 30


@pytest.mark.parametrize("written", ["much", "4", "10MB", "-1GB", "4TB"])
def test_a_variable_that_says_nothing_is_a_mistake(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("POLICYCORE_MEMORY", written)
    with pytest.raises(UsageError):
        memory_limit()
