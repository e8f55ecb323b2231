"""Read runs back: the list of them, one of them whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, func, or_, select

from policycore.errors import DataError, Problem, UsageError
from policycore.model.findings import Findings
from policycore.model.result import Kind, RunResult
from policycore.model.verdict import VIOLATIONS, Severity, Verdict
from policycore.store import schema
from policycore.store.kept.found_files import read_beside, read_rows
from policycore.store.kept.gaps import gaps_of_run
from policycore.store.kept.seal import require_sealed
from policycore.text.clean import clean

__all__ = [
    "CutShort",
    "RunSummary",
    "cut_short",
    "find_run",
    "list_runs",
    "load_header",
    "load_run",
    "run_body",
    "run_findings",
    "run_row",
    "zone_of",
]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One line of the history: what was checked, when, and what came out."""

    id: int
    ruleset: str
    ruleset_hash: str
    snapshot: str
    decisions_hash: str
    engine_version: str
    as_of: datetime
    timezone: str
    recorded_at: datetime
    replay: bool
    """Whether it changed no state; see `policycore.store.record.record`."""
    cut: bool
    """Whether it was cut short by its budget or a signal; then it is a replay as well."""
    previous: int | None
    seconds: float
    complete: bool
    passes: int
    errors: int
    warnings: int
    infos: int
    unknowns: int
    needs_attestation: int
    attested: int
    waived: int
    broken: int
    new: int
    reopened: int
    resolved: int
    lost: int

    def local(self, moment: datetime) -> datetime:
        """Return `moment` in the zone of the estate that was checked."""
        return moment.astimezone(ZoneInfo(self.timezone))


_columns = [schema.runs.c[field.name] for field in fields(RunSummary)]


def list_runs(
    connection: Connection, *, ruleset: str | None = None, limit: int | None = None, replays: bool = True
) -> list[RunSummary]:
    """Return the runs, newest first."""
    query = select(*_columns).order_by(schema.runs.c.id.desc())
    if ruleset is not None:
        query = query.where(schema.runs.c.ruleset == ruleset)
    if not replays:
        query = query.where(schema.runs.c.replay.is_(False))
    if limit is not None:
        query = query.limit(limit)
    return [RunSummary(*row) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class CutShort:
    """A rule set whose newest run was `cut` short; its findings stand as run `shown` left them, None without one."""

    cut: RunSummary
    shown: RunSummary | None

    def days(self, now: datetime) -> int:
        """Return how many whole days old the state is that is shown."""
        return 0 if self.shown is None else max(0, (now - self.shown.recorded_at).days)


def cut_short(connection: Connection) -> list[CutShort]:
    """Return the rule sets whose newest run was cut short, by name: every list and screen of findings says so."""
    runs = schema.runs.c
    newest = select(func.max(runs.id)).where(or_(runs.cut, runs.replay.is_(False))).group_by(runs.ruleset)
    query = select(*_columns).where(runs.id.in_(newest), runs.cut).order_by(runs.ruleset)
    found = [RunSummary(*row) for row in connection.execute(query)]
    return [
        CutShort(run, next(iter(list_runs(connection, ruleset=run.ruleset, limit=1, replays=False)), None))
        for run in found
    ]


def zone_of(connection: Connection) -> ZoneInfo:
    """Return the zone of the newest run, in which dates are shown."""
    name = connection.scalar(select(schema.runs.c.timezone).order_by(schema.runs.c.id.desc()).limit(1))
    return ZoneInfo(name or "UTC")


def find_run(connection: Connection, name: str, *, replays: bool = False) -> RunSummary:
    """Return the run that `name` means: a number, ``latest`` or ``previous``.

    The latest is the newest run that moved states; with `replays` it is the newest one, whatever it is.

    Raises UsageError when there is no such run.
    """
    runs = schema.runs.c
    query = select(*_columns)
    if name == "latest":
        query = query.order_by(runs.id.desc())
        query = query if replays else query.where(runs.replay.is_(False))
    elif name == "previous":
        latest = list_runs(connection, limit=1, replays=False)
        if latest and latest[0].previous is None:
            raise UsageError(
                Problem.of("store.no-previous", run=latest[0].id, ruleset=clean(latest[0].ruleset, limit=80))
            )
        query = query.where(runs.id == (latest[0].previous if latest else None))
    elif name.isascii() and name.isdigit() and len(name) < 10:
        query = query.where(runs.id == int(name))
    else:
        raise UsageError(Problem.of("store.no-run", name=name[:40]))
    row = connection.execute(query.limit(1)).one_or_none()
    if row is None:
        raise UsageError(Problem.of("store.no-run", name=name[:40]))
    return RunSummary(*row)


def run_findings(connection: Connection, run: RunSummary, rules: Collection[str] | None = None) -> Findings:
    """Return the findings of one run, or the columns of some of its `rules`, as it found them.

    They become objects when somebody reads them.
    """
    kept, zone = schema.run_files.c, ZoneInfo(run.timezone)
    query = select(kept.texts, kept.file).where(kept.run_id == run.id).order_by(kept.rule)
    if rules is not None:
        query = query.where(kept.rule.in_(rules))
    rows = [read_rows(connection, texts, file) for texts, file in connection.execute(query).all()]
    digest = connection.scalar(select(schema.run_bodies.c.beside).where(schema.run_bodies.c.run_id == run.id))
    beside = read_beside(connection, digest or "", zone)
    return Findings(tuple(rows), beside.loose, run.local(run.as_of), run.timezone, beside.decisions)


def load_run(connection: Connection, run: RunSummary) -> RunResult:
    """Return the whole result of one run as it was when it was recorded; DataError where it was altered since."""
    require_sealed(connection, run.id)
    header = load_header(connection, run)
    return replace(header, findings=run_findings(connection, run), gaps=gaps_of_run(connection, run.id))


def load_header(connection: Connection, run: RunSummary) -> RunResult:
    """Return one run without its findings and gaps."""
    body = connection.scalar(select(schema.run_bodies.c.body).where(schema.run_bodies.c.run_id == run.id))
    if body is None:
        raise DataError(Problem.of("store.let-go", run=run.id))
    return run_from(body)


def run_body(result: RunResult) -> str:
    """Return everything `result` says but its findings as JSON."""
    plain = msgspec.to_builtins(replace(result, findings=()))
    body = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    try:
        body.encode()
    except UnicodeEncodeError:
        # Half a character, as a file's name may hold.
        return json.dumps(plain, separators=(",", ":"))
    return body


def run_from(body: str) -> RunResult:
    """Return the run that was written as `body`, without findings."""
    result = msgspec.convert(json.loads(body), RunResult)
    return replace(result, findings=(), as_of=result.as_of.astimezone(ZoneInfo(result.timezone)))


def run_row(result: RunResult, kinds: Mapping[Kind, int]) -> dict[str, Any]:
    """Return the summary columns that follow from the result alone.

    Severities count violations; what is unknown, waived or asked for is counted beside them, so that a gap in the
    data never looks like a violation or like none.
    """
    verdicts: Counter[Verdict] = Counter()
    severities: Counter[Severity] = Counter()
    for kind, count in kinds.items():
        verdicts[kind.verdict] += count
        severities[kind.severity] += count if kind.verdict in VIOLATIONS else 0
    return {
        "ruleset": result.ruleset,
        "ruleset_hash": result.ruleset_hash,
        "snapshot": result.snapshot,
        "decisions_hash": result.decisions_hash,
        "engine_version": result.engine_version,
        "as_of": result.as_of,
        "timezone": result.timezone,
        "passes": sum(outcome.verdicts.get(Verdict.PASS, 0) for outcome in result.outcomes),
        "errors": severities[Severity.ERROR],
        "warnings": severities[Severity.WARNING],
        "infos": severities[Severity.INFO],
        "unknowns": sum(gap.count for gap in result.gaps),
        "needs_attestation": verdicts[Verdict.NEEDS_ATTESTATION],
        "attested": verdicts[Verdict.ATTESTED],
        "waived": verdicts[Verdict.WAIVED],
        "broken": verdicts[Verdict.ERROR],
    }
