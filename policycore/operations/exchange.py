"""Carry decisions between the store and the reviewed files: take a file's in, write the store's out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from policycore.decisions.read import holds, read_attestations, read_waivers
from policycore.decisions.records import WITHDRAWN, Granted, decision_of, kind_of, record_of, said
from policycore.decisions.write import file_of
from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.operations.decide import decision_problem
from policycore.store.decided import add_records, end_record, records
from policycore.store.kept import audit
from policycore.store.store import Store
from policycore.store.workspace import Workspace
from policycore.text.clean import clean

__all__ = ["export_decisions", "import_decisions"]

Kind = Literal["waiver", "attestation"]


def import_decisions(workspace: Workspace, store: Store, kind: Kind, file: Path | None = None) -> tuple[int, int]:
    """Take the decisions of a file, the workspace's own by default, into the store, all or none.

    Returns how many came and how many were there already; one that the file says is withdrawn is withdrawn. Raises
    UsageError with every mistake of the file and every id that the store has for something else.
    """
    path = file or (workspace.waivers if kind == "waiver" else workspace.attestations)
    if not path.is_file():
        raise UsageError(decision_problem("decide.no-file", path=clean(str(path), limit=200)))
    filed: tuple[Granted, ...] = read_waivers(path) if kind == "waiver" else read_attestations(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with store.write() as connection:
        kept = {record.id: decision_of(record) for record in records(connection, kind)}
        taken = [_taken(item) for item in filed if item.id in kept and said(kept[item.id]) != said(item)]
        if taken:
            raise UsageError(*taken)
        new = [item for item in filed if item.id not in kept]
        ended = [item for item in filed if item.id in kept and not holds(kept[item.id], item)]
        sealed = add_records(connection, [record_of(item) for item in new])
        for item in ended:
            if item.withdrawn is not None:
                sealed |= end_record(connection, kind, item.id, WITHDRAWN, at=item.withdrawn, by=audit.this_person())
        if sealed:
            names = {"added": [item.id for item in new], "withdrawn": [item.id for item in ended]}
            details = {"kind": kind, "file": path.name, "sha256": digest, **names}
            audit.append(connection, "decisions-imported", details, holds=sealed)
    return len(new), len(filed) - len(new)


def _taken(item: Granted) -> Problem:
    shown = say(f"decisions.kind.{kind_of(item)}", id=clean(item.id, limit=60))
    return Problem.of("decisions.id-taken", code="decision.id-taken", place=item.place, decision=shown)


def export_decisions(store: Store, kind: Kind) -> bytes:
    """Return the store's decisions of one kind as the file of that kind, in the order in which they were made."""
    with store.read() as connection:
        return file_of(kind, (decision_of(record) for record in records(connection, kind)))
