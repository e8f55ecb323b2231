"""Everybody in a work group shows unit and real name."""

from __future__ import annotations

from typing import Any

from policycore import Case, Field, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import classes
from policycore_admission.display_name import Fault, Grammar, Reader
from policycore_admission.fast_path import quoted, simple_form


def shown_as(*names: str | None, kind: str = "internal") -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group whose members, a0, a1 and so on, show `names`."""
    return {
        "groups": [{"id": "g"}],
        "accounts": [{"id": f"a{number}", "kind": kind} for number in range(len(names))],
        "memberships": [
            {"group_id": "g", "account_id": f"a{number}", "display_name": name} for number, name in enumerate(names)
        ],
    }


def all_found(count: int) -> tuple[str, ...]:
    """Return the subjects of the first `count` members."""
    return tuple(f"g/a{number}" for number in range(count))


WRONG = {
    "教务处-张三 13812345678": "phone-number",
    "教务处-张三😀": "emoji",
    "开心就好": "nickname",
    "教务处-小李": "nickname",
    "教务处-张处长": "surname-only",
    "张三": "unit-missing",
    "教务处": "name-missing",
    "教务处张三": "separator",
    "张三（教务处）": "order",
    "教务处-张三8001": "number",
    "教务处-" + "张" * 100: "too-long",
}


class DisplayNameFormat(Rule):
    """Members must show unit and real name in the group, so that everybody knows who speaks.

    Judged is the form alone: order, separators or brackets, width, an optional post after the name.
    Whether the name is the person's own and the unit theirs is asked by name-in-directory and
    unit-matches, which read only names of the right form. Put it right in the group's settings.
    """

    id = "ADM001"
    name = "admission/display-name-format"
    subject = Subject.MEMBERSHIP
    per_group = True
    severity = Severity.ERROR
    requires = ("memberships.account_id", "memberships.display_name", "accounts.kind")
    title = Text(zh="群昵称为单位+姓名", en="Display name reads unit + name")
    message = {
        "missing": Text(zh="没有设置群昵称，应为{form}", en="there is no display name; it should read {form}"),
        "phone-number": Text(
            zh="群昵称“{display_name}”含有电话号码或长数字", en="“{display_name}” holds a telephone number"
        ),
        "emoji": Text(zh="群昵称“{display_name}”含有表情或符号", en="“{display_name}” holds emoji or symbols"),
        "nickname": Text(
            zh="群昵称“{display_name}”是网名，不是{form}", en="“{display_name}” is a nickname, not {form}"
        ),
        "surname-only": Text(
            zh="群昵称“{display_name}”只有姓和称呼，没有全名",
            en="“{display_name}” has a surname and a title, no full name",
        ),
        "unit-missing": Text(zh="群昵称“{display_name}”没有单位", en="“{display_name}” lacks the unit"),
        "name-missing": Text(zh="群昵称“{display_name}”没有姓名", en="“{display_name}” lacks the name"),
        "separator": Text(
            zh="群昵称“{display_name}”的单位与姓名之间没有规定的分隔符",
            en="“{display_name}” lacks a proper separator between unit and name",
        ),
        "order": Text(
            zh="群昵称“{display_name}”顺序颠倒，应为{form}",
            en="“{display_name}” is the wrong way round; it should read {form}",
        ),
        "number": Text(zh="群昵称“{display_name}”的姓名含有数字", en="the name in “{display_name}” holds digits"),
        "unit-form": Text(
            zh="群昵称“{display_name}”的单位不合格式，应为{form}",
            en="the unit in “{display_name}” should read as in {form}",
        ),
        "width": Text(
            zh="群昵称“{display_name}”全角半角不合规定", en="“{display_name}” uses characters of the wrong width"
        ),
        "post-suffix": Text(zh="群昵称“{display_name}”不应带职务", en="“{display_name}” should not show a post"),
        "post-missing": Text(zh="群昵称“{display_name}”没有职务", en="“{display_name}” lacks the post"),
        "too-long": Text(zh="群昵称超过{longest}个字符", en="the display name is longer than {longest} characters"),
        **classes.MESSAGES,
    }
    explanation = Text(
        zh="工作群严格实行实名制，必须公开身份信息（单位+姓名），群内才知道谁在说话。",
        en="Work groups go by real names: everybody must show unit and name, so that all know who speaks.",
    )
    remediation = (
        Step("member", Text(zh="把本群昵称改为{expected}", en="change the display name in this group to {expected}")),
        Step(
            "owner",
            Text(zh="提醒未改的成员；仍不改的移请出群", en="remind those who have not; remove those who still do not"),
        ),
    )

    tighter = {
        "order": ("either", "unit-name"),
        "separators": "fewer",
        "brackets": "fewer",
        "width": ("any", "half"),
        "unit_form": ("either", "unit"),
        "longest": "lower",
        **classes.TIGHTER,
    }

    class Params(classes.ClassParams, Grammar):
        """Describe the display name that is wanted, and to whom this applies."""

        example: str = Field(
            "",
            max_length=60,
            description="wanted form as findings show it; '' derives it from the grammar",
            json_schema_extra={"zh": "问题中显示的要求格式；留空则由各项设置得出"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Let SQL pass what is beyond doubt, read each other spelling once, let SQL find who shows the bad ones."""
        simple = simple_form(params)
        doubtful = f"NOT regexp_full_match(m.display_name, {quoted(simple)})" if simple else "true"
        reader = Reader(params)
        reasons: dict[str, str] = {}
        for row in estate.rows(
            f"""SELECT DISTINCT m.display_name FROM display_names m
            WHERE {doubtful} ORDER BY 1"""
        ):
            reading = reader.read(row["display_name"])
            if isinstance(reading, Fault):
                reasons[row["display_name"]] = reading.reason
        return estate.query(
            f"""WITH bad AS (SELECT unnest($names::VARCHAR[]) AS display_name, unnest($reasons::VARCHAR[]) AS reason),
            shown AS (
                SELECT m.group_id, m.account_id, m.display_name, bad.reason FROM memberships m
                JOIN bad ON bad.display_name = m.display_name
                UNION SELECT group_id, account_id, NULL, 'missing' FROM memberships WHERE display_name IS NULL
            )
            SELECT m.group_id, m.account_id, m.reason, 'fail' AS verdict, m.account_id AS account, m.display_name,
                $form AS form, {expected_form(params)} AS expected, $longest AS longest
            FROM shown m JOIN accounts a ON a.id = m.account_id LEFT JOIN people p ON p.id = a.person_id
            LEFT JOIN ({ONE_UNIT}) u ON u.person_id = p.id WHERE {classes.judged(params)}
            UNION ALL SELECT *, $form, $form, $longest FROM ({classes.class_hits(params)})""",
            {
                "names": list(reasons),
                "reasons": list(reasons.values()),
                "form": params.example or form_of(params),
                "longest": params.longest,
            },
        )

    cases = (
        Case(
            "every way to be wrong",
            zh="各种不合格的写法",
            given=shown_as(*WRONG),
            finds=all_found(len(WRONG)),
            reasons={f"g/a{number}": reason for number, reason in enumerate(WRONG.values())},
        ),
        Case(
            "no display name, an invisible one",
            zh="没有群昵称，或群昵称看不见",
            given=shown_as(None, "\u200b \u00a0"),
            finds=all_found(2),
            reasons={"g/a0": "missing", "g/a1": "missing"},
        ),
        Case(
            "full-width and em dashes, spaces, brackets, traditional characters, invisible characters",
            zh="全角横线与破折号、空格、括号、繁体字、不可见字符",
            given=shown_as(
                "教务处-张三",
                "教务处－张三",
                "教务处——张三",
                "教务处\u00a0张三",
                "教务处（张三）",
                "【教务处】张三",
                "教務處-張三",
                "教务处-\u200b张三",
                "教务处 张  三",
                "计算机学院-软件系-李四",
                "教务处-古丽·买买提",
            ),
        ),
        Case(
            "a post after the name",
            zh="姓名后带职务",
            given=shown_as("教务处-张三处长", "教务处-张三-副处长", "教务处-张三（党总支书记）"),
        ),
        Case(
            "a post where none may stand",
            zh="不允许带职务却带了职务",
            given=shown_as("教务处-张三处长", "教务处-张三"),
            params={"post_suffix": "forbidden"},
            finds=("g/a0",),
            reasons={"g/a0": "post-suffix"},
        ),
        Case(
            "name first, as the other order wants it",
            zh="按另一种顺序，姓名在前",
            given=shown_as("张三-教务处", "教务处-张三"),
            params={"order": "name-unit"},
            finds=("g/a1",),
            reasons={"g/a1": "order"},
        ),
        Case(
            "a class for a unit",
            zh="以班级作为单位",
            given=shown_as("软件2201班-李四", "软件工程2022级1班-王五", "教务处-张三"),
            params={"unit_form": "class"},
            finds=("g/a2",),
            reasons={"g/a2": "unit-form"},
        ),
        Case(
            "a full-width separator where only half width goes",
            zh="只允许半角时用了全角分隔符",
            given=shown_as("教务处－张三", "教务处-张三"),
            params={"width": "half"},
            finds=("g/a0",),
            reasons={"g/a0": "width"},
        ),
        Case("a bot is left alone", zh="机器人不作检查", given=shown_as("小助手", kind="bot")),
        Case(
            "a bot is a suspect where the parameters say so",
            zh="参数要求时，机器人判为存疑",
            given=shown_as("小助手", kind="bot"),
            params={"bots": "suspect"},
            finds=("g/a0",),
            reasons={"g/a0": "is-bot"},
        ),
        Case(
            "an outsider shows unit and name like anybody",
            zh="外部人员同样要标明单位和姓名",
            given=shown_as("开心", kind="external"),
            finds=("g/a0",),
        ),
        Case(
            "a source without display names",
            zh="来源不提供群昵称",
            given=shown_as("教务处-张三"),
            lacks=("memberships.display_name",),
            unknown=("g",),
        ),
    )


ONE_UNIT = """SELECT t.person_id, min(d.name) AS unit FROM appointments t JOIN departments d ON d.id = t.department_id
    GROUP BY 1 HAVING count(DISTINCT d.id) = 1"""
"""SQL for the people who belong to one department only: for others nobody but they can say which to show."""


def expected_form(params: DisplayNameFormat.Params) -> str:
    """Return SQL for what this very member should show; the example where the directory does not tell.

    A step that says 改为教务处-张三 to everybody gets copied as it stands.
    """
    if params.unit_form == "class" or params.post_suffix == "required":
        return "$form"  # neither a class nor the post to show is in the directory for sure
    separator = quoted(separator_of(params))
    parts = ("p.name", separator, "u.unit") if params.order == "name-unit" else ("u.unit", separator, "p.name")
    return f"coalesce({' || '.join(parts)}, $form)"


def separator_of(grammar: Grammar) -> str:
    """Return the separator that comes first."""
    return grammar.separators[0]


def form_of(grammar: Grammar) -> str:
    """Return the wanted form as an example: 教务处-张三, 张三-教务处, 软件2201班-张三."""
    separator = separator_of(grammar)
    unit = "软件2201班" if grammar.unit_form == "class" else "教务处"
    name = "张三处长" if grammar.post_suffix == "required" else "张三"
    return f"{name}{separator}{unit}" if grammar.order == "name-unit" else f"{unit}{separator}{name}"
