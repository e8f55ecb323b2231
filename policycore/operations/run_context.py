"""Tell what reports say of a run beyond its result: when it ended, what is new in it, whether its data stood still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from policycore.decisions.waiver_context import stored_context
from policycore.errors import DataError
from policycore.estate.manifest import MANIFEST, read_manifest
from policycore.language import Text, say_both
from policycore.model.findings import listing_order
from policycore.model.result import Finding
from policycore.model.verdict import Verdict
from policycore.reports.formats import Presentation
from policycore.reports.gaps import MissingField, missing_fields
from policycore.store import schema
from policycore.store.kept.gaps import gaps_of_run
from policycore.store.kept.runs import RunSummary, find_run, load_header, run_findings
from policycore.store.lives.last_words import last_words_up_to
from policycore.store.lives.life_cycle import ACTIVE, Reason, State
from policycore.store.lives.moves import moves_of, newest_moves
from policycore.store.missed_run import last_success

__all__ = ["judged_before", "with_run_context"]


def with_run_context(shown: Presentation, connection: Connection, run: RunSummary) -> Presentation:
    """Return `shown` with when one stored run was recorded, the last success up to it, and how it compares.

    A replay is compared with no other run. What `lost` names was reported once and can't be seen in the run, for its
    data is gone or its rule was not judged; `absent` is what was put right since the run before, as last reported.
    """
    shown = replace(shown, finished=run.recorded_at, last_success=last_success(connection, run.ruleset, up_to=run.id))
    if run.cut:
        # A viewer takes silence for a cure, and a run that was cut short cures nothing.
        reported = dict.fromkeys(_fingerprints(connection, run), "")
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


def _fingerprints(connection: Connection, run: RunSummary) -> Any:
    return run_findings(connection, run).index.column("fingerprint").to_pylist()


def _missing(connection: Connection, run: int) -> tuple[MissingField, ...]:
    return missing_fields(gaps_of_run(connection, run))


_DISMISSED = (State.RESOLVED, Reason.DISMISSAL)


def _absent(connection: Connection, run: RunSummary) -> list[Finding]:
    """Return each finding that the run resolved, as it was last reported, in the order of reports."""
    moves = moves_of(connection, run.ruleset, first=run.id, last=run.id)
    # What a person dismissed is resolved and reported all the same.
    gone = (move for move in moves if move.now is not None and (move.now.state, move.now.reason) != _DISMISSED)
    resolved = [number for move in gone if move.now and move.now.state is State.RESOLVED for number in move.findings]
    return sorted(last_words_up_to(connection, run.id, resolved).values(), key=listing_order)


def _lost(connection: Connection, run: RunSummary, baseline: dict[str, str]) -> Iterator[Finding]:
    """Yield what the run could not see, as unknown and why; `baseline` learns how it compares with the run before."""
    finding = schema.findings.c
    outcomes = load_header(connection, run).outcomes
    broken = {outcome.rule for outcome in outcomes if Verdict.ERROR in outcome.verdicts}
    # A finding stands under the id that its rule had when it was last judged.
    former = stored_context(connection, run.id).get("former", {})
    broken |= {name for rule in broken for name in former.get(rule, ())}
    query = select(finding.id, finding.rule).where(finding.ruleset == run.ruleset)
    rules = {row.id: row.rule for row in connection.execute(query)}
    unseen = {}
    for number, (since, life) in newest_moves(connection, run.ruleset, last=run.id).items():
        if life.state is State.UNKNOWN:
            unseen[number] = since, life.reason
        elif life.state in ACTIVE and (run.cut or rules.get(number) in broken):
            # Nobody looked: they are as they were, and the run says nothing about them.
            unseen[number] = since, Reason.RULE_NOT_JUDGED
    found = []
    for number, item in last_words_up_to(connection, run.id, list(unseen)).items():
        if item.fingerprint in baseline:
            continue
        since, reason = unseen[number]
        baseline[item.fingerprint] = "updated" if since == run.id else "unchanged"
        # In both languages, that nobody can tell now, and what was told last.
        why, told = say_both(f"store.reason.{reason}"), item.message
        message = Text(
            zh=say_both("operations.lost", why=why.zh, message=told.zh).zh,
            en=say_both("operations.lost", why=why.en, message=told.en).en,
        )
        found.append(replace(item, verdict=Verdict.UNKNOWN, message=message, remediation=(), decision=None))
    yield from sorted(found, key=listing_order)


def _baseline(connection: Connection, run: RunSummary) -> dict[str, str]:
    """Return how each finding of the run compares with the run before it."""
    finding = schema.findings.c
    new, updated = set[int](), set[int]()
    for move in moves_of(connection, run.ruleset, first=run.id, last=run.id):
        if move.now is None:
            updated.update(move.findings)
        elif move.was in (None, State.RESOLVED):
            new.update(move.findings)
    query = select(finding.fingerprint, finding.id).where(finding.ruleset == run.ruleset)
    numbers = {row.fingerprint: row.id for row in connection.execute(query)}
    found = {}
    for fingerprint in _fingerprints(connection, run):
        number = numbers.get(fingerprint, 0)
        found[fingerprint] = "new" if number in new else "updated" if number in updated else "unchanged"
    return found


def judged_before(connection: Connection, snapshots: Path, run: RunSummary) -> RunSummary | None:
    """Return the run before `run` where both judged the same rows, whatever moment they were said to be of.

    `snapshots` is where the workspace keeps them; those of other rows, and of runs that looked back, are None.
    """
    if run.replay or run.previous is None:
        return None
    before = find_run(connection, str(run.previous))
    if before.snapshot == run.snapshot:
        return before
    return before if _tables(snapshots / before.snapshot) == (_tables(snapshots / run.snapshot) or None) else None


def _tables(folder: Path) -> dict[str, str]:
    """Return the digests of a kept snapshot's tables, nothing where it is gone."""
    try:
        tables = read_manifest(folder / MANIFEST).tables
    except DataError:
        return {}
    return {name: table.sha256 for name, table in (tables or {}).items()}
