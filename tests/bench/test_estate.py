"""The bench's estate: repeatable, consistent, importable, skewed, with about two percent violations."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from bench.estate import VIOLATIONS, make_estate
from bench.measure import measure_import
from bench.people import department_size
from bench.write import write_estate
from policycore.model.schema import table_schemas

Tables = dict[str, pa.Table]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return make_estate(400, 8_000, 1_200, seed=7)


def test_the_same_seed_gives_the_same_estate(tables: Tables) -> None:
    again = make_estate(400, 8_000, 1_200, seed=7)
    assert all(again[name].equals(table) for name, table in tables.items())
    assert not make_estate(400, 8_000, 1_200, seed=8)["memberships"].equals(tables["memberships"])


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


def test_violations_are_planted_at_about_their_share() -> None:
    groups = make_estate(10_000, 40_000, seed=1)["groups"]
    closed = pc.sum(pc.invert(groups.column("join_approval"))).as_py() / groups.num_rows
    assert VIOLATIONS / 2 < closed < VIOLATIONS * 2


def test_the_estate_imports_without_a_problem(tmp_path: Path) -> None:
    rows = write_estate(tmp_path, 60, 1_200, 100, 3)
    measured = measure_import(tmp_path)
    assert [stage["name"] for stage in measured["stages"]] == ["load modules", "read", "validate", "write"]
    assert {stage["rows"] for stage in measured["stages"][1:]} == {sum(rows.values())}
    assert measured["peak_memory"] > 0


@pytest.mark.parametrize(("members", "size"), [(5, 101), (30, 401), (50, 401), (500, 5003)])
def test_departments_are_large_enough_for_their_groups(members: int, size: int) -> None:
    assert department_size(members) == size
    assert size % 3 == 2
