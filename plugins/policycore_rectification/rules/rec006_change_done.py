"""A clean-up that was only announced changes nothing."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class ChangeDone(Rule):
    """A group that an inventory calls dissolved or merged goes on.

    Where the inventory gives no date, the change is due at once. Put it right by dissolving the group, or by
    correcting the inventory.
    """

    id = "REC006"
    name = "rectification/change-done"
    subject = Subject.GROUP
    severity = Severity.WARNING
    requires = (
        Needs(
            "groups.listings.handling",
            when="groups.dissolved_at IS NULL "
            "AND (listings.done_at IS NULL OR days_after(listings.done_at, $grace_days) IS NOT FALSE)",
            null="judged",
            stands="hits",
        ),
        Needs(
            "groups.listings.done_at",
            when="listings.handling IN ('dissolve', 'merge') AND groups.dissolved_at IS NULL "
            "AND (listings.done_at IS NULL OR days_after(listings.done_at, $grace_days) IS NULL)",
            null="judged",
        ),
    )
    key_facts = ("handling",)
    title = Text(zh="报送的解散、合并已经落实", en="What an inventory says was done was done")
    headline = Text(zh="报送已解散或合并的群仍在使用", en="Group goes on that was called dissolved or merged")
    message = Text(
        zh="规范清理情况写明“{handling}”（{done_at}），但该群仍未解散",
        en="the inventory says “{handling}” ({done_at}), and the group was not dissolved",
    )
    explanation = Text(
        zh="规范清理情况中写明解散、合并的群，应当确已解散。",
        en="A group that an inventory calls dissolved or merged must be gone.",
    )
    remediation = (
        Step("owner", Text(zh="解散该群", en="dissolve the group"), 3),
        Step("department", Text(zh="确需保留的，更正规范清理情况", en="correct the inventory where it must stay"), 3),
    )

    class Params(Rule.Params):
        """How long a change may take."""

        grace_days: int = Field(
            3,
            ge=0,
            description="days after the date in the inventory",
            json_schema_extra={"zh": "报送日期之后的宽限天数"},
        )

    tighter = {"grace_days": "lower"}

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups that go on though their inventory says otherwise."""
        return estate.query(
            """SELECT g.id AS group_id, l.handling, max(l.done_at) AS done_at FROM groups g
            JOIN listings l ON l.listed_id = g.id
            WHERE l.handling IN ('dissolve', 'merge') AND g.dissolved_at IS NULL
                AND (l.done_at IS NULL OR days_after(l.done_at, $grace_days))
            GROUP BY g.id, l.handling""",
            params,
        )

    cases = (
        Case(
            "called dissolved weeks ago, and without a date",
            zh="写明数周前解散；写明解散但无日期",
            given={
                "groups": [{"id": "g1"}, {"id": "g2"}],
                "submissions": [{"id": "s1", "kind": "规范清理情况"}],
                "listings": [
                    {"submission_id": "s1", "listed_id": "g1", "handling": "dissolve", "done_at": "2024-03-25"},
                    {"submission_id": "s1", "listed_id": "g2", "handling": "merge"},
                ],
            },
            finds=("g1", "g2"),
        ),
        Case(
            "kept, within grace, and gone indeed",
            zh="保留；宽限期内；确已解散",
            given={
                "groups": [{"id": "g1"}, {"id": "g2"}, {"id": "g3", "dissolved_at": "2024-03-25"}],
                "submissions": [{"id": "s1", "kind": "规范清理情况"}],
                "listings": [
                    {"submission_id": "s1", "listed_id": "g1", "handling": "keep", "done_at": "2024-03-25"},
                    {"submission_id": "s1", "listed_id": "g2", "handling": "dissolve", "done_at": "2024-04-14"},
                    {"submission_id": "s1", "listed_id": "g3", "handling": "dissolve", "done_at": "2024-03-25"},
                ],
            },
        ),
    )
