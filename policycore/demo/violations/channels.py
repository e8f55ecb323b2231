"""Plant what goes wrong between the committee's two groups, and what only looks so."""

from __future__ import annotations

from datetime import datetime

from policycore.demo.chats import attach, post
from policycore.demo.estate import COMMITTEE, DemoEstate, Row, at, iso
from policycore.demo.groups import ChatGroup

__all__ = ["plant_channel"]

_BOTH, _NO_REPLY = "channels/in-every-group", "channels/reply-not-needed"
_REPLIES, _DATES, _AT_ONCE = (
    f"channels/{name}" for name in ("replies-by-department", "dates-agree", "no-instant-replies")
)
_MEETING = "【通知】4月{day}日上午9点在办公楼二楼会议室召开支部书记例会，请准时参加。"
_LONG = "【通知】请各支部核对党员名册。核对后的名册于4月18日前送机关党委综合科。"
_SPLIT = _LONG.index("核对后")


def plant_channel(estate: DemoEstate, work: ChatGroup, liaison: ChatGroup) -> None:
    """Post in one group, in two versions, with other files, recalled in one, in pieces; and ask heads for replies."""
    _one_sided(estate, work, liaison)
    _versions(estate, work, liaison)
    _look_alikes(estate, work, liaison)
    _replies(estate, work, liaison)
    _coverage(estate, work, liaison)
    _others(estate, work)


def _say(
    estate: DemoEstate,
    group: ChatGroup,
    moment: datetime,
    text: str,
    file: str = "",
    *,
    says: tuple[str, str] | None = None,
) -> Row:
    """Post a text or a file of the group's owner; the same file has the same content.

    It `says` what a check must answer about publications of which each group has its own, and why.
    """
    row = post(estate, group, moment, group.owner.account, "file" if file else "text", text or file)
    if file:
        sha256 = attach(estate, {**row, "id": file}, file)
        sha256["message_id"] = row["id"]
    if says is not None:
        estate.label(_BOTH, says[0], row["id"], says[1], kind="message")
    return row


def _one_sided(estate: DemoEstate, work: ChatGroup, liaison: ChatGroup) -> None:
    _say(estate, work, at(2024, 4, 4, 9), _MEETING.format(day=8), says=("fail", "a notice that the liaisons never got"))
    _say(estate, liaison, at(2024, 4, 4, 15), "", "党费收缴标准.pdf", says=("fail", "a file that the heads never got"))
    _say(
        estate,
        work,
        at(2024, 4, 5, 9),
        "下周检查组到各楼宇查看用电情况，大家留意一下。",
        says=("suspect", "a remark that may be work information"),
    )


def _versions(estate: DemoEstate, work: ChatGroup, liaison: ChatGroup) -> None:
    for group, minute in ((work, 0), (liaison, 1)):
        _say(
            estate,
            group,
            at(2024, 4, 6, 9, minute),
            _MEETING.format(day=9 + minute),
            says=("fail", "another day than in the other group"),
        )
        row = _say(estate, group, at(2024, 4, 7, 9, minute), "", "学习安排.docx")
        estate.tables["attachments"][-1]["sha256"] = str(minute) * 64
        estate.label(_BOTH, "fail", row["id"], "another file under the same name", kind="message")
    row = _say(estate, work, at(2024, 4, 8, 9), _MEETING.format(day=11))
    gone = _say(estate, liaison, at(2024, 4, 8, 9, 1), _MEETING.format(day=11))
    gone["recalled_at"] = iso(at(2024, 4, 8, 10))
    estate.label(_BOTH, "fail", row["id"], "recalled in the other group only", kind="message")


def _look_alikes(estate: DemoEstate, work: ChatGroup, liaison: ChatGroup) -> None:
    _say(estate, work, at(2024, 4, 9, 9), _LONG, says=("pass", "posted in two pieces in the other group"))
    _say(estate, liaison, at(2024, 4, 9, 9, 1), _LONG[:_SPLIT])
    _say(estate, liaison, at(2024, 4, 9, 9, 2), _LONG[_SPLIT:])
    for group in (work, liaison):
        _say(estate, group, at(2024, 4, 11, 9), "", "党课课件.pdf", says=("pass", "the same file in both groups"))
    _say(estate, liaison, at(2024, 4, 11, 16), "好的，谢谢大家。", says=("pass", "a short remark is no publication"))


def _replies(estate: DemoEstate, work: ChatGroup, liaison: ChatGroup) -> None:
    for day, text, more, verdict, why in (
        (
            12,
            "【提醒】本周五上午机关党建工作例会改在三楼会议室召开。",
            "收到请回复。",
            "fail",
            "asks heads for replies",
        ),
        (13, "【提醒】新学期组织生活安排已发各支部，请各部门留意。", "无需回复。", "pass", "says that none is needed"),
    ):
        row = _say(estate, work, at(2024, 4, day, 9), text + more)
        estate.label(_NO_REPLY, verdict, row["id"], why, kind="message")
        _say(estate, liaison, at(2024, 4, day, 9, 1), text)


def _coverage(estate: DemoEstate, work: ChatGroup, liaison: ChatGroup) -> None:
    """Ask the departments for replies: all reply in time to one request; to the other one is late, one says nothing."""
    for moment, text, verdict, late in (
        (at(2024, 4, 9, 14), "【通知】请于明天下午5点前向机关党委综合科报送参会人数。", "pass", 0),
        (at(2024, 4, 11, 14), "【通知】请于今天下班前向机关党委综合科报送学习计划。", "fail", 2),
    ):
        _say(estate, work, moment, text)
        asked = _say(estate, liaison, moment.replace(minute=1), text + "收到请在群内回复。")
        members = [member for member in liaison.people if member.department.id != COMMITTEE]
        for number, member in enumerate(members[: len(members) - late]):
            answered = moment.replace(minute=10 + number)
            post(estate, liaison, answered, member.account, "text", "收到。", reply_to=asked["id"])
        if late:
            post(estate, liaison, moment.replace(hour=18), members[-1].account, "text", "收到。", reply_to=asked["id"])
        why = "a department is late, one says nothing" if late else "every department replies in time"
        estate.label(_REPLIES, verdict, asked["id"], why, kind="message")


def _others(estate: DemoEstate, work: ChatGroup) -> None:
    """Let somebody who publishes nothing write dates that are right and wrong, and demands that are one and none."""
    reader = next(member for member in work.people if member.department.id != COMMITTEE)
    for number, (rule, text, verdict, why) in enumerate(
        (
            (_DATES, "请于4月17日（星期四）前报送名单。", "fail", "the 17th is a Wednesday"),
            (_DATES, "请于4月31日前报送名单。", "fail", "April has no 31st"),
            (_DATES, "请于4月17日（星期三）前报送名单。", "pass", "the 17th is a Wednesday"),
            (_AT_ONCE, "收到请立即回复。", "fail", "a reply at once"),
            (_AT_ONCE, "请大家在群内接龙报名。", "fail", "a queue of names"),
            (_AT_ONCE, "请于明天下班前回复是否参加。", "pass", "a request with a deadline"),
            (_AT_ONCE, "不得要求“收到请立即回复”，不得要求打卡接龙。", "pass", "forbids such demands"),
        )
    ):
        row = post(estate, work, at(2024, 4, 13, 15, number), reader.account, "text", text)
        estate.label(rule, verdict, str(row["id"]), why, kind="message")
