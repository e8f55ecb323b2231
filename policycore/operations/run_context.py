"""Tell what reports say of a run beyond its result: when it ended, when one last succeeded, what is new in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, and_, func, or_, select, true

from policycore.language import Text, say_both
from policycore.model.result import Finding
from policycore.model.verdict import Verdict
from policycore.reports.formats import Presentation
from policycore.reports.gaps import MissingField, missing_fields
from policycore.store import schema
from policycore.store.bodies import finding_from
from policycore.store.gaps import gaps_of_run
from policycore.store.life_cycle import ACTIVE, Reason, State
from policycore.store.missed_run import last_success
from policycore.store.runs import RunSummary, load_header, run_findings

__all__ = ["with_run_context"]


def with_run_context(shown: Presentation, connection: Connection, run: RunSummary) -> Presentation:
    """Return `shown` with when one stored run was recorded, the last success up to it, and how it compares.

    A replay is compared with no other run. What `lost` names was reported once and can't be seen in the run, for its
    data is gone or its rule was not judged; `absent` is what was put right since the run before, as last reported.
    """
    shown = replace(shown, finished=run.recorded_at, last_success=last_success(connection, run.ruleset, up_to=run.id))
    if run.cut:
        # A viewer takes silence for a cure, and a run that was cut short cures nothing.
        reported = {finding.fingerprint: "" for finding in run_findings(connection, run)}
        return replace(shown, lost=tuple(_lost(connection, run, reported)))
    if run.replay:
        return shown
    baseline = _baseline(connection, run)
    lost, absent = tuple(_lost(connection, run, baseline)), tuple(_absent(connection, run))
    baseline |= {finding.fingerprint: "absent" for finding in absent}
    before = set() if run.previous is None else {item.fingerprint for item in _missing(connection, run.previous)}
    for item in _missing(connection, run.id):
        baseline[item.fingerprint] = "unchanged" if item.fingerprint in before else "new"
    return replace(shown, baseline=baseline, absent=absent, lost=lost)


def _missing(connection: Connection, run: int) -> tuple[MissingField, ...]:
    """Return what a run missed, by field and source."""
    return missing_fields(gaps_of_run(connection, run))


def _absent(connection: Connection, run: RunSummary) -> Iterator[Finding]:
    """Yield each finding that the run resolved, as it was last reported, in the order of reports."""
    moved = schema.transitions.c
    resolved = select(moved.finding_id).where(moved.run_id == run.id, moved.state == State.RESOLVED.value)
    yield from sorted((finding for _, finding in _last_words(connection, run, resolved)), key=_order)


def _lost(connection: Connection, run: RunSummary, baseline: dict[str, str]) -> Iterator[Finding]:
    """Yield what the run could not see, as unknown and why; `baseline` learns how it compares with the run before."""
    moved, finding = schema.transitions.c, schema.findings.c
    broken = [outcome.rule for outcome in load_header(connection, run).outcomes if Verdict.ERROR in outcome.verdicts]
    newest = (
        select(moved.finding_id, func.max(moved.run_id).label("run_id"))
        .join(schema.findings, finding.id == moved.finding_id)
        .where(finding.ruleset == run.ruleset, moved.run_id <= run.id)
        .group_by(moved.finding_id)
        .subquery()
    )
    query = (
        select(moved.finding_id, moved.run_id, moved.state, moved.reason)
        .join(newest, and_(newest.c.finding_id == moved.finding_id, newest.c.run_id == moved.run_id))
        .join(schema.findings, finding.id == moved.finding_id)
        .where(
            or_(
                moved.state == State.UNKNOWN.value,
                # Nobody looked: they are as they were, and the run says nothing about them.
                and_(
                    true() if run.cut else finding.rule.in_(broken),
                    moved.state.in_([state.value for state in ACTIVE]),
                ),
            )
        )
    )
    unseen = {
        number: (since, Reason(reason) if state == State.UNKNOWN.value else Reason.RULE_NOT_JUDGED)
        for number, since, state, reason in connection.execute(query)
    }
    numbers = select(query.subquery().c.finding_id)
    found = []
    for number, item in _last_words(connection, run, numbers) if unseen else ():
        if item.fingerprint in baseline:
            continue
        since, reason = unseen[number]
        baseline[item.fingerprint] = "updated" if since == run.id else "unchanged"
        message = _unseen(say_both(f"store.reason.{reason}"), item.message)
        found.append(replace(item, verdict=Verdict.UNKNOWN, message=message, remediation=(), decision=None))
    yield from sorted(found, key=_order)


def _unseen(why: Text, message: Text) -> Text:
    """Return in both languages that nobody can tell now, and what was told last."""
    return Text(
        zh=say_both("operations.lost", why=why.zh, message=message.zh).zh,
        en=say_both("operations.lost", why=why.en, message=message.en).en,
    )


def _last_words(connection: Connection, run: RunSummary, numbers: Select[Any]) -> Iterator[tuple[int, Finding]]:
    """Yield the findings with these `numbers` as they were last reported up to `run`."""
    said = schema.occurrences.c
    last = (
        select(func.max(said.id))
        .where(said.finding_id.in_(numbers), said.replay.is_(False), said.first_run <= run.id)
        .group_by(said.finding_id)
    )
    query = select(said.finding_id, said.body).where(said.id.in_(last))
    zone = ZoneInfo(run.timezone)
    for number, body in connection.execute(query):
        yield number, finding_from(body, zone)


def _order(finding: Finding) -> tuple[str, str, str]:
    """Return the key by which reports list findings."""
    return finding.rule, finding.subject.id, finding.fingerprint


def _baseline(connection: Connection, run: RunSummary) -> dict[str, str]:
    """Return how each finding of the run compares with the run before it."""
    finding, said, moved = schema.findings.c, schema.occurrences.c, schema.transitions.c
    query = (
        select(finding.fingerprint, finding.first_run, said.first_run, moved.was)
        .join_from(schema.occurrences, schema.findings, finding.id == said.finding_id)
        .outerjoin(schema.transitions, and_(moved.finding_id == finding.id, moved.run_id == run.id))
        .where(
            finding.ruleset == run.ruleset,
            said.replay.is_(False),
            said.first_run <= run.id,
            or_(said.last_run.is_(None), said.last_run >= run.id),
        )
    )
    found = {}
    for fingerprint, first_run, said_first, was in connection.execute(query):
        if first_run == run.id or was == State.RESOLVED.value:
            found[fingerprint] = "new"
        else:
            found[fingerprint] = "updated" if said_first == run.id else "unchanged"
    return found
