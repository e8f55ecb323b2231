"""The unit a member shows must be one where they hold a post."""

from __future__ import annotations

from typing import Any

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import classes
from policycore_admission.directory import NameParams, Shown, names_read
from policycore_admission.grammar import LABELS, UNITS
from policycore_admission.parts import Piece
from policycore_admission.posts import RELATED, UPWARDS, WORKING, RelatedParams

DIRECTORY: dict[str, list[dict[str, Any]]] = {
    "departments": [
        {"id": "d1", "name": "教务处", "aliases": ["教务", "JWC"]},
        {"id": "d2", "name": "计算机学院", "aliases": ["计院"]},
        {"id": "d3", "name": "学院办公室", "parent_id": "d2"},
        {"id": "d4", "name": "财务处"},
    ],
    "people": [
        {"id": "p1", "name": "张伟", "status": "active"},
        {"id": "p2", "name": "张伟", "status": "active"},
        {"id": "p3", "name": "王刚", "status": "active"},
        {"id": "p4", "name": "李娜", "status": "departed"},
    ],
    "appointments": [
        {"person_id": "p1", "department_id": "d1", "title": "科长"},
        {"person_id": "p1", "department_id": "d4", "title": "副科长"},
        {"person_id": "p2", "department_id": "d3", "title": "主任"},
        {"person_id": "p3", "department_id": "d4", "title": "科员", "until": "2024-04-01"},
    ],
}


_IN_SERVICE = """EXISTS (SELECT 1 FROM accounts a JOIN people_in_post p USING (person_key)
    WHERE a.id = subject.account_id)"""


# Departments whose aliases count for a member, and those of which it matters what is above them.
_THEIRS = f"""WITH {RELATED} SELECT DISTINCT m.group_id, m.account_id, d.id AS row_id
    FROM memberships m JOIN accounts a USING (account_key) JOIN appointments t USING (person_key)
    JOIN related r ON r.post = t.department_key JOIN departments d ON d.department_key = r.named"""


def shown_as(*shown: tuple[str | None, str | None], kind: str = "internal") -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group; each member, a0, a1 and so on, is a person and what they show."""
    return {
        **DIRECTORY,
        "groups": [{"id": "g"}],
        "accounts": [
            {"id": f"a{number}", "person_id": person, "kind": kind} for number, (person, _) in enumerate(shown)
        ],
        "memberships": [
            {"group_id": "g", "account_id": f"a{number}", "display_name": name}
            for number, (_, name) in enumerate(shown)
        ],
    }


class UnitMatches(Rule):
    """The unit shown must be the name or an alias of a department where the person holds a post.

    Departments below and above count by parameter. Display names that cannot be read are
    display-name-format's finding, accounts of nobody name-in-directory's, and people who have left
    departed-member's. A region, class, team or company that the directory does not know is suspect:
    it need not be a department. Put it right in the group's settings, or in the directory.
    """

    id = "ADM003"
    name = "admission/unit-matches"
    subject = Subject.MEMBERSHIP
    per_group = True
    severity = Severity.ERROR
    # A post, a name, an alias or a department above can only turn a unit that fits no post into one that does; a
    # person of no known status is judged as one in service.
    requires = (
        Needs("memberships.account_id.person_id", when=classes.JUDGED),
        Needs("memberships.display_name", when=f"{classes.JUDGED} AND {_IN_SERVICE}"),
        Needs("memberships.account_id.person_id.name", when=f"memberships.display_name <> '' AND {classes.JUDGED}"),
        Needs("memberships.account_id.person_id.status", when=classes.MAY_HAVE_LEFT, stands="passes"),
        Needs("memberships.account_id.person_id.appointments.department_id.name", stands="passes"),
        Needs("departments.aliases", via=_THEIRS, stands="passes"),
        # Above a department whose name is shown any other may stand: there a post in whichever could count.
        Needs("departments.parent_id", via=UPWARDS, when="$related = 'below'", stands="passes"),
        Needs("departments.parent_id", when="$related IN ('above', 'both')", stands="passes"),
        Needs("memberships.account_id.person_id.appointments.until", stands="hits"),
        *classes.NEEDS,
    )
    title = Text(zh="群昵称中是本人所在单位", en="Display name shows the person's own unit")
    headline = Text(zh="群昵称中的单位与名册不符", en="Unit shown is not the person's in the directory")
    message = {
        "other-unit": Text(
            zh="群昵称“{display_name}”中的单位不是{person}任职的{departments}",
            en="the unit in “{display_name}” is not {person}'s: {departments}",
        ),
        "unknown-unit": Text(
            zh="群昵称“{display_name}”中的单位在名册中查不到（{person}任职于{departments}）",
            en="the unit in “{display_name}” is not in the directory ({person} has posts in {departments})",
        ),
        "unlisted": Text(
            zh="群昵称“{display_name}”中的{part_zh}在名册中查不到，请核实是否为{person}所在",
            en="the {part_en} in “{display_name}” is not in the directory; see whether it is {person}'s",
        ),
        "no-post": Text(
            zh="群昵称“{display_name}”：{person}没有任何现任职务",
            en="“{display_name}”: {person} holds no appointment in force",
        ),
        **classes.MESSAGES,
    }
    explanation = Text(
        zh="必须公开身份信息（单位+姓名），单位应是本人现任职的部门（名称或登记的简称）。",
        en="The unit shown must be a department where the person holds a post, by its name or a registered alias.",
    )
    remediation = (
        Step(
            "member",
            Text(zh="把群昵称中的单位改为现任职部门", en="show the department where you hold a post"),
            reasons=("other-unit", "unknown-unit"),
        ),
        Step(
            "owner",
            Text(
                zh="核实群昵称中的{part_zh}，有误的请本人改正",
                en="see whether the {part_en} is right, and have it corrected if not",
            ),
            reasons=("unlisted",),
        ),
        Step(
            "department",
            Text(
                zh="如系常用简称，登记为部门别名；如任职有变，更新名册",
                en="register a common alias, or update the directory",
            ),
        ),
    )

    tighter = {"related": ("both", "below", "same"), **classes.TIGHTER}

    class Params(RelatedParams, NameParams):
        """The grammar of display-name-format, which finds the unit."""

        outsiders: classes.Class = Field(
            "ignore",
            description="external accounts: ignore, judge like a person, fail, or suspect",
            json_schema_extra={"zh": "外部账号：不检查、与人同样检查、判为不合规，或判为存疑"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Read each spelling of each person once, let SQL find where the wrong ones are shown."""
        bad = [
            (shown.person_key, shown.name_key, *reason)
            for shown in names_read(estate, params, params.related)
            if shown.known and (reason := _reason(shown))
        ]
        people, names, reasons, parts = map(list, zip(*bad, strict=True)) if bad else ([], [], [], [])
        return estate.query(
            f"""WITH bad AS (
                SELECT unnest($people::INTEGER[]) AS person_key, unnest($names::INTEGER[]) AS name_key,
                    unnest($reasons::VARCHAR[]) AS reason, unnest($parts_zh::VARCHAR[]) AS part_zh,
                    unnest($parts_en::VARCHAR[]) AS part_en
            ), pairs AS MATERIALIZED (
                SELECT a.account_key, bad.* FROM accounts a JOIN bad USING (person_key)
                JOIN people_in_post p USING (person_key) WHERE {classes.judged(params)}
            ), found AS (
                SELECT DISTINCT m.group_id, m.account_id, account_key, bad.reason,
                    if(bad.reason = 'unlisted', 'suspect', 'fail') AS verdict, m.account_id AS account,
                    m.display_name, bad.part_zh, bad.part_en
                FROM memberships m JOIN pairs bad USING (account_key, name_key)
                UNION ALL SELECT *, '', '' FROM ({classes.class_hits(params)})
            ), {WORKING.format(people="bad")}
            SELECT f.*, p.name AS person, p.person_id, w.departments FROM found f
            JOIN account_people p USING (account_key) LEFT JOIN working w USING (person_key)""",
            {
                "people": people,
                "names": names,
                "reasons": reasons,
                "parts_zh": [LABELS[part].zh for part in parts],
                "parts_en": [LABELS[part].en for part in parts],
            },
        )

    cases = (
        Case(
            "aliases that could not be read matter only to those whose departments they are",
            zh="读不出的别名只影响该部门的人",
            given={
                **shown_as(("p1", "财处-张伟"), ("p3", "财处-王刚")),
                "departments": [
                    {"id": "d1", "name": "教务处"},
                    {"id": "d3", "name": "后勤处"},
                    {"id": "d4", "name": "财务处", "_unknown": ["aliases"]},
                ],
                "appointments": [
                    {"person_id": "p1", "department_id": "d1"},
                    {"person_id": "p3", "department_id": "d4"},
                ],
            },
            finds=("g/a0",),
            unknown=("g/a1",),
        ),
        Case(
            "another department, no department at all, a namesake's department",
            zh="别的部门、根本不是部门、同名者的部门",
            given=shown_as(("p1", "计算机学院-张伟"), ("p1", "开心-张伟"), ("p2", "教务处-张伟")),
            finds=("g/a0", "g/a1", "g/a2"),
            reasons={"g/a0": "other-unit", "g/a1": "unknown-unit", "g/a2": "other-unit"},
            facts={"g/a0": {"departments": ["教务处", "财务处"], "person": "张伟"}},
        ),
        Case(
            "a region, class or team that is no department",
            zh="不是部门的地区、专业班级、班组",
            given=shown_as(("p1", "北京-张伟"), ("p1", "教务处-张伟"), ("p1", "计院-张伟"), ("p3", "计算机2101-王刚")),
            params={"forms": [["region", "name"]]},
            finds=("g/a0", "g/a2", "g/a3"),
            reasons={"g/a0": "unlisted", "g/a2": "other-unit", "g/a3": "unlisted"},
        ),
        Case(
            "a company that the directory does not know, with the right unit and another's",
            zh="名册中没有的公司，单位正确，或是别的单位",
            given=shown_as(("p1", "某大学-教务处-张伟"), ("p1", "某大学-计算机学院-张伟")),
            params={"forms": [["company", "unit", "name"]]},
            finds=("g/a0", "g/a1"),
            reasons={"g/a0": "unlisted", "g/a1": "other-unit"},
        ),
        Case(
            "a class that is no department, where the unit goes as well",
            zh="单位和专业班级任选其一时，名册中没有的班级",
            given=shown_as(("p1", "软件2101-张伟"), ("p1", "教务处-张伟")),
            params={"forms": [["unit", "name"], ["class", "name"]]},
            finds=("g/a0",),
            reasons={"g/a0": "unlisted"},
        ),
        Case(
            "a second post, an alias, traditional characters, full width, letter case, brackets",
            zh="兼任的职务、部门别名、繁体字、全角、大小写、括号",
            given=shown_as(
                ("p1", "教务处-张伟"),
                ("p1", "财务处－张伟"),
                ("p1", "教务 张伟"),
                ("p1", "jwc-张伟"),
                ("p1", "教務處-张伟"),
                ("p1", "教务处\u200b-张伟"),
                ("p1", "【教务处】张伟"),
            ),
        ),
        Case(
            "the department above, by its alias, and both",
            zh="上级部门、其别名，以及两级并写",
            given=shown_as(("p2", "计院-张伟"), ("p2", "计算机学院-学院办公室-张伟")),
        ),
        Case(
            "the department above, where only one's own counts",
            zh="只认本部门时写了上级部门",
            given=shown_as(("p2", "计院-张伟")),
            params={"related": "same"},
            finds=("g/a0",),
            reasons={"g/a0": "other-unit"},
        ),
        Case(
            "a post that has ended",
            zh="已经结束的任职",
            given=shown_as(("p3", "财务处-王刚")),
            finds=("g/a0",),
            reasons={"g/a0": "no-post"},
        ),
        Case(
            "the same post before it ended",
            zh="同一任职尚未结束时",
            given=shown_as(("p3", "财务处-王刚")),
            as_of="2024-03-31T23:59:59+08:00",
        ),
        Case(
            "unreadable names, accounts of nobody, people who left",
            zh="无法识别的昵称、不属于任何人的账号、已离职的人",
            given=shown_as(("p1", "开心就好"), (None, "计院-张伟"), ("p4", "计院-李娜")),
        ),
        Case(
            "an outsider has another unit",
            zh="外部人员属于别的单位",
            given=shown_as(("p1", "移动公司-张伟"), kind="external"),
        ),
    )


def _reason(shown: Shown) -> tuple[str, str] | None:
    """Return why a unit shown is not the person's, and which part it is; None when all are or none is shown."""
    units = [piece for piece in shown.reading.pieces if piece.kind in UNITS]
    found = [reason for piece in units if (reason := _of_piece(shown, piece))]
    return next((one for one in found if one[0] != "unlisted"), found[0] if found else None)


def _of_piece(shown: Shown, unit: Piece) -> tuple[str, str] | None:
    """Return why one part is no unit of the person's, None when it is."""
    if unit.how == "own" and (unit.kind == "company" or not shown.accepted.isdisjoint(unit.units)):
        return None
    if unit.how != "free" and shown.accepted:
        return "other-unit", unit.kind
    if shown.reading.fault:
        return None
    if unit.how == "free" and unit.kind != "unit":
        return "unlisted", unit.kind
    return "unknown-unit" if shown.accepted else "no-post", unit.kind
