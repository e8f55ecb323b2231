"""Import, open and write estates: the functions that the rest of policycore calls."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from policycore.estate.importing import import_estate
from policycore.estate.stored import EstateSource, Snapshot, TableFile, is_snapshot, open_snapshot, write_tables

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
    folder: Path, *, as_of: datetime | None = None, timezone: str | None = None, lenient: bool = False
) -> Snapshot:
    """Open a snapshot as it is, or an interchange folder (or file) through a temporary snapshot.

    The temporary snapshot lives until the process ends. Raises DataError with every problem.
    """
    if folder.is_dir() and is_snapshot(folder):
        return open_snapshot(folder)
    temporary = tempfile.mkdtemp(prefix="policycore-")
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return import_estate([folder], Path(temporary) / "snapshot", as_of=as_of, timezone=timezone, lenient=lenient)
