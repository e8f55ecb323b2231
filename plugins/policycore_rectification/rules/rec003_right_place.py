"""What went to another room or mailbox may be found by nobody."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text

_AT_EITHER = (
    "list_bool_or(list_transform(list_concat($paper, $electronic), lambda one: contains(lower(place), lower(one))))"
)


class RightPlace(Rule):
    """What is due on paper goes to the room that the notice names, what is due by mail to its mailbox.

    Put it right by handing it in there, or by noting where it was received.
    """

    id = "REC003"
    name = "rectification/right-place"
    subject = Subject.SUBMISSION
    severity = Severity.WARNING
    requires = (
        Needs("submissions.kind", when="submissions.medium IS NOT NULL AND submissions.place IS NOT NULL"),
        Needs("submissions.medium", when=f"submissions.place IS NULL OR {_AT_EITHER}"),
        Needs("submissions.place", null="unknown"),
    )
    applies_when = "kind IN ('规范清理情况', '附件1')"
    title = Text(zh="报送至指定地点或邮箱", en="Handed in at the place or mailbox named")
    headline = Text(zh="没有报送到指定地点", en="Handed in elsewhere")
    message = Text(zh="报送到了“{place}”，应为{due}", en="handed in at “{place}” instead of {due}")
    explanation = Text(
        zh="纸质版应送指定房间，电子版应发指定邮箱，送错地方等于没有收到。",
        en="Paper goes to the room, mail to the mailbox that the notice names.",
    )
    remediation = (
        Step("department", Text(zh="改送{due}", en="hand it in at {due}"), 1),
        Step("committee", Text(zh="核对接收地点的登记", en="see whether the place was noted rightly"), 1),
    )

    class Params(Rule.Params):
        """Where what is due is received, in the words in which it is noted."""

        paper: list[str] = Field(
            ["523"],
            description="rooms, as they stand somewhere in the place",
            json_schema_extra={"zh": "接收纸质版的地点（登记内容包含其一即可）"},
        )
        electronic: list[str] = Field(
            ["机关党委邮箱", "xxxyjgdw@126.com"],
            description="mailboxes, as they stand somewhere in the place",
            json_schema_extra={"zh": "接收电子版的邮箱（登记内容包含其一即可）"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find what was received somewhere else."""
        return estate.query(
            """SELECT id AS submission_id, place, array_to_string(places, '、') AS due,
                if(medium = 'electronic' AND place IN ('邮箱', '电子邮箱', '邮件', '电子邮件'), 'suspect', 'fail')
                    AS verdict
            FROM (
                SELECT id, kind, medium, place, CASE medium WHEN 'paper' THEN $paper WHEN 'electronic' THEN $electronic
                    ELSE list_concat($paper, $electronic) END AS places FROM submissions)
            WHERE kind IN ('规范清理情况', '附件1') AND place IS NOT NULL
                AND NOT list_bool_or(list_transform(places, lambda one: contains(lower(place), lower(one))))""",
            params,
        )

    cases = (
        Case(
            "another room, another mailbox",
            zh="送到别的房间、发到别的邮箱",
            given={
                "submissions": [
                    {"id": "s1", "kind": "附件1", "medium": "paper", "place": "办公楼510室"},
                    {"id": "s2", "kind": "规范清理情况", "medium": "electronic", "place": "someone@example.com"},
                    {"id": "s3", "kind": "规范清理情况", "medium": "paper", "place": "机关党委邮箱"},
                ]
            },
            finds=("s1", "s2", "s3"),
        ),
        Case(
            "a mailbox, and not which",
            zh="只写了邮箱，没有写是哪个",
            given={"submissions": [{"id": "s1", "kind": "规范清理情况", "medium": "electronic", "place": "邮箱"}]},
            finds=("s1",),
        ),
        Case(
            "the room and the mailbox in other words, another kind of submission",
            zh="写法不同的同一地点和邮箱；其他报送",
            given={
                "submissions": [
                    {"id": "s1", "kind": "附件1", "medium": "paper", "place": "机关党委523室"},
                    {"id": "s2", "kind": "规范清理情况", "medium": "electronic", "place": "XXXYJGDW@126.com"},
                    {"id": "s3", "kind": "工作总结", "medium": "paper", "place": "教务处"},
                ]
            },
        ),
    )
