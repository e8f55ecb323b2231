"""Make a large estate set-wise: skewed group sizes, about two percent violations, no object per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.columns import Columns, before, chosen, moments, numbered, with_nulls
from bench.people import People, make_people

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["VIOLATIONS", "make_estate"]

VIOLATIONS = 0.02
"""Share of groups that break each rule about groups; memberships break theirs ten times less often."""

_KINDS = ("standing", "project", "temporary")


def make_estate(groups: int, members: int, messages: int = 0, seed: int = 2024) -> dict[str, pyarrow.Table]:
    """Return the tables of an estate with about `members` stays; the same seed gives the same tables."""
    import numpy
    import pyarrow as pa

    random = numpy.random.default_rng(seed)
    people = make_people(random, groups, members / groups)
    sizes = _sizes(random, groups, members, people.per_department)
    of_group = numpy.repeat(numpy.arange(groups), sizes)
    position = numpy.arange(len(of_group)) - numpy.repeat(numpy.cumsum(sizes) - sizes, sizes)
    department = random.integers(0, people.departments, groups)
    member = _draw(random, people, groups, department, of_group, position)
    owner = member[position == 0]
    tables: Columns = dict(people.tables)
    group_ids = numbered("g", groups)
    age = random.uniform(40, 1500, groups)
    creator = numpy.where(random.random(groups) < VIOLATIONS, (owner + 1) % people.count, owner)
    recorded = (creator != owner) & (random.random(groups) < 0.5)
    gone = (random.random(len(member)) < VIOLATIONS) & (position > 1)
    stays = _Stays(of_group, position, member, gone, numpy.where(recorded, creator, owner), owner)
    scope = _scopes(random, people, groups, stays)
    tables["tasks"], done = _tasks(random, people, groups, department)
    tables["groups"] = _groups(random, people, group_ids, department, creator, owner, age, done, scope)
    tables["events"] = _events(people, group_ids, owner, creator, age, numpy.flatnonzero(recorded))
    tables["memberships"] = _memberships(random, people, group_ids, stays, age)
    if messages:
        starts = numpy.cumsum(sizes) - sizes
        tables["messages"], tables["attachments"] = _messages(
            random, people, group_ids, messages, member, starts, sizes
        )
    return {name: pa.table(columns) for name, columns in tables.items()}


def _sizes(random: numpy.random.Generator, groups: int, members: int, most: int) -> numpy.ndarray:
    """Return group sizes: many small groups and a few large ones, about `members` in all."""
    import numpy

    weight = random.lognormal(0.0, 0.7, groups)
    sizes: numpy.ndarray = numpy.clip((weight * members / weight.sum()).round().astype("int64"), 3, most - 1)
    return sizes


def _draw(
    random: numpy.random.Generator,
    people: People,
    groups: int,
    department: numpy.ndarray,
    of_group: numpy.ndarray,
    position: numpy.ndarray,
) -> numpy.ndarray:
    """Return the person of every stay: a permutation of the department by group, the owner at its head."""
    size = people.per_department
    factor, offset = random.integers(1, size, groups), random.integers(0, size, groups)
    # A few people own many groups, most own none.
    owner = (random.power(0.7, groups) * (size - 1)).astype("int64")
    cube = (offset[of_group] + position) % size
    cube = cube * cube % size * cube % size
    first = offset * offset % size * offset % size
    inside = ((cube - first[of_group]) * factor[of_group] + owner[of_group]) % size
    drawn: numpy.ndarray = department[of_group] * size + inside
    return drawn


def _tasks(
    random: numpy.random.Generator, people: People, groups: int, department: numpy.ndarray
) -> tuple[dict[str, pyarrow.Array], numpy.ndarray]:
    """Return the tasks, one for each group that may be made for one, and which are done."""
    import pyarrow as pa

    done = random.random(groups) < VIOLATIONS
    ids = numbered("t", groups)
    columns = {
        "id": ids,
        "title": ids,
        "department_id": people.department_ids.take(pa.array(department)),
        "due_at": before(random.uniform(-90, -10, groups)),
        "state": chosen(("open", "done"), done.astype("int64")),
        "done_at": with_nulls(moments(random, groups, 120, 20), ~done),
    }
    return columns, done


def _groups(
    random: numpy.random.Generator,
    people: People,
    ids: pyarrow.Array,
    department: numpy.ndarray,
    creator: numpy.ndarray,
    owner: numpy.ndarray,
    age: numpy.ndarray,
    done: numpy.ndarray,
    scope: pyarrow.Array,
) -> dict[str, pyarrow.Array]:
    """Return the columns of the groups."""
    import pyarrow as pa
    import pyarrow.compute as pc

    count = len(ids)

    def some(share: float = VIOLATIONS) -> numpy.ndarray:
        return random.random(count) < share

    kind = random.choice(3, count, p=(0.7, 0.2, 0.1))
    kind[done] = 1
    leftover = some(VIOLATIONS / 2)
    names = pc.binary_join_element_wise(
        people.department_names.take(pa.array(department)),
        chosen(("", "2021年"), leftover.astype("int64")),
        "工作群",
        ids,
        "",
    )
    owner_ids = people.account_ids.take(pa.array(owner))
    heads = people.person_ids.take(pa.array(department * people.per_department))
    return {
        "id": ids,
        "source": chosen(("platform",), kind * 0),
        "platform": chosen(("wecom",), kind * 0),
        "name": names,
        "kind": chosen(_KINDS, kind),
        "department_id": people.department_ids.take(pa.array(department)),
        "creator_id": people.account_ids.take(pa.array(creator)),
        "owner_id": with_nulls(owner_ids, some(VIOLATIONS / 4)),
        "responsible_id": with_nulls(heads, some()),
        "created_at": before(age),
        "registered_at": before(age - 2),
        "dissolved_at": with_nulls(moments(random, count, 30, 1), ~some()),
        "join_approval": pa.array(~some()),
        "qr_join": pa.array(some()),
        "announcement": chosen(("请以单位-姓名实名。",), kind * 0),
        "task_id": with_nulls(numbered("t", count), kind == 0),
        "scope": scope,
    }


def _scopes(random: numpy.random.Generator, people: People, groups: int, stays: _Stays) -> pyarrow.Array:
    """Return who belongs in each group, by name: its members, but for a few who are there and should not be."""
    import numpy
    import pyarrow as pa

    member = stays.member
    strangers = random.random(len(member)) < VIOLATIONS / 10
    wanted = numpy.where(strangers, (member + 7) % people.count, member)
    # Who has left is no longer expected; the owner, named twice, takes the place in the list.
    wanted = numpy.where(stays.gone, stays.owner[stays.of_group], wanted)
    offsets = numpy.searchsorted(stays.of_group, numpy.arange(groups + 1)).astype("int32")
    named = pa.ListArray.from_arrays(pa.array(offsets), people.person_ids.take(pa.array(wanted)))
    none = pa.ListArray.from_arrays(pa.array(numpy.zeros(groups + 1), pa.int32()), pa.array([], pa.string()))
    return pa.StructArray.from_arrays(
        [none, none, none, none, named], ["departments", "ranks", "titles", "duties", "people"]
    )


def _events(
    people: People,
    group_ids: pyarrow.Array,
    owner: numpy.ndarray,
    creator: numpy.ndarray,
    age: numpy.ndarray,
    recorded: numpy.ndarray,
) -> dict[str, pyarrow.Array]:
    """Return the hand-overs that are on record, each halfway through the group's life."""
    import pyarrow as pa

    return {
        "id": numbered("e", len(recorded)),
        "group_id": group_ids.take(pa.array(recorded)),
        "at": before(age[recorded] / 2),
        "kind": chosen(("transfer",), recorded * 0),
        "actor_id": people.account_ids.take(pa.array(creator[recorded])),
        "subject_id": people.account_ids.take(pa.array(owner[recorded])),
    }


@dataclass(frozen=True, slots=True)
class _Stays:
    """Hold group, person and end of every stay; of every group, who owned it at first and who does now."""

    of_group: numpy.ndarray
    position: numpy.ndarray
    member: numpy.ndarray
    gone: numpy.ndarray
    first_owner: numpy.ndarray
    owner: numpy.ndarray


def _memberships(
    random: numpy.random.Generator, people: People, group_ids: pyarrow.Array, stays: _Stays, age: numpy.ndarray
) -> dict[str, pyarrow.Array]:
    """Return the columns of the stays; whoever owned the group at the time brought each member in."""
    import numpy
    import pyarrow as pa

    of_group, position, count = stays.of_group, stays.position, len(stays.of_group)
    without_admin = random.random(len(group_ids)) < VIOLATIONS
    role = numpy.select([position == 0, (position == 1) & ~without_admin[of_group]], [0, 1], 2)
    by_code = random.random(count) < VIOLATIONS / 10
    creator = position == 0
    share = numpy.where(creator, 1.0, random.uniform(0.02, 0.98, count))
    inviter = numpy.where(share > 0.5, stays.first_owner[of_group], stays.owner[of_group])
    return {
        "group_id": group_ids.take(pa.array(of_group)),
        "account_id": people.account_ids.take(pa.array(stays.member)),
        "role": chosen(("owner", "admin", "member"), role),
        "display_name": _shown(random, people, stays.member),
        "joined_at": before(age[of_group] * share),
        "left_at": with_nulls(before(age[of_group] * share * 0.5), ~stays.gone),
        "inviter_id": with_nulls(people.account_ids.take(pa.array(inviter)), creator | by_code),
        "join_scene": chosen(("invite", "created", "qr"), numpy.select([creator, by_code], [1, 2], 0)),
    }


def _shown(random: numpy.random.Generator, people: People, member: numpy.ndarray) -> pyarrow.Array:
    """Return the display names: unit and name, but for a few nicknames and a few names of somebody else."""
    import pyarrow as pa
    import pyarrow.compute as pc

    count = len(member)
    shown = people.display_names.take(pa.array(member))
    nickname = random.random(count) < VIOLATIONS / 10
    borrowed = random.random(count) < VIOLATIONS / 10
    shown = pc.if_else(pa.array(borrowed), people.display_names.take(pa.array((member + 1) % people.count)), shown)
    return pc.if_else(pa.array(nickname), pa.scalar("云淡风轻"), shown)


_TEXTS = (
    "【通知】请各科室于4月19日下班前将材料电子版发综合科。",
    "已完成，材料发综合科了。",
    "会议改到明天上午九点，地点不变。",
    "请大家核对台账，如有变动请反馈。",
    "附件是统计表，请按要求填写。",
    "有一处数据需要核实，核实后再报。",
    "保守国家秘密是每个人的义务，请认真学习。",
    "机密★10年（示例）",
)
_TYPES = ("text", "file", "image", "emoji", "system", "red_packet")


def _messages(
    random: numpy.random.Generator,
    people: People,
    group_ids: pyarrow.Array,
    count: int,
    member: numpy.ndarray,
    starts: numpy.ndarray,
    sizes: numpy.ndarray,
) -> tuple[dict[str, pyarrow.Array], dict[str, pyarrow.Array]]:
    """Return the columns of messages and attachments: every group speaks, a few write most."""
    import numpy
    import pyarrow as pa

    groups = len(group_ids)
    of_group = (random.power(0.5, count) * groups).astype("int64")
    days = random.uniform(0.1, 180, count)
    # One late message for each group, as far as they go, so that few have fallen silent.
    alive = min(count, groups)
    of_group[:alive] = random.permutation(groups)[:alive]
    days[:alive] = numpy.where(random.random(alive) < VIOLATIONS, random.uniform(100, 180, alive), days[:alive] / 3)
    sender = member[starts[of_group] + (random.random(count) * sizes[of_group]).astype("int64")]
    marked = VIOLATIONS / 100
    text = random.choice(len(_TEXTS), count, p=[(1 - marked) / 7] * 7 + [marked])
    kind = random.choice(len(_TYPES), count, p=(0.7, 0.12, 0.1, 0.05, 0.029, 0.001))
    ids = numbered("m", count)
    messages = {
        "id": ids,
        "group_id": group_ids.take(pa.array(of_group)),
        "sent_at": before(days),
        "sender_id": people.account_ids.take(pa.array(sender)),
        "type": chosen(_TYPES, kind),
        "text": chosen(_TEXTS, text),
    }
    files = numpy.flatnonzero(kind == 1)
    attachments = {
        "id": numbered("f", len(files)),
        "message_id": ids.take(pa.array(files)),
        "name": chosen(("统计表.xlsx", "工作安排.docx", "议程.pdf"), files % 3),
    }
    return messages, attachments
