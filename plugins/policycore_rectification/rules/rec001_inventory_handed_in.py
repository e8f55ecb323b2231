"""Whoever reports nothing, or too late, leaves open what groups there are."""

from __future__ import annotations

from policycore import Case, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_rectification.handing_in import HANDED_IN, NEEDS, HandingIn

_DEPARTMENTS = [
    {"id": "d1", "name": "教务处", "kind": "机关部门"},
    {"id": "d2", "name": "机关党委", "kind": "机关部门"},
    {"id": "d3", "name": "文学院", "kind": "教学院系"},
]


def _submitted(medium: str, at: str, kind: str = "规范清理情况") -> dict[str, object]:
    return {"id": f"{medium}{at}", "kind": kind, "department_id": "d1", "medium": medium, "received_at": at}


class InventoryHandedIn(Rule):
    """Every department reports the state of its groups on paper and by e-mail, until the deadline.

    A nil return is a report too. The first that came counts: a correction in time's wake is not late. Put it right by
    handing in what is missing; what was late stays on record.
    """

    id = "REC001"
    name = "rectification/inventory-handed-in"
    subject = Subject.DEPARTMENT
    severity = Severity.WARNING
    requires = NEEDS
    key_facts = ("medium",)
    title = Text(zh="按时报送规范清理情况", en="Inventory is handed in on time")
    headline = Text(zh="规范清理情况未报或迟报", en="Inventory is missing or late")
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
        zh="各部门应在截止时间前报送规范清理情况，纸质版和电子版缺一不可；没有群的也要零报告。",
        en="Every department reports on paper and by e-mail until the deadline; one without groups says so.",
    )
    remediation = (
        Step("department", Text(zh="补报缺少的材料", en="hand in what is missing"), 1),
        Step("committee", Text(zh="登记收到时间", en="note when it came"), 1),
    )

    class Params(HandingIn):
        """Who hands in what, how and until when."""

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find what is missing, and what came first but late."""
        return estate.query(HANDED_IN, params)

    cases = (
        Case(
            "paper 37 minutes late, nothing by mail",
            zh="纸质版迟37分钟，电子版未报",
            given={"departments": _DEPARTMENTS, "submissions": [_submitted("paper", "2024-03-27T11:37:00+08:00")]},
            finds=("d1", "d1"),
        ),
        Case(
            "half a minute late is a minute late",
            zh="迟半分钟算迟1分钟",
            given={
                "departments": _DEPARTMENTS,
                "submissions": [
                    _submitted("paper", "2024-03-27T11:00:30+08:00"),
                    _submitted("electronic", "2024-03-27T11:00:00+08:00"),
                ],
            },
            finds=("d1",),
            reasons={"d1": "late"},
            facts={"d1": {"minutes": 1, "medium": "paper"}},
        ),
        Case(
            "both at the deadline, and a correction days later; a committee and a college that report nothing",
            zh="两种形式都按时，几天后又更正；机关党委和院系不必报送",
            given={
                "departments": _DEPARTMENTS,
                "submissions": [
                    _submitted("paper", "2024-03-27T11:00:00+08:00"),
                    _submitted("electronic", "2024-03-26T09:00:00+08:00"),
                    _submitted("electronic", "2024-04-02T09:00:00+08:00"),
                ],
            },
        ),
        Case(
            "nothing is due before the deadline",
            zh="截止时间之前什么都不算未报",
            given={"departments": _DEPARTMENTS, "submissions": []},
            as_of="2024-03-27T11:00:00+08:00",
        ),
    )
