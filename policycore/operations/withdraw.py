"""Take decisions back: withdraw one that counted, or undo one that nothing has rested on yet.

A withdrawal holds for every check made after it, of whatever date its data are. What an earlier run
said stays in the store; to get the same from its snapshot again, check with the files of decisions
as they were then (the run's ``decisions_hash`` shows whether they are the ones).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import exists, select

from policycore.decisions.attestations import SignedStatement
from policycore.decisions.read import load_decisions
from policycore.decisions.waivers import Waiver
from policycore.decisions.write import remove_entry, set_withdrawn, undone_on_failure
from policycore.errors import UsageError
from policycore.operations.decide import decision_problem
from policycore.store import schema
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
    """Withdraw a waiver or an attestation; it stays in its file and no check counts it any more.

    One that is withdrawn already is left as it is. Raises UsageError when there is none of that id.
    """
    kind, path, entry = _find(workspace, name)
    if entry.withdrawn is not None:
        return Withdrawal(kind, name, entry.withdrawn, already=True)
    at = datetime.now(UTC).replace(microsecond=0)
    with undone_on_failure(path), store.write() as connection:
        audit.append(connection, "withdraw", {kind: name})
        set_withdrawn(path, f"{kind}s", name, at)
    return Withdrawal(kind, name, at)


def undo(workspace: Workspace, store: Store, names: Iterable[str]) -> None:
    """Take back decisions that were made a moment ago: each leaves its file, and the audit trail says so.

    One that a run has seen meanwhile is withdrawn instead, for that run's result rests on it.
    """
    for name in names:
        kind, path, _ = _find(workspace, name)
        seen = schema.run_decisions.c
        with store.read() as connection:
            used = connection.scalar(select(exists().where(seen.kind == kind, seen.id == name)))
        if used:
            withdraw(workspace, store, name)
            continue
        with undone_on_failure(path), store.write() as connection:
            audit.append(connection, "undo", {kind: name})
            remove_entry(path, f"{kind}s", name)


def _find(workspace: Workspace, name: str) -> tuple[str, Path, Waiver | SignedStatement]:
    """Return kind, file and entry of the decision called `name`."""
    decisions = load_decisions(workspace)
    for kind, path, entries in (
        ("waiver", workspace.waivers, decisions.waivers),
        ("attestation", workspace.attestations, decisions.attestations),
    ):
        for entry in entries:
            if entry.id == name:
                return kind, path, entry
    raise UsageError(decision_problem("decide.no-decision", name=clean(name, limit=60)))
