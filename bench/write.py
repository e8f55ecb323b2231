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


def write_estate(folder: Path, *, groups: int, members: int, messages: int, seed: int) -> dict[str, int]:
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

    columns = []
    for field in table.schema:
        name = f'"{field.name}"'
        if pa.types.is_list(field.type):
            value = f"array_to_string({name}, '|')"
        elif pa.types.is_struct(field.type):
            value = f"to_json({name})"
        elif pa.types.is_timestamp(field.type):
            value = f"strftime({name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S+00:00')"
        else:
            value = name
        columns.append(f"{value} AS {name}")
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        connection.register("rows", table)
        target = str(path).replace("'", "''")
        query = f"SELECT {', '.join(columns)} FROM rows"  # noqa: S608 - names come from the model
        connection.execute(f"COPY ({query}) TO '{target}' (HEADER, DELIMITER ',')")


if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    print(json.dumps(write_estate(Path(wanted.pop("folder")), **wanted)))  # noqa: T201 - read by the parent process
