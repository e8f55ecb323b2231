"""Plant classification marks in chats and file names, and talk about secrecy that is none.

The marks stand on invented, empty headings: nothing here is or was ever secret.
"""

from __future__ import annotations

from policycore.demo.chats import attach, post
from policycore.demo.estate import ago
from policycore.demo.violations.plant import Plant, Planting

__all__ = ["PLANTS"]

_MARK, _MARK_ON_GROUP = "secrecy/classification-mark", "secrecy/classification-mark-on-group"
_MARKED = ("机密★10年 关于会议安排的说明（示例）", "请看：秘密 ★ 1 年，示例文件", "绝密★长期（示例）")
_CLEAN = (
    "请大家学习《中华人民共和国保守国家秘密法》，做好保密教育。",
    "这已经是公开的秘密了，大家按通知办。",
    "涉密不上网、上网不涉密，请各科室自查。",
    "机密文件柜的钥匙请到综合科登记。",
)


def _marks(plant: Planting) -> None:
    """Write marks in messages and in a file name; beside them sentences that only name secrecy."""
    group = plant.group()
    plant.estate.label("secrecy/name-hides-unit", "fail", group.id, "its unit is in its name")
    plant.estate.label("secrecy/announcement-reminds", "fail", group.id, "the announcement says nothing of secrets")
    sender = group.people[3].account
    for number, text in enumerate(_MARKED):
        plant.message(_MARK, "fail", "a level, a star and a period", group, ago(10 - number, hour=11), sender, text)
    row = post(plant.estate, group, ago(5, hour=11), sender, "file", "")
    attach(plant.estate, row, "秘密★5年-工作方案（示例）.pdf")
    plant.estate.label(_MARK, "fail", str(row["id"]), "a mark in the file's name", kind="message")
    group = plant.group()
    for number, text in enumerate(_CLEAN):
        plant.message(
            _MARK,
            "pass",
            "speaks of secrecy and marks nothing",
            group,
            ago(10 - number, hour=11),
            group.owner.account,
            text,
        )


def _marks_on_groups(plant: Planting) -> None:
    """Write a mark in a group's announcement; beside it an announcement that forbids secrets."""
    for announcement, verdict, why in (
        ("机密★5年 本群传达内容（示例）不得外传。", "fail", "a mark in the announcement"),
        ("严禁在群内发布秘密、机密、绝密级内容，保守国家秘密。", "pass", "an announcement that forbids secrets"),
    ):
        group = plant.group(row={"announcement": announcement})
        plant.estate.label(_MARK_ON_GROUP, verdict, group.id, why)
        if verdict == "pass":
            plant.estate.label("secrecy/announcement-reminds", "pass", group.id, "an announcement that forbids secrets")


def _names(plant: Planting) -> None:
    """Write a group that is named by a number; most are named after their unit and say nothing of secrets."""
    plant.estate.label("secrecy/name-hides-unit", "pass", plant.group(name="G17联络").id, "named by a number")


_SAID = {
    "secrecy/listed-phrases": ("内部资料（示例），请阅。", "严禁在群内发布内部资料。"),
    "secrecy/not-to-be-passed-on": ("考务安排如下（示例），请勿外传！", "群成员不得转发谣言。"),
    "secrecy/bulk-personal-data": (
        "\n".join(f"示例{number} 1390000{number:04}" for number in range(30)),
        "\n".join(f"示例{number} 会议编号{number:04}" for number in range(30)),
    ),
    "secrecy/passed-on": (
        "岗位调整（示例）还没公示，我先给各位透个风。",
        "岗位调整的结果已经公示，请大家查看公告栏。",
    ),
    "secrecy/credential": ("测试账号 demo，密码：Demo-2024-xk", "请及时修改密码，长度不少于8位。"),
}
"""By rule, what a person must look at and what only looks like it."""


def _said(plant: Planting) -> None:
    """Write what does not belong in a chat, each beside what says nothing of the kind."""
    group = plant.group()
    for number, (rule, (said, clean)) in enumerate(_SAID.items()):
        plant.message(
            rule,
            "suspect",
            "is for a person to judge",
            group,
            ago(10 - number, hour=11),
            group.people[3].account,
            said,
        )
        plant.message(rule, "pass", "only looks like it", group, ago(10 - number, hour=12), group.owner.account, clean)


PLANTS = (Plant(2, _marks), Plant(2, _marks_on_groups), Plant(1, _names), Plant(1, _said))
