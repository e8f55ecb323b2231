"""Groups as the screen lists them: counted set-wise, as of the moment."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow

from policycore.estate.snapshot import write_tables
from policycore.store.estate_view import EstateView, GroupLines

AS_OF = datetime(2024, 4, 15, tzinfo=UTC)


def moment(day: int | None) -> datetime | None:
    return None if day is None else datetime(2024, 4, day, tzinfo=UTC)


def view(folder: Path, **columns: list[object]) -> EstateView:
    groups = pyarrow.table({"id": ["g1", "g2"], "name": ["甲", "乙"]})
    tables = {"groups": groups}
    if columns:
        tables["memberships"] = pyarrow.table(columns)
    return EstateView(write_tables(tables, folder / "snapshot", as_of=AS_OF), AS_OF)


def counted(seen: EstateView) -> GroupLines:
    return seen.groups().counted(seen.members_by_group())


def test_members_are_counted_once_and_only_while_they_are_in_the_group(tmp_path: Path) -> None:
    stays = [
        ("g1", "a1", None, None),
        ("g1", "a1", 1, None),
        ("g1", "a2", 15, 16),
        ("g1", "a3", 16, None),
        ("g1", "a4", 1, 15),
    ]
    seen = view(
        tmp_path,
        group_id=[stay[0] for stay in stays],
        account_id=[stay[1] for stay in stays],
        joined_at=[moment(stay[2]) for stay in stays],
        left_at=[moment(stay[3]) for stay in stays],
    )
    assert [(group.id, group.members) for group in sorted(counted(seen), key=lambda one: one.id)] == [
        ("g1", 2),
        ("g2", 0),
    ]


def test_without_times_everybody_listed_counts(tmp_path: Path) -> None:
    seen = view(tmp_path, group_id=["g1", "g1", "g2"], account_id=["a1", "a2", "a1"])
    assert {group.id: group.members for group in counted(seen)} == {"g1": 2, "g2": 1}


def test_without_members_groups_are_listed_all_the_same(tmp_path: Path) -> None:
    assert {group.members for group in counted(view(tmp_path))} == {0}


def test_groups_are_listed_from_their_creation_to_their_dissolution(tmp_path: Path) -> None:
    lives = {"g1": (15, None), "g2": (16, None), "g3": (1, 15), "g4": (1, 16), "g5": (None, None)}
    tables = {
        "groups": pyarrow.table(
            {
                "id": list(lives),
                "name": list(lives),
                "created_at": [moment(begin) for begin, _ in lives.values()],
                "dissolved_at": pyarrow.array(
                    [moment(end) for _, end in lives.values()], pyarrow.timestamp("us", "UTC")
                ),
            }
        )
    }
    seen = EstateView(write_tables(tables, tmp_path / "snapshot", as_of=AS_OF), AS_OF)
    assert [group.id for group in seen.groups()] == ["g1", "g4", "g5"]


def test_no_screen_is_given_a_text_that_bears_a_mark(tmp_path: Path) -> None:
    marked, safe = "獬豸 机密★10年", "[机密 4+6/9 #"
    tables = {
        "groups": pyarrow.table({"id": ["g1"], "name": [marked], "department_id": ["d1"], "owner_id": ["a1"]}),
        "departments": pyarrow.table({"id": ["d1"], "name": [marked]}),
        "people": pyarrow.table({"id": ["p1"], "name": [marked]}),
        "accounts": pyarrow.table({"id": ["a1"], "person_id": ["p1"]}),
        "tasks": pyarrow.table({"id": ["t1"], "title": [marked]}),
        "memberships": pyarrow.table({"group_id": ["g1"], "account_id": ["a1"], "display_name": [marked]}),
    }
    seen = EstateView(write_tables(tables, tmp_path / "snapshot", as_of=AS_OF), AS_OF, b"k" * 32)
    (group,), (member,) = seen.groups(), seen.members("g1")
    names = (seen.names(kind, [one])[one] for kind, one in (("group", "g1"), ("task", "t1"), ("membership", "g1/a1")))
    for text in (group.name, group.department, group.owner, member.display_name, member.person, *names):
        assert text.startswith(safe)
        assert "獬豸" not in text
