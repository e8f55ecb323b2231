"""Tell which findings say something else than in the run before, comparing columns and never finding by finding."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from policycore.model.findings import Findings
from policycore.model.found import FACT, STANDARD, FoundRows
from policycore.store import schema
from policycore.store.kept.found_files import read_beside, read_rows, texts_hash
from policycore.store.kept.loose import said_alike
from policycore.store.lives.life_rows import searched_facts

__all__ = ["NOT_SAID", "Reworded", "differing", "reworded_since"]

NOT_SAID = frozenset({"fingerprint", "subject_id", "file", "row", "former"})
"""Columns by which findings are found, and where their rows stand: that one moved is nothing that is said."""


@dataclass(frozen=True, slots=True)
class Reworded:
    """Fingerprints of findings that say something else than before; of some of them, what is searched changed too."""

    words: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)


def reworded_since(connection: Connection, run: int | None, then: datetime | None, findings: Findings) -> Reworded:
    """Return which of `findings` say something else than in `run`, which was as of `then`."""
    made, zone = Reworded(), ZoneInfo(findings.timezone)
    if run is None or then is None or findings.as_of is None:
        return made
    kept = schema.run_files.c
    query = select(kept.rule, kept.texts, kept.file).where(kept.run_id == run)
    before = {rule: (texts, file) for rule, texts, file in connection.execute(query)}
    for rows in findings.rows:
        named = before.get(rows.texts.rule)
        if named == (texts_hash(rows.texts), rows.address):
            continue
        old = None if named is None else read_rows(connection, *named)
        _compare(made, old, rows)
    digest = connection.scalar(select(schema.run_bodies.c.beside).where(schema.run_bodies.c.run_id == run))
    beside = read_beside(connection, digest or "", zone)
    for fingerprint in {*beside.decisions, *findings.decisions}:
        if beside.decisions.get(fingerprint) != findings.decisions.get(fingerprint):
            made.words.add(fingerprint)
            made.columns.add(fingerprint)
    was = {finding.fingerprint: finding for finding in beside.loose}
    for finding in findings.loose:
        old_one = was.get(finding.fingerprint)
        if old_one is None or not said_alike(old_one, then.astimezone(zone), finding, findings.as_of.astimezone(zone)):
            made.words.add(finding.fingerprint)
            made.columns.add(finding.fingerprint)
    return made


def _compare(made: Reworded, before: FoundRows | None, after: FoundRows) -> None:
    """Add what one rule says otherwise, where it says something of the same findings."""
    if before is None or before.texts != after.texts or before.table.schema != after.table.schema:
        fingerprints = after.table.column("fingerprint").to_pylist()
        made.words.update(fingerprints)
        made.columns.update(fingerprints)
        return
    searched = {*STANDARD, *(FACT + name for name in searched_facts(after)), FACT + "reason"}
    for name, fingerprints in differing(before, after).items():
        if name not in NOT_SAID:
            made.words.update(fingerprints)
            if name in searched:
                made.columns.update(fingerprints)


def differing(before: FoundRows, after: FoundRows) -> dict[str, list[str]]:
    """Return by column the fingerprints of the findings, in both tables of one schema, for which it differs."""
    import pyarrow.compute

    old, new = before.table, after.table
    places = pyarrow.compute.index_in(new.column("fingerprint"), old.column("fingerprint").combine_chunks())
    both = new.filter(pyarrow.compute.is_valid(places))
    paired = old.take(pyarrow.compute.drop_null(places))
    fingerprints = both.column("fingerprint")
    found = {}
    for name in new.column_names:
        one, other = paired.column(name), both.column(name)
        if not one.equals(other):
            found[name] = fingerprints.filter(_unequal(one, other)).to_pylist()
    return found


def _unequal(one: Any, other: Any) -> Any:
    """Return for each row whether two columns of one type differ in it."""
    import pyarrow

    pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
    return pyarrow.array([before != after for before, after in pairs], pyarrow.bool_())
