"""Disputes of findings: somebody says that the data are wrong; the finding stands until new data or an approver say so.

A dispute is a record of the store about one life of a finding. It is shown beside the finding and settles nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, exists, select

from policycore.model.result import Decision, Finding
from policycore.store import schema
from policycore.store.decided import IN_FORCE, Record, end_record, records
from policycore.store.lives.life_cycle import State
from policycore.store.lives.reviews import Reviewed, open_reviews

__all__ = ["CLOSED", "KIND", "beside", "close_disputes", "number_of", "open_disputes", "said_of"]

KIND = "dispute"
CLOSED = "closed"
"""The state of a dispute that new data or an approver ended."""


def open_disputes(connection: Connection) -> dict[int, Record]:
    """Return by the finding's number every dispute that nothing has ended."""
    table = schema.decisions.c
    if not connection.scalar(select(exists().where(table.kind == KIND, table.state == IN_FORCE))):
        return {}
    return {number_of(record): record for record in records(connection, KIND) if record.state == IN_FORCE}


def number_of(record: Record) -> int:
    """Return the number of the finding that a dispute is about."""
    return int(record.covers["numbers"][0])


def said_of(record: Record) -> Decision:
    """Return what is shown beside the finding; the reason is the hash of the evidence, where there is any."""
    evidence = f"sha256:{record.evidence}" if record.evidence else ""
    return Decision(KIND, record.id, evidence, record.reason, record.person, None)


def beside(connection: Connection, said: Mapping[int, Finding]) -> dict[int, Finding]:
    """Return findings by number with what is disputed or reviewed now, whatever the run that reported them knew."""
    told = {number: said_of(record) for number, record in open_disputes(connection).items()}
    reviews = Reviewed(open_reviews(connection))
    found = dict(said)
    for number, finding in said.items():
        decision = finding.decision
        if decision is None or decision.verdict is None:
            now = reviews.said_of(finding) or told.get(number)
            if now != decision:
                found[number] = replace(finding, decision=now)
    return found


def close_disputes(
    connection: Connection, ruleset: str, run: int, changed: Collection[str], *, at: datetime
) -> dict[str, str]:
    """Close the disputes that the data of a run decide, and return what its entry holds of them.

    They are those whose finding is no longer found, and those `changed`: it was found for other facts.
    """
    finding = schema.findings.c
    mine = {number: record for number, record in open_disputes(connection).items() if record.ruleset == ruleset}
    query = select(finding.id).where(finding.id.in_(mine), finding.state != State.RESOLVED.value)
    left = set(connection.scalars(query)) if mine else set()
    holds: dict[str, str] = {}
    for number, record in mine.items():
        why = "no-longer-found" if number not in left else "facts-changed" if record.id in changed else ""
        if why:
            holds |= end_record(connection, KIND, record.id, CLOSED, at=at, by=f"run {run}", why=why)
    return holds
