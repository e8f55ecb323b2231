"""Know who was in post when, with which rank and duties: what gives an approver standing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from policycore.model.tables import PersonStatus

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot

__all__ = ["Directory", "Post", "Roster", "directory_of", "names_in", "people_called", "rows_called", "rows_called_by"]


@dataclass(frozen=True, slots=True)
class Post:
    """One appointment of a person; an empty `until` has not ended."""

    department_id: str | None
    rank: str | None
    duties: frozenset[str]
    since: datetime | None
    until: datetime | None
    title: str | None = None

    def holds(self, at: datetime) -> bool:
        """Return whether the appointment was in force at `at`."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Roster:
    """What the directory says of one person."""

    name: str
    status: str | None
    status_since: datetime | None
    posts: tuple[Post, ...] = ()

    def active(self, at: datetime) -> bool:
        """Return whether the person was active at `at`.

        A person who is not active now was active before the date of that change; without a date
        nobody can say so, and it counts as no.
        """
        if self.status == PersonStatus.ACTIVE.value:
            return self.status_since is None or self.status_since <= at
        return self.status is not None and self.status_since is not None and at < self.status_since


@dataclass(frozen=True, slots=True)
class Directory:
    """The directory of one snapshot, for the people who requested, approved or signed something."""

    people: Mapping[str, Roster] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    """What the data lack (``table.column``) without which nobody can say who was in post."""

    def posts(self, person: str, at: datetime) -> tuple[Post, ...]:
        """Return the posts that an active person held at `at`; none for anybody else."""
        roster = self.people.get(person)
        held = roster.posts if roster is not None and roster.active(at) else ()
        return tuple(post for post in held if post.holds(at))

    def lacking(self, person: str, at: datetime) -> tuple[str, ...]:
        """Return what is missing to tell whether `person` was in post at `at`; () where that can be told."""
        roster = self.people.get(person)
        if roster is None:
            return ()
        if roster.status is None:
            return ("people.status",)
        if roster.status != PersonStatus.ACTIVE.value and roster.status_since is None:
            return ("people.status_since",)
        return self.absent if roster.active(at) else ()

    def name(self, person: str) -> str:
        """Return a person's name, or the id where the directory has none."""
        roster = self.people.get(person)
        return roster.name if roster else person


def directory_of(snapshot: Snapshot, people: Iterable[str]) -> Directory:
    """Return what the snapshot's directory says of `people`; a table that was not supplied says nothing."""
    wanted = sorted(set(people))
    posts: dict[str, list[Post]] = {}
    appointments = snapshot.tables.get("appointments")
    # Without the dates nobody can say who was in post on a day: that is nobody's standing.
    columns = () if appointments is None else appointments.columns
    absent = tuple(f"appointments.{name}" for name in ("person_id", "since", "until") if name not in columns)
    for row in [] if absent else _rows(snapshot, "appointments", "person_id", wanted):
        posts.setdefault(row["person_id"], []).append(
            Post(
                row.get("department_id"),
                row.get("rank"),
                frozenset(row.get("duties") or ()),
                row.get("since"),
                row.get("until"),
                row.get("title"),
            )
        )
    return Directory(
        {
            row["id"]: Roster(
                row.get("name") or row["id"],
                row.get("status"),
                row.get("status_since"),
                tuple(posts.get(row["id"], ())),
            )
            for row in _rows(snapshot, "people", "id", wanted)
        },
        absent,
    )


def people_called(snapshot: Snapshot, text: str) -> tuple[str, ...]:
    """Return the ids of the people whom `text` means: the one with that id, else all of that name."""
    return rows_called(snapshot, "people", text)


def rows_called(snapshot: Snapshot, table: str, text: str) -> tuple[str, ...]:
    """Return the ids in `table` that `text` means: itself, else every row of that name."""
    if _rows(snapshot, table, "id", [text]):
        return (text,)
    return tuple(sorted(row["id"] for row in _rows(snapshot, table, "name", [text]) if row.get("id")))


def rows_called_by(snapshot: Snapshot, table: str, words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return by each word that means any the ids in `table` that it means; see `rows_called`."""
    wanted = sorted(set(words))
    found = {row["id"]: (row["id"],) for row in _rows(snapshot, table, "id", wanted)}
    names: dict[str, set[str]] = {}
    for row in _rows(snapshot, table, "name", [word for word in wanted if word not in found]):
        names.setdefault(row["name"], set()).add(row["id"])
    return {**{name: tuple(sorted(ids)) for name, ids in names.items()}, **found}


def names_in(snapshot: Snapshot, table: str) -> list[str]:
    """Return the names, or ids, of a table; for "did you mean"."""
    file = snapshot.tables.get(table)
    columns = [name for name in ("name", "id") if file is not None and name in file.columns]
    if file is None or not columns:
        return []
    import pyarrow.dataset

    rows = pyarrow.dataset.dataset(file.path, format="parquet").to_table(columns=columns[:1])
    return sorted({str(name) for name in rows.column(0).to_pylist() if name})


def _rows(snapshot: Snapshot, table: str, key: str, wanted: list[str]) -> list[dict[str, Any]]:
    """Return the rows of a table whose `key` is one of `wanted`."""
    file = snapshot.tables.get(table)
    if file is None or key not in file.columns or not wanted:
        return []
    import pyarrow
    import pyarrow.compute
    import pyarrow.dataset

    rows = pyarrow.dataset.dataset(file.path, format="parquet").to_table(
        columns=list(file.columns), filter=pyarrow.compute.field(key).isin(pyarrow.array(wanted, pyarrow.string()))
    )
    found: list[dict[str, Any]] = rows.to_pylist()
    return found
