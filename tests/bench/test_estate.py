"""The bench's estate: repeatable, consistent, importable, skewed, with about two percent violations."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from bench.estate import write_estate
from bench.measure import measure_import
from policycore.model.schema import table_schemas

Tables = dict[str, pa.Table]


def made(folder: Path, *sizes: int) -> Tables:
    """Return the tables of an estate made in `folder`."""
    folder.mkdir()
    rows = write_estate(folder, *sizes)
    tables = {name: pq.read_table(folder / "snapshot" / f"{name}.parquet") for name in rows}
    assert {name: table.num_rows for name, table in tables.items()} == rows
    return tables


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("estate") / "made"


@pytest.fixture(scope="module")
def tables(folder: Path) -> Tables:
    return made(folder, 400, 8_000, 1_200, 7)


def test_the_same_seed_gives_the_same_estate(tables: Tables, folder: Path, tmp_path: Path) -> None:
    assert made(tmp_path / "again", 400, 8_000, 1_200, 7) == tables
    assert made(tmp_path / "other", 400, 8_000, 1_200, 8)["memberships"] != tables["memberships"]


def test_sizes_are_those_asked_for_and_skewed(tables: Tables) -> None:
    assert tables["groups"].num_rows == 400
    assert tables["messages"].num_rows == 1_200
    assert abs(tables["memberships"].num_rows - 8_000) < 400
    sizes = pc.value_counts(tables["memberships"].column("group_id")).field("counts").to_pylist()
    assert max(sizes) > 3 * sorted(sizes)[len(sizes) // 2]


def test_keys_are_unique_and_references_hold(tables: Tables) -> None:
    for name, schema in table_schemas().items():
        if name not in tables:
            continue
        table = tables[name]
        if "id" in schema.columns:
            assert len(pc.unique(table.column("id"))) == table.num_rows, name
        for column in schema.columns.values():
            if column.references and column.name in table.column_names:
                known = set(tables[column.references].column("id").to_pylist())
                values = set(table.column(column.name).to_pylist()) - {None}
                assert values <= known, column.field
    stays = {(row["group_id"], row["account_id"]) for row in tables["memberships"].to_pylist()}
    assert len(stays) == tables["memberships"].num_rows


def test_violations_are_planted_at_about_their_share(tmp_path: Path) -> None:
    groups = made(tmp_path / "many", 10_000, 30_000, 0, 1)["groups"]
    closed = pc.sum(pc.invert(groups.column("join_approval"))).as_py() / groups.num_rows
    assert 0.01 < closed < 0.04


def test_the_estate_imports_without_a_problem(tables: Tables, folder: Path) -> None:
    measured = measure_import(folder)
    assert [stage["name"] for stage in measured["stages"]] == ["load modules", "read", "validate", "write"]
    assert {stage["rows"] for stage in measured["stages"][1:]} == {sum(table.num_rows for table in tables.values())}
    assert measured["peak_memory"] > 0
    for name, table in tables.items():
        imported = pq.read_table(folder / "imported" / f"{name}.parquet")
        columns = [column for column in table.column_names if not column.startswith("_")]
        assert imported.select(columns) == table.select(columns), name
