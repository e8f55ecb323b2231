"""Dispute findings: record that the data are said to be wrong, list what is disputed, take it back or close it.

A dispute changes no verdict and no state. It ends when new data no longer give the finding, or give it for other facts,
or when an approver closes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from policycore.errors import UsageError
from policycore.model.facts import lasting_facts
from policycore.model.verdict import VIOLATIONS
from policycore.operations.decide import decision_problem, evidence_hash, next_id
from policycore.store import schema
from policycore.store.decided import IN_FORCE, Record, add_records, end_record, records
from policycore.store.kept import audit
from policycore.store.lives.disputes import CLOSED, KIND, number_of, open_disputes
from policycore.store.lives.history import find_finding, history_of
from policycore.store.lives.life_cycle import ACTIVE
from policycore.store.store import Store
from policycore.store.verify import require_life
from policycore.text.clean import clean
from policycore.text.shown import shown, shown_id

__all__ = ["dispute", "end_dispute", "listed_disputes"]

_LONGEST = 400
"""Characters of a reason: it stands before the message wherever that is shown."""


def dispute(
    store: Store, names: Iterable[str | int], text: str, *, person: str = "", evidence: Path | None = None
) -> tuple[str, ...]:
    """Record that findings, by number or by the beginning of their ids, are disputed, all or none; return the ids.

    `text` says what is wrong, `person` who says so, whoever acts by default; of `evidence` hash and name are kept.
    Raises UsageError for a finding that is no open violation or is disputed already, DataError where it was altered.
    """
    said = shown(clean(text, limit=_LONGEST)).strip()
    if not said:
        raise UsageError(decision_problem("dispute.no-text"))
    digest = "" if evidence is None else evidence_hash(evidence)
    now = datetime.now(UTC)
    with store.write() as connection:
        known = [record.id for record in records(connection, KIND)]
        begun = len(known)
        for number in dict.fromkeys(
            name if isinstance(name, int) else find_finding(connection, name) for name in names
        ):
            require_life(connection, number)
            life, before = history_of(connection, number), open_disputes(connection).get(number)
            finding = life.finding
            if finding.verdict not in VIOLATIONS or life.state not in ACTIVE:
                raise UsageError(decision_problem("dispute.not-open", id=finding.id))
            if before is not None:
                raise UsageError(decision_problem("dispute.already", id=finding.id, dispute=before.id))
            more = {"facts": lasting_facts(finding.facts), "evidence_name": shown_id(evidence.name) if evidence else ""}
            record = Record(
                kind=KIND,
                id=next_id("D", now, known),
                body=json.dumps(more, ensure_ascii=True, sort_keys=True),
                at=now,
                ruleset=life.ruleset,
                covers={"findings": finding.fingerprints, "numbers": [str(number)]},
                reason=said,
                person=clean(person or audit.this_person(), limit=60),
                evidence=digest,
            )
            known.append(record.id)
            details = {"dispute": record.id, "finding": finding.id, "person": record.person, "evidence": digest}
            audit.append(connection, "dispute", details, at=now, holds=add_records(connection, [record]))
    return tuple(known[begun:])


def end_dispute(store: Store, name: str, why: str = "", *, withdrawn: bool = False) -> None:
    """Close a dispute, saying why, or take it back; UsageError where none of that id is open."""
    if not withdrawn and not why.strip():
        raise UsageError(decision_problem("dispute.no-why"))
    state, action = ("withdrawn", "dispute-withdrawn") if withdrawn else (CLOSED, "dispute-closed")
    said = shown(clean(why, limit=_LONGEST))
    with store.write() as connection:
        if name not in [record.id for record in open_disputes(connection).values()]:
            raise UsageError(decision_problem("dispute.none", name=clean(name, limit=60)))
        holds = end_record(connection, KIND, name, state, at=datetime.now(UTC), by=audit.this_person(), why=said)
        audit.append(connection, action, {"dispute": name, "why": said}, holds=holds)


def listed_disputes(store: Store, *, everything: bool = False) -> Sequence[tuple[Record, str]]:
    """Return the disputes that are open, or all, each with the id of its finding, in the order they were made."""
    finding = schema.findings.c
    with store.read() as connection:
        found = [one for one in records(connection, KIND) if everything or one.state == IN_FORCE]
        rows = connection.execute(
            select(finding.id, finding.label).where(finding.id.in_([number_of(one) for one in found]))
        )
        labels = {row.id: row.label for row in rows}
    return [(one, labels.get(number_of(one), "")) for one in found]
