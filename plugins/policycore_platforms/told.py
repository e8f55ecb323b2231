"""What is told of an export: what was mended in it, and what was left out."""

from __future__ import annotations

__all__ = ["NOTES"]

NOTES = {
    "half": ("{count}处半个字符换成了U+FFFD", "{count} {count:text|texts} held half a character; U+FFFD stands for it"),
    "twice": (
        "{count}行重复，只留第一次",
        "{count} {count:row|rows} came again under the same id; the first of each counts",
    ),
    "differ": (
        "{count}条消息与另一条编号相同、内容不同，都保留",
        "{count} {count:message bears|messages bear} the id of another and {count:says|say} something else; all stay",
    ),
    "time": (
        "{count}处时间读不出，记作未知",
        "{count} {count:time|times} cannot be read and {count:counts|count} as unknown",
    ),
    "reply": (
        "{count}条消息回复的是导出中没有的消息，记作未知",
        "{count} {count:message answers|messages answer} one that the export does not hold; which one counts as "
        "unknown",
    ),
    "private": (
        "{count}个单聊没有读取：不是群",
        "{count} private {count:chat is|chats are} not read: they are no groups",
    ),
    "none": ("{count}项没有编号，没有读取", "{count} {count:item has no id and is|items have no id and are} not read"),
    "edited": (
        "{count}条消息发出后修改过，导出中只有修改后的文字；要看到修改前的内容，请保留以前的导出并一起导入",
        "{count} {count:message was|messages were} changed after sending, and the export has the last text alone: what "
        "stood there before is not seen, unless earlier exports are kept and imported as well",
    ),
    "nul": (
        "{count}处有看不见的空字符（NUL），已去掉",
        "{count} {count:text|texts} held the character NUL, which nobody sees; it is left out",
    ),
    "saved": (
        "{count}个文件从名称看是旁边文件的副本，按同一个群读取；如果是另一个群，请改名",
        "{count} {count:file is|files are} called as a copy of the one beside and read as the same group; rename what "
        "is another",
    ),
    "packed": (
        "{count}个附件在压缩包里，没有读取其中的文字：请解压后导入",
        "{count} {count:attachment lies|attachments lie} in the archive, whose texts are not read: unpack it first",
    ),
    "members": (
        "{count}个聊天没有成员名单：这次导出的成员都记作未知",
        "{count} {count:chat has|chats have} no list of members: of this export all members count as unknown",
    ),
    "alone": (
        "{count}条消息不在群里，没有读取",
        "{count} {count:message was|messages were} sent in no group and are not read",
    ),
}
