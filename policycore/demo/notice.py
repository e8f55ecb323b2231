"""The committee's groups of the notice: two old ones, 64 and 40 members, dissolved, and their successors.

Nearly everybody whom the notice wants is in the new ones; what is amiss is planted in fixed departments.
"""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest

from policycore.demo.chats import chat, post
from policycore.demo.estate import COMMITTEE, DEPARTMENTS, DemoEstate, Row, at, iso, offices
from policycore.demo.groups import ChatGroup, add_event, make_group
from policycore.demo.people import (
    ACTING_DUTY,
    DEPUTY,
    HEAD,
    LIAISON_DUTY,
    PARTY_DUTY,
    SECTION,
    STAFF,
    VACANT_HEAD,
    Directory,
    Member,
    hire,
)

__all__ = ["WORK_GROUP", "committee_groups"]

WORK_GROUP, LIAISON_GROUP = "机关党委工作群", "机关党委联络员群"
_OLD_SIZES = {WORK_GROUP: 64, LIAISON_GROUP: 40}
_OFFICE = DEPARTMENTS[0]


def committee_groups(estate: DemoEstate, directory: Directory) -> tuple[ChatGroup, ChatGroup]:
    """Write the four groups and what was posted in the new ones; return the two successors."""
    committee = directory.of(COMMITTEE)
    _change_duties(estate, directory)
    old_work = _old(estate, directory, WORK_GROUP, _old_work_members(directory), at(2024, 4, 2, 17))
    old_liaison = _old(estate, directory, LIAISON_GROUP, _old_liaison_members(directory), at(2024, 4, 2, 17, 5))
    # The committee's deputy runs both new groups; the section head is their admin.
    leading = [committee[2], committee[3]]
    party = [member for member in directory.with_duty(PARTY_DUTY) if member.rank == DEPUTY]
    due = directory.with_rank(HEAD) + party + directory.with_duty(ACTING_DUTY) + committee
    extra = [directory.of(_COLLEGE)[0], _moved_on(estate)]
    absent = next(head for head in directory.with_rank(HEAD) if head.department.id == _ABSENT_HEAD)
    work = make_group(
        estate,
        directory,
        _OFFICE,
        name=WORK_GROUP,
        people=[member for member in _once(leading + due + extra) if member is not absent],
        created=at(2024, 3, 28),
    )
    leading = [committee[3], committee[4]]
    liaisons = [one for one in directory.with_duty(LIAISON_DUTY) if one.department.id != _ABSENT_LIAISON]
    liaison = make_group(
        estate,
        directory,
        _OFFICE,
        name=LIAISON_GROUP,
        people=_once(leading + liaisons + committee),
        created=at(2024, 3, 28, 10),
    )
    work.row["successor_of"] = old_work.id
    liaison.row["successor_of"] = old_liaison.id
    for group in (work, liaison):
        estate.label("admission/expected-member-missing", "pass", group.id, "everyone of the scope is there")
        estate.label("admission/outside-scope", "pass", group.id, "everyone is in the scope")
        estate.label("dormancy/overlapping-groups", "pass", group.id, "its predecessor is dissolved")
        estate.label("composition/missing-member", "fail", group.id, "a head, or a liaison, is not there")
    _label_work_group(estate, directory, work, extra)
    estate.label("composition/one-per-department", "fail", liaison.id, "an office designated no liaison")
    estate.label("composition/vacant-post", "pass", liaison.id, "no post of the liaison group can be vacant")
    for old in (old_work, old_liaison):
        estate.label("composition/old-group-dissolved", "pass", old.id, "dissolved within a fortnight")
        estate.label("composition/stated-size", "pass", old.id, "as many members as the notice says")
    _publish(estate, work, liaison)
    return work, liaison


# What is amiss, and where.
_ABSENT_HEAD, _ABSENT_LIAISON, _TWO_IN_CHARGE, _NO_LIAISON, _COLLEGE = "d08", "d09", "d11", "d16", "d31"


def _change_duties(estate: DemoEstate, directory: Directory) -> None:
    """Write two deputies in charge of Party work in one office, an acting head, and an office without a liaison."""
    two, acting = (
        [member for member in directory.of(office) if member.rank == DEPUTY] for office in (_TWO_IN_CHARGE, VACANT_HEAD)
    )
    liaison = next(one for one in directory.with_duty(LIAISON_DUTY) if one.department.id == _NO_LIAISON)
    for member, duties in ((two[1], (PARTY_DUTY, "业务")), (acting[1], (ACTING_DUTY, "业务")), (liaison, ("综合",))):
        member.person["_duties"] = duties
        next(row for row in estate.tables["appointments"] if row["person_id"] == member.id)["duties"] = list(duties)


def _moved_on(estate: DemoEstate) -> Member:
    """Return somebody who was in charge of Party work in an office, has moved on, and is still in the group."""
    now = next(office for office in DEPARTMENTS if office.id == "d20")
    member = hire(estate, now, title="三级调研员", since=at(2024, 4, 1))
    estate.add(
        "appointments",
        person_id=member.id,
        department_id="d12",
        title="副处长",
        rank=DEPUTY,
        duties=[PARTY_DUTY],
        since=iso(at(2018, 5, 1)),
        until=iso(at(2024, 4, 1)),
    )
    return member


def _label_work_group(estate: DemoEstate, directory: Directory, work: ChatGroup, extra: list[Member]) -> None:
    """Label who is there though they do not belong, and the departments without the one person whom they owe."""
    for member, why in zip(extra, ("head of a college", "moved on to another post"), strict=True):
        stay = f"{work.id}/{member.account}"
        estate.label("composition/extra-member", "fail", stay, why, kind="membership")
    for member in directory.with_duty(PARTY_DUTY):
        if member.department.id == _TWO_IN_CHARGE:
            stay = f"{work.id}/{member.account}"
            why = "either of two deputies may be there until it is settled"
            estate.label("composition/extra-member", "pass", stay, why, kind="membership")
    estate.label("composition/one-per-department", "fail", work.id, "two deputies in one office")
    estate.label("composition/one-per-department", "pass", "d12", "a former deputy does not count", kind="department")
    estate.label("composition/vacant-post", "fail", work.id, "an office has no head, only an acting one")
    acting = directory.with_duty(ACTING_DUTY)[0]
    estate.label("composition/missing-member", "pass", acting.id, "an acting head stands in", kind="person")


def _once(people: list[Member]) -> list[Member]:
    """Return `people` without repeats: who qualifies twice is one member."""
    return list({member.id: member for member in people}.values())


def _old_work_members(directory: Directory) -> list[Member]:
    """Return the old work group: all heads, some deputies, some section heads, as the notice describes it."""
    deputies = directory.with_rank(DEPUTY)
    sections = [member for member in directory.with_rank(SECTION) if member.department in offices()]
    return _once(directory.of(COMMITTEE)[2:4] + directory.with_rank(HEAD) + deputies[::2] + sections)


def _old_liaison_members(directory: Directory) -> list[Member]:
    """Return the old liaison group: some deputies and staff of section rank or below."""
    deputies = directory.with_rank(DEPUTY)[1::4]
    staff = [member for member in directory.with_rank(STAFF) if member.department in offices()]
    mixed = [member for pair in zip_longest(staff, deputies) for member in pair if member is not None]
    return _once(directory.of(COMMITTEE)[3:5] + mixed)


def _old(estate: DemoEstate, directory: Directory, name: str, people: list[Member], dissolved: datetime) -> ChatGroup:
    """Write one of the two groups that the notice found, dissolved since."""
    group = make_group(
        estate, directory, _OFFICE, name=name, people=people[: _OLD_SIZES[name]], created=at(2019, 9, 10)
    )
    estate.member_sets.pop()
    group.row["registered_at"] = None
    group.row["dissolved_at"] = iso(dissolved)
    chat(estate, group, 20, until=at(2024, 3, 27, 16))
    add_event(estate, group, dissolved, "dissolve", group.owner.account, None, "群主解散群聊")
    return group


_POSTS = (
    (at(2024, 3, 29, 9), "【通知】机关党委新工作群、联络员群已建立，原两个群将于4月2日解散，请相互转告。"),
    (at(2024, 4, 3, 10), "【通知】请各支部于4月12日下班前报送第一季度组织生活情况，联系人为机关党委综合科。"),
    (at(2024, 4, 10, 15), "【会议通知】4月17日下午3点在办公楼二楼会议室召开机关党建工作推进会，请准时参加。"),
)


def _publish(estate: DemoEstate, work: ChatGroup, liaison: ChatGroup) -> None:
    """Post every notice in both groups at the same time; the liaisons answer, the heads need not."""
    for moment, text in _POSTS:
        post(estate, work, moment, work.owner.account, "text", text)
        asked: Row = post(
            estate, liaison, moment.replace(minute=1), liaison.owner.account, "text", text + "收到请回复。"
        )
        for number, member in enumerate(liaison.people[2:]):
            answered = moment.replace(minute=5 + number)
            post(estate, liaison, answered, member.account, "text", "收到。", reply_to=asked["id"])
