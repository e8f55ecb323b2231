"""Check all that the store holds against what the audit trail sealed: runs, their files, and the lives that follow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Connection, func, literal, select, type_coerce

from policycore.errors import DataError, Problem
from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.kept import audit
from policycore.store.kept.acts import KINDS, LIVES, altered_acts, lives_left_by, require_acts
from policycore.store.kept.found_files import read_beside, read_rows
from policycore.store.kept.runs import RunSummary, find_run, list_runs, run_findings
from policycore.store.kept.seal import (
    LASTING,
    PARTS,
    Left,
    altered,
    altered_parts,
    lasting_digest,
    left_of_runs,
    let_go_until,
    require_sealed,
    sealed_of,
)
from policycore.store.lives.last_words import said_last_in
from policycore.store.lives.life_cycle import ACTIVE, Life, Reason, State
from policycore.store.lives.life_rows import COLUMNS, Wording, life_rows
from policycore.store.lives.moves import moves_of
from policycore.text.clean import clean

__all__ = ["alterations", "require_life", "require_list"]

_LISTED = 20
"""Findings of a rule set that are named; the rest are a number."""


@dataclass(slots=True)
class _Expected:
    """What follows of one life from the sealed moves."""

    life: Life
    state_run: int
    state_since: datetime
    begun: datetime
    first_run: int
    first_seen: datetime
    times_reopened: int = 0
    lost: bool = False
    """Whether nothing was seen of it since it went out of sight."""

    def may_be_let_go(self, until: int) -> bool:
        """Return whether it was put right in run `until` or before it."""
        return self.life.state is State.RESOLVED and self.state_run <= until


_Row = tuple[Mapping[str, Any], _Expected]
"""A life as it is kept, and as it should stand."""


def alterations(connection: Connection) -> Iterator[Problem]:
    """Yield what was altered or taken out, runs first; what rests on an altered run is not looked at."""
    # Which of the lives are altered is told one by one below.
    yield from altered_acts(connection, [kind for kind in KINDS if kind != LIVES])
    whole = []
    broken = set()
    left = left_of_runs(connection)
    for run, entry in _runs(connection):
        parts = altered_parts(connection, run, entry, left) or _overdone(connection, run, entry, left)
        if parts:
            yield altered(run, parts)
            broken.add(run)
        else:
            whole.append(find_run(connection, str(run)))
    last: dict[str, dict[str, int]] = {}
    for run, error in _reported_last(connection, last):
        yield from error.problems
        broken.add(run)
    rulesets: dict[str, list[RunSummary]] = {}
    for summary in whole:
        rulesets.setdefault(summary.ruleset, []).append(summary)
    for ruleset, runs in sorted(rulesets.items()):
        moving = [run for run in runs if not run.replay]
        if moving and broken.isdisjoint(_numbers(connection, ruleset)):
            yield from _lives(connection, ruleset, moving, last.get(ruleset, {}))


def _overdone(
    connection: Connection, run: int, entry: audit.AuditEntry | None, left: Mapping[int, Left]
) -> tuple[str, ...]:
    """Return what an erasure changed in a run that none may; nothing for a run in which nothing was erased."""
    if run not in left or left[run].let_go:
        return ()
    try:
        found = lasting_digest(connection, run, run_findings(connection, find_run(connection, str(run))))
    except DataError:
        # Which file is not what it was is told with all the others.
        return ()
    return () if found == sealed_of(entry, run).get(LASTING) else (LASTING,)


def _numbers(connection: Connection, ruleset: str) -> Sequence[int]:
    """Return the numbers of the runs of a rule set."""
    return connection.scalars(select(schema.runs.c.id).where(schema.runs.c.ruleset == ruleset)).all()


def _runs(connection: Connection) -> Iterator[tuple[int, audit.AuditEntry | None]]:
    """Yield the number of each run that is kept or sealed, with its entry."""
    sealed: dict[int, audit.AuditEntry] = {}
    for entry in audit.entries(connection):
        if entry.action == "run":
            sealed[json.loads(entry.details)["run"]] = entry
    # A run that was taken out with its entry has left rows in other tables.
    kept = {run for table, column in PARTS.values() for run in connection.scalars(select(table.c[column]).distinct())}
    kept.update(connection.scalars(select(schema.findings.c.first_run).distinct()))
    for run in sorted(kept | sealed.keys()):
        yield run, sealed.get(run)


def _reported_last(connection: Connection, last: dict[str, dict[str, int]]) -> Iterator[tuple[int, DataError]]:
    """Read every file once; fill `last`, by rule set and fingerprint the last run that reported it and is no replay.

    Yields the files that are not what they were, with a run that names each.
    """
    runs, kept, bodies = schema.runs.c, schema.run_files.c, schema.run_bodies.c
    newest = func.max(runs.id)
    files = select(newest, runs.ruleset, runs.replay, kept.texts, kept.file).join(
        schema.run_files, kept.run_id == runs.id
    )
    beside = select(newest, runs.ruleset, runs.replay, literal(None), bodies.beside).join(
        schema.run_bodies, bodies.run_id == runs.id
    )
    named = [
        *connection.execute(files.group_by(runs.ruleset, runs.replay, kept.texts, kept.file)),
        *connection.execute(beside.group_by(runs.ruleset, runs.replay, bodies.beside)),
    ]
    for run, ruleset, replay, texts, file in sorted(named, key=itemgetter(0)):
        try:
            if texts is None:
                found = [one.fingerprint for one in read_beside(connection, file, ZoneInfo("UTC")).loose]
            else:
                found = read_rows(connection, texts, file).table.column("fingerprint").to_pylist()
        except DataError as error:
            yield run, error
        else:
            if not replay:
                last.setdefault(ruleset, {}).update(dict.fromkeys(found, run))


def require_list(connection: Connection) -> None:
    """Raise DataError where what lists of findings read is not as the newest runs, and people since, left it."""
    runs = schema.runs.c
    newest = select(func.max(runs.id)).where(runs.replay.is_(False)).group_by(runs.ruleset)
    require_sealed(connection, *connection.scalars(newest))
    problems = tuple(altered_acts(connection, (LIVES, "assigned", "decision")))
    if problems:
        raise DataError(*(tuple(alterations(connection)) or problems))


def require_life(connection: Connection, finding: int) -> None:
    """Raise DataError where any run of a finding's rule set, or its own record, is not as it was sealed."""
    table = schema.findings.c
    ruleset, last = connection.execute(select(table.ruleset, said_last_in()).where(table.id == finding)).one()
    runs = list_runs(connection, ruleset=ruleset, replays=False)
    require_sealed(connection, *(run.id for run in runs))
    require_acts(connection, "note", "tick", "assigned", "decision")
    row = _rows(connection, ruleset, finding)[finding]
    wanted = _expected(connection, ruleset, {run.id: run.as_of for run in runs}, finding).get(finding)
    what = "*" if wanted is None else ", ".join(_differing(row, _stands(wanted)))
    reported = run_findings(connection, runs[0]).index.column("fingerprint").to_pylist()
    if (row["last_run"] is None) is not (row["fingerprint"] in reported):
        what = "last_run"
    if wanted is not None and not what:
        [run] = (run for run in runs if run.id == last)
        told = _misdescribed(connection, run, [(row, wanted)], _wordings(connection), _looked_at(connection, ruleset))
        what = dict(told).get(row["label"], "")
    if what:
        raise DataError(_problem(ruleset, row["label"], what))


def _lives(
    connection: Connection, ruleset: str, runs: Sequence[RunSummary], last: Mapping[str, int]
) -> Iterator[Problem]:
    """Yield the findings of one rule set that are not as its runs left them."""
    expected = _expected(connection, ruleset, {run.id: run.as_of for run in runs})
    faults: dict[str, str] = {}
    said: dict[int, list[_Row]] = {}
    for row in _rows(connection, ruleset).values():
        wanted, number = expected.pop(row["id"], None), last.get(row["fingerprint"])
        if wanted is None or number is None:
            faults[row["label"]] = "*"
            continue
        what = _differing(row, _stands(wanted) | {"last_run": None if number == runs[-1].id else number})
        if what:
            faults[row["label"]] = ", ".join(what)
        said.setdefault(number, []).append((row, wanted))
    wordings, columns = _wordings(connection), _looked_at(connection, ruleset)
    for run in runs:
        faults |= dict(_misdescribed(connection, run, said.get(run.id, []), wordings, columns))
    until = let_go_until(connection)
    faults |= {f"#{number}": "-" for number, wanted in expected.items() if not wanted.may_be_let_go(until)}
    if not faults and not lives_left_by(connection, ruleset):
        yield from altered_acts(connection, (LIVES,))
    listed = sorted(faults.items())
    yield from (_problem(ruleset, label, what) for label, what in listed[:_LISTED])
    if len(listed) > _LISTED:
        yield Problem.of("store.lives-altered", code="store.altered", count=len(listed) - _LISTED, ruleset=ruleset)


def _looked_at(connection: Connection, ruleset: str) -> tuple[str, ...]:
    """Return the columns of lives that are made again from what was found, to be compared.

    None where they are to the letter what the newest run left: another state of the program might spell them otherwise.
    """
    return () if lives_left_by(connection, ruleset) == "run" else COLUMNS


def _problem(ruleset: str, finding: str, what: str) -> Problem:
    """Return the problem that a finding is not as its runs left it."""
    key = {"*": "store.life-added", "-": "store.life-gone"}.get(what, "store.life-altered")
    return Problem.of(
        key, code="store.altered", finding=clean(finding, limit=80), ruleset=clean(ruleset, limit=80), columns=what
    )


def _differing(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Return the names of the columns that are not as they should be."""
    return sorted(name for name, value in wanted.items() if row[name] != value)


def _rows(connection: Connection, ruleset: str, finding: int | None = None) -> dict[int, dict[str, Any]]:
    """Return the lives of a rule set, or one of them, by number, times in microseconds."""
    table = schema.findings
    columns = (
        type_coerce(column, BigInteger).label(column.name) if isinstance(column.type, schema.Moment) else column
        for column in table.columns
    )
    query = select(*columns).where(table.c.ruleset == ruleset)
    if finding is not None:
        query = query.where(table.c.id == finding)
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def _expected(
    connection: Connection, ruleset: str, moments: Mapping[int, datetime], finding: int | None = None
) -> dict[int, _Expected]:
    """Return by number where every finding stands by what the runs of a rule set moved."""
    found: dict[int, _Expected] = {}
    for move in moves_of(connection, ruleset, finding=finding):
        now, at = move.now, moments.get(move.run)
        if now is None or at is None:
            continue
        for number in move.findings:
            if number not in found:
                found[number] = _Expected(now, move.run, at, at, move.run, at)
                continue
            one = found[number]
            one.lost = now.state is State.UNKNOWN or (one.lost and now.reason is Reason.NO_LONGER_FOUND)
            if now.state is not one.life.state:
                one.state_run, one.state_since = move.run, at
                if now.state is State.REOPENED:
                    one.begun, one.times_reopened = at, one.times_reopened + 1
            one.life = now
    return found


def _stands(wanted: _Expected) -> dict[str, Any]:
    """Return the columns that follow from the moves."""
    moments = {name: schema.microseconds(getattr(wanted, name)) for name in ("state_since", "begun", "first_seen")}
    return {
        "state": wanted.life.state.value,
        "reason": wanted.life.reason.value,
        "known_state": wanted.life.known_state.value,
        "active": wanted.life.state in ACTIVE,
        "state_run": wanted.state_run,
        "first_run": wanted.first_run,
        "times_reopened": wanted.times_reopened,
        **moments,
    }


def _wordings(connection: Connection) -> dict[int, str]:
    """Return what the wordings are, by number; one that was altered is no longer what its digest says."""
    clauses: dict[int, list[str]] = {}
    table = schema.wording_clauses.c
    for clause, number in connection.execute(select(table.clause, table.wording_id)):
        clauses.setdefault(number, []).append(clause)
    kept = schema.wordings.c
    return {
        row.id: Wording(row.words, tuple(sorted(clauses.get(row.id, ())))).digest
        for row in connection.execute(select(kept.id, kept.words))
    }


def _misdescribed(
    connection: Connection, run: RunSummary, lives: Sequence[_Row], wordings: dict[int, str], compared: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield the findings that a run reported last and whose `compared` columns do not follow from what it said."""
    if not lives:
        return
    findings = run_findings(connection, run, {row["rule"] for row, _ in lives})
    fingerprints = findings.index.column("fingerprint").to_pylist()
    places = {fingerprint: place for place, fingerprint in enumerate(fingerprints)}
    lost = [row["label"] for row, _ in lives if row["fingerprint"] not in places]
    yield from ((label, "fingerprint") for label in lost)
    known = ((places[row["fingerprint"]], row, wanted) for row, wanted in lives if row["fingerprint"] in places)
    asked = sorted(known, key=itemgetter(0))
    begun = [wanted.begun for _, _, wanted in asked]
    columns, worded = life_rows(findings, [place for place, _, _ in asked], begun, ZoneInfo(run.timezone))
    for number, (_, row, wanted) in enumerate(asked):
        said = {name: columns[name][number] for name in compared if name in columns}
        if wanted.lost and compared:
            said["verdict"] = Verdict.UNKNOWN.value
        differing = _differing(row, said)
        if wordings.get(row["wording_id"]) != worded[number].digest:
            differing.append("wording_id")
        if differing:
            yield row["label"], ", ".join(differing)
