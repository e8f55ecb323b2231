"""Find the snapshots that a workspace keeps, and let old ones go; let go of what old runs found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, or_, select

from policycore.errors import Problem, UsageError
from policycore.store import schema
from policycore.store.kept import audit
from policycore.store.prune import Pruned, prune
from policycore.store.snapshots import KeepPolicy, Kept, kept_snapshots, remove
from policycore.store.store import Store
from policycore.store.workspace import Workspace

__all__ = [
    "kept_snapshot",
    "needed_snapshots",
    "newest_first",
    "prune_runs",
    "prune_snapshots",
    "remove_snapshots",
    "snapshots_meant",
]


def newest_first(workspace: Workspace) -> list[Kept]:
    """Return the kept snapshots, the one that was checked last first; those that no run names come last."""
    kept = list(kept_snapshots(workspace.snapshots))
    if not kept:
        return []
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        runs = schema.runs.c
        checked = dict(connection.execute(select(runs.snapshot, func.max(runs.id)).group_by(runs.snapshot)).all())
    return sorted(kept, key=lambda item: (checked.get(item.id, 0), item.as_of, item.id), reverse=True)


def needed_snapshots(connection: Connection) -> frozenset[str]:
    """Return the snapshots that must stay: that of the newest run, and that of each rule set's newest one."""
    runs = schema.runs.c
    moved = select(func.max(runs.id)).where(runs.replay.is_(False)).group_by(runs.ruleset)
    newest = select(func.max(runs.id)).group_by(runs.ruleset)
    query = select(runs.snapshot).where(or_(runs.id.in_(moved), runs.id.in_(newest)))
    return frozenset(connection.scalars(query))


def kept_snapshot(workspace: Workspace, name: str) -> Kept:
    """Return the one kept snapshot whose id begins with `name`; UsageError unless it is one."""
    found = [item for item in kept_snapshots(workspace.snapshots) if name and item.id.startswith(name)]
    if len(found) != 1:
        code = "operations.no-snapshot" if found else "operations.snapshot-not-kept"
        raise UsageError(Problem.of(code, id=name[:40]))
    return found[0]


def snapshots_meant(workspace: Workspace, names: Iterable[str], newest: int) -> Sequence[Kept]:
    """Return the snapshots called `names`, else the `newest` ones, newest first; UsageError where there is none."""
    chosen = [kept_snapshot(workspace, name) for name in names] or newest_first(workspace)[:newest]
    if not chosen:
        raise UsageError(Problem.of("operations.no-snapshots"))
    return chosen


def prune_snapshots(workspace: Workspace, policy: KeepPolicy) -> Sequence[str]:
    """Remove what `policy` lets go, with an entry in the audit trail; return the ids."""
    with workspace.lock(), workspace.open_store() as store:
        with store.read() as connection:
            always = policy.always | needed_snapshots(connection)
        ordered = newest_first(workspace)
        staying = replace(policy, always=always).stays(ordered, datetime.now(UTC))
        removed = [item.id for item in ordered if item.id not in staying]
        _remove(workspace, store, removed)
    return removed


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


def remove_snapshots(workspace: Workspace, names: Iterable[str]) -> Sequence[str]:
    """Remove the snapshots whose ids begin with `names`, all or none, with an entry in the audit trail.

    Raises UsageError for one that is not kept, and for one that a newest run was made of.
    """
    with workspace.lock(), workspace.open_store() as store:
        removed = list(dict.fromkeys(kept_snapshot(workspace, name).id for name in names))
        with store.read() as connection:
            needed = needed_snapshots(connection)
        refused = [Problem.of("operations.newest-snapshot", id=one) for one in removed if one in needed]
        if refused:
            raise UsageError(*refused)
        _remove(workspace, store, removed)
    return removed


def _remove(workspace: Workspace, store: Store, names: Sequence[str]) -> None:
    """Remove snapshots; the entry comes first."""
    if names:
        with store.write() as connection:
            audit.append(connection, "snapshots-removed", {"snapshots": list(names)})
        remove(workspace.snapshots, names)
