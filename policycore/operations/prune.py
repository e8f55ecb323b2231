"""Let go of what old runs of a workspace found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from policycore.store.prune import Pruned, prune

if TYPE_CHECKING:
    from policycore.store.workspace import Workspace

__all__ = ["prune_runs"]


def prune_runs(workspace: Workspace, older_than: timedelta, *, dry_run: bool = False) -> Pruned:
    """Let go of runs that were recorded longer ago than `older_than`; see `policycore.store.prune`.

    With `dry_run` nothing changes. Raises DataError where the store was altered.
    """
    moment = datetime.now(UTC)
    with workspace.lock(), workspace.open_store() as store:
        with store.write() as connection:
            undo = connection.begin_nested()
            done = prune(connection, moment - older_than, now=moment)
            if dry_run:
                undo.rollback()
        if not dry_run and (done.runs or done.findings):
            store.forget()
    return done
