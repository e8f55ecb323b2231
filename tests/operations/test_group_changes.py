"""Digests of two snapshots tell which groups changed and how far the rows of the others moved."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policycore.estate.group_digests import write_digests
from policycore.operations.group_changes import GroupChanges, compare_digests

AS_OF = datetime(2024, 4, 15, tzinfo=UTC)
Row = tuple[str, str, str, int]
ROWS: list[Row] = [
    ("g1", "a1", "m.csv", 1),
    ("g1", "a2", "m.csv", 2),
    ("g2", "a1", "m.csv", 3),
    ("g1", "a3", "m.csv", 4),
]


def changes(folder: Path, then: list[Row], now: list[Row]) -> GroupChanges:
    """Return what changed between memberships (group, account, file, row)."""
    files = []
    for number, rows in enumerate((then, now)):
        groups, accounts, names, numbers = zip(*rows, strict=True) if rows else ((), (), (), ())
        tables = {
            "groups": pyarrow.table({"id": ["g1", "g2"], "_file": ["g.csv", "g.csv"], "_row": [1, 2]}),
            "memberships": pyarrow.table(
                {
                    "group_id": pyarrow.array(groups, pyarrow.string()),
                    "account_id": pyarrow.array(accounts, pyarrow.string()),
                    "_file": pyarrow.array(names, pyarrow.string()),
                    "_row": pyarrow.array(numbers, pyarrow.int32()),
                }
            ),
        }
        files.append(folder / f"{number}.digests")
        write_digests(tables, files[-1], as_of=AS_OF)
    return compare_digests(*files)


def moved(row: Row, by: int) -> Row:
    """Return a row that stands further down."""
    return (*row[:3], row[3] + by)


def test_nothing_changed(tmp_path: Path) -> None:
    found = changes(tmp_path, ROWS, list(reversed(ROWS)))
    assert (found.changed, found.moved) == ({}, {})


@pytest.mark.parametrize("by", [-1, 1, 1000, 2**30])
def test_rows_that_move_alike_say_how_far(tmp_path: Path, by: int) -> None:
    found = changes(tmp_path, [moved(row, 1) for row in ROWS], [moved(row, 1 + by) for row in ROWS])
    assert (found.changed, found.moved) == ({}, {"memberships": {"g1": by, "g2": by}})


def test_rows_that_changed_places_or_files_say_nothing(tmp_path: Path) -> None:
    swapped = [("g1", "a2", "m.csv", 1), ("g1", "a1", "m.csv", 2), *ROWS[2:]]
    assert changes(tmp_path, ROWS, swapped).moved == {"memberships": {"g1": None}}
    elsewhere = [("g1", "a1", "n.csv", 1), *ROWS[1:]]
    assert changes(tmp_path, ROWS, elsewhere).moved == {"memberships": {"g1": None}}
    # One more row of another group between those of this one.
    pulled = [*ROWS[:2], ("g2", "a1", "m.csv", 4), ("g1", "a3", "m.csv", 5)]
    assert changes(tmp_path, ROWS, pulled).moved == {"memberships": {"g1": None, "g2": 1}}


def test_a_row_that_is_there_twice_moves_to_another_file(tmp_path: Path) -> None:
    then, now = ([("g1", "a1", file, 1), ("g1", "a1", file, 2)] for file in ("m.csv", "n.csv"))
    assert changes(tmp_path, then, now).moved == {"memberships": {"g1": None}}


def test_a_row_more_is_a_change(tmp_path: Path) -> None:
    found = changes(tmp_path, ROWS, [*ROWS, ("g2", "a4", "m.csv", 5)])
    assert (found.changed, found.moved) == ({"memberships": {"g2"}}, {})


rows = st.lists(
    st.tuples(st.sampled_from(["g1", "g2"]), st.sampled_from(["a1", "a2", "a3"]), st.sampled_from(["m.csv", "n.csv"]),
              st.integers(1, 5)),
    max_size=6,
)  # fmt: skip


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(then=rows, now=rows)
def test_what_is_said_of_places_holds(tmp_path: Path, then: list[Row], now: list[Row]) -> None:
    found = changes(tmp_path, then, now)
    for group in ("g1", "g2"):
        before, after = ([row for row in listed if row[0] == group] for listed in (then, now))
        same = sorted(row[1] for row in before) == sorted(row[1] for row in after)
        assert (group in found.changed.get("memberships", ())) is not same
        if same:
            by = found.moved.get("memberships", {}).get(group, 0)
            if by is not None:
                assert sorted(moved(row, by) for row in before) == sorted(after)
