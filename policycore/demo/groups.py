"""Make one group that breaks no rule: owner, admin, members, joins, scope, register entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from policycore.demo.estate import DemoEstate, Office, Row, ago, iso
from policycore.demo.people import Directory, Member

__all__ = ["ChatGroup", "add_event", "draw_members", "join", "join_account", "make_group", "make_task"]

# Beyond this share of common members two clean groups would look like doubles of each other.
_OVERLAP = 0.45
_SEPARATORS = ("-", "-", "-", "－", " ")


@dataclass(slots=True)
class ChatGroup:
    """One group in the making, with its people and the rows that plants may change."""

    row: Row
    department: Office
    owner: Member
    admin: Member
    people: list[Member]
    created: datetime
    memberships: list[Row] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return the group's id."""
        return str(self.row["id"])

    def membership_of(self, member: Member) -> Row:
        """Return the stay of a person in this group."""
        return next(row for row in self.memberships if row["account_id"] == member.account)


def draw_members(
    estate: DemoEstate, directory: Directory, department: Office, owner: Member, size: int
) -> list[Member]:
    """Return `size` people around `owner`, half of the department, unlike any other group's members."""
    everyone = [member for people in directory.by_department.values() for member in people]
    own = [member for member in directory.of(department) if member is not owner]
    while True:
        chosen = [owner, *estate.random.sample(own, min(len(own), size // 2))]
        others = [member for member in everyone if member not in chosen]
        chosen += estate.random.sample(others, size - len(chosen))
        wanted = frozenset(member.id for member in chosen)
        if all(len(wanted & other) <= _OVERLAP * len(wanted | other) for other in estate.member_sets):
            return chosen


def make_group(
    estate: DemoEstate,
    directory: Directory,
    department: Office,
    *,
    source: str = "wecom",
    kind: str = "standing",
    name: str | None = None,
    owner: Member | None = None,
    people: Sequence[Member] | None = None,
    size: int | None = None,
    created: datetime | None = None,
    scope: Row | None = None,
) -> ChatGroup:
    """Write a clean group of `department`; `people` begins with the owner and then the admin."""
    owner = owner or (people[0] if people else directory.next_owner(department))
    chosen = list(people or draw_members(estate, directory, department, owner, size or estate.random.randrange(8, 17)))
    estate.member_sets.append(frozenset(member.id for member in chosen))
    created = created or ago(estate.random.randrange(200, 900))
    task = None if kind == "standing" else make_task(estate, department)
    work = estate.random.choice(department.works)
    row = estate.add(
        "groups",
        id=estate.next_group_id(),
        source=source,
        platform={"register": "wechat", "feishu": "feishu"}.get(source, "wecom"),
        name=name or f"{department.name}{work}工作群",
        kind=kind,
        purpose=f"{work}工作联络",
        department_id=department.id,
        creator_id=owner.account,
        owner_id=owner.account,
        responsible_id=directory.head(department).id,
        created_at=iso(created),
        registered_at=iso(created + timedelta(days=2)),
        dissolved_at=None,
        join_approval=True,
        qr_join=False,
        announcement=f"本群用于{work}工作联络，请以“单位-姓名”实名，不发布与工作无关的内容。",
        task_id=None if task is None else task["id"],
        scope=scope or {"people": [member.id for member in chosen]},
        successor_of=None,
    )
    group = ChatGroup(row, department, owner, chosen[1], chosen, created)
    add_event(estate, group, created, "create", owner.account, None, "群主创建群聊")
    for position, member in enumerate(chosen):
        join(estate, group, member, role=("owner", "admin")[position] if position < 2 else "member")
    return group


def join(
    estate: DemoEstate,
    group: ChatGroup,
    member: Member,
    *,
    role: str = "member",
    joined: datetime | None = None,
    inviter: str | None = None,
    scene: str | None = None,
    account: str | None = None,
) -> Row:
    """Write one stay in the group and the event that began it; the owner brings everyone in."""
    creator = role == "owner" and member is group.owner
    joined = joined or group.created + timedelta(minutes=0 if creator else estate.random.randrange(5, 600))
    inviter = None if creator else inviter or group.owner.account
    separator = estate.random.choice(_SEPARATORS)
    return _stay(
        estate,
        group,
        account or member.account,
        f"{member.department.name}{separator}{member.name}",
        joined,
        inviter,
        role=role,
        scene=scene or ("created" if creator else "invite"),
    )


def join_account(estate: DemoEstate, group: ChatGroup, account: str, display_name: str) -> Row:
    """Write the stay of an account that is nobody's of the university: a bot or an outsider."""
    return _stay(estate, group, account, display_name, group.created + timedelta(days=1), group.owner.account)


def _stay(
    estate: DemoEstate,
    group: ChatGroup,
    account: str,
    display_name: str,
    joined: datetime,
    inviter: str | None,
    *,
    role: str = "member",
    scene: str = "invite",
) -> Row:
    """Write one stay and the event that began it."""
    row = estate.add(
        "memberships",
        group_id=group.id,
        account_id=account,
        role=role,
        display_name=display_name,
        joined_at=iso(joined),
        left_at=None,
        inviter_id=inviter,
        join_scene=scene,
    )
    group.memberships.append(row)
    if inviter is not None:
        add_event(estate, group, joined, "join", inviter, account, "群主邀请加入群聊")
    return row


def add_event(
    estate: DemoEstate,
    group: ChatGroup,
    moment: datetime,
    kind: str,
    actor: str | None,
    subject: str | None,
    detail: str,
) -> Row:
    """Write one event of a group."""
    return estate.add(
        "events",
        id=estate.next_id("events", "e"),
        group_id=group.id,
        at=iso(moment),
        kind=kind,
        actor_id=actor,
        subject_id=subject,
        detail=detail,
    )


def make_task(estate: DemoEstate, department: Office) -> Row:
    """Write the task, still open, that a project or temporary group is for."""
    work = estate.random.choice(department.works)
    return estate.add(
        "tasks",
        id=estate.next_id("tasks", "t"),
        title=f"{department.name}{work}任务",
        department_id=department.id,
        due_at=iso(ago(-60)),
        state="open",
        done_at=None,
    )
