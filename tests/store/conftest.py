"""Results built by hand and stores on every database that is there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from policycore.engine.findings import fingerprint
from policycore.language import Text
from policycore.model.result import ClauseResult, Finding, RemediationStep, RuleOutcome, RunResult, Source, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict
from policycore.store.store import Store

AS_OF = datetime(2024, 4, 15, tzinfo=UTC)


def make_finding(
    rule: str = "OWN001",
    subject: str = "g1",
    *,
    verdict: Verdict = Verdict.FAIL,
    severity: Severity = Severity.ERROR,
    facts: dict[str, object] | None = None,
    department: str = "教务处",
    kind: Subject = Subject.GROUP,
    name: str = "",
    group: str | None = None,
    clauses: tuple[str, ...] = ("一(一)-3",),
    enforcement: Enforcement = Enforcement.MANDATORY,
    due: datetime | None = None,
) -> Finding:
    """Return a finding with the identity the engine would give it."""
    digest = fingerprint(rule, kind, subject, {})
    group_id = group or (subject.partition("/")[0] if kind in (Subject.GROUP, Subject.MEMBERSHIP) else None)
    return Finding(
        id=f"{rule}-{digest[:12]}",
        rule=rule,
        name=f"ownership/{rule.lower()}",
        title=Text("群主在职", "Owner in post"),
        clauses=clauses,
        verdict=verdict,
        severity=severity,
        enforcement=enforcement,
        subject=SubjectRef(
            kind,
            subject,
            name or f"工作群{subject}",
            group_id,
            group_id,
            "d-" + department,
            department,
            "wechat",
            "p9",
            "王五",
        ),
        message=Text(f"{subject}的群主已退休", f"owner of {subject} has retired"),
        facts={"owner": "张三"} if facts is None else facts,
        remediation=(RemediationStep("department", None, Text("更换群主", "appoint another owner"), due),),
        fingerprint=digest,
        source=Source("groups.csv", 3),
    )


def make_result(
    *findings: Finding,
    as_of: datetime = AS_OF,
    rules: tuple[str, ...] = ("OWN001", "OWN002"),
    ruleset: str = "demo",
    passes: int = 5,
    snapshot: str = "00ff00ff00ff00ff",
) -> RunResult:
    """Return a run over `findings`; every rule in `rules` was judged."""
    outcomes = []
    for rule in rules:
        counts = {Verdict.PASS: passes}
        for finding in findings:
            if finding.rule == rule:
                counts[finding.verdict] = counts.get(finding.verdict, 0) + 1
        outcomes.append(RuleOutcome(rule, f"ownership/{rule.lower()}", ("一(一)-3",), counts, 0.25, 3))
    return RunResult(
        ruleset=ruleset,
        ruleset_title=Text("示例", "Demo"),
        ruleset_hash="ab" * 32,
        snapshot=snapshot,
        as_of=as_of,
        timezone="Asia/Shanghai",
        engine_version="0.1.0",
        findings=tuple(sorted(findings, key=lambda item: (item.rule, item.subject.id, item.fingerprint))),
        outcomes=tuple(outcomes),
        clauses=(ClauseResult("一(一)-3", "群主为直接责任人", "一(一)", ("ownership/own001",), 0, {Verdict.FAIL: 1}),),
        counts={"groups": 5},
    )


@dataclass(frozen=True)
class Days:
    """Count whole days from the first as-of time."""

    first: datetime = AS_OF

    def __call__(self, number: int) -> datetime:
        return self.first + timedelta(days=number)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a real PostgreSQL on a loopback port and give its URL; skip where it is not installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL is not installed (no initdb under /usr/lib/postgresql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    yield from _server(programs[-1].parent)


def _server(programs: Path) -> Iterator[str]:
    """Run a server in a folder of its own, as an unprivileged account when started by root."""
    import socket
    import tempfile

    as_account: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="policycore-pg-"))
    if os.geteuid() == 0:
        # The server refuses to run as root; Debian's package brings this account.
        shutil.chown(folder, "postgres", "postgres")
        as_account = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        done = subprocess.run(
            [*as_account, *command], cwd=folder, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            pytest.skip(f"PostgreSQL did not start: {done.stdout[-500:]} {done.stderr[-500:]}")

    data = str(folder / "data")
    try:
        run(
            str(programs / "initdb"),
            "-D",
            data,
            "-U",
            "policycore",
            "--auth=trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        run(str(programs / "pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield f"postgresql://policycore@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [*as_account, str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop"],
            cwd=folder,
            capture_output=True,
            timeout=60,
            check=False,
        )
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def fresh_database(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Give the means to make empty stores on PostgreSQL, each in a schema of its own, dropped after the test."""
    import uuid

    import psycopg

    server = request.getfixturevalue("postgresql")
    made: list[str] = []

    def make() -> str:
        made.append(f"t{uuid.uuid4().hex[:12]}")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {made[-1]}")
        return f"{server}?options=-csearch_path%3D{made[-1]}"

    yield make
    with psycopg.connect(server, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give an empty store, once on each database."""
    if request.param == "sqlite":
        address = str(tmp_path / "store.sqlite3")
    else:
        address = request.getfixturevalue("fresh_database")()
    with Store(address) as opened:
        yield opened


@pytest.fixture
def build() -> type[Build]:
    """Give the builders to tests."""
    return Build


class Build:
    """Collect the builders, so that tests need no import from this file."""

    finding = staticmethod(make_finding)
    result = staticmethod(make_result)
    day = Days()
    replace = staticmethod(replace)
