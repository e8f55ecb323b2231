"""Plant chats that are not about work, and chats that only look so."""

from __future__ import annotations

from policycore.demo.chats import attach, chat, post
from policycore.demo.estate import ago, iso
from policycore.demo.groups import ChatGroup
from policycore.demo.violations.plant import Plant, Planting

__all__ = ["PLANTS"]

_UNRELATED, _TOPIC = "content/unrelated-by-type", "content/unrelated-topic"
_NEWS, _SENSITIVE = "content/unverified-news", "content/sensitive-topic"
_COMPLETE, _AGREE, _FLOOD = "content/notice-complete", "content/notices-agree", "content/greeting-flood"
_WORDS = (
    (_TOPIC, "帮我家孩子投一票，谢谢大家。", "begging for votes"),
    (_TOPIC, "阳光玫瑰团购，需要的私聊。", "group buying"),
    (_NEWS, "听说下周要停课，不知真假。", "hearsay"),
    (_SENSITIVE, "明天大家一起去门口拉横幅。", "a call to crowd together"),
    (_COMPLETE, "【会议通知】4月28日下午3点召开工作会，请各科室负责人参加。", "a meeting without a place"),
)
_LOOK_ALIKES = (
    (_NEWS, "网传停课的消息不实，以学校通知为准。", "a denial is work"),
    (_SENSITIVE, "请各科室妥善处置上访人员。", "an instruction is work"),
    (_COMPLETE, "【会议通知】4月28日下午3点在二楼会议室召开工作会，请各科室负责人参加。", "all is said"),
)
_QUALITY = "content/picture-quality"
_AUTHORISED, _READ = "channels/notice-authorised", "channels/read-by-deadline"


def _unrelated(plant: Planting) -> None:
    """Write red packets, transfers and a poll; and beside them a text that speaks of red packets."""
    group = plant.group()
    for days, kind, text in ((9, "red_packet", "恭喜发财，大吉大利"), (8, "transfer", "转账")):
        plant.message(
            _UNRELATED,
            "fail",
            f"a {kind.replace('_', ' ')}",
            group,
            ago(days, hour=12),
            group.people[2].account,
            text,
            kind=kind,
        )
    plant.message(
        _UNRELATED,
        "suspect",
        "a poll may be about work",
        group,
        ago(7, hour=12),
        group.people[2].account,
        "周末团建去哪里？",
        kind="poll",
    )
    row = plant.message(
        _UNRELATED,
        "pass",
        "a text that forbids red packets is work",
        group,
        ago(6, hour=12),
        group.owner.account,
        "严禁在群内发红包、拉票、转账。",
    )
    plant.estate.label(_TOPIC, "pass", row["id"], "a text that forbids red packets is work", kind="message")
    for rule, text, why in _WORDS:
        plant.message(rule, "suspect", why, group, ago(5, hour=12), group.people[3].account, text)
    for rule, text, why in _LOOK_ALIKES:
        plant.message(rule, "pass", why, group, ago(4, hour=12), group.owner.account, text)


def _stickers(plant: Planting) -> None:
    """Write a burst of stickers, and as many stickers a day apart in another group."""
    group = plant.group()
    burst = [
        post(plant.estate, group, ago(4, hour=12, minute=30 + n // 2), group.people[n].account, "emoji", "[表情]")
        for n in range(7)
    ]
    plant.estate.label(_UNRELATED, "suspect", str(burst[0]["id"]), "seven stickers within minutes", kind="message")
    group = plant.group()
    for number in range(7):
        plant.message(
            _UNRELATED,
            "pass",
            "a sticker a day is no burst",
            group,
            ago(3 + number, hour=12),
            group.people[number].account,
            "[表情]",
            kind="emoji",
        )


def _little_work(plant: Planting) -> None:
    """Write a chat of stickers and videos, and one with a few of them."""
    group = plant.group(talk=False)
    chat(plant.estate, group, 12)
    _noise(plant, group, 60)
    plant.estate.label("content/work-ratio", "suspect", group.id, "most messages are stickers and videos")
    group = plant.group(talk=False)
    chat(plant.estate, group, 40, days=24)
    _noise(plant, group, 4)
    plant.estate.label("content/work-ratio", "pass", group.id, "a few stickers among much work")


def _noise(plant: Planting, group: ChatGroup, count: int) -> None:
    """Post stickers and videos, so far apart that they make no burst."""
    for number in range(count):
        kind, text = ("emoji", "[表情]") if number % 3 else ("video", "")
        moment = ago(20 - number % 18, hour=8 + number // 18 * 3)
        post(plant.estate, group, moment, group.people[number % 6].account, kind, text)


def _notices(plant: Planting) -> None:
    """Write notices of a member, one of them approved, a message at night, and notices that few and most have read."""
    group = plant.group()
    member = group.people[4]
    for day, approver in ((6, None), (5, group.owner)):
        row = post(plant.estate, group, ago(day, hour=14), member.account, "text", "【通知】请各科室核对本科室台账。")
        if approver is None:
            plant.estate.label(
                _AUTHORISED, "fail", row["id"], "a member posts a notice that nobody approved", kind="message"
            )
        else:
            plant.estate.label(_AUTHORISED, "pass", row["id"], "the owner approved it before", kind="message")
            plant.estate.label(_AGREE, "suspect", row["id"], "what was posted the day before", kind="message")
            at = iso(ago(day, hour=11))
            plant.estate.add("approvals", message_id=row["id"], approver_id=approver.id, at=at)
    for hour, verdict, why in ((23, "suspect", "posted in the night"), (20, "pass", "posted in the evening")):
        row = post(plant.estate, group, ago(4, hour=hour, minute=30), group.owner.account, "text", "台账已汇总。")
        plant.estate.label("channels/quiet-hours", verdict, row["id"], why, kind="message")
    group = plant.group(source="feishu")
    for day, readers in ((6, group.people[:2]), (5, group.people)):
        text = "【通知】请于今天下班前向综合科报送台账。"
        row = post(plant.estate, group, ago(day, hour=9), group.owner.account, "text", text)
        for reader in readers:
            read = iso(ago(day, hour=11))
            plant.estate.add("receipts", message_id=row["id"], account_id=reader.account, read_at=read)
        if readers is group.people:
            plant.estate.label(_READ, "pass", row["id"], "everybody read it before noon", kind="message")
        else:
            plant.estate.label(_READ, "fail", row["id"], "two had read it by its deadline", kind="message")


def _again(plant: Planting) -> None:
    """Write a notice twice, one with another hour and one that says so; greetings in a row, and a few."""
    group, other = plant.group(), plant.group()
    notice = "【会议通知】4月28日下午3点在办公楼一楼报告厅召开消防演练部署会，请各科室安全员参加。"
    for hour, text, why in (
        (9, notice, ""),
        (10, notice, "the same again"),
        (11, notice.replace("3点", "4点"), "another hour"),
        (12, notice.replace("3点", "4点（时间调整）"), ""),
    ):
        row = post(plant.estate, group, ago(3, hour=hour), group.owner.account, "text", text)
        if why:
            plant.estate.label(_AGREE, "suspect", str(row["id"]), why, kind="message")
    plant.estate.label(_AGREE, "pass", str(row["id"]), "it says that the hour was changed", kind="message")
    rows = [
        post(plant.estate, group, ago(2, hour=8, minute=number), group.people[number].account, "text", "大家早上好！")
        for number in range(7)
    ]
    plant.estate.label(_FLOOD, "suspect", str(rows[0]["id"]), "seven greetings in seven minutes", kind="message")
    for number in range(3):
        plant.message(
            _FLOOD,
            "pass",
            "three greetings",
            other,
            ago(2, hour=8, minute=number),
            other.people[number].account,
            "早上好",
        )

    for sharpness, verdict, why in ((3, "suspect", "a blurred picture"), (40, "pass", "a sharp picture")):
        row = post(plant.estate, other, ago(2, hour=14), other.owner.account, "image", "")
        file = attach(plant.estate, row, "值班安排.jpg")
        file |= {"text": "四月份值班安排（示例）", "width": 1080, "height": 1440, "sharpness": sharpness}
        plant.estate.label(_QUALITY, verdict, row["id"], why, kind="message")


PLANTS = (
    Plant(1, _unrelated),
    Plant(2, _stickers),
    Plant(2, _little_work),
    Plant(2, _notices),
    Plant(2, _again),
)
