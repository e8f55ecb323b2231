"""Write the chats: notices, files, work replies, pictures, system messages and a little noise."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from policycore.demo.estate import AS_OF, DemoEstate, Row, ago, iso
from policycore.demo.groups import ChatGroup

__all__ = ["attach", "chat", "post"]

_NOTICES = (
    "【通知】请各科室于{date}下班前将{work}材料电子版发综合科，联系人见附件。",
    "【会议通知】{date}下午3点在办公楼二楼会议室召开{work}工作会，请准时参加。",
    "请大家核对{work}台账，如有变动请于{date}前反馈。",
    "{work}工作本周安排已更新，详见群文件。",
    "关于做好{work}工作的几点提醒：一是按时报送，二是数据准确，三是专人负责。",
)
_REPLIES = (
    "已完成，材料发综合科了。",
    "我科{work}材料今天下午报送。",
    "有一处数据需要核实，核实后再报。",
    "会议室已预订，设备调试好了。",
    "附件表格第二列口径请再明确一下。",
    "已按要求通知到相关人员。",
)
_FILES = ("{work}工作安排.docx", "{work}统计表.xlsx", "{work}会议议程.pdf")
_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
}
# What a month in a working group is made of, out of twenty messages.
_MIX = ("notice",) * 5 + ("reply",) * 9 + ("file",) * 4 + ("image", "system")


_APART = timedelta(days=4)
"""Between two notices of one matter in a group."""


def chat(
    estate: DemoEstate,
    group: ChatGroup,
    count: int | None = None,
    *,
    until: datetime | None = None,
    days: int = 120,
) -> None:
    """Post a believable run of work messages over so many days, the last one shortly before the as-of time."""
    random = estate.random
    count = random.randrange(12, 26) if count is None else count
    last = until or ago(random.randrange(2, 12), hour=random.randrange(9, 17))
    # After every join: a chat that tells of members before they came would be no believable export.
    first = max(group.created + timedelta(days=1), last - timedelta(days=days))
    if first >= last:
        first = last - timedelta(hours=2)
    step = (last - first) / max(1, count)
    question: Row | None = None
    told: dict[str, datetime] = {}
    for number in range(count):
        kind, text, file = _line(estate, group, random.choice(_MIX) if number < count - 1 else "reply")
        sender = random.choice(group.people[:3] if kind == "file" else group.people)
        moment = last if number == count - 1 else first + step * number
        if text.startswith("【"):
            sender = group.people[number % 2]  # owner and admin post the notices
            matter = "".join(one for one in text if not one.isdigit())
            if matter in told and moment - told[matter] < _APART:
                text = _REPLIES[0]  # the same again, for another day, would contradict the first
            else:
                told[matter] = moment
        reply_to = question["id"] if question is not None and kind == "text" and random.random() < 0.3 else None
        row = post(estate, group, moment, sender.account, kind, text, reply_to=reply_to)
        if file:
            attach(estate, row, file)
        if text.startswith("【"):
            question = row


def _line(estate: DemoEstate, group: ChatGroup, sort: str) -> tuple[str, str, str]:
    """Return the type, the text and the file of a message of one sort of `_MIX`."""
    random = estate.random
    work = random.choice(group.department.works)
    day = (AS_OF + timedelta(days=random.randrange(3, 20))).strftime("%m月%d日").replace("0", "", 1)
    if sort == "notice":
        return "text", random.choice(_NOTICES).format(work=work, date=day), ""
    if sort == "file":
        name = random.choice(_FILES).format(work=work)
        return "file", name, name
    if sort == "image":
        return "image", "", f"{work}现场.jpg"
    if sort == "system":
        return "system", "群公告已更新", ""
    return "text", random.choice(_REPLIES).format(work=work), ""


def post(
    estate: DemoEstate,
    group: ChatGroup,
    moment: datetime,
    sender: str | None,
    kind: str,
    text: str,
    *,
    reply_to: str | None = None,
) -> Row:
    """Write one message and return its row."""
    return estate.add(
        "messages",
        id=estate.next_id("messages", "m"),
        group_id=group.id,
        sent_at=iso(moment),
        sender_id=None if kind == "system" else sender,
        type=kind,
        text=text,
        reply_to=reply_to,
        recalled_at=None,
        mentions=[],
    )


def attach(estate: DemoEstate, message: Row, name: str) -> Row:
    """Write the attachment of a message; its hash is made from its name, for there is no content."""
    return estate.add(
        "attachments",
        id=estate.next_id("attachments", "f"),
        message_id=message["id"],
        name=name,
        media_type=_MEDIA.get(name.rpartition(".")[2], "application/octet-stream"),
        size=estate.random.randrange(20_000, 900_000),
        sha256=sha256(f"{message['id']}/{name}".encode()).hexdigest(),
        path=None,
    )
