"""The committee's groups of the notice: two old ones, 64 and 40 members, dissolved, and their successors."""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest

from policycore.demo.chats import chat, post
from policycore.demo.estate import COMMITTEE, DEPARTMENTS, DemoEstate, Row, at, iso, offices
from policycore.demo.groups import ChatGroup, add_event, make_group
from policycore.demo.people import DEPUTY, HEAD, LIAISON_DUTY, PARTY_DUTY, SECTION, STAFF, Directory, Member

__all__ = ["WORK_GROUP", "committee_groups"]

WORK_GROUP, LIAISON_GROUP = "机关党委工作群", "机关党委联络员群"
_OLD_SIZES = {WORK_GROUP: 64, LIAISON_GROUP: 40}
_OFFICE = DEPARTMENTS[0]


def committee_groups(estate: DemoEstate, directory: Directory) -> tuple[ChatGroup, ChatGroup]:
    """Write the four groups and what was posted in the new ones; return the two successors."""
    committee = directory.of(COMMITTEE)
    old_work = _old(estate, directory, WORK_GROUP, _old_work_members(directory), at(2024, 4, 2, 17))
    old_liaison = _old(estate, directory, LIAISON_GROUP, _old_liaison_members(directory), at(2024, 4, 2, 17, 5))
    # The committee's deputy runs both new groups; the section head is their admin.
    leading = [committee[2], committee[3]]
    heads = directory.with_rank(HEAD)
    party = [member for member in directory.with_duty(PARTY_DUTY) if member.rank == DEPUTY]
    liaisons = directory.with_duty(LIAISON_DUTY)
    work = make_group(
        estate,
        directory,
        _OFFICE,
        name=WORK_GROUP,
        people=_once(leading + heads + party + committee),
        created=at(2024, 3, 28),
        scope={"ranks": [HEAD], "duties": [PARTY_DUTY], "departments": [COMMITTEE]},
    )
    leading = [committee[3], committee[4]]
    liaison = make_group(
        estate,
        directory,
        _OFFICE,
        name=LIAISON_GROUP,
        people=_once(leading + liaisons + committee),
        created=at(2024, 3, 28, 10),
        scope={"duties": [LIAISON_DUTY], "departments": [COMMITTEE]},
    )
    work.row["successor_of"] = old_work.id
    liaison.row["successor_of"] = old_liaison.id
    for group in (work, liaison):
        estate.label(
            "admission/expected-member-missing", "pass", group.id, "everyone of the scope is there, a post is vacant"
        )
        estate.label("admission/outside-scope", "pass", group.id, "who belongs twice is one member")
        estate.label("dormancy/overlapping-groups", "pass", group.id, "its predecessor is dissolved")
    _publish(estate, work, liaison)
    return work, liaison


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
