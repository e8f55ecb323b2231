"""Say in SQL what the subjects of a rule are: which table, which rows, which values must be known."""

from __future__ import annotations

from dataclasses import dataclass

from policycore.engine.availability import path_fields
from policycore.model.schema import table_schema
from policycore.model.verdict import Subject

__all__ = ["SubjectTable", "required_value", "subject_table"]


@dataclass(frozen=True, slots=True)
class SubjectTable:
    """Name the table of a kind of subject and the columns that are its keys there."""

    table: str
    keys: dict[str, str]
    """Column of a rule's result by column of the table."""

    @property
    def register(self) -> str:
        """Return the table without a row of which there is nothing to judge; '' where that may be so.

        No estate is without groups, departments or people; one without tasks or submissions may be.
        """
        if self.in_groups:
            return "all_groups"
        return self.table if self.table in ("departments", "people") else ""

    @property
    def in_groups(self) -> bool:
        """Return whether these subjects belong to groups, so that scope is decided by group."""
        return "group_id" in self.keys


def subject_table(subject: Subject) -> SubjectTable | None:
    """Return where subjects of this kind are listed; None for the estate as a whole."""
    return {
        Subject.GROUP: SubjectTable("groups", {"group_id": "id"}),
        Subject.MEMBERSHIP: SubjectTable("memberships", {"group_id": "group_id", "account_id": "account_id"}),
        Subject.MESSAGE: SubjectTable("messages", {"group_id": "group_id", "message_id": "id"}),
        Subject.PERSON: SubjectTable("people", {"person_id": "id"}),
        Subject.DEPARTMENT: SubjectTable("departments", {"department_id": "id"}),
        Subject.TASK: SubjectTable("tasks", {"task_id": "id"}),
        Subject.SUBMISSION: SubjectTable("submissions", {"submission_id": "id"}),
    }.get(subject)


def required_value(path: str, base: str) -> tuple[str, str]:
    """Return SQL for the value at the end of `path`, and SQL for the name of the field that is null.

    `base` is the table that the path's first column is read from. References are followed by their
    ``id``; a null on the way is a null at the end, and is the one that is named.
    """
    fields = path_fields(path)
    column = fields[0].partition(".")[2]
    expression = f"{base}.{column}"
    named = f"CASE WHEN {expression} IS NULL THEN '{fields[0]}'"
    for depth, field in enumerate(fields[1:]):
        table, _, name = field.partition(".")
        alias = f"step_{depth}"
        expression = (
            f"(SELECT any_value({alias}.{name}) FROM {_visible(table)} {alias} WHERE {alias}.id = {expression})"
        )
        named += f" WHEN {expression} IS NULL THEN '{field}'"
    return expression, f"{named} END"


def _visible(table: str) -> str:
    """Return the view in which every row of `table` can be referred to."""
    table_schema(table)
    return "all_groups" if table == "groups" else table
