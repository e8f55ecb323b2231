"""A group is approved, or registered, before it is used."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class Registered(Rule):
    """A group of which no register knows is a group for which nobody answers.

    Registered has to be every group within so many days of its creation; with none, approval comes first. A group that
    was made before the rule held has those days from then on. Put it right by handing in what the register asks for.
    """

    id = "OWN010"
    name = "ownership/registered"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    requires = (
        "groups.registered_at",
        Needs("groups.created_at", when="groups.registered_at IS NOT NULL OR $grace_days > 0"),
    )
    title = Text(zh="建群经审批或备案", en="Groups are approved or registered")
    headline = Text(zh="建群没有审批或备案", en="Not approved or registered")
    message = {
        "never": Text(
            zh="没有审批或备案记录（建群后{grace_days}天内须备案）",
            en="no register knows it (due within {grace_days} {grace_days:day|days} of its creation)",
        ),
        "late": Text(
            zh="建群{days}天后才备案（须在{grace_days}天内）",
            en="registered {days} {days:day|days} after its creation (due within {grace_days} {grace_days:day|days})",
        ),
    }
    explanation = Text(
        zh="建群应先审批或及时备案，写明用途、范围和责任人，才有人负责。",
        en="A group is approved or registered with purpose, scope and who answers for it.",
    )
    remediation = (
        Step("department", Text(zh="补办审批、备案；不需要的群予以解散", en="register the group, or dissolve it"), 7),
    )

    tighter = {"grace_days": "lower"}

    class Params(Rule.Params):
        """How soon a group must be registered."""

        grace_days: int = Field(
            0,
            ge=0,
            le=365,
            description="whole days after creation within which it must be registered; 0: approval comes first",
            json_schema_extra={"zh": "建群后须在多少整天内备案；0表示先审批后建群"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Compare creation and registration by days of the calendar."""
        return estate.query(
            """SELECT id AS group_id, registered_at, created_at,
                CASE WHEN registered_at IS NULL THEN 'never' ELSE 'late' END AS reason,
                local_date(registered_at) - local_date(created_at) AS days
            FROM groups
            WHERE registered_at IS NULL AND ($grace_days = 0 OR days_after(created_at, $grace_days))
                OR local_date(registered_at) - local_date(created_at) > $grace_days""",
            params,
        )

    cases = (
        Case(
            "never registered, and ten days late",
            zh="没有备案，以及迟了十天",
            given={
                "groups": [
                    {"id": "g1", "created_at": "2024-03-01"},
                    {"id": "g2", "created_at": "2024-03-01", "registered_at": "2024-03-11"},
                ]
            },
            params={"grace_days": 7},
            finds=("g1", "g2"),
            reasons={"g1": "never", "g2": "late"},
            facts={"g2": {"days": 10}},
        ),
        Case(
            "approved before, on the day, within the grace, or with time left",
            zh="事先审批、当天、宽限之内，或时限未到",
            given={
                "groups": [
                    {"id": "g1", "created_at": "2024-03-01", "registered_at": "2024-02-20"},
                    {"id": "g2", "created_at": "2024-03-01T08:00", "registered_at": "2024-03-01T18:00"},
                    {"id": "g3", "created_at": "2024-03-01", "registered_at": "2024-03-08"},
                    {"id": "g4", "created_at": "2024-04-14"},
                ]
            },
            params={"grace_days": 7},
        ),
        Case(
            "approval comes first",
            zh="先审批后建群",
            given={"groups": [{"id": "g1", "created_at": "2024-04-14"}]},
            finds=("g1",),
        ),
    )
