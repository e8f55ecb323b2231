"""Take decisions back: withdraw one that counted, or undo one that nothing has rested on yet.

A withdrawal holds for every check made after it, of whatever date its data are. What an earlier run
said stays in the store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, select

from policycore.decisions.records import WITHDRAWN, Granted
from policycore.errors import UsageError
from policycore.operations.decide import decision_problem, made_before
from policycore.store import schema
from policycore.store.decided import end_record, remove_record
from policycore.store.kept import audit
from policycore.store.store import Store
from policycore.store.workspace import Workspace
from policycore.text.clean import clean

__all__ = ["Withdrawal", "undo", "withdraw"]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was withdrawn (``waiver`` or ``attestation``), since when, and whether that was so before."""

    kind: str
    id: str
    since: datetime
    already: bool = False


def withdraw(workspace: Workspace, store: Store, name: str) -> Withdrawal:
    """Withdraw a waiver or an attestation; it stays in the store and no check counts it any more.

    One that is withdrawn already is left as it is. Raises UsageError when there is none of that id.
    """
    kind, entry = _find(workspace, store, name)
    if entry.withdrawn is not None:
        return Withdrawal(kind, name, entry.withdrawn, already=True)
    at = datetime.now(UTC).replace(microsecond=0)
    with store.write() as connection:
        holds = end_record(connection, kind, name, WITHDRAWN, at=at, by=audit.this_person())
        audit.append(connection, "withdraw", {kind: name}, holds=holds)
    return Withdrawal(kind, name, at)


def undo(workspace: Workspace, store: Store, names: Iterable[str]) -> None:
    """Take back decisions that were made a moment ago: each leaves the store, and the audit trail says so.

    One that a run has seen meanwhile is withdrawn instead, for that run's result rests on it.
    """
    for name in names:
        kind, _ = _find(workspace, store, name)
        seen = schema.run_decisions.c
        with store.write() as connection:
            used = connection.scalar(select(exists().where(seen.kind == kind, seen.id == name)))
            if not used:
                audit.append(connection, "undo", {kind: name}, holds=remove_record(connection, kind, name))
        if used:
            withdraw(workspace, store, name)


def _find(workspace: Workspace, store: Store, name: str) -> tuple[str, Granted]:
    decisions = made_before(workspace, store)
    for kind, entries in (("waiver", decisions.waivers), ("attestation", decisions.attestations)):
        for entry in entries:
            if entry.id == name:
                return kind, entry
    raise UsageError(decision_problem("decide.no-decision", name=clean(name, limit=60)))
