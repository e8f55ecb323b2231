"""Know whether a subject is still in the data, so that what vanished is not taken for what was put right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from policycore.model.verdict import Subject

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot

__all__ = ["Present", "everything_present", "present_in"]

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
