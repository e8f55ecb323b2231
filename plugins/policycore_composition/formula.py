"""Say what a formula of who belongs hangs on, and an estate on which cases show it."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from policycore import Field, Needs, Rule

__all__ = [
    "APPLIES",
    "ASKED_WORDS",
    "COMMITTEE",
    "COUNTS_OPEN",
    "DOUBTED",
    "GROUP_GRACE",
    "HEADS",
    "IN_CHARGE",
    "GraceParams",
    "asked_of_groups",
    "estate",
    "formula",
    "post_needs",
]

APPLIES = "id IN (SELECT group_id FROM formula_groups)"
"""Condition over groups: a formula applies to them, or may."""

DOUBTED = "formula IN (SELECT formula FROM formula_words WHERE dead)"
"""Condition: the formula names what nothing answers to, so that what it says is no more than a suspicion."""

ASKED_WORDS = {
    "ranks": "appointments.rank",
    "titles": "appointments.title",
    "duties": "appointments.duties",
    "kinds": "departments.kind",
    "departments": "departments.aliases",
    "below": "departments.aliases",
    "not_departments": "departments.aliases",
}
"""The field in which words of each key of a formula are looked for."""

_DEAD = """EXISTS (SELECT 1 FROM formula_words w JOIN formula_groups f ON f.formula = w.formula
    WHERE f.group_id = subject.group_id AND w.dead AND w.key = '{key}')"""

COUNTS_OPEN = """SELECT g.group_id, unnest(n.possible) AS row_id FROM formula_counts n
    JOIN formula_groups g ON g.formula = n.formula WHERE n.state = 'open'"""
"""SELECT of the people of whom nobody knows whether they count, by group."""

GROUP_GRACE = "as_of() >= CAST($since + CAST($grace_days AS INTEGER) AS TIMESTAMPTZ)"
"""Condition: the days that the policy leaves for building new groups are over."""


class GraceParams(Rule.Params):
    """How long the old groups may stand and the new ones take."""

    since: date = Field(
        date(2024, 3, 22),
        description="day of the policy",
        json_schema_extra={"zh": "制度印发之日"},
    )
    grace_days: int = Field(
        14,
        ge=0,
        le=3650,
        description="days from then in which old groups are dissolved and new ones built",
        json_schema_extra={"zh": "自印发之日起，解散原群、建立新群的天数"},
    )


Stands = Literal["", "hits", "passes"]


def asked_of_groups(table: str = "formula_groups") -> tuple[Needs, ...]:
    """Return what must be known of a group to tell whether a formula applies to it."""
    columns = ("name", "kind", "purpose", "platform", "department_id", "owner_id", "successor_of")
    asked = f"groups.id IN (SELECT group_id FROM {table} WHERE undecided AND list_contains(asks, '{{name}}'))"
    # Of a group made in the month in which the policy came nobody knows whether it is a new one.
    created = f"{asked.format(name='created_at')} AND coalesce(groups.created_at_latest >= groups.created_at, true)"
    return (
        *(Needs(f"groups.{name}", when=asked.format(name=name), null="unknown") for name in columns),
        Needs("groups.created_at", when=created, null="unknown"),
    )


def post_needs(people: str, open_here: str, whole: Stands, stands: Stands = "hits") -> tuple[Needs, ...]:
    """Return what a formula needs to know of people's posts.

    `people` is a SELECT that leads from the subject to those of whom nobody knows whether they belong, `open_here` a
    condition that there are such people; without a whole table everybody may be one of them, and `whole` stands.
    """

    def uses(*names: str) -> str:
        asked = " OR ".join(f"list_contains(f.uses, '{name}')" for name in names)
        return f"EXISTS (SELECT 1 FROM formula_groups f WHERE f.group_id = subject.group_id AND ({asked}))"

    post, form = uses("posts"), f"{uses('form', 'designated')} AND {open_here}"
    held = "people.appointments"
    return (
        Needs("people.id", stands=whole),
        Needs("appointments.person_id", when=post, stands=whole),
        Needs("departments.id", when=uses("posts", "designated"), stands=whole),
        Needs("designations.submission_id", when=uses("designated"), stands=whole),
        Needs("people.status", via=people, stands=stands),
        Needs(f"{held}.rank", via=people, when=uses("ranks"), stands=stands),
        Needs(f"{held}.title", via=people, when=uses("titles"), stands=stands),
        Needs(f"{held}.duties", via=people, when=uses("duties"), stands=stands),
        Needs(f"{held}.since", via=people, when=post, stands=stands),
        Needs(f"{held}.until", via=people, when=post, stands=stands),
        Needs(f"{held}.department_id.kind", via=people, when=uses("kinds"), null="unknown", stands=stands),
        Needs("departments.parent_id", when=f"{uses('below')} AND {open_here}", stands=stands),
        Needs("submissions.kind", when=form, stands=stands),
        Needs("submissions.department_id", when=form, stands=stands),
        Needs("submissions.received_at", when=form, stands=stands),
        Needs("designations.role", when=form, null="unknown", stands=stands),
        Needs("designations.person_id", when=form, null="unknown", stands=stands),
        # A name that nobody could read may be anybody's.
        Needs("designations.person_id", when=uses("designated"), null="judged", stands=whole),
        # Whether a word means nobody decides between a failure and a suspicion.
        *(Needs(field, when=_DEAD.format(key=key), stands="passes") for key, field in ASKED_WORDS.items()),
    )


def formula(*members: dict[str, Any], **keys: Any) -> tuple[dict[str, Any], ...]:
    """Return one formula for the group that is called 机关党委工作群 and was made since the notice."""
    whole = {
        "id": "work",
        "title": {"zh": "机关党委工作群", "en": "work group"},
        "groups": "name = '机关党委工作群' AND created_at >= TIMESTAMPTZ '2024-03-22 00:00:00+08:00'",
        "members": list(members) or [HEADS, IN_CHARGE, COMMITTEE],
    }
    return ({**whole, **keys},)


HEADS = {"ranks": ["中层正职"], "kinds": ["机关部门"], "at_least": 1, "title": {"zh": "中层正职", "en": "head"}}
IN_CHARGE = {
    "ranks": ["中层副职"],
    "duties": ["党建"],
    "kinds": ["机关部门"],
    "not_departments": ["机关党委"],
    "exactly": 1,
    "title": {"zh": "负责党建工作的副职", "en": "deputy in charge of Party work"},
}
COMMITTEE = {"departments": ["机关党委"]}


def estate(*accounts: str, **changes: Any) -> dict[str, Any]:
    """Return an estate of three departments whose group has these `accounts`; `changes` are tables instead."""
    post = {"department_id": "d1", "since": "2020-01-01"}
    return {
        "departments": [
            {"id": "d1", "name": "教务处", "kind": "机关部门"},
            {"id": "d2", "name": "机关党委", "kind": "机关部门"},
            {"id": "d3", "name": "文学院", "kind": "教学院系"},
        ],
        "people": [
            {"id": "p1", "name": "张伟"},
            {"id": "p2", "name": "李娜"},
            {"id": "p3", "name": "王芳"},
            {"id": "p4", "name": "赵敏"},
            {"id": "p5", "name": "孙悦"},
        ],
        "appointments": [
            {**post, "person_id": "p1", "title": "处长", "rank": "中层正职", "duties": ["全面工作"]},
            {**post, "person_id": "p2", "title": "副处长", "rank": "中层副职", "duties": ["党建", "综合"]},
            {**post, "person_id": "p3", "title": "书记", "rank": "中层正职", "department_id": "d2"},
            {**post, "person_id": "p4", "title": "科员", "rank": "科员", "department_id": "d2"},
            {**post, "person_id": "p5", "title": "院长", "rank": "院系正职", "department_id": "d3"},
        ],
        "accounts": [
            *({"id": f"a{number}", "person_id": f"p{number}"} for number in range(1, 6)),
            {"id": "a1-second", "person_id": "p1"},
            {"id": "guest", "kind": "external"},
            {"id": "robot", "kind": "bot"},
        ],
        "groups": [{"id": "g", "name": "机关党委工作群", "created_at": "2024-03-28"}],
        "memberships": [{"group_id": "g", "account_id": account, "joined_at": "2024-03-28"} for account in accounts],
        **changes,
    }
