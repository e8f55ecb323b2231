"""A form that was changed cannot be put together with forty others."""

from __future__ import annotations

from datetime import datetime

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_rectification.handing_in import MAY_BE_REPLACED, replaced

_MESSAGES = {
    "password": Text(zh="文件有密码，打不开", en="the file is under a password and cannot be opened"),
    "damaged": Text(zh="文件已损坏，打不开", en="the file is damaged and cannot be opened"),
    "old-format": Text(
        zh="文件不是.docx或.xlsx，请另存后重报",
        en="the file is neither .docx nor .xlsx: save it as one of them",
    ),
    "too-large": Text(zh="文件过大，不像一张表", en="the file is too large for a form"),
    "picture": Text(
        zh="内容是图片或扫描件，没有文字，请另报可编辑的表",
        en="a picture or a scan without text: hand in the form itself",
    ),
    "picture-beside": Text(zh="表中插入了图片", en="a picture was put into the form"),
    "no-table": Text(zh="文件里没有表格", en="there is no table in the file"),
    "macros": Text(zh="文件带有宏", en="the file has macros"),
    "version": Text(zh="用的不是现行模板（{place}）", en="made from another version of the template ({place})"),
    "title": Text(zh="标题不是附件1的标题", en="the title is not that of the form"),
    "header": Text(zh="表头与附件1不一致（{place}）", en="the header is not as printed on the form ({place})"),
    "numbering": Text(zh="序号不连续（{place}）", en="the rows are not numbered 1, 2, 3 ({place})"),
    "merged": Text(zh="表格中有合并单元格（{place}）", en="cells are merged within the table ({place})"),
    "extra-sheet": Text(zh="多了工作表“{place}”", en="there is another sheet, “{place}”"),
    "extra-table": Text(zh="多了一张表（第{place}段）", en="there is another table (block {place})"),
    "hidden": Text(zh="表格所在的工作表是隐藏的（{place}）", en="the sheet of the form is hidden ({place})"),
    "formula": Text(zh="单元格是公式（{place}）", en="a cell holds a formula ({place})"),
    "left-over": Text(zh="模板里的“XXX”没有填（{place}）", en="an XXX of the template was left in ({place})"),
    "no-date": Text(zh="没有填写日期", en="there is no date"),
    "date": Text(zh="日期不存在（{place}）", en="the date does not exist ({place})"),
    "date-range": Text(
        zh="填表日期{day}不在{earliest}至{latest}之间", en="dated {day}, which is not between {earliest} and {latest}"
    ),
    "empty": Text(zh="没有填写人员", en="nobody is named in it"),
    "other": Text(zh="表格有问题：{kind}（{place}）", en="something is wrong with the form: {kind} ({place})"),
}


class FormAsIssued(Rule):
    """The form must come back as it was issued: its header, its numbering, its date, nothing left over or added.

    A scan is no fault of the form: what nobody can read in it is asked by `rectification/two-roles`, and what its rows
    say by `rectification/designated-person`. Put it right by filling in the blank form again (``policycore form
    members``).
    """

    id = "REC009"
    name = "rectification/form-as-issued"
    subject = Subject.SUBMISSION
    severity = Severity.WARNING
    requires = (
        Needs("submissions.kind"),
        Needs("submissions.faults", when="submissions.medium = 'electronic'", null="unknown"),
        Needs("submissions.dated", when="submissions.medium = 'electronic'", null="judged", stands="hits"),
        Needs("submissions.medium"),
        *MAY_BE_REPLACED,
    )
    applies_when = "kind = '附件1' AND medium IS DISTINCT FROM 'paper'"
    key_facts = ("kind", "place")
    title = Text(zh="信息统计表按附件1填报", en="Form comes back as it was issued")
    headline = Text(zh="信息统计表不符合附件1", en="Form is not as it was issued")
    message = _MESSAGES
    explanation = Text(
        zh="附件1的表头、序号、日期等应按原样填写，改动过的表无法汇总；只有扫描件时，内容无法核对。",
        en="A form that was changed cannot be put together with the others, and a scan alone cannot be compared.",
    )
    remediation = (
        Step("department", Text(zh="用原模板重新填报", en="fill in the blank form again and hand it in"), 3),
    )

    class Params(Rule.Params):
        """Between which days a form may be dated."""

        earliest: datetime = Field(
            datetime.fromisoformat("2024-03-22T00:00:00+08:00"),
            description="first day that may stand on the form",
            json_schema_extra={"zh": "填表日期最早为哪一天"},
        )
        latest: datetime = Field(
            datetime.fromisoformat("2024-03-27T00:00:00+08:00"),
            description="last day that may stand on the form",
            json_schema_extra={"zh": "填表日期最晚为哪一天"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find what the reader of forms noted, and dates out of range."""
        known = ", ".join(f"'{kind}'" for kind in _MESSAGES)
        return estate.query(
            f"""WITH last AS (SELECT id, faults, dated FROM submissions s WHERE kind = '附件1' AND NOT {replaced("s")}),
            noted AS (SELECT id, unnest(faults) AS fault FROM last),
            split AS (SELECT id, split_part(fault, '@', 1) AS kind, split_part(fault, '@', 2) AS place FROM noted)
            SELECT id AS submission_id, CASE WHEN kind IN ({known}) THEN kind ELSE 'other' END AS reason, kind, place,
                NULL::TIMESTAMPTZ AS day
            FROM split WHERE kind NOT IN ('scan', 'no-department')
            UNION ALL
            SELECT id, 'date-range', 'date-range', '', dated FROM last
            WHERE NOT (dated >= $earliest AND local_date(dated) <= local_date($latest))""",
            params,
        )

    cases = (
        Case(
            "everything that the reader noted, each once, and a date before the notice",
            zh="读表时发现的每个问题各成一条；日期早于通知",
            given={
                "submissions": [
                    {
                        "id": "s1",
                        "kind": "附件1",
                        "medium": "electronic",
                        "department_id": "d1",
                        "faults": ["header@C2", "left-over@D7"],
                        "dated": "2024-03-26",
                    },
                    {
                        "id": "s2",
                        "kind": "附件1",
                        "medium": "electronic",
                        "department_id": "d2",
                        "faults": [],
                        "dated": "2024-03-01",
                    },
                    {
                        "id": "s3",
                        "kind": "附件1",
                        "medium": "electronic",
                        "department_id": "d3",
                        "faults": ["picture"],
                    },
                ],
                "departments": [{"id": f"d{n}"} for n in (1, 2, 3)],
            },
            finds=("s1", "s1", "s2", "s3"),
            reasons={"s2": "date-range", "s3": "picture"},
        ),
        Case(
            "a form as issued with its scan beside it, and another kind of submission",
            zh="按原样填报的表及其扫描件；其他报送",
            given={
                "submissions": [
                    {
                        "id": "s1",
                        "kind": "附件1",
                        "medium": "electronic",
                        "faults": [],
                        "dated": "2024-03-27",
                    },
                    {"id": "s2", "kind": "附件1", "medium": "electronic", "faults": ["scan"]},
                    {"id": "s3", "kind": "规范清理情况", "medium": "electronic", "faults": ["header@C2"]},
                ],
            },
        ),
        Case(
            "a form that a better one replaced",
            zh="后来重报了合格的表",
            given={
                "departments": [{"id": "d1"}],
                "submissions": [
                    {
                        "id": f"s{day}",
                        "kind": "附件1",
                        "medium": "electronic",
                        "department_id": "d1",
                        "received_at": f"2024-03-2{day}T09:00",
                        "faults": faults,
                    }
                    for day, faults in ((5, ["header@C2"]), (6, []))
                ],
            },
        ),
        Case(
            "a form that nobody read",
            zh="没有人读过的表",
            given={"submissions": [{"id": "s1", "kind": "附件1", "medium": "electronic"}]},
            unknown=("s1",),
        ),
    )
