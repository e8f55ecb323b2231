"""Fill the directory: heads, deputies, sections and staff of each department, with their accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle

from policycore.demo.estate import COMMITTEE, DEPARTMENTS, DemoEstate, Office, Row, at, iso

__all__ = ["Directory", "Member", "fill_directory", "hire"]

HEAD, DEPUTY, SECTION, SECTION_DEPUTY, STAFF = "中层正职", "中层副职", "正科级", "副科级", "科员"
PARTY_DUTY, LIAISON_DUTY, ACTING_DUTY = "党建", "机关党委联络员", "主持工作"
# One head's post is empty on purpose: a vacant post is not a missing member.
VACANT_HEAD = "d19"
_DEPUTY_DUTIES = (("党建", "综合"), ("业务",))
_LADDER = (("科长", SECTION), ("副科长", SECTION_DEPUTY), ("科员", STAFF))


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One person of the directory with the rows that describe them."""

    person: Row
    department: Office
    title: str
    rank: str
    accounts: list[Row] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return the person's id."""
        return str(self.person["id"])

    @property
    def name(self) -> str:
        """Return the person's name."""
        return str(self.person["name"])

    @property
    def account(self) -> str:
        """Return the id of the person's main account."""
        return str(self.accounts[0]["id"])


@dataclass(slots=True)
class Directory:
    """The people of the demo by department, rank and duty; `free` hands out owners that own nothing yet."""

    by_department: dict[str, list[Member]] = field(default_factory=dict)
    free_by_department: dict[str, list[Member]] = field(default_factory=dict)

    def of(self, department: Office | str) -> list[Member]:
        """Return the people of a department in the order of the directory."""
        return self.by_department[department if isinstance(department, str) else department.id]

    def head(self, department: Office) -> Member:
        """Return the head of a department, or its first deputy where the head's post is vacant."""
        return self.of(department)[0]

    def with_rank(self, rank: str) -> list[Member]:
        """Return everyone who holds a post of `rank`."""
        return [member for people in self.by_department.values() for member in people if member.rank == rank]

    def with_duty(self, duty: str) -> list[Member]:
        """Return everyone who has `duty`."""
        return [
            member
            for people in self.by_department.values()
            for member in people
            if duty in (member.person.get("_duties") or ())
        ]

    def next_owner(self, department: Office) -> Member:
        """Return a person of the department who owns no group yet."""
        return self.free_by_department[department.id].pop()


def fill_directory(estate: DemoEstate) -> Directory:
    """Write departments, people, appointments and accounts; return the directory over them."""
    directory = Directory()
    root = estate.add("departments", id="d00", name="云溪学院", aliases=[], parent_id=None, kind="学校")
    staff = 5 + estate.group_count // 14
    for department in DEPARTMENTS:
        estate.add(
            "departments",
            id=department.id,
            name=department.name,
            aliases=list(department.aliases),
            parent_id=root["id"],
            kind=department.kind,
        )
        people = [_post(estate, department, *post) for post in _posts(department, staff)]
        directory.by_department[department.id] = people
        # Heads answer for all groups of their department, so others are the owners.
        directory.free_by_department[department.id] = [
            member for member in people if member.rank not in (HEAD, "院系正职")
        ]
        estate.random.shuffle(directory.free_by_department[department.id])
    return directory


def _posts(department: Office, staff: int) -> list[tuple[str, str, Sequence[str]]]:
    """Return title, rank and duties of every post of a department."""
    college = department.kind == "教学院系"
    head_rank, deputy_rank = ("院系正职", "院系副职") if college else (HEAD, DEPUTY)
    heads = [] if department.id == VACANT_HEAD else [(department.head, head_rank, ("全面工作",))]
    others = zip(range(staff if department.id != COMMITTEE else 3), cycle(department.works), cycle(_LADDER))
    return [
        *heads,
        *(("副" + department.head, deputy_rank, duties if not college else ("业务",)) for duties in _DEPUTY_DUTIES),
        ("综合科科长", SECTION, ("综合",)),
        # The committee's own staff belong in both new groups anyway; it designates no liaison to itself.
        ("综合科科员", STAFF, (LIAISON_DUTY,) if not college and department.id != COMMITTEE else ("综合",)),
        *((f"{work}{title}", rank, (work,)) for _number, work, (title, rank) in others),
    ]


def _post(estate: DemoEstate, department: Office, title: str, rank: str, duties: Sequence[str]) -> Member:
    since = at(estate.random.randrange(2015, 2023), estate.random.randrange(1, 13), estate.random.randrange(1, 28))
    return hire(estate, department, title=title, rank=rank, duties=duties, since=since, second_account=0.12)


def hire(
    estate: DemoEstate,
    department: Office,
    *,
    title: str = "科员",
    rank: str = STAFF,
    duties: Sequence[str] = ("综合",),
    name: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    status: str = "active",
    status_since: datetime | None = None,
    second_account: float = 0.0,
) -> Member:
    """Write a person, their appointment and account(s); people of the plants come in this way too."""
    since = since or at(2019, 9, 1)
    person = estate.add(
        "people",
        id=f"p{len(estate.tables['people']) + 1:05d}",
        name=name or next(estate.names),
        status=status,
        status_since=iso(status_since or since),
        _duties=tuple(duties),
    )
    estate.add(
        "appointments",
        person_id=person["id"],
        department_id=department.id,
        title=title,
        rank=rank,
        duties=list(duties),
        since=iso(since),
        until=iso(until),
    )
    member = Member(person, department, title, rank)
    member.accounts.append(account_of(estate, member))
    if estate.random.random() < second_account:
        member.accounts.append(account_of(estate, member, suffix="办公"))
    return member


_NICKNAMES = ("清风", "远山", "晴天", "小溪", "云朵", "拾光", "一叶", "海阔", "木子", "星河")


def account_of(estate: DemoEstate, member: Member, *, suffix: str = "") -> Row:
    """Write one account of a person; its own name is a nickname, as people choose them."""
    return estate.add(
        "accounts",
        id=estate.next_id("accounts", "wx"),
        platform="wechat",
        person_id=member.id,
        kind="internal",
        name=estate.random.choice(_NICKNAMES) + suffix,
    )
