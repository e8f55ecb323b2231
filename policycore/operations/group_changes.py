"""Tell, from the digests of two snapshots, which groups changed between them, and which rows only moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.estate.database import MemoryDatabase
from policycore.estate.group_digests import BY_GROUP

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["GroupChanges", "compare_digests"]

REGISTER = ""
"""Group id under which digests hold what belongs to no group."""

_COMPARED = """SELECT coalesce(n."table", o."table") AS name, coalesce(n.group_id, o.group_id) AS group_id,
        o.a IS DISTINCT FROM n.a OR o.b IS DISTINCT FROM n.b AS changed,
        CASE WHEN o.file = n.file
            -- Sums of 64 bit numbers modulo 2^64; see `write_digests`.
            AND (CAST(o.place AS HUGEINT) + CAST(n.first - o.first AS HUGEINT) * o.a - n.place)
                % 18446744073709551616 = 0
            THEN n.first - o.first END AS by
    FROM was o FULL JOIN present n ON o."table" = n."table" AND o.group_id = n.group_id
    WHERE changed OR o.file <> n.file OR o.place <> n.place OR o.first <> n.first"""


@dataclass(frozen=True)
class GroupChanges:
    """Say what changed by table; `then` and `now` are the ids of all groups of the two snapshots, sorted."""

    then: pyarrow.Array
    now: pyarrow.Array
    changed: Mapping[str, set[str]] = field(default_factory=dict)
    """Groups by table whose rows differ, new and vanished ones included."""
    moved: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    """By table and group whose rows are the same and stand elsewhere: how much further down all of them do.

    None where they did not move alike, or stand in other files.
    """

    def of_tables(self, tables: frozenset[str]) -> set[str] | None:
        """Return the groups in which any of `tables` changed; None where rows of no group did."""
        found: set[str] = set().union(*(self.changed.get(name, ()) for name in tables & BY_GROUP.keys()))
        return None if REGISTER in found else found

    def there_now(self, groups: set[str]) -> set[str]:
        """Return those of `groups` that the snapshot has now."""
        import pyarrow
        import pyarrow.compute

        asked = pyarrow.array(sorted(groups), pyarrow.string())
        found: set[str] = set(asked.filter(pyarrow.compute.is_in(asked, value_set=self.now)).to_pylist())
        return found

    def carried(self, values: numpy.ndarray) -> numpy.ndarray:
        """Return an array with a place for each group then as one with a place for each group now; new ones get 0."""
        import numpy

        there, places = self._places
        carried: numpy.ndarray = numpy.zeros(len(self.now), dtype=values.dtype)
        carried[there] = values[places]
        return carried

    @cached_property
    def _places(self) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return which groups of now were there then, and the place of each of them then."""
        import pyarrow.compute

        places = pyarrow.compute.index_in(self.now, value_set=self.then)
        return places.is_valid().to_numpy(zero_copy_only=False), places.drop_null().to_numpy()


def compare_digests(then: Path, now: Path) -> GroupChanges:
    """Return what changed between the snapshots with the digests `then` and `now`. Raises OSError for no file."""
    import pyarrow.parquet as pq

    tables = {"was": pq.read_table(then), "present": pq.read_table(now)}
    changed: dict[str, set[str]] = {}
    moved: dict[str, dict[str, int | None]] = {}
    with MemoryDatabase() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        rows = connection.sql(_COMPARED).to_arrow_table()
    for name, group, differs, by in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        if differs:
            changed.setdefault(name, set()).add(group)
        else:
            moved.setdefault(name, {})[group] = by
    return GroupChanges(_groups(tables["was"]), _groups(tables["present"]), changed, moved)


def _groups(digests: pyarrow.Table) -> pyarrow.Array:
    """Return the ids of the groups of a snapshot, sorted as the digests are."""
    import pyarrow.compute

    # The type is pinned: what one side holds as large strings must be found in the other.
    of_groups = digests.filter(pyarrow.compute.equal(digests.column("table"), "groups")).column("group_id")
    return of_groups.combine_chunks().cast(pyarrow.string())
