"""Whoever a form names must be who the directory knows."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_rectification.handing_in import BESIDE, replaced

_PHONE = r"(?:\+?86)?1[3-9][0-9]{9}|0[0-9]{2,3}[2-8][0-9]{6,7}|[2-8][0-9]{6,7}"
_DIGITS = r"regexp_replace(d.phone, '[\s()（）—-]', '', 'g')"
_FORM = f"""JOIN submissions s ON s.id = d.submission_id AND s.kind = '附件1' AND s.medium = 'electronic'
    AND NOT {replaced("s")}"""
_EMPTY = "coalesce(list_contains(s.faults, 'no-department@' || d.number), false)"
"""SQL of whether the reader of forms found nothing written for a row's department."""
# What an appointment leaves open speaks against nobody: knowing it could only add something that is wrong.
# A post is written as 教务处副处长, 副处长 or 副处长（主持工作）: it agrees where one holds the other.
_CHECKS = {
    "department-missing": f"d.department_id IS NULL AND {_EMPTY}",
    "department-unknown": f"d.department_id IS NULL AND NOT {_EMPTY}",
    "other-department": "d.department_id <> s.department_id",
    "name-missing": "d.name IS NULL",
    "person-unknown": "d.name IS NOT NULL AND d.person_id IS NULL",
    "not-in-post": "p.status IN ('retired', 'departed')",
    "elsewhere": """d.person_id IS NOT NULL AND d.department_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM appointments a
        WHERE a.person_id = d.person_id AND coalesce(a.department_id = d.department_id, true))""",
    "title": """d.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM appointments a WHERE a.person_id = d.person_id
        AND coalesce(contains(d.title, a.title) OR contains(a.title, d.title), a.title IS NULL))""",
    "rank": """d.role = 'deputy' AND d.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM appointments a
        WHERE a.person_id = d.person_id AND coalesce(list_contains($deputy_ranks, a.rank), true))""",
    "phone-missing": "d.phone IS NULL",
    "phone-invalid": f"NOT regexp_full_match({_DIGITS}, '{_PHONE}')",
    "phone-twice": f"""EXISTS (SELECT 1 FROM designations o WHERE o.submission_id = d.submission_id
        AND o.number <> d.number AND regexp_replace(o.phone, '[\\s()（）—-]', '', 'g') = {_DIGITS})""",
    # A mobile telephone is one person's; whose it is the form does not say.
    "phone-elsewhere": f"""regexp_full_match({_DIGITS}, '(?:\\+?86)?1[3-9][0-9]{{9}}') AND EXISTS (
        SELECT 1 FROM designations o JOIN submissions t ON t.id = o.submission_id AND t.kind = '附件1'
            AND t.medium = 'electronic' AND NOT {replaced("t")}
        WHERE t.department_id <> s.department_id AND o.name <> d.name
            AND regexp_replace(o.phone, '[\\s()（）—-]', '', 'g') = {_DIGITS})""",
}
_LAST = f"NOT {replaced('submissions')}"
_OTHERS = """SELECT s.id AS submission_id, t.id AS row_id FROM submissions s
    JOIN submissions t ON t.id <> s.id AND coalesce(t.kind = '附件1' AND t.medium = 'electronic', true)"""
_SQL = " UNION ALL ".join(
    f"""SELECT d.submission_id, d.number AS row, '{reason}' AS reason, '{reason}' AS what, d.name AS person
    FROM designations d {_FORM} LEFT JOIN people p ON p.id = d.person_id WHERE {condition}"""
    for reason, condition in _CHECKS.items()
)


class DesignatedPerson(Rule):
    """Each row of 附件1 names a department, one of its people as the directory has them, their post, a valid number.

    Telephone numbers are looked at and shown nowhere. Put it right in the form, or in the directory where that is
    what is wrong.
    """

    id = "REC010"
    name = "rectification/designated-person"
    subject = Subject.SUBMISSION
    severity = Severity.WARNING
    requires = (
        "submissions.kind",
        "submissions.medium",
        Needs("submissions.department_id", null="unknown"),
        *(
            Needs(f"submissions.designations.{name}", when=_LAST, null="judged")
            for name in ("department_id", "name", "person_id", "title", "phone")
        ),
        Needs("submissions.designations.role", when=_LAST, null="judged", stands="hits"),
        # Another department's form may name the same number.
        Needs("submissions.designations.phone", via=_OTHERS, null="judged", stands="hits"),
        # A status that begins later retires nobody yet.
        Needs(
            "submissions.designations.person_id.status",
            when=f"{_LAST} AND NOT coalesce(people.status_since > as_of(), false)",
            stands="hits",
        ),
        Needs("submissions.designations.person_id.appointments.department_id", when=_LAST, stands="hits"),
        Needs(
            "submissions.designations.person_id.appointments.title",
            when=f"appointments.person_id IS NOT NULL AND {_LAST}",
            null="unknown",
            stands="hits",
        ),
        Needs(
            "submissions.designations.person_id.appointments.rank",
            when=f"appointments.person_id IS NOT NULL AND designations.role = 'deputy' AND {_LAST}",
            null="unknown",
            stands="hits",
        ),
    )
    only_read = BESIDE | dict.fromkeys(
        ("submissions.received_at", "submissions.dated"), "where nobody knows which came last, each is judged"
    )
    applies_when = "kind = '附件1' AND medium = 'electronic'"
    key_facts = ("row", "what")
    title = Text(zh="信息统计表填写的人员属实", en="Form names people as the directory knows them")
    headline = Text(zh="信息统计表的人员信息不符", en="Form names somebody wrongly")
    message = {
        "department-unknown": Text(
            zh="第{row}行的部门名称不在部门名单中", en="row {row} names a department that nobody knows"
        ),
        "department-missing": Text(zh="第{row}行没有填写部门名称", en="row {row} has no department"),
        "other-department": Text(
            zh="第{row}行写的是别的部门", en="row {row} names another department than the form's own"
        ),
        "name-missing": Text(zh="第{row}行没有填写姓名", en="row {row} has no name"),
        "person-unknown": Text(
            zh="第{row}行的“{person}”在人员名册中找不到，或有几位同名",
            en="the directory has nobody, or several people, called “{person}” (row {row})",
        ),
        "not-in-post": Text(zh="第{row}行的“{person}”已不在职", en="“{person}” (row {row}) is no longer in post"),
        "elsewhere": Text(
            zh="第{row}行的“{person}”不在该部门任职", en="“{person}” (row {row}) holds no post in that department"
        ),
        "title": Text(
            zh="第{row}行“{person}”的职务与名册不符", en="the post of “{person}” (row {row}) is not the directory's"
        ),
        "rank": Text(
            zh="第{row}行的“{person}”不是中层副职，不能作为负责党建工作的副职",
            en="“{person}” (row {row}) has not the rank of a deputy",
        ),
        "phone-missing": Text(zh="第{row}行没有填写联系电话", en="row {row} has no telephone number"),
        "phone-invalid": Text(zh="第{row}行的联系电话不是有效号码", en="the telephone number in row {row} is none"),
        "phone-twice": Text(zh="第{row}行的联系电话与另一行相同", en="row {row} has the number of another row"),
        "phone-elsewhere": Text(
            zh="第{row}行的手机号码与另一部门所报人员相同，请核实",
            en="row {row} has the mobile number of somebody whom another department names; please verify",
        ),
    }
    explanation = Text(
        zh="信息统计表用于组建新群，部门、姓名、职务、电话有误就会拉错人。",
        en="The new groups are built from the form: whoever it names wrongly is the wrong member.",
    )
    remediation = (
        Step("department", Text(zh="更正后重报信息统计表", en="correct the form and hand it in again"), 3),
        Step("committee", Text(zh="人员名册有误的，更正名册", en="correct the directory where that is wrong"), 3),
    )

    class Params(Rule.Params):
        """Who can be the deputy."""

        deputy_ranks: list[str] = Field(
            ["中层副职"],
            description="ranks that the deputy in charge of Party work may have",
            json_schema_extra={"zh": "负责党建工作的副职应有的职级"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find rows that say something else than the directory."""
        return estate.query(_SQL, params)

    cases = (
        Case(
            "a wrong number is found though no directory says ranks, which keeps the right form unknown",
            zh="名册没有职级：号码有误的照样指出，没有错处的无法判断",
            given={
                "departments": [{"id": "d1", "name": "教务处"}],
                "people": [{"id": "p1", "name": "张敏"}],
                "appointments": [{"person_id": "p1", "department_id": "d1", "title": "副处长"}],
                "submissions": [
                    {"id": name, "kind": "附件1", "medium": "electronic", "department_id": "d1", "file": name}
                    for name in ("s1", "s2")
                ],
                "designations": [
                    {
                        "submission_id": name,
                        "number": 1,
                        "department_id": "d1",
                        "name": "张敏",
                        "person_id": "p1",
                        "title": "副处长",
                        "phone": phone,
                        "role": "deputy",
                    }
                    for name, phone in (("s1", "1380013801"), ("s2", "13800138001"))
                ],
            },
            lacks=("appointments.rank",),
            finds=("s1",),
            reasons={"s1": "phone-invalid"},
            unknown=("s1", "s2"),
        ),
        Case(
            "a retired deputy with a wrong post and rank, a liaison of another department without a number",
            zh="副职已退休、职务和职级不符；联络员是别的部门的、没有电话",
            given={
                "departments": [{"id": "d1", "name": "教务处"}, {"id": "d2", "name": "财务处"}],
                "people": [
                    {"id": "p1", "name": "张敏", "status": "retired"},
                    {"id": "p2", "name": "李强", "status": "active"},
                ],
                "appointments": [
                    {"person_id": "p1", "department_id": "d1", "title": "科长", "rank": "正科级"},
                    {"person_id": "p2", "department_id": "d2", "title": "科员", "rank": "科员"},
                ],
                "submissions": [{"id": "s1", "kind": "附件1", "medium": "electronic", "department_id": "d1"}],
                "designations": [
                    {
                        "submission_id": "s1",
                        "number": 1,
                        "department_id": "d1",
                        "name": "张敏",
                        "person_id": "p1",
                        "title": "副处长",
                        "phone": "12345",
                        "role": "deputy",
                    },
                    {
                        "submission_id": "s1",
                        "number": 2,
                        "department_id": "d1",
                        "name": "李强",
                        "person_id": "p2",
                        "title": "科员",
                        "role": "liaison",
                    },
                ],
            },
            finds=("s1",) * 6,
        ),
        Case(
            "a name that nobody bears, in a form of another department, twice the same number",
            zh="名册中没有的姓名；别的部门；两行电话相同",
            given={
                "departments": [{"id": "d1", "name": "教务处"}, {"id": "d2", "name": "财务处"}],
                "people": [{"id": "p2", "name": "李强", "status": "active"}],
                "appointments": [{"person_id": "p2", "department_id": "d2", "title": "科员", "rank": "科员"}],
                "submissions": [{"id": "s1", "kind": "附件1", "medium": "electronic", "department_id": "d1"}],
                "designations": [
                    {
                        "submission_id": "s1",
                        "number": 1,
                        "department_id": "d1",
                        "name": "王某",
                        "title": "副处长",
                        "phone": "190 0000 0001",
                    },
                    {
                        "submission_id": "s1",
                        "number": 2,
                        "department_id": "d2",
                        "name": "李强",
                        "person_id": "p2",
                        "title": "科员",
                        "phone": "19000000001",
                        "role": "liaison",
                    },
                ],
            },
            finds=("s1",) * 4,
        ),
        Case(
            "no department, and one that nobody knows",
            zh="没有填写部门；部门不在名单中",
            given={
                "departments": [{"id": "d1", "name": "教务处"}],
                "submissions": [
                    {"id": name, "kind": "附件1", "medium": "electronic", "department_id": "d1", "faults": list(faults)}
                    for name, faults in (("s1", ["no-department@2"]), ("s2", ()))
                ],
                "designations": [
                    {
                        "submission_id": name,
                        "number": 2,
                        "name": "张敏",
                        "person_id": "p1",
                        "title": "科员",
                        "phone": phone,
                    }
                    for name, phone in (("s1", "13800138001"), ("s2", "13800138002"))
                ],
                "people": [{"id": "p1", "name": "张敏", "status": "active"}],
                "appointments": [{"person_id": "p1", "department_id": "d1", "title": "科员", "rank": "科员"}],
            },
            finds=("s1", "s2"),
            reasons={"s1": "department-missing", "s2": "department-unknown"},
        ),
        Case(
            "the same mobile number in two departments' forms, and the same switchboard",
            zh="两个部门的表中手机号码相同；总机号码相同不算",
            given={
                "departments": [{"id": "d1", "name": "教务处"}, {"id": "d2", "name": "财务处"}],
                "people": [{"id": f"p{n}", "name": f"人{n}", "status": "active"} for n in range(4)],
                "appointments": [
                    {"person_id": f"p{n}", "department_id": f"d{1 + n % 2}", "title": "科员", "rank": "科员"}
                    for n in range(4)
                ],
                "submissions": [
                    {"id": f"s{n}", "kind": "附件1", "medium": "electronic", "department_id": f"d{n}"} for n in (1, 2)
                ],
                "designations": [
                    {
                        "submission_id": f"s{1 + n % 2}",
                        "number": 1 + n // 2,
                        "department_id": f"d{1 + n % 2}",
                        "name": f"人{n}",
                        "person_id": f"p{n}",
                        "title": "科员",
                        "role": "liaison",
                        "phone": "190 0000 0001" if n < 2 else "0373-3682000",
                    }
                    for n in range(4)
                ],
            },
            finds=("s1", "s2"),
            reasons={"s1": "phone-elsewhere", "s2": "phone-elsewhere"},
        ),
        Case(
            "two people as the directory has them, one with a longer post and a landline",
            zh="两人都与名册一致，其中一人写了全称职务和座机",
            given={
                "departments": [{"id": "d1", "name": "教务处"}],
                "people": [
                    {"id": "p1", "name": "张敏", "status": "active"},
                    {"id": "p2", "name": "李强", "status": "active"},
                ],
                "appointments": [
                    {"person_id": "p1", "department_id": "d1", "title": "副处长", "rank": "中层副职"},
                    {"person_id": "p2", "department_id": "d1", "title": "科员", "rank": "科员"},
                ],
                "submissions": [{"id": "s1", "kind": "附件1", "medium": "electronic", "department_id": "d1"}],
                "designations": [
                    {
                        "submission_id": "s1",
                        "number": 1,
                        "department_id": "d1",
                        "name": "张敏",
                        "person_id": "p1",
                        "title": "教务处副处长",
                        "phone": "0373-3682000",
                        "role": "deputy",
                    },
                    {
                        "submission_id": "s1",
                        "number": 2,
                        "department_id": "d1",
                        "name": "李强",
                        "person_id": "p2",
                        "title": "科员",
                        "phone": "19000000002",
                        "role": "liaison",
                    },
                ],
            },
        ),
    )
