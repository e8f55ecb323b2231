"""What the newest data still tell about findings: which subjects are there, which rows were lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.model.verdict import Subject
from policycore.store.lives.life_cycle import Reason
from policycore.store.withheld import HASH
from policycore.text.shown import keyed_hash

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot
    from policycore.rulesets.resolved import ResolvedRuleSet
    from policycore.store.lives.previous_state import Vanished

__all__ = [
    "Losses",
    "Present",
    "everything_present",
    "evidence_tables",
    "lost_subjects",
    "lost_texts",
    "nothing_lost",
    "present_in",
]

Present = Callable[[str, str, str | None], bool]
"""Called with the kind, id and group id of a subject."""

_TABLES = {
    Subject.GROUP.value: "groups",
    Subject.MESSAGE.value: "messages",
    Subject.PERSON.value: "people",
    Subject.DEPARTMENT.value: "departments",
    Subject.TASK.value: "tasks",
    Subject.SUBMISSION.value: "submissions",
}


def everything_present(_kind: str, _subject: str, _group: str | None) -> bool:
    """Say of every subject that it is still there: for results whose estate is not at hand to ask."""
    return True


def present_in(snapshot: Snapshot, asked: Iterable[tuple[str, str, str | None]]) -> Present:
    """Return what says of the `asked` subjects (kind, id, group id) whether `snapshot` still holds them.

    A member who left is no longer listed: that is how such a finding is put right, so a membership
    is present as long as its group is. A group, person or message that is no longer listed at all
    says nothing.
    """
    wanted: dict[str, set[str]] = {}
    for kind, subject, group in asked:
        if kind in _TABLES:
            wanted.setdefault(_TABLES[kind], set()).add(subject)
        if group is not None:
            wanted.setdefault("groups", set()).add(group)
    held = {table: _held(snapshot, table, ids) for table, ids in wanted.items()}

    def present(kind: str, subject: str, group: str | None) -> bool:
        if kind in _TABLES and subject not in held[_TABLES[kind]]:
            return False
        return group is None or group in held["groups"]

    return present


def _held(snapshot: Snapshot, table: str, ids: set[str]) -> frozenset[str]:
    """Return which of `ids` the table lists; none when it was not supplied."""
    file = snapshot.tables.get(table)
    if file is None or "id" not in file.columns:
        return frozenset()
    import pyarrow
    import pyarrow.compute
    import pyarrow.dataset

    wanted = pyarrow.array(sorted(ids), pyarrow.string())
    rows = pyarrow.dataset.dataset(file.path, format="parquet").to_table(
        columns=["id"], filter=pyarrow.compute.field("id").isin(wanted)
    )
    return frozenset(rows.column("id").to_pylist())


Losses = Callable[[Sequence["Vanished"]], Mapping[tuple[str, str, str], Reason]]
"""Called with the findings that a run no longer reports; says by rule, kind and id which are not put right, and why."""

_SUBJECT_TABLE = {Subject.MEMBERSHIP: "memberships", Subject.MESSAGE: "messages"}
_OF_GROUP = frozenset({"memberships", "events", "messages"})
_OF_MESSAGE = frozenset({"attachments", "receipts", "approvals"})
_TAKEN_BACK = ("recall", "system")
"""Types of the line that some platforms leave in place of a message that was recalled or removed."""


def nothing_lost(_gone: Sequence[Vanished]) -> Mapping[tuple[str, str, str], Reason]:
    """Say of no finding that its rows are gone: for results whose estate is not at hand to ask."""
    return {}


def evidence_tables(ruleset: ResolvedRuleSet) -> Mapping[str, frozenset[str]]:
    """Return by rule id the tables below a group or message that its findings rest on."""
    from policycore.model.schema import declared
    from policycore.plugin_api.paths import as_needs, need_fields
    from policycore.plugin_api.rule import TextRule

    found = {}
    for resolved in ruleset.rules:
        rule = resolved.rule
        with declared(ruleset.own):
            fields = {field for need in as_needs(rule.requires) for field in need_fields(need.path)}
        fields.update(rule.reads if isinstance(rule, TextRule) else ())
        tables = {field.partition(".")[0] for field in fields} | {_SUBJECT_TABLE.get(rule.subject, "")}
        found[resolved.id] = frozenset(tables & (_OF_GROUP | _OF_MESSAGE))
    return found


def lost_subjects(
    now: Snapshot, kept: Path, tables: Mapping[str, frozenset[str]], gone: Sequence[Vanished]
) -> frozenset[tuple[str, str, str]]:
    """Return rule, kind and id of the `gone` findings whose rows in one of `tables` are gone as well.

    Compared are `now` and the snapshot under `kept` in which each was last seen; where that one is no
    longer kept, rows are taken to have been there. A table that is not supplied at all is the engine's
    to report.
    """
    asked = [
        (item, table, owner)
        for item in gone
        for table in tables.get(item.known.rule, ())
        if table in now.tables and (owner := _owner(item, table)) is not None
    ]
    files = {name: table.path for name, table in now.tables.items()}
    present = _owners(((table, owner) for _, table, owner in asked), files)
    lost = set()
    for snapshot in {item.snapshot for item, _, _ in asked}:
        missing = [entry for entry in asked if entry[0].snapshot == snapshot and entry[1:] not in present]
        files = {table: kept / snapshot / f"{table}.parquet" for _, table, _ in missing}
        before = _owners(((table, owner) for _, table, owner in missing), files)
        lost |= {
            (item.known.rule, item.known.kind, item.known.subject_id)
            for item, table, owner in missing
            if (table, owner) in before
        }
    return frozenset(lost)


def _owner(item: Vanished, table: str) -> str | None:
    """Return the id that the finding's rows of `table` carry, None where it has none there."""
    known = item.known
    if table in _OF_GROUP:
        return known.group_id
    return known.subject_id if known.kind == Subject.MESSAGE.value else None


def _owners(asked: Iterable[tuple[str, str]], files: Mapping[str, Path]) -> frozenset[tuple[str, str]]:
    """Return which of the (table, id) have rows in the tables' `files`; all of a file that can't be read."""
    wanted: dict[str, set[str]] = {}
    for table, owner in asked:
        wanted.setdefault(table, set()).add(owner)
    found: set[tuple[str, str]] = set()
    for table, owners in wanted.items():
        column = "group_id" if table in _OF_GROUP else "message_id"
        found |= {(table, owner) for owner in _owners_held(files[table], column, owners)}
    return frozenset(found)


def _owners_held(path: Path, column: str, owners: set[str]) -> set[str]:
    """Return which of `owners` the column of a Parquet file names."""
    import pyarrow
    import pyarrow.compute
    import pyarrow.dataset

    wanted = pyarrow.array(sorted(owners), pyarrow.string())
    try:
        rows = pyarrow.dataset.dataset(path, format="parquet").to_table(
            columns=[column], filter=pyarrow.compute.field(column).isin(wanted)
        )
    except (OSError, ValueError):
        return owners
    return set(rows.column(column).unique().to_pylist())


def lost_texts(
    now: Snapshot, kept: Path, key: bytes, secret: frozenset[str], gone: Sequence[Vanished]
) -> frozenset[tuple[str, str, str]]:
    """Return rule, kind and id of the `gone` findings about messages whose text is there no longer, only another.

    A notice may be put right by editing it. What was recalled, or has another sender now, is not the same message;
    and what a rule of secrecy saw (one of `secret`) was read by then, whatever stands there by now. Where the snapshot
    in which it was last seen is no longer kept, the text is taken to have been another.
    """
    messages = [item for item in gone if item.known.kind == Subject.MESSAGE.value]
    if not messages or "messages" not in now.tables:
        return frozenset()
    present = _said(now.tables["messages"].path, {item.known.subject_id for item in messages}, key)
    lost = set()
    for snapshot in {item.snapshot for item in messages}:
        asked = [item.known for item in messages if item.snapshot == snapshot and item.known.subject_id in present]
        before = _said(kept / snapshot / "messages.parquet", {known.subject_id for known in asked}, key)
        for known in asked:
            sender, kind, text = present[known.subject_id]
            then = before.get(known.subject_id, (sender, None, None))
            other = then[0] != sender or (kind in _TAKEN_BACK and then[1] not in _TAKEN_BACK)
            if then[2] != text and (other or known.rule in secret):
                lost.add((known.rule, known.kind, known.subject_id))
    return frozenset(lost)


def _said(path: Path, messages: set[str], key: bytes) -> dict[str, tuple[str | None, str | None, str | None]]:
    """Return by id the sender, the type and the keyed hash of the text of `messages`; none of a file that is gone."""
    import pyarrow
    import pyarrow.compute
    import pyarrow.dataset

    wanted = pyarrow.array(sorted(messages), pyarrow.string())
    try:
        data = pyarrow.dataset.dataset(path, format="parquet")
        columns = [name for name in ("id", "sender_id", "type", "text", HASH) if name in data.schema.names]
        rows = data.to_table(columns=columns, filter=pyarrow.compute.field("id").isin(wanted)).to_pylist()
    except (OSError, ValueError):
        return {}
    return {
        row["id"]: (
            row.get("sender_id"),
            row.get("type"),
            row.get(HASH) if row.get("text") is None else keyed_hash(row["text"], key),
        )
        for row in rows
    }
