"""See whether a run judged what the run before it had judged: a source that stands still looks like a quiet week."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from policycore.errors import DataError
from policycore.estate.manifest import MANIFEST, read_manifest
from policycore.store.kept.runs import RunSummary, find_run

__all__ = ["judged_before"]


def judged_before(connection: Connection, snapshots: Path, run: RunSummary) -> RunSummary | None:
    """Return the run before `run` where both judged the same rows, whatever moment they were said to be of.

    `snapshots` is where the workspace keeps them; those of other rows, and of runs that looked back, are None.
    """
    if run.replay or run.previous is None:
        return None
    before = find_run(connection, str(run.previous))
    if before.snapshot == run.snapshot:
        return before
    return before if _tables(snapshots / before.snapshot) == (_tables(snapshots / run.snapshot) or None) else None


def _tables(folder: Path) -> dict[str, str]:
    """Return the digests of a kept snapshot's tables, nothing where it is gone."""
    try:
        tables = read_manifest(folder / MANIFEST).tables
    except DataError:
        return {}
    return {name: table.sha256 for name, table in (tables or {}).items()}
