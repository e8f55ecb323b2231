"""A form that nobody signed binds nobody."""

from __future__ import annotations

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class FormSigned(Rule):
    """The paper form bears the signature of the head and the seal of the department.

    Whether it does is noted by whoever receives it; a scan may prove it (``policycore attest`` with its hash). Put it
    right by having it signed and sealed.
    """

    id = "REC008"
    name = "rectification/form-signed"
    subject = Subject.SUBMISSION
    severity = Severity.WARNING
    requires = (
        Needs("submissions.signed", null="unknown", stands="hits"),
        Needs("submissions.sealed", null="unknown", stands="hits"),
        "submissions.kind",
        "submissions.medium",
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
            """SELECT id AS submission_id, reason, reason AS what FROM (
                SELECT id, unnest(['signature', 'seal']) AS reason, unnest([signed, sealed]) AS there FROM submissions
                WHERE kind = '附件1' AND medium = 'paper')
            WHERE NOT there"""
        )

    cases = (
        Case(
            "not signed, not sealed",
            zh="没有签字、没有盖章",
            given={
                "submissions": [
                    {"id": "s1", "kind": "附件1", "medium": "paper", "signed": False, "sealed": True},
                    {"id": "s2", "kind": "附件1", "medium": "paper", "signed": False, "sealed": False},
                ]
            },
            finds=("s1", "s2", "s2"),
            reasons={"s1": "signature"},
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
