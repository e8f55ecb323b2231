"""Make a large estate set-wise, write it as CSV and as a snapshot; not measured."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb

__all__ = ["AS_OF", "write_estate"]

AS_OF = datetime(2024, 4, 14, 16, tzinfo=UTC)
_TABLES = ("departments", "people", "appointments", "accounts", "groups", "memberships", "tasks", "events")
_CHATS = ("messages", "attachments")
# What a department's size must be: see estate.sql. The largest groups fit into one.
_SIZES = (101, 401, 1013, 5003, 20_011)
_CSV = {
    "list": "array_to_string({}, '|')",
    "struct": "to_json({})",
    "timestamp with time zone": "strftime({}, '%Y-%m-%dT%H:%M:%S+00:00')",
}
_MANIFEST = """policycore: 1
as_of: 2024-04-15T00:00:00+08:00
timezone: Asia/Shanghai
sources:
  - {name: platform, platform: wecom, lacks: []}
"""


def write_estate(folder: Path, groups: int, members: int, messages: int, seed: int) -> dict[str, int]:
    """Write ``interchange`` and ``snapshot`` below `folder`; return rows by table."""
    from policycore.estate.snapshot import EstateSource, write_tables

    size = next((size for size in _SIZES if size > 5 * members / groups), _SIZES[-1])
    values = {"groups": groups, "members": members, "messages": messages, "seed": seed, "size": size}
    values["departments"] = max(5, -(-groups // 200))
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    for name, value in values.items():
        script = script.replace(f"${name}", str(value))
    interchange = folder / "interchange"
    interchange.mkdir()
    (interchange / "manifest.yaml").write_text(_MANIFEST, encoding="utf-8")
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        connection.execute(script)
        tables = {name: connection.table(name) for name in (*_TABLES, *(_CHATS if messages else ()))}
        for name, table in tables.items():
            cells = [
                f'{_CSV.get(kind.id, "{}")} AS "{column}"'.format(f'"{column}"')
                for column, kind in zip(table.columns, table.types, strict=True)
            ]
            table.project(", ".join(cells)).write_csv(str(interchange / f"{name}.csv"))
        arrow = {name: table.to_arrow_table() for name, table in tables.items()}
    write_tables(arrow, folder / "snapshot", as_of=AS_OF, sources=[EstateSource("platform", "wecom")])
    return {name: table.num_rows for name, table in arrow.items()}


if __name__ == "__main__":
    print(json.dumps(write_estate(Path(sys.argv[1]), *map(int, sys.argv[2:]))))  # noqa: T201 - for the parent process
