"""Read what screens show: lists, one finding with all that belongs to it, the overview."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from policycore.decisions.standing import people_called
from policycore.errors import PolicycoreError, UsageError
from policycore.model.result import ClauseResult, Finding, RunResult
from policycore.store import schema
from policycore.store.bodies import finding_from
from policycore.store.estate_view import EstateView
from policycore.store.history import FindingHistory, history_of
from policycore.store.query import (
    FindingFilter,
    FindingRow,
    count_findings,
    counts_by,
    facet_counts,
    page_of_findings,
)
from policycore.store.runs import RunSummary, find_run, list_runs, load_header, zone_of
from policycore.store.store import Store
from policycore.store.workspace import Workspace

__all__ = ["Office", "Overview", "Picture"]

_AT_ONCE = 500
"""Numbers in one statement: databases limit how many a statement may have."""
_STATEMENTS = 10
"""Above so many statements one that reads all the numbers costs less."""

Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold everything that is shown of one finding."""

    row: FindingRow
    finding: Finding
    life: FindingHistory
    ticks: Mapping[int, tuple[datetime, str]]
    siblings: tuple[FindingRow, ...]
    clauses: tuple[ClauseResult, ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Overview:
    """Hold what the first screen shows."""

    runs: tuple[RunSummary, ...]
    clauses: tuple[ClauseResult, ...]
    open_by_clause: Mapping[str, int]
    by_severity: Mapping[str, Mapping[str, int]]
    """Open findings by severity, then by verdict."""
    by_state: Mapping[str, int]
    by_department: Mapping[str, Mapping[str, int]]
    due_this_week: int
    overdue: int
    week_ends: datetime | None
    zone: ZoneInfo


def _guarded(fallback: Callable[[], object]) -> Callable[[Method], Method]:
    """Make a method tell when the store can't be read, and answer with `fallback`: a screen must not end there."""

    def around(method: Method) -> Method:
        @wraps(method)
        def read(self: Office, *arguments: Any, **named: Any) -> Any:
            try:
                return method(self, *arguments, **named)
            except PolicycoreError as error:
                self.trouble(error)
                return fallback()

        return cast("Method", read)

    return around


def _ignored(_error: PolicycoreError) -> None:
    """Tell nobody: there is no screen yet."""


def _none() -> None:
    """Return nothing."""


class Office:
    """Read the store of one workspace; every method is one consistent look at it.

    A store that can't be read is told to `trouble`, and what can't be read is empty.
    """

    def __init__(self, workspace: Workspace, store: Store) -> None:
        self.workspace = workspace
        self.store = store
        self.trouble: Callable[[PolicycoreError], None] = _ignored
        self._newest: tuple[int, RunResult] | None = None

    @_guarded(int)
    def count(self, wanted: FindingFilter) -> int:
        """Return how many findings fit."""
        with self.store.read() as connection:
            return count_findings(connection, wanted)

    @_guarded(list)
    def page(self, wanted: FindingFilter, sort: str, descending: bool, offset: int, limit: int) -> Sequence[FindingRow]:
        """Return one page of the findings that fit."""
        with self.store.read() as connection:
            return page_of_findings(connection, wanted, sort=sort, descending=descending, offset=offset, limit=limit)

    @_guarded(list)
    def numbers(self, wanted: FindingFilter) -> Sequence[int]:
        """Return the numbers of all the findings that fit."""
        with self.store.read() as connection:
            return connection.scalars(select(schema.findings.c.id).where(and_(True, *wanted.conditions()))).all()

    @_guarded(list)
    def fitting(self, wanted: FindingFilter, among: Sequence[int]) -> Sequence[int]:
        """Return those of `among` that fit."""
        if len(among) > _AT_ONCE * _STATEMENTS:
            held = set(among)
            return [number for number in self.numbers(wanted) if number in held]
        column, found = schema.findings.c.id, list[int]()
        with self.store.read() as connection:
            for start in range(0, len(among), _AT_ONCE):
                conditions = and_(column.in_(among[start : start + _AT_ONCE]), *wanted.conditions())
                found += connection.scalars(select(column).where(conditions))
        return found

    @_guarded(dict)
    def facet(self, wanted: FindingFilter, facet: str) -> Mapping[str, int]:
        """Return how many findings each value of a facet would give."""
        with self.store.read() as connection:
            return facet_counts(connection, wanted, facet)

    @_guarded(_none)
    def latest(self) -> RunSummary | None:
        """Return the newest run that is no replay."""
        with self.store.read() as connection:
            found = list_runs(connection, limit=1, replays=False)
        return found[0] if found else None

    @_guarded(int)
    def latest_number(self) -> int:
        """Return the number of the newest run, 0 when there is none; cheap enough to ask every second."""
        with self.store.read() as connection:
            return connection.scalar(select(schema.runs.c.id).order_by(schema.runs.c.id.desc()).limit(1)) or 0

    @_guarded(list)
    def runs(self) -> list[RunSummary]:
        """Return the runs, newest first."""
        with self.store.read() as connection:
            return list_runs(connection, limit=500)

    @_guarded(lambda: ZoneInfo("UTC"))
    def zone(self) -> ZoneInfo:
        """Return the zone in which dates are shown."""
        with self.store.read() as connection:
            return zone_of(connection)

    @_guarded(_none)
    def newest(self) -> RunResult | None:
        """Return what the newest run was, without its findings: clauses, rules that judged; None before the first."""
        with self.store.read() as connection:
            try:
                run = find_run(connection, "latest")
            except UsageError:
                return None
            if self._newest is None or self._newest[0] != run.id:
                self._newest = (run.id, load_header(connection, run))
        return self._newest[1]

    def clauses(self) -> tuple[ClauseResult, ...]:
        """Return the clause ledger of the newest run."""
        newest = self.newest()
        return newest.clauses if newest is not None else ()

    def judged(self) -> frozenset[str]:
        """Return the names of the rules that judged in the newest run."""
        newest = self.newest()
        return frozenset(outcome.name for outcome in newest.outcomes) if newest is not None else frozenset()

    @_guarded(list)
    def about_group(self, group: str, limit: int = 2000) -> Sequence[FindingRow]:
        """Return what was found about a group and its members and is not resolved; waived and attested as well."""
        wanted = FindingFilter(any_of={"group": (group,)}, none_of={"state": ("resolved",)}, active=None)
        with self.store.read() as connection:
            return page_of_findings(connection, wanted, limit=limit)

    @_guarded(_none)
    def picture(self, row: FindingRow) -> Picture | None:
        """Return everything that is shown of one finding."""
        clauses = self.clauses()
        ticked = schema.step_ticks.c
        same = FindingFilter(any_of={"subject": (row.subject_id,), "kind": (row.subject_kind,)}, active=None)
        with self.store.read() as connection:
            zone = zone_of(connection)
            ticks = connection.execute(
                select(ticked.position, ticked.at, ticked.author).where(ticked.finding_id == row.id)
            ).all()
            life = history_of(connection, row.id, zone)
            # What it said last, with its row where that stands now.
            finding = life.said[-1].finding if life.said else finding_from(row.body, zone)
            return Picture(
                row=row,
                finding=finding,
                life=life,
                ticks={position: (at, author) for position, at, author in ticks},
                siblings=tuple(one for one in page_of_findings(connection, same, limit=20) if one.id != row.id),
                clauses=tuple(clause for clause in clauses if clause.id in finding.clauses),
                zone=zone,
            )

    @_guarded(list)
    def findings(self, numbers: Sequence[int]) -> list[Finding]:
        """Return what findings said last, in the order of `numbers`."""
        said, bodies = schema.occurrences.c, dict[int, str]()
        with self.store.read() as connection:
            zone = zone_of(connection)
            for start in range(0, len(numbers), _AT_ONCE):
                some = schema.findings.c.id.in_(numbers[start : start + _AT_ONCE])
                joined = select(schema.findings.c.id, said.body).join_from(
                    schema.findings, schema.occurrences, said.id == schema.findings.c.occurrence_id
                )
                bodies.update((number, body) for number, body in connection.execute(joined.where(some)))
        return [finding_from(bodies[number], zone) for number in numbers if number in bodies]

    @_guarded(_none)
    def row(self, number: int) -> FindingRow | None:
        """Return the line of one finding, settled or not."""
        with self.store.read() as connection:
            subject = connection.execute(
                select(schema.findings.c.subject_id, schema.findings.c.rule).where(schema.findings.c.id == number)
            ).one_or_none()
            if subject is None:
                return None
            wanted = FindingFilter(any_of={"subject": (subject.subject_id,), "rule": (subject.rule,)}, active=None)
            return next((row for row in page_of_findings(connection, wanted, limit=1000) if row.id == number), None)

    def estate_view(self) -> EstateView | None:
        """Return the snapshot of the newest run; None before the first run, DataError when it is gone."""
        run = self.latest()
        return EstateView.of_run(self.workspace, run.snapshot, run.as_of) if run else None

    def knows_person(self, text: str) -> bool:
        """Return whether the directory has somebody of that id or name; True where there is no directory to ask."""
        try:
            view = self.estate_view()
        except PolicycoreError:
            view = None
        people = view.snapshot.tables.get("people") if view is not None else None
        if view is None or people is None or not {"id", "name"} <= set(people.columns):
            return True
        return bool(people_called(view.snapshot, text))

    def masked_text(self, finding: Finding) -> str:
        """Return the text that a finding keeps from view; the audit entry was left before."""
        view = self.estate_view()
        facts, subject = finding.facts, finding.subject
        if view is None:
            return ""
        attachment = facts.get("attachment_id")
        name = str(attachment) if attachment else None
        return view.masked_text(str(facts.get("field", "")), subject.id, subject.group_id, name)

    @_guarded(_none)
    def overview(self) -> Overview | None:
        """Return what the first screen shows; the week is the one after the newest run's as-of time."""
        clauses = self.clauses()
        everything = FindingFilter()
        with self.store.read() as connection:
            runs = list_runs(connection, limit=12)
            newest = next((run for run in runs if not run.replay), None)
            week_ends = newest.as_of + timedelta(days=7) if newest else None
            departments: dict[str, dict[str, int]] = {}
            for severity in ("error", "warning", "info"):
                counted = counts_by(connection, FindingFilter(any_of={"severity": (severity,)}), "department")
                for department, count in counted.items():
                    departments.setdefault(department, {})[severity] = count
            overdue = count_findings(connection, FindingFilter(due_before=newest.as_of)) if newest else 0
            due = count_findings(connection, FindingFilter(due_before=week_ends)) if newest else 0
            return Overview(
                runs=tuple(runs),
                clauses=clauses,
                open_by_clause=counts_by(connection, everything, "clause"),
                by_severity={
                    severity: counts_by(connection, FindingFilter(any_of={"severity": (severity,)}), "verdict")
                    for severity in ("error", "warning", "info")
                },
                by_state=counts_by(connection, FindingFilter(active=None), "state"),
                by_department=departments,
                due_this_week=due - overdue,
                overdue=overdue,
                week_ends=week_ends,
                zone=zone_of(connection),
            )
