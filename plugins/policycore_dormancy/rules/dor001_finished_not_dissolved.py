"""Groups made for a task live as long as the task."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class FinishedNotDissolved(Rule):
    """A project or temporary group goes on although its task is done: members keep reading for nothing.

    Put it right by dissolving the group, or by correcting the task's state if the work goes on. A
    task recorded as done without a date is only suspect: nobody can say whether the grace is over.
    """

    id = "DOR001"
    name = "dormancy/finished-not-dissolved"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    requires = (
        Needs("groups.task_id", null="unknown"),
        # A task that ended within the grace, or after the moment, is no finding in whichever state.
        Needs(
            "groups.task_id.state",
            when="""coalesce(tasks.done_at <= as_of()
                AND ($grace_days = 0 OR days_after(tasks.done_at, $grace_days)), true)""",
        ),
        Needs("groups.task_id.done_at", when="tasks.state IN ('done', 'cancelled')"),
        Needs(
            "groups.task_id.done_at",
            when="tasks.state IN ('done', 'cancelled') AND days_after(tasks.done_at, $grace_days) IS NULL",
        ),
    )
    applies_when = "kind IN ('project', 'temporary')"
    title = Text(zh="任务完成的群及时解散", en="Group is dissolved when its task is done")
    headline = Text(zh="任务已结束，群仍未解散", en="Task is over and the group still exists")
    message = {
        "done": Text(
            zh="任务“{task}”已完成{days}天（宽限{grace_days}天），群仍未解散",
            en="the task “{task}” was done {days} {days:day|days} ago (grace {grace_days} {grace_days:day|days}) "
            "and the group still exists",
        ),
        "cancelled": Text(
            zh="任务“{task}”已取消{days}天（宽限{grace_days}天），群仍未解散",
            en="the task “{task}” was cancelled {days} {days:day|days} ago (grace {grace_days} "
            "{grace_days:day|days}) and the group still exists",
        ),
        "undated": Text(
            zh="任务“{task}”已结束但没有登记结束时间，无法判断是否超过宽限{grace_days}天，群仍未解散",
            en="the task “{task}” is over but has no end date, so whether the grace of {grace_days} "
            "{grace_days:day|days} "
            "has passed cannot be told, and the group still exists",
        ),
    }
    explanation = Text(
        zh="专项群、临时群为一项工作而建，工作完成后应及时解散，否则成员仍要关注无用的群。",
        en="A project or temporary group is made for one piece of work and is dissolved when that work is done.",
    )
    remediation = (
        Step(
            "owner",
            Text(zh="保存需要留存的资料后解散该群", en="save what must be kept, then dissolve the group"),
            3,
            ("done", "cancelled"),
        ),
        Step(
            "department",
            Text(
                zh="若工作仍在进行，更正任务状态和结束时间",
                en="if the work goes on, correct the task's state and end date",
            ),
            reasons=("done", "cancelled"),
        ),
        Step(
            "department",
            Text(zh="核实任务何时结束，补登结束时间", en="find out when the task ended, and enter the date"),
            3,
            ("undated",),
        ),
    )

    tighter = {"grace_days": "lower"}

    class Params(Rule.Params):
        """How long after the end of the task a group may stay."""

        grace_days: int = Field(
            7,
            ge=0,
            le=365,
            description="whole days between the end of the task and dissolution",
            json_schema_extra={"zh": "任务结束到解散之间的整天数"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups whose task is over and whose grace has passed."""
        return estate.query(
            """SELECT g.id AS group_id, t.id AS task_id, coalesce(t.title, t.id) AS task, t.state, t.done_at,
                t.done_at_latest, elapsed_days(t.done_at_latest) AS days,
                CASE WHEN t.done_at IS NULL THEN 'undated' ELSE t.state END AS reason,
                CASE WHEN t.done_at IS NULL THEN 'suspect' ELSE 'fail' END AS verdict
            FROM groups g JOIN tasks t USING (task_key)
            WHERE t.state IN ('done', 'cancelled')
                AND (t.done_at IS NULL OR $grace_days = 0 OR days_after(t.done_at, $grace_days))""",
            params,
        )

    cases = (
        Case(
            "tasks done and cancelled, the grace over",
            zh="任务已完成或取消，宽限期已过",
            given={
                "groups": [
                    {"id": "g1", "kind": "project", "task_id": "t1"},
                    {"id": "g2", "kind": "temporary", "task_id": "t2"},
                ],
                "tasks": [
                    {"id": "t1", "title": "迎新", "state": "done", "done_at": "2024-04-01"},
                    {"id": "t2", "title": "评估", "state": "cancelled", "done_at": "2024-04-07"},
                ],
            },
            finds=("g1", "g2"),
            reasons={"g1": "done", "g2": "cancelled"},
            facts={"g1": {"days": 14, "task": "迎新"}},
        ),
        Case(
            "on the last day of the grace, still open, finished after the as-of time, or dissolved in time",
            zh="宽限的最后一天、任务未完、在检查时点之后完成，或已及时解散",
            given={
                "groups": [
                    {"id": "g1", "kind": "project", "task_id": "t1"},
                    {"id": "g2", "kind": "project", "task_id": "t2"},
                    {"id": "g3", "kind": "temporary", "task_id": "t3"},
                    {"id": "g4", "kind": "project", "task_id": "t4", "dissolved_at": "2024-03-05"},
                ],
                "tasks": [
                    {"id": "t1", "state": "done", "done_at": "2024-04-08"},
                    {"id": "t2", "state": "open"},
                    {"id": "t3", "state": "done", "done_at": "2024-04-20"},
                    {"id": "t4", "state": "done", "done_at": "2024-03-01"},
                ],
            },
        ),
        Case(
            "a standing group outlives any task",
            zh="常设群不随任务结束",
            given={
                "groups": [{"id": "g1", "kind": "standing", "task_id": "t1"}],
                "tasks": [{"id": "t1", "state": "done", "done_at": "2023-01-01"}],
            },
        ),
        Case(
            "a done task without a date is suspect, whatever the grace",
            zh="任务完成但无日期，无论宽限多久都存疑",
            given={
                "groups": [{"id": "g1", "kind": "project", "task_id": "t1"}],
                "tasks": [{"id": "t1", "state": "done"}],
            },
            finds=("g1",),
            reasons={"g1": "undated"},
        ),
        Case(
            "no kind, no task, or a task without a state cannot be judged",
            zh="没有类型、没有任务或任务没有状态的，无法判断",
            given={
                "groups": [
                    {"id": "g1", "task_id": "t1"},
                    {"id": "g2", "kind": "project"},
                    {"id": "g3", "kind": "temporary", "task_id": "t3"},
                ],
                "tasks": [{"id": "t1", "state": "open"}, {"id": "t3"}],
            },
            unknown=("g1", "g2", "g3"),
        ),
        Case(
            "no grace at all: dissolved on the day or found",
            zh="没有宽限：当天解散，否则就是问题",
            given={
                "groups": [{"id": "g1", "kind": "temporary", "task_id": "t1"}],
                "tasks": [{"id": "t1", "state": "done", "done_at": "2024-04-13T12:00:00"}],
            },
            params={"grace_days": 0},
            finds=("g1",),
        ),
    )
