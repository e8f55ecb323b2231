"""What the store asks a snapshot: who was in post, what is still there; and how snapshots are kept."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow
import pytest

from policycore.decisions.standing import directory_of, people_called
from policycore.errors import DataError
from policycore.estate.snapshot import Snapshot, open_snapshot, write_tables
from policycore.store.lives.presence import present_in
from policycore.store.snapshots import KeepPolicy, Kept, keep, kept_snapshots, remove

AS_OF = datetime(2024, 4, 15, tzinfo=UTC)
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def snapshot(
    folder: Path, *, as_of: datetime = AS_OF, without: tuple[str, ...] = (), groups: tuple[str, ...] = ("g1", "g2")
) -> Snapshot:
    columns = {
        "person_id": ["p1", "p2"],
        "department_id": ["d1", "d1"],
        "rank": ["中层正职", None],
        "duties": pyarrow.array([["党建"], None], pyarrow.list_(pyarrow.string())),
        "since": pyarrow.array([SINCE, SINCE], pyarrow.timestamp("us", "UTC")),
        "until": pyarrow.array([None, AS_OF], pyarrow.timestamp("us", "UTC")),
    }
    tables = {
        "people": pyarrow.table({"id": ["p1", "p2", "p3"], "name": ["张三", "李四", "李四"], "status": ["active"] * 3}),
        "appointments": pyarrow.table({name: value for name, value in columns.items() if name not in without}),
        "groups": pyarrow.table({"id": list(groups), "name": ["一"] * len(groups)}),
        "messages": pyarrow.table({"id": ["m1"], "group_id": ["g1"]}),
    }
    return write_tables({name: table for name, table in tables.items() if name not in without}, folder, as_of=as_of)


def test_posts_of_people(tmp_path: Path) -> None:
    found = directory_of(snapshot(tmp_path / "s"), ["p1", "p2", "nobody"])
    assert set(found.people) == {"p1", "p2"}
    assert found.posts("p1", AS_OF)[0].duties == {"党建"}
    assert found.posts("p2", AS_OF) == ()
    assert found.posts("p2", AS_OF - timedelta(microseconds=1))[0].rank is None
    assert found.posts("nobody", AS_OF) == ()
    assert found.name("p1") == "张三"
    assert found.name("nobody") == "nobody"


@pytest.mark.parametrize("missing", ["since", "until", "appointments", "people"])
def test_without_the_data_nobody_is_in_post(tmp_path: Path, missing: str) -> None:
    found = directory_of(snapshot(tmp_path / "s", without=(missing,)), ["p1", "p2"])
    assert found.posts("p1", AS_OF) == ()


def test_people_are_named_by_id_or_by_a_name_of_one(tmp_path: Path) -> None:
    made = snapshot(tmp_path / "s")
    assert people_called(made, "p2") == ("p2",)
    assert people_called(made, "张三") == ("p1",)
    assert people_called(made, "李四") == ("p2", "p3")
    assert people_called(made, "x") == ()


def test_what_is_still_in_the_data(tmp_path: Path) -> None:
    asked = [
        ("group", "g1", "g1"),
        ("group", "gone", "gone"),
        ("membership", "g1/a", "g1"),
        ("membership", "gone/a", "gone"),
        ("message", "m1", "g1"),
        ("message", "gone", "g1"),
        ("person", "p1", None),
        ("department", "d1", None),
        ("estate", "estate", None),
    ]
    present = present_in(snapshot(tmp_path / "s"), asked)
    # No table of departments was supplied, so nothing is known of any.
    assert [present(*item) for item in asked] == [True, False, True, False, True, False, True, False, True]


def test_a_kept_snapshot_opens_and_shares_its_tables(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    first = snapshot(tmp_path / "a")
    second = snapshot(tmp_path / "b", as_of=AS_OF + timedelta(days=1), groups=("g1",))
    for item in (first, second, first):
        place = keep(folder, item)
        assert open_snapshot(place).id == item.id
    assert [item.id for item in kept_snapshots(folder)] == sorted([first.id, second.id])
    assert len(list((folder / "tables").iterdir())) == 5


def test_a_kept_table_that_was_changed_is_noticed(tmp_path: Path) -> None:
    place = keep(tmp_path / "kept", snapshot(tmp_path / "a"))
    with (place / "people.parquet").open("r+b") as file:
        file.seek(20)
        file.write(b"\x00\x01\x02")
    with pytest.raises(DataError):
        open_snapshot(place)


@pytest.mark.parametrize("lost", ["people.parquet", "manifest.yaml"])
def test_a_kept_snapshot_that_lost_a_file_is_kept_anew(tmp_path: Path, lost: str) -> None:
    made = snapshot(tmp_path / "a")
    place = keep(tmp_path / "kept", made)
    (place / lost).unlink()
    assert open_snapshot(keep(tmp_path / "kept", made)).id == made.id


def test_a_damaged_table_is_not_shared_with_the_next_snapshot(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    place = keep(folder, snapshot(tmp_path / "a"))
    with (place / "people.parquet").open("r+b") as file:
        file.seek(20)
        file.write(b"\x00\x01\x02")
    later = snapshot(tmp_path / "b", as_of=AS_OF + timedelta(days=1))
    assert open_snapshot(keep(folder, later)).id == later.id


def test_a_full_disk_is_not_filled_further_by_every_attempt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "kept"
    made = snapshot(tmp_path / "a")
    monkeypatch.setattr(os, "fsync", full)
    for _ in range(3):
        with pytest.raises(DataError):
            keep(folder, made)
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert [path.name for path in folder.iterdir()] == ["tables"]


def test_letting_go_removes_what_no_snapshot_uses(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    made = [snapshot(tmp_path / f"{day}", as_of=AS_OF + timedelta(days=day), groups=(f"g{day}",)) for day in range(3)]
    for item in made:
        keep(folder, item)
    (folder / ".keep-left").mkdir()
    # What a crash in an earlier clean-up left behind is in nobody's way.
    (folder / f".gone-{made[0].id}" / "x").mkdir(parents=True)
    remove(folder, [made[0].id, made[1].id])
    assert open_snapshot(folder / made[2].id).id == made[2].id
    assert len(list((folder / "tables").iterdir())) == 4
    assert not list(folder.glob(".*"))


def test_the_keep_policy() -> None:
    kept = [Kept(str(day), Path(str(day)), AS_OF - timedelta(days=day)) for day in range(0, 400, 10)]
    now = AS_OF
    assert KeepPolicy(2, 0, 0).stays(kept, now - timedelta(days=-1)) == {"0", "10"}
    assert KeepPolicy(1, 25, 0).stays(kept, now) == {"0", "10", "20"}
    monthly = KeepPolicy(1, 0, 3).stays(kept, now)
    assert monthly == {"0", "20", "50"}
    assert KeepPolicy(1, 0, 0, frozenset({"390"})).stays(kept, now) == {"0", "390"}
