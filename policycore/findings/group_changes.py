"""Tell, from the digests of two snapshots, which groups changed between them, and which rows only moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.database import MemoryDatabase
from policycore.estate.group_digests import BY_GROUP

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["GroupChanges", "compare_digests"]

REGISTER = ""
"""Group id under which digests hold what belongs to no group."""

_COMPARED = """SELECT coalesce(n."table", o."table") AS name, coalesce(n.group_id, o.group_id) AS group_id,
        o.a IS DISTINCT FROM n.a OR o.b IS DISTINCT FROM n.b AS changed
    FROM was o FULL JOIN present n ON o."table" = n."table" AND o.group_id = n.group_id
    WHERE changed OR o.place IS DISTINCT FROM n.place"""


@dataclass(frozen=True)
class GroupChanges:
    """Say what changed by table; `then` and `now` are the ids of all groups of the two snapshots, sorted."""

    then: pyarrow.Array
    now: pyarrow.Array
    changed: Mapping[str, set[str]] = field(default_factory=dict)
    """Groups by table whose rows differ, new and vanished ones included."""
    moved: Mapping[str, set[str]] = field(default_factory=dict)
    """Groups by table whose rows are the same and stand elsewhere in their files."""

    def of_tables(self, tables: frozenset[str]) -> set[str] | None:
        """Return the groups in which any of `tables` changed; None where rows of no group did."""
        found: set[str] = set().union(*(self.changed.get(name, ()) for name in tables & BY_GROUP.keys()))
        return None if REGISTER in found else found

    def moved_in(self, tables: frozenset[str]) -> frozenset[str]:
        """Return the groups of which rows of any of `tables` stand elsewhere in their files now."""
        return frozenset().union(*(self.moved.get(name, ()) for name in tables))

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
    moved: dict[str, set[str]] = {}
    with MemoryDatabase() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        rows = connection.sql(_COMPARED).to_arrow_table()
    for name, group, differs in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        (changed if differs else moved).setdefault(name, set()).add(group)
    return GroupChanges(_groups(tables["was"]), _groups(tables["present"]), changed, moved)


def _groups(digests: pyarrow.Table) -> pyarrow.Array:
    """Return the ids of the groups of a snapshot, sorted as the digests are."""
    import pyarrow.compute

    # The type is pinned: what one side holds as large strings must be found in the other.
    of_groups = digests.filter(pyarrow.compute.equal(digests.column("table"), "groups")).column("group_id")
    return of_groups.combine_chunks().cast(pyarrow.string())
