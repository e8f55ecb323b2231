"""What people did about findings that no check has seen yet: shown beside each, whatever the newest run knows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from policycore.store import schema
from policycore.store.decided import IN_FORCE

__all__ = ["Acts", "acts_of", "filed_for"]

_FILED = ("waiver", "attestation")


@dataclass(frozen=True, slots=True)
class Acts:
    """What was done about one finding: notes and ticked steps by number, a decision that counts from the next check."""

    notes: int = 0
    ticked: int = 0
    filed: str = ""
    """The kind of the decision, '' for none."""
    filed_as: str = ""
    """The decision's id."""


def filed_for(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return by fingerprint the kind and id of each decision in force that no run has judged."""
    decision, judged = schema.decisions.c, schema.run_decisions.c
    seen = select(judged.id).where(judged.kind == decision.kind, judged.id == decision.id).exists()
    query = select(decision.kind, decision.id, decision.covers).where(
        decision.kind.in_(_FILED), decision.state == IN_FORCE, ~seen
    )
    return {
        fingerprint: (kind, name)
        for kind, name, covers in connection.execute(query.order_by(decision.number))
        for fingerprint in json.loads(covers).get("findings", ())
    }


def acts_of(connection: Connection, findings: Sequence[tuple[int, str]]) -> dict[int, Acts]:
    """Return by number what was done about findings, each given by number and fingerprint."""
    numbers = [number for number, _ in findings]
    counted: dict[str, Counter[int]] = {}
    for name, table in (("notes", schema.notes), ("ticked", schema.step_ticks)):
        which = table.c.finding_id
        query = select(which, func.count()).where(which.in_(numbers)).group_by(which)
        counted[name] = Counter({row[0]: row[1] for row in connection.execute(query)})
    filed = filed_for(connection)
    return {
        number: Acts(counted["notes"][number], counted["ticked"][number], *filed.get(fingerprint, ("", "")))
        for number, fingerprint in findings
    }
