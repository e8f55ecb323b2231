"""Say in SQL what the subjects of a rule are: which table, which rows, which values must be known."""

from __future__ import annotations

from dataclasses import dataclass

from policycore.model.verdict import Subject

__all__ = ["SubjectTable", "subject_table"]


@dataclass(frozen=True, slots=True)
class SubjectTable:
    """The table of a kind of subject and the columns that are its keys there."""

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
