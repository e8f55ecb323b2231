"""Write the bench's estate as CSV and as a snapshot; runs in a process of its own, which is not measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow

__all__ = ["write_estate"]

_MANIFEST = """policycore: 1
as_of: 2024-04-15T00:00:00+08:00
timezone: Asia/Shanghai
sources:
  - {name: platform, platform: wecom, lacks: []}
"""


def write_estate(folder: Path, groups: int, members: int, messages: int, seed: int) -> dict[str, int]:
    """Write ``interchange`` and ``snapshot`` below `folder`; return rows by table."""
    from bench.columns import AS_OF
    from bench.estate import make_estate
    from policycore.estate.snapshot import EstateSource, write_tables

    tables = make_estate(groups, members, messages, seed)
    write_tables(tables, folder / "snapshot", as_of=AS_OF, sources=[EstateSource("platform", "wecom")])
    interchange = folder / "interchange"
    interchange.mkdir()
    for name, table in tables.items():
        _write_csv(table, interchange / f"{name}.csv")
    (interchange / "manifest.yaml").write_text(_MANIFEST, encoding="utf-8")
    return {name: table.num_rows for name, table in tables.items()}


def _write_csv(table: pyarrow.Table, path: Path) -> None:
    """Write one table as CSV: lists joined by ``|``, structures as JSON, times in ISO 8601."""
    import duckdb
    import pyarrow as pa

    def value(field: pyarrow.Field) -> str:
        name = f'"{field.name}"'
        if pa.types.is_list(field.type):
            return f"array_to_string({name}, '|') AS {name}"
        if pa.types.is_struct(field.type):
            return f"to_json({name}) AS {name}"
        if pa.types.is_timestamp(field.type):
            return f"strftime({name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S+00:00') AS {name}"
        return name

    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        connection.register("rows", table)
        query = f"SELECT {', '.join(map(value, table.schema))} FROM rows"  # noqa: S608 - names come from the model
        connection.sql(query).write_csv(str(path))


if __name__ == "__main__":
    print(json.dumps(write_estate(Path(sys.argv[1]), *map(int, sys.argv[2:]))))  # noqa: T201 - for the parent process
