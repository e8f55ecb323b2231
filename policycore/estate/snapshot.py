"""Import, open and write estates: the functions that the rest of policycore calls."""

from __future__ import annotations

from policycore.estate.stored import EstateSource, Snapshot, TableFile, open_snapshot, write_tables

__all__ = [
    "EstateSource",
    "Snapshot",
    "TableFile",
    "open_snapshot",
    "write_tables",
]
