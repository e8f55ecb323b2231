"""Import, open and write estates: the functions that the rest of policycore calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.estate.importing import import_estate
from policycore.estate.stored import EstateSource, Snapshot, TableFile, is_snapshot, open_snapshot, write_tables
from policycore.system.temporary_folders import PrivateFolder, sweep_private_folders

if TYPE_CHECKING:
    from policycore.plugin_api.source import Source

__all__ = [
    "EstateSource",
    "Snapshot",
    "TableFile",
    "import_estate",
    "open_estate",
    "open_snapshot",
    "write_tables",
]


def open_estate(
    folder: Path,
    *,
    as_of: datetime | None = None,
    timezone: str | None = None,
    lenient: bool = False,
    sources: Callable[[], Sequence[Source]] | None = None,
) -> Snapshot:
    """Open a snapshot as it is, or an interchange folder (or file) through a temporary snapshot.

    Leaving the ``with`` block removes the temporary snapshot; without one it goes when the process
    ends. Raises DataError with every problem.
    """
    if folder.is_dir() and is_snapshot(folder):
        return open_snapshot(folder)
    sweep_private_folders()
    private = PrivateFolder()
    try:
        snapshot = import_estate(
            [folder], private.path / "snapshot", as_of=as_of, timezone=timezone, lenient=lenient, sources=sources
        )
    except BaseException:
        private.close()
        raise
    return replace(snapshot, temporary=private)
