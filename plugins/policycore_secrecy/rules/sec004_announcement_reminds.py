"""The announcement reminds everybody that no secrets belong in the group."""

from __future__ import annotations

from policycore import Case, Field, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class AnnouncementReminds(Rule):
    """Who reads what the group is for reads there as well what does not belong in it.

    The announcement must hold one of the words by which the rule set knows such a reminder. Put it right by posting an
    announcement that says what may be written in the group and that nothing secret may.
    """

    id = "SEC004"
    name = "secrecy/announcement-reminds"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    requires = ("groups.announcement",)
    title = Text(zh="群公告明确保密要求", en="Announcement reminds of secrecy")
    headline = Text(zh="群公告没有保密要求", en="Announcement does not remind of secrecy")
    message = Text(zh="没有群公告，或群公告没有保密要求", en="no announcement, or none that reminds of secrecy")
    explanation = Text(
        zh="群主应发布群公告，明确保密要求和可以发布的内容。",
        en="The owner posts an announcement that says what may be written and that nothing secret may.",
    )
    remediation = (Step("owner", Text(zh="发布写明保密要求的群公告", en="post an announcement that does"), 3),)

    tighter = {"words": "fewer"}

    class Params(Rule.Params):
        """By which words a reminder is known."""

        words: tuple[str, ...] = Field(
            ("保密", "涉密", "秘密", "泄密", "不上网"),
            min_length=1,
            description="words of which the announcement must hold one",
            json_schema_extra={"zh": "群公告中至少应有其一的用语"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups whose announcement holds none of the words."""
        return estate.query(
            """SELECT id AS group_id FROM groups
            WHERE NOT coalesce(list_bool_or(list_transform($words, lambda one: contains(announcement, one))), false)""",
            params,
        )

    cases = (
        Case(
            "no announcement, and one about something else",
            zh="没有公告，或公告未提保密",
            given={"groups": [{"id": "g1"}, {"id": "g2", "announcement": "请实名入群。"}]},
            finds=("g1", "g2"),
        ),
        Case(
            "a reminder",
            zh="有保密提醒",
            given={"groups": [{"id": "g1", "announcement": "涉密不上网、上网不涉密，请实名入群。"}]},
        ),
    )
