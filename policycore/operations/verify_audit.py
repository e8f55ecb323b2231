"""Verify the audit trail of a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from policycore.errors import DataError, Problem, UsageError
from policycore.language import say
from policycore.store import schema
from policycore.store.kept import audit
from policycore.store.verify import alterations
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.store.workspace import Workspace

__all__ = ["verify_audit"]


def verify_audit(workspace: Workspace, heads: Iterable[str] = ()) -> tuple[int, str]:
    """Return how many entries the trail has and its head.

    `heads` are heads that were noted elsewhere and must stand in it: only they prove that nothing was cut off. Raises
    UsageError for a head that can be none, DataError where the chain is broken or anything that it seals was altered.
    """
    noted = tuple(head.strip().lower() for head in heads)
    for head in noted:
        if len(head) != len(audit.GENESIS) or not set(head) <= set("0123456789abcdef"):
            raise UsageError(_problem("no-head", "audit.no-head", word=clean(head, limit=80)))
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        fault = audit.verify(connection, noted)
        count = connection.scalar(select(func.count()).select_from(schema.audit)) or 0
        head = audit.head(connection)
        if fault is not None:
            raise DataError(_problem(fault.kind, "audit", sequence=fault.sequence))
        problems = tuple(alterations(connection))
    if problems:
        raise DataError(*problems)
    return count, head


def _problem(kind: str, advice: str, **values: object) -> Problem:
    """Return a problem of that kind; why it matters and what to try stand under `advice`."""
    what = say(f"operations.audit.{kind}", **values)
    return Problem(f"audit.{kind}", what, say(f"operations.{advice}.why"), say(f"operations.{advice}.fix"))
