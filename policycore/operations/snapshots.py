"""Find the snapshots that a workspace keeps, and let old ones go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from policycore.errors import Problem, UsageError
from policycore.store.snapshots import KeepPolicy, Kept, kept_snapshots, leaving, remove

if TYPE_CHECKING:
    from policycore.store.workspace import Workspace

__all__ = ["kept_snapshot", "newest_first", "prune_snapshots", "snapshots_meant"]


def newest_first(workspace: Workspace) -> list[Kept]:
    """Return the kept snapshots, the newest first."""
    return sorted(kept_snapshots(workspace.snapshots), key=lambda item: (item.as_of, item.id), reverse=True)


def kept_snapshot(workspace: Workspace, name: str) -> Kept:
    """Return the one kept snapshot whose id begins with `name`; UsageError unless it is one."""
    found = [item for item in kept_snapshots(workspace.snapshots) if name and item.id.startswith(name)]
    if len(found) != 1:
        raise UsageError(Problem.of("operations.no-snapshot", id=name[:40]))
    return found[0]


def snapshots_meant(workspace: Workspace, names: Iterable[str], newest: int) -> Sequence[Kept]:
    """Return the snapshots called `names`, else the `newest` ones, newest first; UsageError where there is none."""
    chosen = [kept_snapshot(workspace, name) for name in names] or newest_first(workspace)[:newest]
    if not chosen:
        raise UsageError(Problem.of("operations.no-snapshots"))
    return chosen


def prune_snapshots(workspace: Workspace, policy: KeepPolicy) -> Sequence[str]:
    """Remove what `policy` lets go, with an entry in the audit trail; return the ids."""
    from policycore.store.kept import audit

    with workspace.lock(), workspace.open_store() as store:
        removed = leaving(workspace.snapshots, policy, datetime.now(UTC))
        if removed:
            with store.write() as connection:
                audit.append(connection, "snapshots-removed", {"snapshots": removed})
        remove(workspace.snapshots, removed)
    return removed
