"""Whatever sources say of whichever groups, each cell is what the first that speaks of it says, and no other."""

from __future__ import annotations

import csv
import tempfile
from datetime import datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from policycore.estate.importing import import_estate

# An import costs the same for five groups as for fifty.
few = settings(max_examples=max(4, settings().max_examples // 5))
ENDED = "2024-01-01T00:00:00+08:00"
VALUES = {
    "kind": ["standing", "project", ""],
    "purpose": ["教学", "值班", ""],
    "owner_id": ["a1", "a2", ""],
    "dissolved_at": [ENDED, ""],
}
GROUPS = [f"g{number}" for number in range(4)]
Source = dict[str, dict[str, str]]
"""By group and column, what a source says."""


@st.composite
def sources(draw: st.DrawFn, *, alike: bool) -> list[Source]:
    """Return what two or three sources say of some groups in some columns; of the same cells the same if `alike`."""
    truth = {(group, name): draw(st.sampled_from(values)) for group in GROUPS for name, values in VALUES.items()}
    found = []
    for _ in range(draw(st.integers(2, 3))):
        columns = draw(st.sets(st.sampled_from(list(VALUES))))
        groups = draw(st.sets(st.sampled_from(GROUPS), min_size=1))
        found.append(
            {
                group: {
                    name: truth[group, name] if alike else draw(st.sampled_from(VALUES[name]))
                    for name in VALUES
                    if name in columns
                }
                for group in sorted(groups)
            }
        )
    return found


def imported(given_sources: list[tuple[str, Source]]) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """Return the groups by id, and the differences, of sources in the order in which they count."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = []
        for name, source in given_sources:
            path = Path(folder, name)
            path.mkdir()
            inputs.append(path)
            columns = list(dict.fromkeys(column for cells in source.values() for column in cells))
            with (path / "groups.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, ["id", *columns])
                writer.writeheader()
                writer.writerows({"id": group, **cells} for group, cells in source.items())
        snapshot = import_estate(inputs, Path(folder, "out"), as_of="2024-04-15", timezone="Asia/Shanghai")
        tables = {name: pq.read_table(file.path).to_pylist() for name, file in snapshot.tables.items()}
    return {row["id"]: row for row in tables["groups"]}, tables["differences"]


def answers_to(given_sources: list[tuple[str, Source]], group: str, name: str) -> list[tuple[str, str]]:
    """Return who answers one question, and what, in the order in which they count; an empty kind is no answer."""
    said = [(source, cells[group][name]) for source, cells in given_sources if name in cells.get(group, {})]
    return [(source, value) for source, value in said if value or name != "kind"]


def shown(value: Any) -> str:
    """Return a cell as the sources write it."""
    return "" if value is None else ENDED if isinstance(value, datetime) else str(value)


@few
@given(sources(alike=False))
def test_each_cell_is_what_the_first_that_speaks_of_it_says(found):
    named = [(f"s{number}", source) for number, source in enumerate(found)]
    groups, differences = imported(named)
    assert set(groups) == {group for source in found for group in source}
    for group, row in groups.items():
        unknown = row.get("_unknown") or []
        for name in VALUES:
            if name not in row:
                assert not any(name in cells for source in found for cells in source.values())
                continue
            answers = [value for _, value in answers_to(named, group, name)]
            asked = any(name in source.get(group, {}) for source in found)
            if answers:
                assert shown(row[name]) == answers[0]
            # A list without end dates is a list of what goes on; a kind that is nowhere written is unknown as it is.
            assert (name in unknown) == (not asked and name != "dissolved_at")
    wanted = {
        (f"groups.{name}", group, source)
        for group in groups
        for name in VALUES
        for source, value in answers_to(named, group, name)
        if value != answers_to(named, group, name)[0][1]
    }
    assert {(row["field"], row["id"], row["other_source"]) for row in differences} == wanted


@few
@given(sources(alike=True))
def test_where_all_say_the_same_their_order_changes_nothing(found):
    named = [(f"s{number}", source) for number, source in enumerate(found)]
    seen = []
    for order in permutations(named):
        groups, differences = imported(list(order))
        assert differences == []
        seen.append(
            {
                group: {name: row[name] for name in VALUES if name in row} | {"unknown": row.get("_unknown") or []}
                for group, row in groups.items()
            }
        )
    assert all(one == seen[0] for one in seen)
