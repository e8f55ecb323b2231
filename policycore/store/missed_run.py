"""Notice that a run did not happen when it was due: a job that has stopped says nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, select

from policycore.language import say_both
from policycore.model.findings import Findings
from policycore.model.found import fingerprint
from policycore.model.result import Finding, RemediationStep, RuleOutcome, RunResult, SubjectRef
from policycore.model.verdict import VIOLATIONS, Enforcement, Severity, Subject, Verdict
from policycore.store import schema
from policycore.system.duration import spelled

__all__ = ["RULE", "Punctuality", "last_run", "last_success", "punctuality", "with_punctuality"]

RULE = "RUN001"
_NAME = "schedule/run-missed"
_LEAST_GRACE, _MOST_GRACE = timedelta(minutes=5), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Punctuality:
    """When the last run was recorded and how many are missing since."""

    last: datetime | None
    every: timedelta
    missed: int
    clock_went_back: bool = False


def last_success(connection: Connection, ruleset: str, *, up_to: int | None = None) -> datetime | None:
    """Return when a run of `ruleset` last judged every rule to its end; one that was cut short or broke is none.

    The last by number: a run that a wrong clock dated years ahead must not hide all that fail after it.
    """
    runs = schema.runs.c
    query = _recorded(ruleset).where(runs.complete.is_(True))
    found: datetime | None = connection.scalar(query if up_to is None else query.where(runs.id <= up_to))
    return found


def last_run(connection: Connection, ruleset: str) -> datetime | None:
    """Return when a run of `ruleset` was last recorded that moved states, though one of its rules may have broken."""
    found: datetime | None = connection.scalar(_recorded(ruleset))
    return found


def _recorded(ruleset: str) -> Select[Any]:
    """Return the query for the times of the runs that were due, the newest first; a replay was not."""
    runs = schema.runs
    return (
        select(runs.c.recorded_at)
        .where(runs.c.ruleset == ruleset, runs.c.replay.is_(False))
        .order_by(runs.c.id.desc())
        .limit(1)
    )


def punctuality(last: datetime | None, every: timedelta, now: datetime) -> Punctuality:
    """Return whether a run that begins at `now` comes when it was due.

    A tenth of the interval is grace, for schedulers wait and runs take their time.
    """
    if last is None:
        return Punctuality(None, every, 0)
    if last > now:
        return Punctuality(last, every, 0, clock_went_back=True)
    grace = min(max(every / 10, _LEAST_GRACE), _MOST_GRACE)
    return Punctuality(last, every, max(0, (now - last - grace) // every))


def with_punctuality(result: RunResult, when: Punctuality) -> RunResult:
    """Return `result` with what can be said of the run before it; the engine, which has no clock, can't."""
    verdict = Verdict.PASS
    if when.last is None:
        verdict = Verdict.NOT_APPLICABLE
    elif when.clock_went_back:
        # Whether a run was missed, only a person can tell who knows which clock was right.
        verdict = Verdict.SUSPECT
    elif when.missed:
        verdict = Verdict.FAIL
    findings = result.findings
    if verdict in VIOLATIONS:
        findings = Findings.of(findings).with_loose(_finding(result, when, verdict))
    outcome = RuleOutcome(RULE, _NAME, (), {verdict: 1})
    outcomes = tuple(sorted((*result.outcomes, outcome), key=lambda item: item.rule))
    return replace(result, findings=findings, outcomes=outcomes)


def _finding(result: RunResult, when: Punctuality, verdict: Verdict) -> Finding:
    """Return the finding about the run that was missed, or that nobody can tell."""
    last = "" if when.last is None else when.last.astimezone(result.as_of.tzinfo).isoformat(timespec="seconds")
    facts = {"last_success": last, "expected_every": spelled(when.every), "missed": when.missed}
    digest = fingerprint(RULE, Subject.ESTATE, "estate", {})
    key = "store.missed" if verdict is Verdict.FAIL else "store.missed.clock"
    return Finding(
        id=f"{RULE}-{digest[:12]}",
        rule=RULE,
        name=_NAME,
        title=say_both("store.missed.title"),
        clauses=(),
        verdict=verdict,
        severity=Severity.WARNING,
        enforcement=Enforcement.MANDATORY,
        subject=SubjectRef(Subject.ESTATE, "estate", "estate"),
        message=say_both(key, last=last, every=facts["expected_every"], missed=when.missed),
        facts=facts,
        remediation=(RemediationStep("committee", None, say_both("store.missed.step")),),
        fingerprint=digest,
    )
