"""Erase one person from everything that the store keeps, and record what was left of each run.

Columns of what was found are written anew without the person under another hash; which hashes took the place of which
run's stands in the entry of the audit trail, so that `audit verify` goes on holding everything against it. Counts and
verdicts are sealed apart, and stay; so does the audit trail itself, which can only grow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, Text, bindparam, select, update

from policycore.errors import DataError
from policycore.model.gap import compressed
from policycore.store import schema
from policycore.store.connect import overwrite_removed
from policycore.store.kept import audit
from policycore.store.kept.acts import everything_held, require_acts
from policycore.store.kept.found_files import changed_beside, keep_bodies, read_rows, remove_unnamed
from policycore.store.kept.gaps import gaps_of_run
from policycore.store.kept.runs import find_run, run_findings
from policycore.store.kept.seal import ERASE, altered, altered_parts, digests, left_of_runs
from policycore.store.lives.last_words import said_last_in
from policycore.store.lives.life_rows import column_text, life_rows
from policycore.store.person import Person

__all__ = ["Erased", "erase", "known_names"]

_OTHERWISE = frozenset(
    {"audit", "policycore_schema", "runs", "files", "texts", "run_files", "run_gaps", "findings"}
    | {"wordings", "wording_clauses"}
)
"""Tables that hold no words of people or data, or from which a person is taken in a way of their own."""

_BY_NAME = {"decisions": ("person", "reason", "body", "ended_by", "ended_why")}
"""By table the columns from which only names go: what is decided rests on the ids."""

_OF_LIVES = (
    *("subject_id", "subject_name", "group_id", "group_name", "department_id", "department"),
    *("responsible_id", "responsible", "search"),
)
"""The columns of a life that may say who it is about; they follow from what was found."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure came to."""

    runs: tuple[int, ...]
    """In whose record something was replaced."""
    texts: int
    """Notes, reasons and other texts that were changed."""
    findings: int
    """Lives that no longer say who they are about."""
    entries: tuple[int, ...]
    """Entries of the audit trail that go on naming the person: it can only grow."""
    head: str


def known_names(connection: Connection, person: str) -> dict[str, set[str]]:
    """Return the names by id of all people whose id or name is `person` where findings tell both."""
    finding = schema.findings.c
    found: dict[str, set[str]] = {}
    pairs = (
        (finding.responsible_id, finding.responsible, finding.responsible_id.is_not(None)),
        (finding.subject_id, finding.subject_name, finding.subject_kind == "person"),
    )
    for number, name, wanted in pairs:
        query = select(number, name).where(wanted, (number == person) | (name == person)).distinct()
        for one, called in connection.execute(query):
            found.setdefault(one, set()).update({called} - {None, one})
    return found


def erase(connection: Connection, person: Person, details: Mapping[str, object]) -> Erased:
    """Erase a person in the transaction of `connection`, with an entry that holds `details`, which name nobody.

    Raises DataError where a run was altered since it was recorded: an erasure would hide that.
    """
    overwrite_removed(connection)
    runs = connection.scalars(select(schema.runs.c.id).order_by(schema.runs.c.id)).all()
    left = left_of_runs(connection)
    before = {}
    for run in runs:
        number = connection.scalar(select(schema.runs.c.entry).where(schema.runs.c.id == run))
        parts = altered_parts(connection, run, audit.entry_at(connection, number or 0), left)
        if parts:
            raise DataError(altered(run, parts))
        before[run] = digests(connection, run)
    held = everything_held(connection)
    require_acts(connection)
    _erase_found(connection, person)
    _erase_gaps(connection, person)
    texts = sum(_erase_texts(connection, table, person) for table in schema.metadata.sorted_tables)
    after = {run: digests(connection, run) for run in runs}
    changed = {
        str(run): {name: digest for name, digest in after[run].items() if digest != before[run][name]}
        for run in runs
        if after[run] != before[run]
    }
    findings = sum(_erase_lives(connection, int(run)) for run in changed)
    findings += _erase_assigned(connection, person)
    remove_unnamed(connection)
    entries = tuple(one.sequence for one in audit.entries(connection) if _names(person, one))
    counts = {"runs": changed, "findings": findings, "texts": texts}
    holds = {name: digest for name, digest in everything_held(connection).items() if digest != held[name]}
    told = {**details, **counts, "mark": person.mark}
    head = audit.append(connection, ERASE, told, holds=holds)
    return Erased(tuple(map(int, changed)), texts, findings, entries, head)


def _names(person: Person, entry: audit.AuditEntry) -> bool:
    """Return whether an entry of the audit trail names the person."""
    details = json.loads(entry.details)
    return person.tree(details) != details or person.text(entry.actor) != entry.actor


def _erase_found(connection: Connection, person: Person) -> None:
    """Write the files of every run anew in which the person stands."""
    kept, bodies = schema.run_files, schema.run_bodies
    for texts, file in connection.execute(select(kept.c.texts, kept.c.file).distinct()).all():
        rows = person.rows(read_rows(connection, texts, file))
        if rows is not None:
            keep_bodies(connection, schema.files, {rows.address: partial(getattr, rows, "packed")})
            same = (kept.c.texts == texts, kept.c.file == file)
            connection.execute(update(kept).where(*same).values(file=rows.address))
    for digest in connection.scalars(select(bodies.c.beside).distinct()).all():
        after = changed_beside(connection, digest, person.tree)
        if after != digest:
            connection.execute(update(bodies).where(bodies.c.beside == digest).values(beside=after))


def _erase_gaps(connection: Connection, person: Person) -> None:
    """Take the person out of the subjects that runs could not judge; how many they were stays."""
    table = schema.run_gaps
    for run in connection.scalars(select(table.c.run_id).distinct()).all():
        for place, gap in enumerate(gaps_of_run(connection, run)):
            after = [person.text(one) for one in gap.subjects]
            if after != list(gap.subjects):
                same = (table.c.run_id == run, table.c.position == place)
                connection.execute(update(table).where(*same).values(subjects=compressed(after)))


def _erase_texts(connection: Connection, table: Table, person: Person) -> int:
    """Take the person out of the texts of one table that people or data wrote; return how many changed."""
    if table.name in _OTHERWISE:
        return 0
    keys = list(table.primary_key.columns)
    columns = [one for one in table.columns if isinstance(one.type, Text) and not one.primary_key]
    if table.name in _BY_NAME:
        columns, person = [table.c[name] for name in _BY_NAME[table.name]], person.by_name()
    count = 0
    for row in connection.execute(select(*keys, *columns)).all() if columns else ():
        values = {
            one.name: after
            for one, text in zip(columns, row[len(keys) :], strict=True)
            if text is not None and (after := _without(text, person)) != text
        }
        if values:
            same = (key == value for key, value in zip(keys, row, strict=False))
            connection.execute(update(table).where(*same).values(values))
            count += len(values)
    return count


def _without(text: str, person: Person) -> str:
    """Return a text, or the JSON that a column holds, without the person."""
    if not text.startswith(("{", "[")):
        return column_text(person.text(text)) or ""
    try:
        content = json.loads(text)
    except ValueError:
        return column_text(person.text(text)) or ""
    after = person.tree(content)
    return text if after == content else json.dumps(after, ensure_ascii=True, sort_keys=True)


def _erase_lives(connection: Connection, run: int) -> int:
    """Write the columns anew of the lives that said their last words in a run; return how many changed."""
    summary = find_run(connection, str(run))
    if summary.replay:
        return 0
    table = schema.findings
    names = ("id", "fingerprint", "begun", *_OF_LIVES)
    query = select(*(table.c[name] for name in names)).where(table.c.ruleset == summary.ruleset, said_last_in() == run)
    lives = {row.fingerprint: row for row in connection.execute(query)}
    if not lives:
        # Of a run that was let go for its age there is nothing left to read.
        return 0
    findings = run_findings(connection, summary)
    fingerprints = findings.index.column("fingerprint").to_pylist()
    places = [place for place, name in enumerate(fingerprints) if name in lives]
    rows = [lives[fingerprints[place]] for place in places]
    columns, _ = life_rows(findings, places, [row.begun for row in rows], ZoneInfo(summary.timezone))
    changed = [
        {"key": row.id, **{f"to_{name}": columns[name][place] for name in _OF_LIVES}}
        for place, row in enumerate(rows)
        if any(getattr(row, name) != columns[name][place] for name in _OF_LIVES)
    ]
    return _update_lives(connection, _OF_LIVES, changed)


def _erase_assigned(connection: Connection, person: Person) -> int:
    """Take the person out of who works on findings; return how many changed."""
    finding = schema.findings.c
    query = select(finding.id, finding.assigned_to).where(finding.assigned_to.is_not(None))
    found = ((number, name, person.text(name)) for number, name in connection.execute(query).all())
    changed = [{"key": number, "to_assigned_to": after} for number, name, after in found if after != name]
    return _update_lives(connection, ("assigned_to",), changed)


def _update_lives(connection: Connection, names: Iterable[str], rows: list[dict[str, Any]]) -> int:
    """Write some columns of lives, and return of how many."""
    table = schema.findings
    if rows:
        values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
        connection.execute(update(table).where(table.c.id == bindparam("key")).values(values), rows)
    return len(rows)
