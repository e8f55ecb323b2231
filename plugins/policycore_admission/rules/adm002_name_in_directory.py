"""The name a member shows must be their own, as the directory has it."""

from __future__ import annotations

from typing import Any, Literal

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import classes
from policycore_admission.directory import NameParams, Shown, names_read

PEOPLE: list[dict[str, Any]] = [
    {"id": "p1", "name": "张伟"},
    {"id": "p2", "name": "张伟"},
    {"id": "p3", "name": "王刚"},
    {"id": "p4", "name": "古丽·买买提"},
    {"id": "p5", "name": "張 華"},
    {"id": "p6", "name": "王芳", "former_names": ["王小芳"]},
    {"id": "p7", "name": "Jürgen Müller"},
]


def shown_as(*shown: tuple[str | None, str | None], kind: str = "internal") -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group; each member, a0, a1 and so on, is a person and what they show."""
    return {
        "groups": [{"id": "g"}],
        "departments": [{"id": "d1", "name": "教务处"}, {"id": "d2", "name": "财务处"}],
        "people": PEOPLE,
        "appointments": [{"person_id": person["id"], "department_id": "d1"} for person in PEOPLE],
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

    A former name and any spelling of the person's name count as theirs. Found are display names with
    somebody else's name, those of the right form with a name that nobody has, and internal accounts
    that belong to nobody in the directory. A display name that cannot be read as unit and name is
    display-name-format's finding, unless `unreadable` says otherwise.
    """

    id = "ADM002"
    name = "admission/name-in-directory"
    subject = Subject.MEMBERSHIP
    per_group = True
    severity = Severity.ERROR
    requires = (
        Needs("memberships.account_id.person_id", when=classes.JUDGED),
        Needs(
            "memberships.display_name",
            when=f"""{classes.JUDGED}
                AND (SELECT a.person_id IS NOT NULL FROM accounts a WHERE a.id = subject.account_id)""",
        ),
        Needs("memberships.account_id.person_id.name", when=f"memberships.display_name <> '' AND {classes.JUDGED}"),
        *classes.NEEDS,
    )
    title = Text(zh="群昵称中是本人真实姓名", en="Display name shows the person's real name")
    headline = Text(zh="群昵称中的姓名与名册不符", en="Name shown is not the person's in the directory")
    message = {
        "other-name": Text(
            zh="群昵称“{display_name}”中的姓名不是该账号本人{person}，名册中查不到",
            en="the name in “{display_name}” is not that of {person}, whose account it is, and not in the directory",
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
        Step("member", Text(zh="把群昵称中的姓名改为本人真实姓名", en="show your real name in this group")),
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

    class Params(NameParams):
        """The grammar of display-name-format, which finds the name."""

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
        """Read each spelling of each person once, let SQL find where the wrong ones are shown."""
        bad = [
            (shown.person_key, shown.name_key, reason)
            for shown in names_read(estate, params)
            if shown.known and (reason := _reason(shown, params))
        ]
        people, names, reasons = map(list, zip(*bad, strict=True)) if bad else ([], [], [])
        return estate.query(
            f"""WITH bad AS (
                SELECT unnest($people::INTEGER[]) AS person_key, unnest($names::INTEGER[]) AS name_key,
                    unnest($reasons::VARCHAR[]) AS reason
            ), pairs AS MATERIALIZED (
                SELECT a.account_key, bad.* FROM accounts a JOIN bad USING (person_key) WHERE {classes.judged(params)}
            )
            SELECT DISTINCT m.*, p.name AS person, p.person_id FROM (
                SELECT m.group_id, m.account_id, account_key, b.reason, 'fail' AS verdict,
                    m.account_id AS account, m.display_name
                FROM memberships m JOIN pairs b USING (account_key, name_key)
                UNION ALL SELECT m.group_id, m.account_id, account_key, 'nobody', 'fail', m.account_id, m.display_name
                FROM memberships m JOIN accounts a USING (account_key)
                WHERE a.person_key IS NULL AND {classes.judged(params)}
                UNION ALL {classes.class_hits(params)}
            ) m LEFT JOIN account_people p USING (account_key)""",
            {"people": people, "names": names, "reasons": reasons},
        )

    cases = (
        Case(
            "another's name, a made-up name, a name that only contains the real one",
            zh="他人姓名、虚构姓名、只是含有真实姓名的名字",
            given=shown_as(
                ("p1", "教务处-王刚"),
                ("p1", "教务处-李想"),
                ("p3", "教务处-王刚强"),
                ("p3", "教务处-赵王刚"),
                ("p3", "教务处王刚的妈妈"),
            ),
            finds=("g/a0", "g/a1", "g/a2", "g/a3", "g/a4"),
            reasons={"g/a0": "namesake", "g/a1": "other-name", "g/a2": "other-name"},
            facts={"g/a1": {"person": "张伟"}},
        ),
        Case("two people of one name", zh="两人同名", given=shown_as(("p1", "教务处-张伟"), ("p2", "财务处-张伟"))),
        Case(
            "full width, a space in the name, traditional and invisible characters, dots, a post, a former name, "
            "a surname first",
            zh="全角、姓名中有空格、繁体字、不可见字符、间隔号、职务、曾用名、姓在前",
            given=shown_as(
                ("p1", "教务处－张伟"),
                ("p1", "教务处 张 伟"),
                ("p1", "教务处-張偉"),
                ("p1", "教务处-张\u200b伟"),
                ("p4", "教务处-古丽•买买提"),
                ("p5", "教务处-张华"),
                ("p3", "教务处-王刚处长"),
                ("p3", "教务处王刚"),
                ("p4", "教务处·古丽．买买提"),
                ("p6", "教务处-王小芳"),
                ("p7", "教务处-Jurgen Müller"),
                ("p7", "教务处-MÜLLER, Jürgen"),
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
        Case(
            "what is no name at all is a matter of form",
            zh="根本不是姓名的属于格式问题",
            given=shown_as(("p1", "开心就好"), ("p1", None)),
        ),
        Case(
            "what is no name at all, where this rule stands alone",
            zh="根本不是姓名，且只用这一条规则",
            given=shown_as(("p1", "开心就好"), ("p1", "张伟")),
            params={"unreadable": "fail"},
            finds=("g/a0",),
            reasons={"g/a0": "unreadable"},
        ),
    )


def _reason(shown: Shown, params: NameInDirectory.Params) -> str:
    """Return why a display name does not show the real name of its person, '' when it does or is no name's matter."""
    name = shown.reading.piece("name")
    if name is not None and name.how == "own":
        return ""
    if name is not None and name.how == "other":
        return "namesake"
    if name is not None and not shown.reading.fault:
        return "other-name"
    return "unreadable" if params.unreadable == "fail" else ""
