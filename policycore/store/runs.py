"""Read runs back: the list of them, one of them whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, and_, func, or_, select

from policycore.errors import Problem, UsageError
from policycore.model.result import Finding, RunResult
from policycore.store import schema
from policycore.store.bodies import finding_from, run_from
from policycore.store.gaps import gaps_of_run
from policycore.store.row_positions import RowPositions
from policycore.text.clean import clean

__all__ = [
    "CutShort",
    "RunSummary",
    "cut_short",
    "find_run",
    "list_runs",
    "load_header",
    "load_run",
    "run_findings",
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


def run_bodies(run: RunSummary) -> Select[Any]:
    """Return the query for what each finding of `run` said, and the number of the finding."""
    said, finding = schema.occurrences, schema.findings
    if run.replay:
        return select(said.c.body, said.c.finding_id).where(said.c.replay.is_(True), said.c.first_run == run.id)
    in_run = and_(
        said.c.replay.is_(False),
        said.c.first_run <= run.id,
        or_(said.c.last_run.is_(None), said.c.last_run >= run.id),
    )
    return (
        select(said.c.body, said.c.finding_id)
        .join_from(said, finding, finding.c.id == said.c.finding_id)
        .where(finding.c.ruleset == run.ruleset, in_run)
    )


def run_findings(connection: Connection, run: RunSummary) -> Iterator[Finding]:
    """Yield the findings of one run, in no order."""
    timezone = ZoneInfo(load_header(connection, run).timezone)
    places = RowPositions(connection)
    for body, number in connection.execution_options(yield_per=5000).execute(run_bodies(run)):
        yield finding_from(body if number is None else places.placed(body, number, run.id), timezone, run.as_of)


def load_run(connection: Connection, run: RunSummary) -> RunResult:
    """Return the whole result of one run as it was when it was recorded."""
    found = sorted(run_findings(connection, run), key=lambda item: (item.rule, item.subject.id, item.fingerprint))
    return replace(load_header(connection, run), findings=tuple(found), gaps=gaps_of_run(connection, run.id))


def load_header(connection: Connection, run: RunSummary) -> RunResult:
    """Return one run without its findings and gaps."""
    body = connection.scalar(select(schema.run_bodies.c.body).where(schema.run_bodies.c.run_id == run.id))
    return run_from(body or "", ())
