"""A form that nobody signed binds nobody."""

from __future__ import annotations

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_rectification.handing_in import BESIDE, MAY_BE_REPLACED, replaced


class FormSigned(Rule):
    """The paper form bears the signature of the head and the seal of the department.

    Whether it does is noted by whoever receives it; a scan may prove it (``policycore attest`` with its hash). Put it
    right by having it signed and sealed.
    """

    id = "REC008"
    name = "rectification/form-signed"
    subject = Subject.SUBMISSION
    severity = Severity.WARNING
    only_read = BESIDE
    requires = (
        Needs("submissions.signed", null="unknown", stands="hits"),
        Needs("submissions.sealed", null="unknown", stands="hits"),
        "submissions.kind",
        "submissions.medium",
        *MAY_BE_REPLACED,
    )
    applies_when = "kind = '附件1' AND medium = 'paper'"
    key_facts = ("what",)
    title = Text(zh="信息统计表已签字盖章", en="Form is signed and sealed")
    headline = Text(zh="信息统计表没有签字或盖章", en="Form is not signed or not sealed")
    message = {
        "signature": Text(zh="纸质版没有负责人签字", en="the paper bears no signature of the head"),
        "seal": Text(zh="纸质版没有加盖部门公章", en="the paper bears no seal of the department"),
    }
    explanation = Text(
        zh="信息统计表须由部门负责人签字并加盖部门公章。",
        en="The head signs the form and the department seals it.",
    )
    remediation = (Step("department", Text(zh="补签字、补盖章后重报", en="sign and seal it, hand it in again"), 3),)

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Find papers without signature or seal."""
        return estate.query(
            f"""SELECT id AS submission_id, reason, reason AS what FROM (
                SELECT id, unnest(['signature', 'seal']) AS reason, unnest([signed, sealed]) AS there
                FROM submissions s WHERE kind = '附件1' AND medium = 'paper' AND NOT {replaced("s")})
            WHERE NOT there"""
        )

    cases = (
        Case(
            "not signed, not sealed",
            zh="没有签字、没有盖章",
            given={
                "departments": [{"id": "d1"}, {"id": "d2"}],
                "submissions": [
                    {
                        "id": f"s{n}",
                        "kind": "附件1",
                        "medium": "paper",
                        "department_id": f"d{n}",
                        "signed": False,
                        "sealed": n == 1,
                    }
                    for n in (1, 2)
                ],
            },
            finds=("s1", "s2", "s2"),
            reasons={"s1": "signature"},
        ),
        Case(
            "a paper that a signed one replaced, and one that replaced a signed one",
            zh="后来补报了已签字的；后来补报的没有签字",
            given={
                "departments": [{"id": "d1"}, {"id": "d2"}],
                "submissions": [
                    {
                        "id": f"{department}-{day}",
                        "kind": "附件1",
                        "medium": "paper",
                        "department_id": department,
                        "received_at": f"2024-03-2{day}T09:00",
                        "signed": signed,
                        "sealed": True,
                    }
                    for department, day, signed in (
                        ("d1", 5, False),
                        ("d1", 6, True),
                        ("d2", 5, True),
                        ("d2", 6, False),
                    )
                ],
            },
            finds=("d2-6",),
        ),
        Case(
            "signed and sealed, and a file that nobody signs",
            zh="已签字盖章；电子版不需签字",
            given={
                "submissions": [
                    {"id": "s1", "kind": "附件1", "medium": "paper", "signed": True, "sealed": True},
                    {"id": "s2", "kind": "附件1", "medium": "electronic", "signed": False, "sealed": False},
                ]
            },
        ),
    )
