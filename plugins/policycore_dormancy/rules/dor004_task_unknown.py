"""Whether a group should end can only be seen where its task is recorded."""

from __future__ import annotations

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class TaskUnknown(Rule):
    """A group without a kind, or a project or temporary group without a task and its state, is out of sight.

    `dormancy/finished-not-dissolved` must answer unknown for it; this rule asks somebody to fill in what
    is missing. Put it right by recording kind, task and state in the register.
    """

    id = "DOR004"
    name = "dormancy/task-unknown"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    requires = (
        Needs("groups.kind", null="judged"),
        Needs("groups.task_id.state", when="coalesce(groups.kind <> 'standing', false)", null="judged"),
    )
    applies_when = "kind IS DISTINCT FROM 'standing'"
    title = Text(zh="专项群、临时群登记了任务", en="Project or temporary group has a task on record")
    headline = Text(zh="群类型或对应任务没有登记", en="No kind or no task is on record")
    message = {
        "no-kind": Text(
            zh="没有登记群类型（常设、专项、临时），无法判断何时应解散",
            en="no kind is recorded (standing, project, temporary), so nobody can tell when it should end",
        ),
        "no-task": Text(
            zh="类型为“{kind}”，但没有登记对应任务，无法判断何时应解散",
            en="a {kind} group without a task on record: nobody can tell when it should end",
        ),
        "no-state": Text(
            zh="任务“{task}”没有登记状态，无法判断是否已完成",
            en="the task “{task}” has no state on record, so nobody can tell whether it is done",
        ),
    }
    explanation = Text(
        zh="专项群、临时群在任务完成后应解散。没有登记任务及其状态，就无法判断。",
        en="Project and temporary groups end with their task. Without the task and its state nothing can be judged.",
    )
    remediation = (
        Step(
            "department",
            Text(
                zh="在备案中补填群类型、对应任务和任务状态",
                en="enter the group's kind, its task and the task's state in the register",
            ),
            7,
        ),
        Step("owner", Text(zh="工作已完成的，直接解散该群", en="if the work is already done, dissolve the group")),
    )

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Find groups that lack a kind, a task or the task's state."""
        return estate.query(
            """SELECT g.id AS group_id, g.kind, g.task_id, coalesce(t.title, t.id) AS task,
                CASE WHEN g.kind IS NULL THEN 'no-kind' WHEN t.id IS NULL THEN 'no-task' ELSE 'no-state' END AS reason
            FROM groups g LEFT JOIN tasks t USING (task_key)
            WHERE g.kind IS NULL OR g.kind <> 'standing' AND t.state IS NULL"""
        )

    cases = (
        Case(
            "no kind, no task, a task without a state",
            zh="没有类型、没有任务、任务没有状态",
            given={
                "groups": [
                    {"id": "g1"},
                    {"id": "g2", "kind": "project"},
                    {"id": "g3", "kind": "temporary", "task_id": "t3"},
                    {"id": "g4", "task_id": "t4"},
                ],
                "tasks": [{"id": "t3", "title": "评建"}, {"id": "t4", "state": "open"}],
            },
            finds=("g1", "g2", "g3", "g4"),
            reasons={"g1": "no-kind", "g2": "no-task", "g3": "no-state", "g4": "no-kind"},
            facts={"g3": {"task": "评建"}},
        ),
        Case(
            "a task with a state, and a standing group that needs none",
            zh="任务有状态；常设群不需要任务",
            given={
                "groups": [
                    {"id": "g1", "kind": "project", "task_id": "t1"},
                    {"id": "g2", "kind": "standing"},
                    {"id": "g3", "kind": "temporary", "task_id": "t2"},
                ],
                "tasks": [{"id": "t1", "state": "open"}, {"id": "t2", "state": "done", "done_at": "2024-04-14"}],
            },
        ),
        Case(
            "a dissolved group needs no task any more",
            zh="已解散的群不再需要任务",
            given={"groups": [{"id": "g1", "kind": "project", "dissolved_at": "2024-04-01"}]},
        ),
    )
