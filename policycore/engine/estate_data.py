"""Say where the data of an estate are: what a session is opened on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.model.schema import ColumnSchema, key_columns

if TYPE_CHECKING:
    import pyarrow

    from policycore.estate.snapshot import Snapshot

__all__ = ["EstateData", "SourceData"]


@dataclass(frozen=True, slots=True)
class SourceData:
    """One source of groups and the ``table.column`` fields it cannot supply."""

    name: str
    lacks: frozenset[str]


@dataclass(frozen=True, slots=True)
class EstateData:
    """Where an estate's tables are: Parquet files, or Arrow tables in memory."""

    id: str
    as_of: datetime
    timezone: str
    sources: tuple[SourceData, ...]
    relations: Mapping[str, Path | pyarrow.Table]
    columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, int]
    withheld: tuple[str, ...] = ()
    """Fields that were there and are not kept by choice."""
    own: tuple[ColumnSchema, ...] = ()
    """What the estate, or the rule set that it is judged by, adds to the model."""

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> EstateData:
        """Return the data of a snapshot on disk."""
        return cls(
            id=snapshot.id,
            as_of=snapshot.as_of,
            timezone=snapshot.timezone,
            sources=tuple(SourceData(source.name, frozenset(source.lacks)) for source in snapshot.sources),
            relations={name: file.path for name, file in snapshot.tables.items()},
            # Every table of a snapshot holds keys and where its rows came from, beside the columns that were supplied.
            columns={
                name: (
                    *file.columns,
                    *(key for column, (key, _) in key_columns().get(name, {}).items() if column in file.columns),
                    "_file",
                    "_row",
                )
                for name, file in snapshot.tables.items()
            },
            rows={name: file.rows for name, file in snapshot.tables.items()},
            withheld=snapshot.withheld,
            own=snapshot.own,
        )
