"""What a program gets from `policycore.check` is what the command line prints."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import policycore
from policycore.cli.main import main
from policycore.errors import DataError, ExitCode, LockedError, RuleSetError, UsageError
from policycore.store.workspace import init_workspace

RULESET = """\
policycore: 1
ruleset: three-rules
title: {zh: 三条规则, en: Three rules}
document: {title: 通知, clauses: [{id: 一-1, text: 群主在职}]}
rules:
  - {use: ownership/owner-present, clause: [一-1]}
  - {use: ownership/owner-in-post, clause: [一-1]}
  - {use: dormancy/quiet, clause: [一-1]}
"""


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's estate, imported; the tables that it is made of lie beside it."""
    from policycore.demo.folder import write_demo

    folder = tmp_path_factory.mktemp("program") / "demo"
    write_demo(folder, seed=2024, groups=81)
    return policycore.import_estate(folder / "estate", folder / "snapshot").folder


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the path of a rule set of three rules, for what hangs on no rule."""
    file = tmp_path_factory.mktemp("ruleset") / "three-rules.yaml"
    file.write_text(RULESET, encoding="utf-8")
    return str(file)


def test_a_program_gets_the_bytes_that_the_command_writes(estate: Path, few: str, tmp_path: Path) -> None:
    outcome = policycore.check(estate, ruleset=few)
    assert outcome.findings
    for name in ("json", "html", "md", "csv", "sarif", "junit"):
        file = tmp_path / name
        options = ["--estate", str(estate), "--ruleset", few, "--format", name, "--output", str(file), "--no-store"]
        assert outcome.exit_code == main(["--lang", "en", "check", *options])
        assert outcome.report(name, "en") == file.read_bytes(), name


def test_a_program_may_load_and_open_once_and_check_often(estate: Path, few: str, tmp_path: Path) -> None:
    ruleset = policycore.load_ruleset(few)
    written = policycore.import_estate(estate.with_name("estate"), tmp_path / "snapshot")
    with policycore.open_estate(tmp_path / "snapshot") as snapshot:
        assert snapshot.id == written.id
        first = policycore.check(snapshot, ruleset)
        again = policycore.check(snapshot, ruleset, fail_on="info")
        later = policycore.check(snapshot, ruleset, as_of="2024-06-01")
    assert first.result.findings
    assert first.result.findings == again.result.findings == policycore.check(estate.with_name("estate"), few).findings
    assert later.result.as_of.isoformat() == "2024-06-01T23:59:59.999999+08:00"


def test_without_a_workspace_nothing_is_kept(
    estate: Path, few: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = init_workspace(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert policycore.check(estate, few).run is None
    assert policycore.check(estate, few, workspace=tmp_path).run == 1
    assert policycore.check(estate, few, workspace=workspace, record=False).run is None
    assert policycore.check(estate, few, workspace=workspace).run == 2


def test_what_happens_is_told_in_order(estate: Path, few: str) -> None:
    told: list[object] = []
    outcome = policycore.check(estate, few, tell=told.append)
    names = [type(event).__name__ for event in told]
    rules = len(outcome.result.outcomes)
    assert names == ["CheckStarted", "EstateOpened", *["RuleStarted", "RuleJudged"] * rules]


def test_who_listens_can_end_a_check_and_nothing_is_recorded(estate: Path, few: str, tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path)

    def stop(event: object) -> None:
        if type(event).__name__ == "RuleJudged":
            raise LockedError

    with pytest.raises(LockedError):
        policycore.check(estate, few, workspace=workspace, tell=stop)
    assert policycore.check(estate, few, workspace=workspace).run == 1


def test_a_signal_cuts_a_check(estate: Path, few: str) -> None:
    def stop(event: object) -> None:
        if type(event).__name__ == "RuleJudged":
            raise KeyboardInterrupt

    outcome = policycore.check(estate, few, tell=stop)
    assert outcome.exit_code == ExitCode.INTERRUPTED
    assert outcome.result.cut
    assert len(outcome.result.outcomes) == 1


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda estate, few: policycore.check(estate / "nowhere", few), DataError),
        (lambda estate, _: policycore.check(estate, "no-such-set"), RuleSetError),
        (lambda estate, few: policycore.check(estate, few, as_of="soon"), UsageError),
        (lambda estate, few: policycore.check(estate, few, workspace=estate), UsageError),
        (lambda estate, few: policycore.check(estate, few).report("nothing"), UsageError),
        (lambda estate, _: policycore.import_estate(estate, estate / "x", timezone="Mars/Base"), UsageError),
        (lambda *_: policycore.load_ruleset("no-such-set"), RuleSetError),
    ],
)
def test_mistakes_are_errors_with_every_problem(
    estate: Path, few: str, call: Callable[[Path, str], object], error: type
) -> None:
    with pytest.raises(error) as caught:
        call(estate, few)
    assert caught.value.problems[0].what  # type: ignore[attr-defined]


def test_the_functions_are_imported_when_they_are_called() -> None:
    code = (
        "import policycore, sys; print([n for n in ('pydantic', 'duckdb', 'click', 'pluggy') if n in sys.modules]);"
        "policycore.check; print('click' in sys.modules, 'textual' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\nFalse False\n"
