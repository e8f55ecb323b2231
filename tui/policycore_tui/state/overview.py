"""Read what the first screen shows: what is due, missing and open, by severity, state, clause and department."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from policycore.decisions.waiver_context import stored_context
from policycore.model.result import ClauseResult
from policycore.model.verdict import VIOLATIONS, Verdict
from policycore.operations.review import imprecise
from policycore.reports.gaps import MissingField, missing_fields
from policycore.rulesets.resolved import DATA_AGE
from policycore.store.kept.gaps import gaps_of_run
from policycore.store.kept.runs import RunSummary, list_runs, zone_of
from policycore.store.lives.reviews import Precision, open_reviews, precision
from policycore.store.missed_run import Punctuality, last_success, punctuality
from policycore.store.query import FindingFilter, FindingRow, count_findings, counts_by, page_of_findings
from policycore.store.workspace import Workspace

__all__ = ["Overview", "overview_of"]

USUAL_AGE = 7
"""Days after which data are called old where the rule set does not say it."""
SHOWN_DUE = 8
"""Findings that the first screen names as due."""
_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first screen shows."""

    runs: tuple[RunSummary, ...]
    clauses: tuple[ClauseResult, ...]
    open_by_clause: Mapping[str, int]
    by_severity: Mapping[str, Mapping[str, int]]
    """Violations by severity, then by verdict."""
    others: Mapping[str, int]
    """What else somebody has to look at, by verdict."""
    by_state: Mapping[str, int]
    missing: tuple[MissingField, ...]
    """What is missing, what would settle most first."""
    by_department: Mapping[str, Mapping[str, int]]
    """Open findings by department, then by severity, as ``needs-attestation`` and as ``overdue``."""
    due: tuple[FindingRow, ...]
    """What is overdue or due within the week, the longest first; no more than `SHOWN_DUE`."""
    due_this_week: int
    overdue: int
    week_ends: datetime | None
    zone: ZoneInfo
    age_limit: int = USUAL_AGE
    """After how many days the rule set calls data old."""
    punctual: Punctuality | None = None
    """When a scheduled run succeeded last and how many were missed; None where nobody said how often they come."""
    precise: tuple[Precision, ...] = ()
    """What reviews say of each rule, the least precise first."""
    imprecise: frozenset[str] = frozenset()
    """The rules that ask for attention: they were right too seldom."""


def overview_of(connection: Connection, workspace: Workspace, clauses: Sequence[ClauseResult]) -> Overview:
    """Return what the first screen shows; the week is the one after the newest run's as-of time."""
    runs = list_runs(connection, limit=12)
    newest = next((run for run in runs if not run.replay), None)
    week_ends = newest.as_of + timedelta(days=7) if newest else None
    of_severity = {
        severity: FindingFilter(any_of={"severity": (severity,), "verdict": VIOLATIONS}) for severity in _SEVERITIES
    }
    late, soon = FindingFilter(due_before=newest.as_of if newest else None), FindingFilter(due_before=week_ends)
    owed = {
        **of_severity,
        "needs-attestation": FindingFilter(any_of={"verdict": (Verdict.NEEDS_ATTESTATION,)}),
        "overdue": late,
    }
    departments: dict[str, dict[str, int]] = {}
    for what, wanted in owed.items() if newest else ():
        for department, count in counts_by(connection, wanted, "department").items():
            departments.setdefault(department, {})[what] = count
    overdue = count_findings(connection, late) if newest else 0
    reviews = open_reviews(connection)
    due = count_findings(connection, soon) if newest else 0
    return Overview(
        runs=tuple(runs),
        clauses=tuple(clauses),
        open_by_clause=counts_by(connection, FindingFilter(), "clause"),
        by_severity={severity: counts_by(connection, wanted, "verdict") for severity, wanted in of_severity.items()},
        others=counts_by(connection, FindingFilter(none_of={"verdict": (*VIOLATIONS, Verdict.UNKNOWN)}), "verdict"),
        missing=missing_fields(gaps_of_run(connection, newest.id)) if newest else (),
        by_state=counts_by(connection, FindingFilter(active=None), "state"),
        by_department=departments,
        due=tuple(page_of_findings(connection, soon, sort="due", limit=SHOWN_DUE)) if newest else (),
        due_this_week=due - overdue,
        overdue=overdue,
        week_ends=week_ends,
        zone=zone_of(connection),
        age_limit=_age_limit(connection, newest),
        punctual=_punctual(connection, workspace, newest),
        precise=tuple(precision(reviews)),
        imprecise=frozenset(one.rule for one in imprecise(reviews, workspace.precision_floor)),
    )


def _punctual(connection: Connection, workspace: Workspace, newest: RunSummary | None) -> Punctuality | None:
    """Return when a scheduled run of the newest run's rule set succeeded last, and how many were missed by now."""
    every = workspace.expected_every
    if every is None or newest is None:
        return None
    return punctuality(last_success(connection, newest.ruleset), every, datetime.now(UTC))


def _age_limit(connection: Connection, newest: RunSummary | None) -> int:
    """Return after how many days the rule set of a run calls data old."""
    given = stored_context(connection, newest.id).get("set", {}).get(DATA_AGE) if newest is not None else None
    return given if type(given) is int else USUAL_AGE
