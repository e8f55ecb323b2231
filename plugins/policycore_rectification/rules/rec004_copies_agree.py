"""Two versions of one report leave open which of them was signed."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text

_AGREED = """SELECT p.department_id FROM submissions p JOIN submissions e ON e.department_id = p.department_id
    WHERE p.kind = $kind AND e.kind = $kind AND p.medium = 'paper' AND e.medium = 'electronic'
        AND lower(p.sha256) = lower(e.sha256)"""
# A value that is not known matters where nothing agrees yet and both media may be there.
_OPEN = f"""WITH may AS (
    SELECT department_id, id, medium, lower(sha256) AS sha256,
        kind IS NOT NULL AND medium IS NOT NULL AND sha256 IS NOT NULL AS known
    FROM submissions WHERE coalesce(kind = $kind, true) AND department_id NOT IN ({_AGREED})
), both_media AS (
    SELECT p.department_id FROM may p JOIN may e ON e.department_id = p.department_id AND e.id <> p.id
    WHERE coalesce(p.medium = 'paper', true) AND coalesce(e.medium = 'electronic', true) AND NOT EXISTS (
        SELECT 1 FROM may o WHERE o.known AND o.department_id = p.department_id AND (
            o.medium = 'electronic' AND o.sha256 = p.sha256 OR o.medium = 'paper' AND o.sha256 = e.sha256))
)
SELECT department_id, id AS row_id FROM may WHERE NOT known AND department_id IN (SELECT department_id FROM both_media)
UNION ALL SELECT id, NULL FROM departments WHERE NOT EXISTS (SELECT 1 FROM submissions)"""


class CopiesAgree(Rule):
    """The electronic version must be the file that the signed paper was printed from: their hashes are the same.

    Where several came, one pair that agrees is enough. Put it right by handing in the file of the paper, or by signing
    a new print.
    """

    id = "REC004"
    name = "rectification/copies-agree"
    subject = Subject.DEPARTMENT
    severity = Severity.WARNING
    requires = (
        Needs("submissions.department_id", when=f"departments.id NOT IN ({_AGREED})"),
        *(Needs(f"submissions.{column}", null="unknown", via=_OPEN) for column in ("kind", "medium", "sha256")),
    )
    title = Text(zh="电子版与纸质版一致", en="File and paper are the same")
    headline = Text(zh="电子版与纸质版不一致", en="File and paper differ")
    message = Text(
        zh="“{kind}”的电子版与纸质版的源文件不同（哈希不一致）",
        en="the file of “{kind}” is not the one that the paper was printed from (their hashes differ)",
    )
    explanation = Text(
        zh="电子版应与签字盖章的纸质版出自同一文件，否则不知道以哪个为准。",
        en="The file must be the one that was printed and signed, or nobody knows which of them counts.",
    )
    remediation = (Step("department", Text(zh="报送与纸质版相同的电子版", en="hand in the file of the paper"), 3),)

    class Params(Rule.Params):
        """What is handed in twice."""

        kind: str = Field(
            "规范清理情况",
            description="what is handed in, as submissions.kind has it",
            json_schema_extra={"zh": "报送的材料（报送类型）"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find departments whose file and paper never agree."""
        return estate.query(
            """SELECT p.department_id FROM submissions p JOIN submissions e ON e.department_id = p.department_id
            WHERE p.kind = $kind AND e.kind = $kind AND p.medium = 'paper' AND e.medium = 'electronic'
            GROUP BY p.department_id HAVING NOT bool_or(coalesce(lower(p.sha256) = lower(e.sha256), false))""",
            params,
        )

    cases = (
        Case(
            "two different files",
            zh="两个不同的文件",
            given={
                "departments": [{"id": "d1", "name": "教务处"}],
                "submissions": [
                    {"id": "s1", "kind": "规范清理情况", "department_id": "d1", "medium": "paper", "sha256": "aa"},
                    {"id": "s2", "kind": "规范清理情况", "department_id": "d1", "medium": "electronic", "sha256": "bb"},
                ],
            },
            finds=("d1",),
        ),
        Case(
            "the same file, sent a second time with a change; a paper alone",
            zh="同一文件，后来又发了改动过的；只有纸质版",
            given={
                "departments": [{"id": "d1", "name": "教务处"}, {"id": "d2", "name": "财务处"}],
                "submissions": [
                    {"id": "s1", "kind": "规范清理情况", "department_id": "d1", "medium": "paper", "sha256": "aa"},
                    {"id": "s2", "kind": "规范清理情况", "department_id": "d1", "medium": "electronic", "sha256": "bb"},
                    {"id": "s3", "kind": "规范清理情况", "department_id": "d1", "medium": "electronic", "sha256": "AA"},
                    {"id": "s4", "kind": "规范清理情况", "department_id": "d2", "medium": "paper", "sha256": "cc"},
                ],
            },
        ),
    )
