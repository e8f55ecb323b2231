"""What was to be done by a day is done by it."""

from __future__ import annotations

from typing import Any

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text


def tasks(**changes: Any) -> dict[str, Any]:
    """Return an estate with one task of a person and of two groups, due on 2024-04-10; `changes` are of its row."""
    return {
        "departments": [{"id": "d", "name": "教务处"}],
        "people": [{"id": "p", "name": "张敏"}],
        "tasks": [
            {"id": "t", "title": "报送材料", "department_id": "d", "person_id": "p", "due_at": "2024-04-10T17:00"}
            | {"state": "open"}
            | changes
        ],
        "groups": [{"id": "g1", "name": "工作专班群", "task_id": "t"}, {"id": "g2", "name": "联络群", "task_id": "t"}],
    }


class TaskPastDue(Rule):
    """A task is still open although the day on which it was due is over.

    The finding names who does it and the groups that were made for it, as far as the task register does. A task
    without a day is due on none. Put it right by doing it and entering when, or by agreeing on another day.
    """

    id = "OWN013"
    name = "ownership/task-past-due"
    subject = Subject.TASK
    severity = Severity.WARNING
    requires = (
        # Without a day a task is due on none.
        Needs(
            "tasks.state",
            when="""tasks.due_at IS NOT NULL AND days_after(tasks.due_at, $grace_days) IS NOT FALSE
                OR coalesce(list_contains(tasks._unknown, 'due_at'), false)""",
        ),
        Needs(
            "tasks.due_at",
            when="coalesce(tasks.state, 'open') = 'open' AND days_after(tasks.due_at, $grace_days) IS NULL",
        ),
    )
    only_read = dict.fromkeys(
        ("groups.task_id", "tasks.department_id", "tasks.person_id"), "named where the register does"
    )
    title = Text(zh="工作任务按期完成", en="Tasks are done when they are due")
    headline = Text(zh="工作任务逾期未完成", en="A task is past due")
    message = Text(
        zh="{person}负责的任务“{task}”应于{due_at}前完成，已逾期{days}天（群：{groups}）",
        en="the task “{task}” of {person} was due at {due_at} and is {days} {days:day|days} late (groups: {groups})",
    )
    explanation = Text(
        zh="群成员应按照要求完成相关工作。只列逾期任务，供责任人处理，不排名、不计分。",
        en="What was asked for in a group is to be done. Tasks past due are listed, never ranked.",
    )
    remediation = (
        Step("department", Text(zh="完成任务并登记完成时间", en="do the task, and enter when it was done"), 3),
        Step("department", Text(zh="确需延期的，商定新的截止时间", en="agree on another day where it takes longer")),
    )

    tighter = {"grace_days": "lower"}

    class Params(Rule.Params):
        """How many days late is late."""

        grace_days: int = Field(
            0,
            ge=0,
            le=365,
            description="whole days after the due day in which a task may still be open",
            json_schema_extra={"zh": "截止日之后仍可未完成的整天数"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find open tasks whose day is over, with who does them and their groups."""
        return estate.query(
            """SELECT t.id AS task_id, coalesce(t.title, t.id) AS task, coalesce(p.name, d.name, '') AS person,
                p.id AS person_id, t.due_at, t.due_at_latest, elapsed_days(t.due_at_latest) AS days,
                coalesce((SELECT list(coalesce(g.name, g.id) ORDER BY g.name, g.id) FROM groups g
                    WHERE g.task_id = t.id), []) AS groups
            FROM tasks t LEFT JOIN people p ON p.id = t.person_id LEFT JOIN departments d ON d.id = t.department_id
            WHERE t.state = 'open' AND days_after(t.due_at, $grace_days)""",
            params,
        )

    cases = (
        Case(
            "open and past due",
            zh="逾期未完成",
            given=tasks(),
            params={"grace_days": 2},
            finds=("t",),
            facts={"t": {"person": "张敏", "groups": ["工作专班群", "联络群"], "days": 4}},
        ),
        Case("done, cancelled", zh="已完成", given=tasks(state="done", done_at="2024-04-12")),
        Case("cancelled", zh="已取消", given=tasks(state="cancelled", done_at="2024-04-12")),
        Case("within the grace", zh="在宽限期内", given=tasks(), params={"grace_days": 5}),
        Case("due on the day itself", zh="当天到期", given=tasks(due_at="2024-04-15T09:00")),
        Case("no day is set", zh="没有截止时间", given=tasks(due_at=None)),
        Case(
            "of a month, and nobody knows whether it is done",
            zh="只知道截止月份，状态不明",
            given=tasks(due_at="2024-04", state=None),
            unknown=("t",),
        ),
        Case("of a month that is not over", zh="只知道当月截止", given=tasks(due_at="2024-04"), unknown=("t",)),
        Case("of a month that is over", zh="只知道上月截止", given=tasks(due_at="2024-03"), finds=("t",)),
    )
