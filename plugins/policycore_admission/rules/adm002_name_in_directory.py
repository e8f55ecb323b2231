"""The name a member shows must be their own, as the directory has it."""

from __future__ import annotations

from typing import Any, Literal

from policycore import Case, Field, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import classes
from policycore_admission.display_name import Fault, Grammar, Reader, plain_name, plain_names
from policycore_admission.fast_path import beside_separator

PEOPLE: list[dict[str, Any]] = [
    {"id": "p1", "name": "张伟"},
    {"id": "p2", "name": "张伟"},
    {"id": "p3", "name": "王刚"},
    {"id": "p4", "name": "古丽·买买提"},
    {"id": "p5", "name": "張 華"},
]


def shown_as(*shown: tuple[str | None, str | None], kind: str = "internal") -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group; each member, a0, a1 and so on, is a person and what they show."""
    return {
        "groups": [{"id": "g"}],
        "people": PEOPLE,
        "accounts": [
            {"id": f"a{number}", "person_id": person, "kind": kind} for number, (person, _) in enumerate(shown)
        ],
        "memberships": [
            {"group_id": "g", "account_id": f"a{number}", "display_name": name}
            for number, (_, name) in enumerate(shown)
        ],
    }


class NameInDirectory(Rule):
    """The name shown must be the real name of the person whose account it is.

    Found are display names of the right form with another name than the person's, and internal
    accounts that belong to nobody in the directory. A display name that cannot be read as unit and
    name is display-name-format's finding, unless `unreadable` says otherwise.
    """

    id = "ADM002"
    name = "admission/name-in-directory"
    subject = Subject.MEMBERSHIP
    per_group = True
    severity = Severity.ERROR
    requires = (
        "memberships.account_id",
        "memberships.display_name",
        "accounts.person_id",
        "accounts.kind",
        "people.name",
    )
    title = Text(zh="群昵称中是本人真实姓名", en="Display name shows the person's real name")
    message = {
        "other-name": Text(
            zh="群昵称“{display_name}”中的姓名不是该账号本人{person}，名册中也没有此姓名",
            en="the name in “{display_name}” is not {person}, whose account it is, and nobody in the directory has it",
        ),
        "namesake": Text(
            zh="群昵称“{display_name}”用的是名册中他人的姓名，该账号属于{person}",
            en="“{display_name}” shows the name of somebody else in the directory; the account is {person}'s",
        ),
        "nobody": Text(
            zh="账号{account}（群昵称“{display_name}”）在人员名册中查无此人",
            en="the account {account} (shown as “{display_name}”) belongs to nobody in the directory",
        ),
        "unreadable": Text(
            zh="群昵称“{display_name}”中没有本人姓名{person}", en="“{display_name}” does not show the name {person}"
        ),
        **classes.MESSAGES,
    }
    explanation = Text(
        zh="实名制要求群内显示的姓名就是本人真实姓名，且本人在人员名册中。",
        en="Real names only: the name shown is the person's own, and the person is in the directory.",
    )
    remediation = (
        Step("member", Text(zh="把群昵称改为单位+本人真实姓名", en="show unit and real name in this group")),
        Step(
            "owner",
            Text(
                zh="核实账号{account}是谁在使用；身份不明的移请出群",
                en="find out who uses {account}; remove it if nobody knows",
            ),
        ),
        Step("department", Text(zh="补登名册中缺少的账号归属", en="enter in the directory whose account it is")),
    )

    tighter = {"unreadable": ("leave", "fail"), **classes.TIGHTER}

    class Params(classes.ClassParams, Grammar):
        """Use the grammar of display-name-format to find the name."""

        outsiders: classes.Class = Field(
            "ignore",
            description="external accounts: ignore, judge like a person, fail, or suspect",
            json_schema_extra={"zh": "外部账号：不检查、与人同样检查、判为不合规，或判为存疑"},
        )
        unreadable: Literal["leave", "fail"] = Field(
            "leave",
            description="names of another form: leave them to display-name-format, or fail without the real name",
            json_schema_extra={"zh": "格式不符的昵称：留给display-name-format检查，或不含真实姓名即不合规"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Compare in SQL where the name stands plainly, read each other pair of account and spelling once."""
        at_end = beside_separator(params, "p.name", at_end=True) if params.order != "name-unit" else "false"
        at_begin = beside_separator(params, "p.name", at_end=False) if params.order != "unit-name" else "false"
        reader = Reader(params)
        everybody = plain_names(estate, "SELECT name FROM people")
        bad: list[tuple[str, str, str]] = []
        for row in estate.rows(
            f"""SELECT m.account_id, m.display_name, p.name
            FROM display_names m
            JOIN accounts a ON a.id = m.account_id JOIN people p ON p.id = a.person_id
            WHERE {classes.judged(params)} AND NOT {at_end} AND NOT {at_begin} ORDER BY ALL"""
        ):
            reason = _reason(reader, row["display_name"], row["name"], everybody)
            if reason and (reason != "unreadable" or params.unreadable == "fail"):
                bad.append((row["account_id"], row["display_name"], reason))
        return estate.query(
            f"""WITH bad AS (
                SELECT unnest($accounts::VARCHAR[]) AS account_id, unnest($names::VARCHAR[]) AS display_name,
                    unnest($reasons::VARCHAR[]) AS reason
                UNION ALL SELECT a.id, NULL, 'nobody' FROM accounts a
                WHERE a.person_id IS NULL AND {classes.judged(params)}
            )
            SELECT DISTINCT m.*, p.name AS person, p.id AS person_id FROM (
                SELECT m.group_id, m.account_id, b.reason, 'fail' AS verdict, m.account_id AS account, m.display_name
                FROM memberships m JOIN bad b ON b.account_id = m.account_id
                WHERE b.reason = 'nobody' OR b.display_name = m.display_name
                UNION ALL {classes.class_hits(params)}
            ) m LEFT JOIN accounts a ON a.id = m.account_id LEFT JOIN people p ON p.id = a.person_id""",
            {
                "accounts": [item[0] for item in bad],
                "names": [item[1] for item in bad],
                "reasons": [item[2] for item in bad],
            },
        )

    cases = (
        Case(
            "another's name, a made-up name, a name that only contains the real one",
            zh="他人姓名、虚构姓名、只是含有真实姓名的名字",
            given=shown_as(
                ("p1", "教务处-王刚"), ("p1", "教务处-李想"), ("p3", "教务处-王刚强"), ("p3", "教务处-赵王刚")
            ),
            finds=("g/a0", "g/a1", "g/a2", "g/a3"),
            reasons={"g/a0": "namesake", "g/a1": "other-name", "g/a2": "other-name"},
            facts={"g/a1": {"person": "张伟"}},
        ),
        Case("two people of one name", zh="两人同名", given=shown_as(("p1", "教务处-张伟"), ("p2", "财务处-张伟"))),
        Case(
            "full width, a space in the name, traditional characters, invisible characters, dots, a post",
            zh="全角、姓名中有空格、繁体字、不可见字符、间隔号、职务",
            given=shown_as(
                ("p1", "教务处－张伟"),
                ("p1", "教务处 张 伟"),
                ("p1", "教务处-張偉"),
                ("p1", "教务处-张\u200b伟"),
                ("p4", "教务处-古丽•买买提"),
                ("p5", "教务处-张华"),
                ("p3", "教务处-王刚处长"),
            ),
        ),
        Case(
            "an account of nobody",
            zh="不属于任何人的账号",
            given=shown_as((None, "教务处-张伟")),
            finds=("g/a0",),
            reasons={"g/a0": "nobody"},
        ),
        Case(
            "an outsider is in no directory",
            zh="外部人员不在人员名册中",
            given=shown_as((None, "移动公司-钱进"), kind="external"),
        ),
        Case("a bot", zh="机器人", given=shown_as((None, "小助手"), kind="bot")),
        Case("a nickname is a matter of form", zh="网名属于格式问题", given=shown_as(("p1", "开心就好"), ("p1", None))),
        Case(
            "a nickname, where this rule stands alone",
            zh="网名，且只用这一条规则",
            given=shown_as(("p1", "开心就好"), ("p1", "张伟")),
            params={"unreadable": "fail"},
            finds=("g/a0",),
            reasons={"g/a0": "unreadable"},
        ),
    )


def _reason(reader: Reader, display_name: str, person: str, everybody: set[str]) -> str:
    """Return why a display name does not show the real name of its person, '' when it does."""
    wanted = plain_name(person)
    reading = reader.read(display_name, person)
    if isinstance(reading, Fault):
        return "" if wanted in plain_name(display_name) else "unreadable"
    if wanted in (plain_name(reading.name), plain_name(reading.shown)):
        return ""
    return "namesake" if plain_name(reading.name) in everybody else "other-name"
