"""Everybody in a work group shows unit and real name."""

from __future__ import annotations

from typing import Any

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import classes
from policycore_admission.directory import TIGHTER, NameParams, names_read
from policycore_admission.grammar import LABELS, form_text, kind_of, required

DIRECTORY: dict[str, list[dict[str, Any]]] = {
    "departments": [
        {"id": "d1", "name": "教务处"},
        {"id": "d2", "name": "计算机学院"},
        {"id": "d3", "name": "软件系", "parent_id": "d2"},
        {"id": "d4", "name": "民族学院"},
        {"id": "d5", "name": "党委办公室、校长办公室", "aliases": ["两办"]},
        {"id": "d6", "name": "继续教育学院（网络学院）"},
    ],
    "people": [
        {"id": "p1", "name": "张三", "former_names": ["张小三"]},
        {"id": "p2", "name": "李四"},
        {"id": "p3", "name": "古丽米热·艾比布力"},
        {"id": "p4", "name": "乌云其木格"},
        {"id": "p5", "name": "José García"},
        {"id": "p6", "name": "王\ue123"},
    ],
    "appointments": [
        {"person_id": "p1", "department_id": "d1", "title": "处长"},
        {"person_id": "p2", "department_id": "d3", "title": "讲师"},
        {"person_id": "p3", "department_id": "d4"},
        {"person_id": "p4", "department_id": "d4"},
        {"person_id": "p5", "department_id": "d5"},
        {"person_id": "p6", "department_id": "d6"},
    ],
}


def shown_as(*names: str | None, person: str | None = "p1", kind: str = "internal") -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group whose members, a0, a1 and so on, show `names` and are all `person`."""
    return {
        **DIRECTORY,
        "groups": [{"id": "g"}],
        "accounts": [{"id": f"a{number}", "kind": kind, "person_id": person} for number in range(len(names))],
        "memberships": [
            {"group_id": "g", "account_id": f"a{number}", "display_name": name} for number, name in enumerate(names)
        ],
    }


def all_found(count: int) -> tuple[str, ...]:
    """Return the subjects of the first `count` members."""
    return tuple(f"g/a{number}" for number in range(count))


WRONG = {
    "教务处-张三 13812345678": "phone-number",
    "教务处-张三 一三八一二三四五六七八": "phone-number",
    "13812345678": "phone-number",
    "教务处-张三😀": "emoji",
    "开心就好": "not-in-directory",
    "教务处-张处长": "surname-only",
    "教务处-张": "surname-only",
    "张三": "part-missing",
    "教务处": "part-missing",
    "张三（教务处）": "order",
    "教务处-张三（值班）": "rest",
    "教务处-张三。打卡中": "rest",
    "教务处(张三": "separator",
    "教务处-张三8001": "number",
    "教务处-" + "张" * 100: "too-long",
}


COULD_READ = r"""regexp_matches(memberships.display_name, '[^\p{N}\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}]')
    AND (CAST($forms AS VARCHAR) LIKE '%phone%' OR NOT regexp_matches(memberships.display_name, '1[3-9][0-9]{9}'))"""
"""SQL for a need: whether some directory could make a good name of what is shown: none does of numbers and signs."""


class DisplayNameFormat(Rule):
    """Members must show unit and real name in the group, so that everybody knows who speaks.

    The directory cuts the text into unit and name; what remains must be what the grammar allows.
    Judged is the form alone: which parts, in which order, what stands between and beside them. Whether
    the name is the person's own and the unit theirs is asked by name-in-directory and unit-matches.
    Put it right in the group's settings.
    """

    id = "ADM001"
    name = "admission/display-name-format"
    subject = Subject.MEMBERSHIP
    per_group = True
    severity = Severity.ERROR
    # Who somebody is may explain what they show, or tell that it is not theirs; a department's name can only explain.
    requires = (
        Needs("memberships.display_name", when=classes.JUDGED),
        Needs(
            "memberships.account_id.person_id.name",
            when=f"{COULD_READ} AND {classes.JUDGED} AND {classes.KNOWN_OTHERWISE}",
        ),
        Needs("departments.name", when=COULD_READ, stands="passes"),
        *classes.needs_where(classes.KNOWN_OTHERWISE),
    )
    title = Text(zh="群昵称为单位+姓名", en="Display name reads unit + name")
    headline = Text(zh="群昵称不合格式", en="Display name is not in the form asked for")
    message = {
        "missing": Text(zh="没有设置群昵称，应写明{form_zh}", en="there is no display name; it should read {form_en}"),
        "phone-number": Text(
            zh="群昵称“{display_name}”含有电话号码或长数字",
            en="“{display_name}” holds a telephone number or another long number",
        ),
        "emoji": Text(zh="群昵称“{display_name}”含有表情或符号", en="“{display_name}” holds emoji or symbols"),
        "not-in-directory": Text(
            zh="群昵称“{display_name}”在名册中查不到，既不是单位也不是姓名，应为{form_zh}",
            en="“{display_name}” is not in the directory, neither as a unit nor as a name; it should read {form_en}",
        ),
        "form": Text(zh="群昵称“{display_name}”不是{form_zh}的写法", en="“{display_name}” does not read {form_en}"),
        "surname-only": Text(
            zh="群昵称“{display_name}”中的姓名不全", en="“{display_name}” does not show the full name"
        ),
        "part-missing": Text(zh="群昵称“{display_name}”没有{part_zh}", en="“{display_name}” lacks the {part_en}"),
        "rest": Text(
            zh="群昵称“{display_name}”除{form_zh}外还有别的内容", en="“{display_name}” shows more than {form_en}"
        ),
        "separator": Text(
            zh="群昵称“{display_name}”各部分之间没有规定的分隔符",
            en="“{display_name}” lacks a proper separator between its parts",
        ),
        "order": Text(
            zh="群昵称“{display_name}”顺序颠倒，应为{form_zh}",
            en="“{display_name}” is in the wrong order; it should read {form_en}",
        ),
        "number": Text(zh="群昵称“{display_name}”的姓名含有数字", en="the name in “{display_name}” holds digits"),
        "phone-form": Text(
            zh="群昵称“{display_name}”中的手机号不完整或有误",
            en="the mobile number in “{display_name}” is not a valid one",
        ),
        "other-title": Text(
            zh="群昵称“{display_name}”中的职位与名册不符", en="the position in “{display_name}” is not the directory's"
        ),
        "width": Text(
            zh="群昵称“{display_name}”全角半角不合规定", en="“{display_name}” uses characters of the wrong width"
        ),
        "too-long": Text(
            zh="群昵称超过{longest}个字符",
            en="the display name is longer than {longest} {longest:character|characters}",
        ),
        **classes.MESSAGES,
    }
    explanation = Text(
        zh="工作群严格实行实名制，必须公开身份信息（单位+姓名），群内才知道谁在说话。",
        en="Work groups go by real names: everybody must show unit and name, so that all know who speaks.",
    )
    remediation = (
        Step(
            "member",
            Text(zh="把本群昵称改为“{expected_zh}”", en="change the display name in this group to “{expected_en}”"),
        ),
        Step(
            "owner",
            Text(zh="提醒未改的成员；仍不改的移请出群", en="remind those who have not; remove those who still do not"),
        ),
    )

    tighter = TIGHTER

    class Params(NameParams):
        """The display name that is wanted, and to whom this applies."""

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Read each spelling of each person once, let SQL find where the faulty ones are shown.

        Whoever the directory does not know may show what only looks like nothing: that is suspect.
        """
        form, own = form_text(params), form_text(params, own=True)
        bad: dict[str, list[object]] = {
            name: [] for name in ("people", "names", "shown", "reasons", "verdicts", "parts_zh", "parts_en")
        }
        for shown in names_read(estate, params):
            reading = shown.reading
            if not reading.fault:
                continue
            part = LABELS.get(reading.missing, Text("", ""))
            doubt = reading.fault == "not-in-directory" and not shown.known
            row = (
                shown.person_key,
                shown.name_key,
                shown.display_name,
                reading.fault,
                "suspect" if doubt else "fail",
                part.zh,
                part.en,
            )
            for column, value in zip(bad.values(), row, strict=True):
                column.append(value)
        return estate.query(
            f"""WITH bad AS (
                SELECT unnest($people::INTEGER[]) AS person_key, unnest($names::INTEGER[]) AS name_key,
                    unnest($shown::VARCHAR[]) AS shown,
                    unnest($reasons::VARCHAR[]) AS reason, unnest($verdicts::VARCHAR[]) AS verdict,
                    unnest($parts_zh::VARCHAR[]) AS part_zh, unnest($parts_en::VARCHAR[]) AS part_en
            ), pairs AS MATERIALIZED (
                SELECT a.account_key, bad.* FROM accounts a
                JOIN bad ON bad.person_key IS NOT DISTINCT FROM a.person_key WHERE {classes.judged(params)}
            ), found AS (
                SELECT m.group_id, m.account_id, account_key, bad.reason, bad.verdict, m.account_id AS account,
                    bad.shown AS display_name, bad.part_zh, bad.part_en
                FROM memberships m JOIN pairs bad USING (account_key, name_key)
                UNION SELECT m.group_id, m.account_id, account_key, 'missing', 'fail', m.account_id, NULL, '', ''
                FROM memberships m JOIN accounts a USING (account_key)
                WHERE m.name_key IS NULL AND {classes.judged(params)}
                UNION ALL SELECT *, '', '' FROM ({classes.class_hits(params)})
            )
            SELECT f.*, $form_zh AS form_zh, $form_en AS form_en, $longest AS longest,
                coalesce({expected(params)}, $own_zh) AS expected_zh,
                coalesce({expected(params)}, $own_en) AS expected_en
            FROM found f JOIN account_people p USING (account_key) LEFT JOIN ({ONE_UNIT}) u USING (person_key)
            WHERE f.display_name IS NULL OR f.display_name IS DISTINCT FROM {expected(params)}""",
            {
                **bad,
                "form_zh": form.zh,
                "form_en": form.en,
                "own_zh": own.zh,
                "own_en": own.en,
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
            facts={"g/a0": {"expected_zh": "教务处-张三"}},
        ),
        Case(
            "full-width and em dashes, spaces, brackets, traditional and invisible characters, nothing between, a "
            "former name, more units than one",
            zh="全角横线与破折号、空格、括号、繁体字、不可见字符、直接相连、曾用名、多级单位",
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
                "教务处张三",
                "教务处-张小三",
                "计算机学院-软件系-张三",
            ),
        ),
        Case(
            "names of any length, script and dot, as the directory has them",
            zh="与名册一致的姓名，不论长短、文字和间隔号",
            given={
                **shown_as(
                    "民族学院-古丽米热•艾比布力",
                    "民族学院·古丽米热·艾比布力",
                    "民族学院-古丽米热．艾比布力",
                    "民族学院-乌云其木格",
                    "两办-José García",
                    "党委办公室、校长办公室 Jose\u0301 Garcia",
                    "继续教育学院（网络学院）-王\ue123",
                ),
                "accounts": [
                    {"id": f"a{number}", "kind": "internal", "person_id": person}
                    for number, person in enumerate(("p3", "p3", "p3", "p4", "p5", "p5", "p6"))
                ],
            },
        ),
        Case(
            "a post after the name",
            zh="姓名后带职务",
            given=shown_as("教务处-张三处长", "教务处-张三-副处长", "教务处-张三（党总支书记）"),
        ),
        Case(
            "a post where none may stand",
            zh="不允许带职务却带了职务",
            given=shown_as("教务处-张三-处长", "教务处-张三"),
            params={"forms": [["unit", "name"]]},
            finds=("g/a0",),
            reasons={"g/a0": "rest"},
        ),
        Case(
            "either of two forms",
            zh="两种格式任选其一",
            given=shown_as("张三-教务处", "教务处-张三", "张三"),
            params={"forms": [["unit", "name"], ["name", "unit"]]},
            finds=("g/a2",),
        ),
        Case(
            "company, department, position and name",
            zh="公司、部门、职位和姓名",
            given=shown_as(
                "计算机学院-软件系-讲师-李四",
                "软件系-讲师-李四",
                "计算机学院-软件系-教授-李四",
                "某大学-计算机学院-软件系-讲师-李四",
                "软件系-李四",
                person="p2",
            ),
            params={"forms": [["company", "unit", "title", "name"]]},
            finds=("g/a1", "g/a2", "g/a4"),
            reasons={"g/a1": "part-missing", "g/a2": "other-title", "g/a4": "form"},
        ),
        Case(
            "a policy that demands the mobile number",
            zh="要求写手机号的规定",
            given=shown_as(
                "教务处+张三+13812345678", "教务处+张三+138 1234 5678", "教务处+张三", "教务处+张三+1381234567"
            ),
            params={"forms": [["team", "name", "phone"]]},
            finds=("g/a2", "g/a3"),
            reasons={"g/a2": "part-missing", "g/a3": "phone-form"},
        ),
        Case(
            "a full-width separator where only half width goes",
            zh="只允许半角时用了全角分隔符",
            given=shown_as("教务处－张三", "教务处-张三"),
            params={"width": "half"},
            finds=("g/a0",),
            reasons={"g/a0": "width"},
        ),
        Case(
            "nothing between the parts where something must stand",
            zh="规定了分隔符却直接相连",
            given=shown_as("教务处张三", "教务处+张三", "教务处-张三"),
            params={"separators": ["-"]},
            finds=("g/a0", "g/a1"),
            reasons={"g/a0": "separator", "g/a1": "separator"},
        ),
        Case("a bot is left alone", zh="机器人不作检查", given=shown_as("小助手", kind="bot", person=None)),
        Case(
            "a bot is a suspect where the parameters say so",
            zh="参数要求时，机器人判为存疑",
            given=shown_as("小助手🤖", kind="bot", person=None),
            params={"bots": "suspect"},
            finds=("g/a0",),
            reasons={"g/a0": "is-bot"},
        ),
        Case(
            "outsiders show unit and name like anybody, though the directory knows neither",
            zh="外部人员同样要标明单位和姓名，名册中没有也可以",
            given=shown_as("开心", "移动公司-钱进", "移动公司 钱进🌸", kind="external", person=None),
            finds=("g/a0", "g/a2"),
            reasons={"g/a0": "not-in-directory", "g/a2": "emoji"},
        ),
        Case(
            "a source without display names",
            zh="来源不提供群昵称",
            given=shown_as("教务处-张三"),
            lacks=("memberships.display_name",),
            unknown=("g/a0",),
        ),
    )


ONE_UNIT = """SELECT person_key, min(department) AS unit FROM posts
    GROUP BY person_key HAVING count(DISTINCT department_key) = 1"""
"""SQL for the people who belong to one department only: for others nobody but they can say which to show."""


def expected(params: DisplayNameFormat.Params) -> str:
    """Return SQL for what this very member should show; NULL where the directory does not tell."""
    kinds = [kind_of(part) for part in required(params.forms[0])]
    columns = {"unit": "u.unit", "name": "p.name"}
    if len(kinds) != 2 or not columns.keys() >= set(kinds):
        return "CAST(NULL AS VARCHAR)"  # no position, telephone number, region or class to show is there for sure
    separator = next((text for text in params.separators if text.strip()), " ").replace("'", "''")
    return f" || '{separator}' || ".join(columns[kind] for kind in kinds)
