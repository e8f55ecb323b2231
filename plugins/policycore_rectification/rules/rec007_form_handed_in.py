"""Without the form nobody knows whom a department sends into the new groups."""

from __future__ import annotations

from policycore import Case, Field, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_rectification.handing_in import HANDED_IN, NEEDS, HandingIn


class FormHandedIn(Rule):
    """Every department hands in 附件1 on paper, with its deputy in charge of Party work and its liaison, in time.

    Put it right by handing it in; what was late stays on record.
    """

    id = "REC007"
    name = "rectification/form-handed-in"
    subject = Subject.DEPARTMENT
    severity = Severity.WARNING
    requires = NEEDS
    key_facts = ("medium",)
    title = Text(zh="按时报送信息统计表", en="Form is handed in on time")
    headline = Text(zh="信息统计表未报或迟报", en="Form is missing or late")
    message = {
        "missing": Text(
            zh="没有收到“{kind}”（形式：{medium}，截止{deadline}）",
            en="“{kind}” did not come ({medium}, due {deadline})",
        ),
        "late": Text(
            zh="“{kind}”（形式：{medium}）于{received_at}收到，迟{minutes}分钟（截止{deadline}）",
            en="“{kind}” ({medium}) came at {received_at}, {minutes} {minutes:minute|minutes} late (due {deadline})",
        ),
    }
    explanation = Text(
        zh="重建微信群要用各部门报送的信息统计表，须在截止时间前报送纸质版。",
        en="The new groups are built from the forms, which are due on paper until the deadline.",
    )
    remediation = (Step("department", Text(zh="补报信息统计表", en="hand in the form"), 1),)

    class Params(HandingIn):
        """Who hands in what, how and until when."""

        kind: str = Field(
            "附件1",
            description="what is handed in, as submissions.kind has it",
            json_schema_extra={"zh": "报送的材料（报送类型）"},
        )
        media: list[str] = Field(
            ["paper"],
            description="the media in which it is due",
            json_schema_extra={"zh": "须报送的形式", "words": "submissions.medium"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find what is missing, and what came first but late."""
        return estate.query(HANDED_IN, params)

    cases = (
        Case(
            "one missing though its file came, one late, one in time",
            zh="一个部门只有电子版，一个迟报，一个按时",
            given={
                "departments": [{"id": f"d{n}", "name": f"部门{n}", "kind": "机关部门"} for n in (1, 2, 3)],
                "submissions": [
                    {
                        "id": f"s{department}{medium}",
                        "kind": "附件1",
                        "department_id": department,
                        "medium": medium,
                        "received_at": at,
                    }
                    for department, medium, at in (
                        ("d1", "electronic", "2024-03-26T09:00:00+08:00"),
                        ("d2", "paper", "2024-03-28T09:00:00+08:00"),
                        ("d3", "paper", "2024-03-27T10:59:00+08:00"),
                    )
                ],
            },
            finds=("d1", "d2"),
            reasons={"d1": "missing", "d2": "late"},
            facts={"d2": {"minutes": 1320}},
        ),
        Case(
            "all in time",
            zh="全部按时",
            given={
                "departments": [{"id": "d1", "name": "部门1", "kind": "机关部门"}],
                "submissions": [
                    {
                        "id": "s1",
                        "kind": "附件1",
                        "department_id": "d1",
                        "medium": "paper",
                        "received_at": "2024-03-27T11:00:00+08:00",
                    }
                ],
            },
        ),
    )
