"""Sum up the content of a snapshot group by group, so that a later run can tell which groups changed.

A digest stands for the rows that rules see of one group in one table at the snapshot's as-of time.
Where rows came from is kept beside it, in such a form that two digests tell whether all rows of a group
moved alike: a line more at the top of a file moves all others by one and changes none. Digests are
compared with those of another snapshot, never looked into; the hash is DuckDB's own (64 bit, not
cryptographic), so the manifest says which version made them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.estate.database import MemoryDatabase
from policycore.estate.views import HISTORIES, as_of_views, raw_view
from policycore.model.schema import table_schemas

if TYPE_CHECKING:
    import pyarrow

__all__ = ["BY_GROUP", "digest_engine", "write_digests"]

BY_GROUP = {
    "groups": "id",
    "memberships": "group_id",
    "events": "group_id",
    "messages": "group_id",
    "attachments": "message_id",
    "receipts": "message_id",
    "approvals": "message_id",
}
"""Tables whose rows belong to one group each, with the column that leads there."""

ROW_GROUP = 100_000
_NONE = """SELECT '' AS "table", '' AS group_id, 0::UBIGINT AS a, 0::UBIGINT AS b,
    0::UBIGINT AS file, 0::UBIGINT AS place, 0 AS first WHERE false"""
_FORM = 2
"""Raised when digests of another kind are made: they are not compared with those before."""


def digest_engine() -> str:
    """Return what makes the digests: those of two engines can't be compared."""
    from importlib.metadata import version

    return f"duckdb {version('duckdb')} {_FORM}"


def write_digests(tables: Mapping[str, pyarrow.Table], file: Path, *, as_of: datetime) -> dict[str, str]:
    """Write one row for each table and group, one with an empty group for a whole register; return a hash by table.

    Two tables have the same hash (SHA-256 over the digests) when they hold the same rows at the same places of
    the same files, whatever the Parquet files they lie in look like.

    Columns: ``table``, ``group_id``, ``a`` and ``b`` (64 bit each) for the content, ``file`` for the files the rows
    came from, ``first`` for the first of their rows there, and ``place`` (64 bit): the sum of each row's number times
    its content's hash. When all rows move by `n`, ``first`` grows by `n` and ``place`` by `n` times ``a``.
    Sorted by table and group. Every group has a row for the table ``groups``.
    """
    import pyarrow.parquet as pq

    with MemoryDatabase() as connection:
        run = connection.execute
        # Two digests of one estate must not differ by the zone of the machine that made them.
        run("SET TimeZone = 'UTC'")
        run("SET python_enable_replacements = false")
        run(f"CREATE MACRO as_of() AS TIMESTAMPTZ '{as_of.astimezone(UTC).isoformat()}'")
        run("CREATE SCHEMA raw")
        supplied = {name: tuple(table.column_names) for name, table in tables.items()}
        views = as_of_views(supplied, places=True)
        # Messages lead from their attachments to a group, also where there are none.
        for name in dict.fromkeys((*tables, "messages")):
            relation = f"arrow_{name}" if name in tables else None
            if relation is not None:
                connection.register(relation, tables[name])
            run(f"CREATE VIEW raw.{name} AS {raw_view(table_schemas()[name], relation, supplied.get(name, ()))}")
            run(f"CREATE VIEW {_visible(name)} AS {views[_visible(name)]}")
        selects = [_NONE, *(_select(name, supplied) for name in table_schemas() if name in tables)]
        rows = connection.sql(f"{' UNION ALL '.join(selects)} ORDER BY ALL").to_arrow_table()
        pq.write_table(rows, file, compression="lz4", row_group_size=ROW_GROUP)
    return {name: _hash(rows, name) for name in sorted(tables)}


def _hash(rows: pyarrow.Table, name: str) -> str:
    """Return the hash of one table's digests."""
    import pyarrow.compute

    own = rows.filter(pyarrow.compute.equal(rows.column("table"), name))
    digest = hashlib.sha256("\0".join(own.column("group_id").to_pylist()).encode())
    for column in ("a", "b", "file", "place", "first"):
        digest.update(own.column(column).to_numpy().astype("<u8").tobytes())
    return digest.hexdigest()


def _select(name: str, supplied: Mapping[str, tuple[str, ...]]) -> str:
    """Return the SELECT of one table's digests: the rows of a group in any order come to the same."""
    columns = ", ".join(f'x."{column}"' for column in table_schemas()[name].columns if column in supplied[name])
    link = BY_GROUP.get(name)
    group, joined = "''", ""
    if link == "message_id":
        # A row whose message is not known belongs to no group; it is counted as a register is.
        group, joined = "coalesce(m.group_id, '')", "LEFT JOIN messages m ON m.id = x.message_id"
    elif link is not None:
        group = f"coalesce(x.{link}, '')"
    return f"""SELECT '{name}' AS "table", group_id,
        CAST(sum(h) % 18446744073709551616 AS UBIGINT) AS a, bit_xor(hash(h, 1)) AS b,
        CAST(sum(hash(h, file)) % 18446744073709551616 AS UBIGINT) AS file,
        CAST(sum(CAST(h AS HUGEINT) * row) % 18446744073709551616 AS UBIGINT) AS place, min(row) AS first
        FROM (SELECT {group} AS group_id, hash({columns}) AS h, x._file AS file, coalesce(x._row, 0) AS row
              FROM {_visible(name)} x {joined}) GROUP BY 2"""


def _visible(name: str) -> str:
    """Return the view of the rows of a table that have begun."""
    return "all_groups" if name == "groups" else HISTORIES.get(name, name)
