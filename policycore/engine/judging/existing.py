"""Tell whether what a rule names is there: a hit on nothing is the rule's mistake, never a finding nor a pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow
import pyarrow.compute

from policycore.engine.found.facts import shown_text
from policycore.engine.judging.subjects import SubjectTable
from policycore.engine.session import EstateSession
from policycore.language import Text, say_both
from policycore.model.schema import table_schemas
from policycore.model.verdict import Subject
from policycore.text.clean import clean

__all__ = ["BrokenRuleError", "check_columns", "check_groups", "check_keys", "check_rows", "or_not_there"]

_MEMBERS = (
    "SELECT group_id, account_id FROM raw.memberships",
    "SELECT group_id, subject_id FROM raw.events",
    "SELECT group_id, actor_id FROM raw.events",
    "SELECT group_id, sender_id FROM raw.messages",
    "SELECT id, owner_id FROM raw.groups",
    "SELECT id, creator_id FROM raw.groups",
)
"""Where an account is seen in a group: not every source tells who was in it before."""


class BrokenRuleError(Exception):
    """The error that a rule returned something that is no result; `what` says so in both languages."""

    def __init__(self, what: Text) -> None:
        super().__init__(what.en)
        self.what = what


def check_columns(keys: Sequence[str], names: Iterable[str]) -> None:
    """Raise BrokenRuleError when a result lacks one of the subject's keys."""
    absent = sorted(set(keys) - set(names))
    if absent:
        raise BrokenRuleError(say_both("engine.broken.column", columns=", ".join(absent)))


def check_keys(keys: Sequence[str], hits: pyarrow.Table) -> None:
    """Raise BrokenRuleError for a key that is null or no text."""
    for key in keys if hits.num_rows else ():
        column = hits.column(key)
        if column.null_count:
            raise BrokenRuleError(say_both("engine.broken.null", column=key))
        if not (pyarrow.types.is_string(column.type) or pyarrow.types.is_large_string(column.type)):
            raise BrokenRuleError(say_both("engine.broken.type", column=key, type=column.type, value=_shown(column[0])))


def check_groups(session: EstateSession, hits: pyarrow.Table) -> None:
    """Raise BrokenRuleError for a group that no table knows."""
    ids = session.memory.get("ids of groups")
    if ids is None:
        ids = session.memory["ids of groups"] = session.arrow("SELECT id FROM raw.groups").column("id").combine_chunks()
    groups = hits.column("group_id").cast(ids.type)
    strange = groups.filter(pyarrow.compute.invert(pyarrow.compute.is_in(groups, value_set=ids)))
    _refuse(session, _references("groups"), pyarrow.table({"group_id": strange}), ["group_id"])


def check_rows(session: EstateSession, subject: Subject, rows: pyarrow.Table) -> None:
    """Raise BrokenRuleError where one of the `rows` that were looked up is about a subject that no table knows."""
    if "__there" not in rows.column_names:
        return
    keys = list(subject.keys)
    strange = rows.filter(pyarrow.compute.invert(rows.column("__there"))).select(keys)
    known = _MEMBERS if subject is Subject.MEMBERSHIP else _references(_TABLES.get(subject, ""))
    if subject is Subject.MESSAGE:
        known = ("SELECT group_id, id FROM raw.messages",)
    _refuse(session, known, strange, keys)


_TABLES = {
    Subject.PERSON: "people",
    Subject.DEPARTMENT: "departments",
    Subject.TASK: "tasks",
    Subject.SUBMISSION: "submissions",
}


def or_not_there(where: str, table: SubjectTable | None) -> str:
    """Let what is not there through the filter `where` of a rule's hits: it is the rule's mistake and must be seen."""
    if not where or table is None:
        return where
    name, key, column = ("groups", "group_id", "id") if table.in_groups else (table.table, *_only(table.keys))
    there = f"EXISTS (SELECT 1 FROM raw.{name} r WHERE r.{column} = CAST(h.{key} AS VARCHAR))"
    keyless = " OR ".join(f"h.{one} IS NULL" for one in table.keys)
    return f"({where}) OR {keyless} OR NOT {there}"


def _only(keys: dict[str, str]) -> tuple[str, str]:
    """Return the one key of a subject and the column that holds it."""
    (pair,) = keys.items()
    return pair


def _references(table: str) -> tuple[str, ...]:
    """Return SELECTs of every id of `table` that any table names: a register may lack what others refer to."""
    return tuple(
        f'SELECT "{column.name}" FROM raw.{schema.name}'
        for schema in table_schemas().values()
        for column in schema.columns.values()
        if column.references == table or (schema.name == table and column.name == "id")
    )


def _refuse(session: EstateSession, known: Sequence[str], strange: pyarrow.Table, keys: list[str]) -> None:
    """Raise BrokenRuleError for the first of the `strange` subjects that none of the SELECTs `known` returns."""
    if not strange.num_rows:
        return
    columns = ", ".join(keys)
    missing = " ".join(f"EXCEPT ({select})" for select in known)
    with session.relation("strange", strange):
        left = session.arrow(f"SELECT * FROM (SELECT {columns} FROM strange {missing}) ORDER BY ALL LIMIT 1")
    if left.num_rows:
        value = "/".join(_shown(left.column(key)[0]) for key in keys)
        raise BrokenRuleError(say_both("engine.broken.subject", columns=columns, value=value))


def _shown(value: pyarrow.Scalar) -> str:
    """Return a value as an error may show it: short, masked, clean."""
    return clean(shown_text(str(value.as_py()), None) or "", limit=40)
