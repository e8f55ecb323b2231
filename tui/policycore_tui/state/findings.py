"""Read what screens show: lists, one finding with all that belongs to it, the overview."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, select

from policycore.decisions.standing import people_called
from policycore.errors import PolicycoreError, UsageError
from policycore.model.gap import Gap
from policycore.model.result import ClauseResult, Finding, RunResult
from policycore.model.verdict import Subject
from policycore.operations.around import messages_around
from policycore.operations.report import filtered_result
from policycore.operations.review import said_precise
from policycore.reports.summary import urgency
from policycore.store import schema
from policycore.store.alike import count_lines, numbers_alike, page_of_lines
from policycore.store.diff import RunDiff, compare_runs
from policycore.store.estate_view import EstateView, MessageLine
from policycore.store.kept.gaps import gaps_of_run
from policycore.store.kept.runs import CutShort, RunSummary, cut_short, find_run, list_runs, load_header, zone_of
from policycore.store.lives.history import FindingHistory, find_finding, history_of
from policycore.store.lives.last_words import last_words
from policycore.store.lives.life_cycle import State
from policycore.store.lives.reviews import open_reviews, precision
from policycore.store.query import (
    FindingFilter,
    FindingRow,
    count_findings,
    counts_by,
    facet_counts,
    page_of_findings,
)
from policycore.store.store import Store
from policycore.store.typed_filter import known_values
from policycore.store.verify import require_list
from policycore.store.work import PlannedStep, work_plan
from policycore.store.workspace import Workspace
from policycore_tui.state.gaps import gaps_hiding
from policycore_tui.state.overview import Overview, overview_of

__all__ = ["FindingDetail", "FindingsRepository"]

_AT_ONCE = 500
"""Numbers in one statement: databases limit how many a statement may have."""
_STATEMENTS = 10
"""Above so many statements one that reads all the numbers costs less."""

Read = TypeVar("Read")
Given = ParamSpec("Given")


@dataclass(frozen=True, slots=True)
class FindingDetail:
    """Everything that is shown of one finding."""

    row: FindingRow
    finding: Finding
    life: FindingHistory
    ticks: Mapping[int, tuple[datetime, str]]
    siblings: tuple[FindingRow, ...]
    clauses: tuple[ClauseResult, ...]
    zone: ZoneInfo
    hidden_by: tuple[Gap, ...] = ()
    """The gaps for which it can't be judged now."""
    around: tuple[MessageLine, ...] = ()
    """A message with those before and after it, once they were read; '' is the text of one that is kept from view."""


def _reading(
    fallback: Callable[[], object],
) -> Callable[
    [Callable[Concatenate[FindingsRepository, Connection, Given], Read]],
    Callable[Concatenate[FindingsRepository, Given], Read],
]:
    """Make a method one consistent look at the store; one that can't be read is told, and the answer is `fallback`."""

    def around(
        method: Callable[Concatenate[FindingsRepository, Connection, Given], Read],
    ) -> Callable[Concatenate[FindingsRepository, Given], Read]:
        def read(self: FindingsRepository, /, *arguments: Given.args, **named: Given.kwargs) -> Read:
            try:
                with self.store.read() as connection:
                    return method(self, connection, *arguments, **named)
            except PolicycoreError as error:
                self.trouble(error)
                return cast("Read", fallback())

        return read

    return around


class FindingsRepository:
    """What the store of one workspace says; every method is one consistent look at it.

    A store that can't be read is told to `trouble`, and what can't be read is empty: a screen must not end there.
    """

    def __init__(self, workspace: Workspace, store: Store) -> None:
        self.workspace = workspace
        self.store = store
        self.trouble: Callable[[PolicycoreError], object] = lambda _error: None
        self._newest: tuple[int, RunResult] | None = None

    @_reading(int)
    def count(self, connection: Connection, wanted: FindingFilter) -> int:
        """Return how many findings fit."""
        return count_findings(connection, wanted)

    @_reading(list)
    def page(
        self, connection: Connection, wanted: FindingFilter, sort: str, descending: bool, offset: int, limit: int
    ) -> list[FindingRow]:
        """Return one page of the findings that fit."""
        return page_of_findings(connection, wanted, sort=sort, descending=descending, offset=offset, limit=limit)

    @_reading(int)
    def count_lines(self, connection: Connection, wanted: FindingFilter, opened: Collection[int]) -> int:
        """Return how many lines the findings make that fit, those that are alike folded into one."""
        return count_lines(connection, wanted, opened)

    @_reading(list)
    def page_of_lines(
        self,
        connection: Connection,
        wanted: FindingFilter,
        opened: Collection[int],
        sort: str,
        descending: bool,
        offset: int,
        limit: int,
    ) -> list[FindingRow]:
        """Return one page of those lines."""
        return page_of_lines(connection, wanted, opened, sort=sort, descending=descending, offset=offset, limit=limit)

    @_reading(dict)
    def alike(
        self, connection: Connection, wanted: FindingFilter, firsts: Collection[int]
    ) -> dict[int, frozenset[int]]:
        """Return by the first number of a fold the numbers of all that it holds."""
        return numbers_alike(connection, wanted, firsts)

    @_reading(list)
    def numbers(self, connection: Connection, wanted: FindingFilter) -> list[int]:
        """Return the numbers of all the findings that fit."""
        return _numbers(connection, wanted)

    @_reading(list)
    def fitting(self, connection: Connection, wanted: FindingFilter, among: Sequence[int]) -> list[int]:
        """Return those of `among` that fit."""
        if len(among) > _AT_ONCE * _STATEMENTS:
            held = set(among)
            return [number for number in _numbers(connection, wanted) if number in held]
        column, found = schema.findings.c.id, list[int]()
        for start in range(0, len(among), _AT_ONCE):
            conditions = and_(column.in_(among[start : start + _AT_ONCE]), *wanted.conditions())
            found += connection.scalars(select(column).where(conditions))
        return found

    @_reading(dict)
    def facet(self, connection: Connection, wanted: FindingFilter, facet: str) -> dict[str, int]:
        """Return how many findings each value of a facet would give."""
        return facet_counts(connection, wanted, facet)

    @_reading(dict)
    def known(self, connection: Connection, facet: str) -> dict[str, str]:
        """Return the stored value of every word that stands for one of a facet."""
        return known_values(connection, facet)

    @_reading(dict)
    def open_by(self, connection: Connection, facet: str) -> dict[str, int]:
        """Return how many open findings each value of a facet has."""
        return counts_by(connection, FindingFilter(), facet)

    @_reading(lambda: None)
    def latest(self, connection: Connection) -> RunSummary | None:
        """Return the newest run that is no replay."""
        return next(iter(list_runs(connection, limit=1, replays=False)), None)

    @_reading(int)
    def latest_number(self, connection: Connection) -> int:
        """Return the number of the newest run, 0 when there is none; cheap enough to ask every second."""
        return connection.scalar(select(schema.runs.c.id).order_by(schema.runs.c.id.desc()).limit(1)) or 0

    @_reading(list)
    def cut_short(self, connection: Connection) -> list[CutShort]:
        """Return the rule sets whose newest run was cut short, with the run whose state is shown."""
        return cut_short(connection)

    @_reading(list)
    def runs(self, connection: Connection) -> list[RunSummary]:
        """Return the runs, newest first."""
        return list_runs(connection, limit=500)

    @_reading(lambda: None)
    def difference(self, connection: Connection, before: RunSummary, after: RunSummary) -> RunDiff | None:
        """Return what changed between two runs, the most urgent first."""
        found = compare_runs(connection, before, after)
        parts = {name: sorted(getattr(found, name), key=urgency) for name in ("new", "fixed", "unknown")}
        parts |= {
            name: sorted(getattr(found, name), key=lambda change: urgency(change.after))
            for name in ("changed", "decided", "undecided")
        }
        return replace(found, **{name: tuple(part) for name, part in parts.items()})

    @_reading(lambda: ZoneInfo("UTC"))
    def zone(self, connection: Connection) -> ZoneInfo:
        """Return the zone in which dates are shown."""
        return zone_of(connection)

    @_reading(tuple)
    def gaps(self, connection: Connection) -> tuple[Gap, ...]:
        """Return what the newest run could not judge."""
        newest = next(iter(list_runs(connection, limit=1, replays=False)), None)
        return gaps_of_run(connection, newest.id) if newest else ()

    @_reading(list)
    def plan(self, connection: Connection, limit: int) -> list[PlannedStep]:
        """Return at most so many open steps."""
        return work_plan(connection, limit=limit)

    @_reading(lambda: None)
    def newest(self, connection: Connection) -> RunResult | None:
        """Return what the newest run was, without its findings: clauses, rules that judged; None before the first."""
        return self._header(connection)

    def _header(self, connection: Connection) -> RunResult | None:
        """Return the newest run's header, read once."""
        try:
            run = find_run(connection, "latest")
        except UsageError:
            return None
        if self._newest is None or self._newest[0] != run.id:
            self._newest = (run.id, load_header(connection, run))
        return self._newest[1]

    def _clauses(self, connection: Connection) -> tuple[ClauseResult, ...]:
        newest = self._header(connection)
        return newest.clauses if newest is not None else ()

    def judged(self) -> frozenset[str]:
        """Return the names of the rules that judged in the newest run."""
        newest = self.newest()
        return frozenset(outcome.name for outcome in newest.outcomes) if newest is not None else frozenset()

    @_reading(list)
    def about_group(self, connection: Connection, group: str) -> list[FindingRow]:
        """Return what was found about a group and its members and is not resolved; waived and attested as well."""
        wanted = FindingFilter(any_of={"group": (group,)}, none_of={"state": ("resolved",)}, active=None)
        return page_of_findings(connection, wanted, limit=2000)

    @_reading(lambda: None)
    def detail(self, connection: Connection, row: FindingRow) -> FindingDetail | None:
        """Return everything that is shown of one finding."""
        zone, ticked = zone_of(connection), schema.step_ticks.c
        same = FindingFilter(any_of={"subject": (row.subject_id,), "kind": (row.subject_kind,)}, active=None)
        ticks = connection.execute(
            select(ticked.position, ticked.at, ticked.author).where(ticked.finding_id == row.id)
        ).all()
        life = history_of(connection, row.id)
        finding = row.finding
        hidden_by: tuple[Gap, ...] = ()
        if row.state is State.UNKNOWN:
            newest = list_runs(connection, ruleset=life.ruleset, limit=1, replays=False)[0]
            hidden_by = gaps_hiding(gaps_of_run(connection, newest.id), row.rule, finding.subject)
        return FindingDetail(
            row=row,
            finding=finding,
            life=life,
            ticks={position: (at, author) for position, at, author in ticks},
            siblings=tuple(one for one in page_of_findings(connection, same, limit=20) if one.id != row.id),
            clauses=tuple(clause for clause in self._clauses(connection) if clause.id in finding.clauses),
            zone=zone,
            hidden_by=hidden_by,
        )

    def around(self, finding: Finding) -> tuple[MessageLine, ...]:
        """Return the message that a finding is about with those before and after it."""
        try:
            view = self.estate_view() if finding.subject.kind is Subject.MESSAGE else None
            return messages_around(self.store, view, finding) if view is not None else ()
        except PolicycoreError:
            return ()

    @_reading(dict)
    def findings(self, connection: Connection, numbers: Sequence[int]) -> dict[int, Finding]:
        """Return by number what findings said last, in the order of `numbers`."""
        said = last_words(connection, numbers)
        return {number: said[number] for number in numbers if number in said}

    def report(self, wanted: FindingFilter) -> RunResult:
        """Return the newest run with the findings that fit; raises PolicycoreError where that can't be read."""
        with self.store.read() as connection:
            return filtered_result(connection, wanted)

    @_reading(lambda: None)
    def row(self, connection: Connection, number: int) -> FindingRow | None:
        """Return the line of one finding, settled or not."""
        return _row(connection, number)

    @_reading(lambda: None)
    def row_of(self, connection: Connection, fingerprint: str) -> FindingRow | None:
        """Return the line of the finding with a fingerprint."""
        return _row(connection, find_finding(connection, fingerprint))

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

    def clear_text(self, finding: Finding) -> str:
        """Return the text that a finding keeps from view; the audit entry was left before."""
        view = self.estate_view()
        return "" if view is None else view.clear_text(finding)

    @_reading(lambda: None)
    def overview(self, connection: Connection) -> Overview | None:
        """Return what the first screen shows."""
        return overview_of(connection, self.workspace, self._clauses(connection))

    @_reading(dict)
    def precise(self, connection: Connection) -> dict[str, str]:
        """Return by the name of each rule that was reviewed how often it was right, in words."""
        return {one.rule: said_precise(one) for one in precision(open_reviews(connection))}

    def seal(self) -> str:
        """Return what is wrong where lists read something else than was sealed, '' where the seal holds."""
        try:
            with self.store.read() as connection:
                require_list(connection)
        except PolicycoreError as error:
            return str(error.problems[0])
        return ""


def _numbers(connection: Connection, wanted: FindingFilter) -> list[int]:
    return list(connection.scalars(select(schema.findings.c.id).where(and_(True, *wanted.conditions()))))


def _row(connection: Connection, number: int) -> FindingRow | None:
    found = schema.findings.c
    subject = connection.execute(select(found.subject_id, found.rule).where(found.id == number)).one_or_none()
    if subject is None:
        return None
    wanted = FindingFilter(any_of={"subject": (subject.subject_id,), "rule": (subject.rule,)}, active=None)
    return next((row for row in page_of_findings(connection, wanted, limit=1000) if row.id == number), None)
