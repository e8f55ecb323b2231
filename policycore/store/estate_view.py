"""Look at the groups, members and withheld texts of the snapshot that the newest run was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from policycore.errors import DataError, Problem
from policycore.model.verdict import Subject
from policycore.store.workspace import Workspace
from policycore.text.shown import is_withheld, shown, shown_id

if TYPE_CHECKING:
    import pyarrow

    from policycore.estate.snapshot import Snapshot
    from policycore.model.result import Finding

__all__ = ["EstateView", "GroupLine", "GroupLines", "MemberLine", "MessageLine"]

_READABLE = {
    "messages.text": "subject",
    "attachments.name": "attachment",
    "attachments.text": "attachment",
    "groups.name": "group",
    "groups.announcement": "group",
}
"""Fields whose text findings keep from view, and which of a finding's ids names the row."""
_NAMED = {
    "group": ("groups", "name"),
    "person": ("people", "name"),
    "department": ("departments", "name"),
    "task": ("tasks", "title"),
    "submission": ("submissions", "kind"),
}
"""Where the names of subjects stand."""


class GroupLine(NamedTuple):
    """One group as it stood at the as-of time."""

    id: str
    name: str
    platform: str
    kind: str
    department: str
    owner: str
    members: int | None
    """How many were in it; None as long as nobody has counted them."""


class GroupLines(Sequence[GroupLine]):
    """The groups of a snapshot in their order, each put in words when it is asked for: of 100,000 a screen shows 30."""

    def __init__(self, rows: pyarrow.Table, said: Callable[[str], str]) -> None:
        self._rows = rows
        self._said = said
        self._made: dict[int, GroupLine] = {}
        self._counts: Mapping[int, int] | None = None

    def __len__(self) -> int:
        return int(self._rows.num_rows)

    def __getitem__(self, place: Any) -> Any:
        if not 0 <= place < len(self):
            raise IndexError(place)
        found = self._made.get(place)
        if found is None:
            key, *words = (column[place].as_py() for column in self._rows.columns)
            number, name, platform, kind, department, owner = (word or "" for word in words)
            members = None if self._counts is None else self._counts.get(key, 0)
            owner, department = self._said(owner), self._said(department)
            found = GroupLine(number, self._said(name), platform, kind, department, owner, members)
            self._made[place] = found
        return found

    def counted(self, members: Mapping[int, int]) -> GroupLines:
        """Return the same groups with how many are in each, by the key of the group."""
        lines = GroupLines(self._rows, self._said)
        lines._counts = members
        return lines

    def longest_id(self) -> int:
        """Return how many characters the longest id has."""
        import pyarrow.compute

        return pyarrow.compute.max(pyarrow.compute.utf8_length(self._rows.column("id"))).as_py() or 0


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One stay of an account in a group that was in force at the as-of time."""

    account_id: str
    display_name: str
    role: str
    person: str
    joined_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message as it may be shown: when, who, of which type, and its text with personal numbers masked."""

    id: str
    at: datetime
    sender: str
    type: str
    text: str


class EstateView:
    """A kept snapshot, read one question at a time; what was not supplied shows as empty."""

    def __init__(self, snapshot: Snapshot, as_of: datetime, key: bytes | None = None) -> None:
        self.snapshot = snapshot
        self.as_of = as_of
        self._key = key
        # People show the same name in most of their groups.
        self._shown = lru_cache(100_000)(partial(shown, key=key))
        """What may be shown of a text; `key` is the workspace's."""

    @classmethod
    def of_run(cls, workspace: Workspace, snapshot: str, as_of: datetime) -> EstateView:
        """Return the view of a run's snapshot; DataError when it is no longer kept."""
        from policycore.estate.snapshot import open_snapshot

        folder = workspace.snapshots / snapshot
        if not (folder / "manifest.yaml").is_file():
            key = "store.no-snapshot"
            raise DataError(Problem.of(key, code="estate-view.gone", id=snapshot))
        return cls(open_snapshot(folder), as_of, workspace.key())

    def _rows(self, table: str, columns: Iterable[str], where: Any = None) -> list[dict[str, Any]]:
        """Return rows of a table with `columns`; one that was not supplied is None."""
        file = self.snapshot.tables.get(table)
        if file is None:
            return []
        import pyarrow.dataset

        wanted = list(columns)
        supplied = [name for name in wanted if name in file.columns]
        found = pyarrow.dataset.dataset(file.path, format="parquet").to_table(columns=supplied, filter=where)
        return [{name: row.get(name) for name in wanted} for row in found.to_pylist()]

    def _read(self, table: str, columns: Sequence[str], begins: str = "", ends: str = "") -> Any:
        """Return those of `columns` that a table has, whole or only what was in force; None where there is none."""
        file = self.snapshot.tables.get(table)
        if file is None:
            return None
        import pyarrow.compute
        import pyarrow.parquet

        held = pyarrow.parquet.ParquetFile(file.path)
        supplied = [name for name in (*columns, begins, ends) if name in held.schema_arrow.names]
        rows = held.read(columns=supplied)
        moment = pyarrow.scalar(self.as_of, pyarrow.timestamp("us", "UTC"))
        for name, holds in ((begins, pyarrow.compute.less_equal), (ends, pyarrow.compute.greater)):
            if name in supplied:
                rows = rows.filter(pyarrow.compute.fill_null(holds(rows.column(name), moment), True))
        return rows

    def _equal(self, table: str, column: str, value: str) -> Any:
        """Return the condition that a column has a value, None where the table can't be asked."""
        file = self.snapshot.tables.get(table)
        if file is None or column not in file.columns:
            return None
        import pyarrow.compute

        return pyarrow.compute.field(column).isin(self._ids(table, column, [value]))

    def _ids(self, table: str, column: str, values: Sequence[str]) -> list[str]:
        """Return the ids that a column has and that are shown as `values`: one that bears a mark is withheld there."""
        if not any(map(is_withheld, values)):
            return list(values)
        held = (row[column] for row in self._rows(table, (column,)))
        return [one for one in dict.fromkeys(held) if one in values or (one and shown_id(one, self._key) in values)]

    def _in_force(self, row: dict[str, Any]) -> bool:
        """Return whether a stay was in force at the as-of time."""
        joined, left = row.get("joined_at"), row.get("left_at")
        return (joined is None or joined <= self.as_of) and (left is None or left > self.as_of)

    def members_by_group(self) -> dict[int, int]:
        """Return by its key how many accounts were in each group at the as-of time.

        Counted set-wise, over the keys of a snapshot: five million rows as objects took forty seconds.
        """
        rows = self._read("memberships", ("group_key", "account_key"), "joined_at", "left_at")
        if rows is None or rows.num_columns < 2:
            return {}
        import numpy
        import pyarrow.compute

        groups, accounts = (
            pyarrow.compute.fill_null(rows.column(name), -1).to_numpy().astype(numpy.int64)
            for name in ("group_key", "account_key")
        )
        # An account that came and went and came again is one member.
        stays = numpy.sort((groups << 32) + accounts + 1)
        members = stays[numpy.diff(stays, prepend=-(2**62)) != 0] >> 32
        begins = numpy.flatnonzero(numpy.diff(members, prepend=-2))
        counts = numpy.diff(begins, append=len(members))
        return dict(zip(members[begins].tolist(), counts.tolist(), strict=True))

    def groups(self) -> GroupLines:
        """Return the groups that were there at the as-of time, by department and name; their members not counted."""
        import pyarrow.compute

        columns = ("group_key", "id", "name", "platform", "kind", "department_id", "owner_id")
        rows = self._read("groups", columns, "created_at", "dissolved_at")
        nothing = pyarrow.nulls(rows.num_rows if rows is not None else 0, pyarrow.string())
        held = {name: rows.column(name) for name in rows.column_names} if rows is not None else {}
        key, number, name, platform, kind, department, owner = (held.get(column, nothing) for column in columns)
        person = self._looked_up(owner, "accounts", "person_id", "people", "name")
        owner = pyarrow.compute.coalesce(person, self._looked_up(owner, "accounts", "name"), owner, "")
        department = pyarrow.compute.coalesce(self._looked_up(department, "departments", "name"), department, "")
        found = pyarrow.table(
            [key, number, pyarrow.compute.coalesce(name, number), platform, kind, department, owner],
            ["key", "id", "name", "platform", "kind", "department", "owner"],
        )
        order = [("department", "ascending"), ("name", "ascending"), ("id", "ascending")]
        return GroupLines(found.sort_by(order).combine_chunks(), self._shown)

    def _looked_up(self, ids: Any, table: str, *columns: str) -> Any:
        """Return by id a column of a table, or through that column's ids one of another table; null where none is."""
        import pyarrow.compute

        column, *further = columns
        rows = self._read(table, ("id", column))
        if rows is None or not {"id", column} <= set(rows.column_names):
            return pyarrow.nulls(len(ids), pyarrow.string())
        found = rows.column(column).take(pyarrow.compute.index_in(ids, value_set=rows.column("id").combine_chunks()))
        return self._looked_up(found, *further) if further else found

    def scope(self, group: str) -> dict[str, list[str]]:
        """Return who a group is declared to be for, in words: lists by kind; empty where nobody declared it."""
        where = self._equal("groups", "id", group)
        rows = [] if where is None else self._rows("groups", ("scope",), where)
        declared = (rows[0]["scope"] if rows else None) or {}
        kinds = {"departments": "department", "people": "person"}
        names = {kind: self.names(one, declared.get(kind) or ()) for kind, one in kinds.items()}
        return {
            kind: [names.get(kind, {}).get(value) or self._shown(value) for value in values]
            for kind, values in declared.items()
            if values
        }

    def members(self, group: str) -> list[MemberLine]:
        """Return who was in a group at the as-of time: owner, admins, then members."""
        where = self._equal("memberships", "group_id", group)
        if where is None:
            return []
        columns = ("account_id", "display_name", "role", "joined_at", "left_at")
        order = {"owner": 0, "admin": 1}
        rows = [row for row in self._rows("memberships", columns, where) if self._in_force(row)]
        people = self._people([row["account_id"] for row in rows])
        found = [
            MemberLine(
                row["account_id"] or "",
                self._shown(row["display_name"] or ""),
                row["role"] or "member",
                people.get(row["account_id"], ""),
                row["joined_at"],
            )
            for row in rows
        ]
        return sorted(found, key=lambda member: (order.get(member.role, 2), member.display_name, member.account_id))

    def names(self, kind: str, ids: Sequence[str]) -> dict[str, str]:
        """Return what subjects of a kind are called, by id: memberships as group and display name, messages by group.

        What has no name in the data, or is of another kind, is left out.
        """
        if kind == "membership":
            return self._names_of_members(ids)
        if kind == "message":
            rows = self._among("messages", ("id", "group_id"), "id", ids)
            groups = {row["id"]: row["group_id"] or "" for row in rows}
            named = self.names("group", sorted(set(groups.values())))
            return {one: named.get(group, group) for one, group in groups.items()}
        table, column = _NAMED.get(kind, ("", ""))
        rows = self._among(table, ("id", column), "id", ids)
        return {row["id"]: self._shown(row[column]) for row in rows if row[column]}

    def _names_of_members(self, ids: Sequence[str]) -> dict[str, str]:
        """Return group and display name of memberships, by ``group/account``."""
        groups = sorted({one.partition("/")[0] for one in ids})
        wanted, named = set(ids), self.names("group", groups)
        found = {}
        rows = self._among("memberships", ("group_id", "account_id", "display_name"), "group_id", groups)
        rows = [row for row in rows if f"{row['group_id']}/{row['account_id'] or ''}" in wanted]
        people = self._people([row["account_id"] for row in rows if not row["display_name"]])
        for row in rows:
            group, account = row["group_id"], row["account_id"] or ""
            name = self._shown(row["display_name"] or "") or people.get(account) or account
            found[f"{group}/{account}"] = f"{named.get(group, group)} {name}"
        return found

    def around(self, message: str, lines: int = 3) -> list[MessageLine]:
        """Return a message with so many before and after it in its group; none where it or its time is not known."""
        found = self._among("messages", ("group_id", "sent_at"), "id", [message])
        group = found[0]["group_id"] if found and found[0]["sent_at"] is not None else None
        where = None if group is None else self._equal("messages", "group_id", group)
        if where is None:
            return []
        times = ((row["sent_at"], row["id"]) for row in self._rows("messages", ("id", "sent_at"), where))
        ordered = [one for at, one in sorted(pair for pair in times if None not in pair and pair[0] <= self.as_of)]
        if message not in ordered:
            return []
        place = ordered.index(message)
        near = ordered[max(0, place - lines) : place + lines + 1]
        rows = {
            row["id"]: row
            for row in self._among("messages", ("id", "sent_at", "sender_id", "type", "text"), "id", near)
        }
        senders = self._senders([row["sender_id"] for row in rows.values() if row["sender_id"]])
        return [
            MessageLine(
                one,
                rows[one]["sent_at"],
                senders.get(rows[one]["sender_id"] or "", ""),
                rows[one]["type"] or "",
                self._shown(rows[one]["text"] or ""),
            )
            for one in near
        ]

    def _senders(self, accounts: Sequence[str]) -> dict[str, str]:
        """Return the names of a few accounts: the person's, else the account's own, else the id."""
        names = self._people(accounts)
        return {one: names.get(one) or self._shown(one) for one in accounts}

    def _people(self, accounts: Sequence[str | None]) -> dict[str, str]:
        """Return the names of those of a few accounts that have one: the person's, else the account's own."""
        rows = self._among("accounts", ("id", "person_id", "name"), "id", [one for one in accounts if one])
        people = self.names("person", [row["person_id"] for row in rows if row["person_id"]])
        return {row["id"]: people.get(row["person_id"] or "") or self._shown(row["name"] or "") for row in rows}

    def groups_of_messages(self, ids: Sequence[str]) -> list[str]:
        """Return the group of each message, those without one left out."""
        return [row["group_id"] for row in self._among("messages", ("group_id",), "id", ids) if row["group_id"]]

    def _among(self, table: str, columns: Iterable[str], column: str, values: Sequence[str]) -> list[dict[str, Any]]:
        """Return the rows of a table whose `column` is one of `values`."""
        file = self.snapshot.tables.get(table)
        if not values or file is None or column not in file.columns:
            return []
        import pyarrow.compute

        return self._rows(table, columns, pyarrow.compute.field(column).isin(self._ids(table, column, values)))

    def clear_text(self, finding: Finding) -> str:
        """Return the texts that a finding keeps from view, a line each; '' where the snapshot does not hold them.

        That is the text in which it was found, or else the name of its subject. The caller has left the entry in the
        audit trail that this requires.
        """
        facts, subject = finding.facts, finding.subject
        field = str(facts.get("field", ""))
        if field in _READABLE:
            table, _, column = field.partition(".")
            ids = {"subject": subject.id, "group": subject.group_id, "attachment": facts.get("attachment_id")}
            rows = self._among(table, (column,), "id", [str(ids[_READABLE[field]] or subject.id)])
        elif subject.kind is Subject.MEMBERSHIP:
            group, column = subject.group_id or "", "display_name"
            listed = self._among("memberships", ("account_id", column), "group_id", [group])
            rows = [row for row in listed if f"{group}/{shown_id(str(row['account_id']), self._key)}" == subject.id]
        else:
            table, column = _NAMED.get(subject.kind.value, ("", ""))
            rows = self._among(table, (column, "id"), "id", [subject.id])
        clear_ids = (str(row["id"]) for row in rows if is_withheld(subject.id) and row.get("id"))
        return "\n".join(dict.fromkeys([*(str(row[column]) for row in rows if row[column]), *clear_ids]))
