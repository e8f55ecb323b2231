"""The new groups need one deputy and one liaison of each department, no more and no guess."""

from __future__ import annotations

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_rectification.handing_in import MAY_BE_REPLACED, replaced

# Where another row is unclear, the department is asked whatever this one says.
_ASKED_ANYWAY = """SELECT 1 FROM designations o WHERE o.submission_id = submissions.id AND o.role IS NULL
    AND o.number <> designations.number AND NOT list_contains(coalesce(o._unknown, []), 'role')"""


class TwoRoles(Rule):
    """A form names exactly one deputy in charge of Party work and exactly one liaison.

    No column of 附件1 tells the two apart: a row whose remark says neither is a question for the department, never a
    guess. Put it right by writing 负责党建工作的副职 or 联络员 into the remark of each row.
    """

    id = "REC011"
    name = "rectification/two-roles"
    subject = Subject.SUBMISSION
    severity = Severity.WARNING
    requires = (
        "submissions.kind",
        "submissions.medium",
        Needs("submissions.faults", when=f"NOT {replaced('submissions')}", null="unknown"),
        Needs(
            "submissions.designations.role",
            when=f"NOT EXISTS ({_ASKED_ANYWAY}) AND NOT {replaced('submissions')}",
            null="judged",
        ),
        *MAY_BE_REPLACED,
    )
    applies_when = "kind = '附件1' AND medium = 'electronic'"
    title = Text(zh="信息统计表恰有1名党建副职、1名联络员", en="Form names one deputy and one liaison")
    headline = Text(zh="党建副职或联络员不是各1名", en="Not one deputy and one liaison")
    message = {
        "unclear": Text(
            zh="有{unclear}行看不出是负责党建工作的副职还是联络员，请部门说明",
            en="of {unclear} {unclear:row|rows} nobody can tell whether they name the deputy or the liaison: ask "
            "the department",
        ),
        "count": Text(
            zh="填写了党建副职{deputies}名、联络员{liaisons}名，应各为1名",
            en="{deputies} {deputies:deputy|deputies} and {liaisons} {liaisons:liaison|liaisons} named, one "
            "of each is due",
        ),
        "scan": Text(
            zh="只有扫描件，无法核对所填人员，请另报可编辑的表",
            en="only a scan came, whose names nobody can compare: hand in the form itself",
        ),
    }
    explanation = Text(
        zh="每个部门报1名负责党建工作的副职、1名联络员；附件1没有区分两者的栏目，要写在备注里。",
        en="Each department names one deputy and one liaison; the form has no column for it, so the remark must tell.",
    )
    remediation = (Step("department", Text(zh="在备注中写明各人身份后重报", en="say in the remark who is what"), 3),)

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Find forms that do not name one of each; where a row is unclear and could be what is missing, ask."""
        return estate.query(
            f"""SELECT submission_id, deputies, liaisons, unclear,
                CASE WHEN scan THEN 'scan' WHEN could THEN 'unclear' ELSE 'count' END AS reason,
                CASE WHEN scan OR could THEN 'suspect' ELSE 'fail' END AS verdict
            FROM (
                SELECT *, unclear > 0 AND deputies <= 1 AND liaisons <= 1 AS could
                FROM (
                    SELECT s.id AS submission_id, list_contains(any_value(s.faults), 'scan') AS scan,
                        count(*) FILTER (d.role = 'deputy') AS deputies,
                        count(*) FILTER (d.role = 'liaison') AS liaisons,
                        count(*) FILTER (d.submission_id IS NOT NULL AND d.role IS NULL) AS unclear
                    FROM submissions s LEFT JOIN designations d ON d.submission_id = s.id
                    WHERE s.kind = '附件1' AND s.medium = 'electronic' AND NOT {replaced("s")} GROUP BY s.id))
            WHERE deputies <> 1 OR liaisons <> 1 OR unclear > 0"""
        )

    cases = (
        Case(
            "two liaisons, nobody, an unclear row, a scan",
            zh="两名联络员；无人；一行不明；只有扫描件",
            given={
                "departments": [{"id": f"d{n}"} for n in range(1, 5)],
                "submissions": [
                    {
                        "id": f"s{n}",
                        "kind": "附件1",
                        "medium": "electronic",
                        "department_id": f"d{n}",
                        "faults": ["scan"] if n == 4 else ["title"],
                    }
                    for n in range(1, 5)
                ],
                "designations": [
                    {"submission_id": "s1", "number": 1, "role": "liaison"},
                    {"submission_id": "s1", "number": 2, "role": "liaison"},
                    {"submission_id": "s3", "number": 1, "role": "deputy"},
                    {"submission_id": "s3", "number": 2},
                ],
            },
            finds=("s1", "s2", "s3", "s4"),
            reasons={"s1": "count", "s2": "count", "s3": "unclear", "s4": "scan"},
        ),
        Case(
            "a form that a complete one replaced",
            zh="后来重报了完整的表",
            given={
                "departments": [{"id": "d1"}],
                "submissions": [
                    {
                        "id": f"s{day}",
                        "kind": "附件1",
                        "medium": "electronic",
                        "department_id": "d1",
                        "received_at": f"2024-03-2{day}T09:00",
                        "faults": ["title"],
                    }
                    for day in (5, 6)
                ],
                "designations": [
                    {"submission_id": "s5", "number": 1, "role": "liaison"},
                    {"submission_id": "s6", "number": 1, "role": "deputy"},
                    {"submission_id": "s6", "number": 2, "role": "liaison"},
                ],
            },
        ),
        Case(
            "a form of a department that nobody could read, which a complete one may have replaced",
            zh="看不出是哪个部门的表，可能已经重报",
            given={
                "departments": [{"id": "d1"}],
                "submissions": [
                    {"id": "s5", "kind": "附件1", "medium": "electronic", "department_id": None}
                    | {"received_at": "2024-03-25T09:00", "faults": ["title"]},
                    {"id": "s6", "kind": "附件1", "medium": "electronic", "department_id": "d1"}
                    | {"received_at": "2024-03-26T09:00", "faults": ["title"]},
                ],
                "designations": [
                    {"submission_id": "s5", "number": 1, "role": "liaison"},
                    {"submission_id": "s6", "number": 1, "role": "deputy"},
                    {"submission_id": "s6", "number": 2, "role": "liaison"},
                ],
            },
            unknown=("s5",),
        ),
        Case(
            "the scan of a form, which came in a readable file before",
            zh="先报了可编辑的表，后报同一张表的扫描件",
            given={
                "departments": [{"id": "d1"}],
                "submissions": [
                    {"id": "s5", "kind": "附件1", "medium": "electronic", "department_id": "d1"}
                    | {"received_at": "2024-03-25T09:00", "faults": ["title"]},
                    {"id": "s6", "kind": "附件1", "medium": "electronic", "department_id": "d1"}
                    | {"received_at": "2024-03-26T09:00", "faults": ["scan-beside"]},
                ],
                "designations": [
                    {"submission_id": "s5", "number": 1, "role": "liaison"},
                    {"submission_id": "s5", "number": 2, "role": "liaison"},
                ],
            },
            finds=("s5",),
            reasons={"s5": "count"},
        ),
        Case(
            "one of each",
            zh="各一名",
            given={
                "submissions": [{"id": "s1", "kind": "附件1", "medium": "electronic", "faults": ["title"]}],
                "designations": [
                    {"submission_id": "s1", "number": 1, "role": "deputy"},
                    {"submission_id": "s1", "number": 2, "role": "liaison"},
                ],
            },
        ),
    )
