"""The words of closed columns: those of the model, and what people write for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from policycore.model.schema import ColumnSchema, table_schemas

__all__ = ["MEMBER_COUNTS", "closed_columns", "enumeration_words", "fold_word", "meant_word"]

MEMBER_COUNTS = frozenset(
    [
        "人数",
        "成员数",
        "群人数",
        "成员人数",
        "群成员数",
        "成员数量",
        "人数(人)",
        "群人数(人)",
        "规模",
        "群规模",
        "现有人数",
        "members",
        "size",
        "no.ofmembers",
        "numberofmembers",
        "membercount",
    ]
)
"""Headers of how many are in a group, which is counted in the list of its members and never taken from elsewhere."""

_ENUMERATIONS: dict[str, dict[str, str]] = {
    "people.status": {
        "在职": "active", "在岗": "active", "在编": "active", "在编在岗": "active", "在职在编": "active",
        "在职在岗": "active", "在聘": "active", "聘用": "active", "聘用制": "active", "合同制": "active",
        "编外": "active", "返聘": "active", "退休返聘": "active", "试用": "active", "试用期": "active",
        "退休": "retired", "已退休": "retired", "离休": "retired", "离退休": "retired", "内退": "retired",
        "退养": "retired", "离职": "departed", "已离职": "departed", "调离": "departed", "已调离": "departed",
        "调出": "departed", "辞职": "departed", "辞退": "departed", "解聘": "departed", "离校": "departed",
        "去世": "departed", "已故": "departed", "借调": "seconded", "借出": "seconded", "外借": "seconded",
        "挂职": "seconded", "挂职锻炼": "seconded", "休假": "leave", "请假": "leave", "病休": "leave",
        "病假": "leave", "产假": "leave", "事假": "leave", "哺乳假": "leave", "进修": "leave",
        "脱产学习": "leave", "访学": "leave", "停薪留职": "leave", "长期病休": "leave", "长病假": "leave",
        "正常": "active", "在职人员": "active", "人事代理": "active", "劳务派遣": "active", "外聘": "active",
        "临聘": "active", "聘任制": "active", "事业编": "active", "事业编制": "active", "退居二线": "active",
        "离岗退养": "retired", "提前退休": "retired", "退休人员": "retired", "开除": "departed", "已离校": "departed",
        "解除合同": "departed", "合同到期": "departed", "除名": "departed", "外派": "seconded",
        "借调外单位": "seconded", "借调在外": "seconded", "援疆": "seconded", "援藏": "seconded", "驻村": "seconded",
        "支教": "seconded", "抽调": "seconded", "合同工": "active", "临时工": "active", "编制外": "active",
        "调走": "departed", "调任": "departed", "病故": "departed",
    },
    "accounts.kind": {
        "内部": "internal", "外部": "external", "机器人": "bot", "内部账号": "internal", "外部账号": "external",
    },
    "groups.kind": {
        "常设": "standing", "常设群": "standing", "常态": "standing", "常态化": "standing", "长期": "standing",
        "长期群": "standing", "固定": "standing", "日常": "standing", "专项": "project", "专项群": "project",
        "项目": "project", "项目群": "project", "专题": "project", "专项工作": "project", "临时": "temporary",
        "临时群": "temporary", "临时性": "temporary", "短期": "temporary", "阶段性": "temporary",
        "permanent": "standing",
    },
    "memberships.role": {
        "群主": "owner", "管理员": "admin", "群管理员": "admin", "成员": "member", "群成员": "member",
        "普通成员": "member", "管理": "admin",
    },
    "memberships.join_scene": {
        "邀请": "invite", "邀请入群": "invite", "群主邀请": "invite", "管理员邀请": "invite",
        "成员邀请": "invite",
        "好友邀请": "invite", "拉入": "invite", "群主拉入": "invite", "扫码进群": "qr",
        "二维码入群": "qr", "链接": "link", "链接入群": "link", "二维码": "qr", "扫码": "qr",
        "扫码入群": "qr", "扫描二维码": "qr", "通过扫描二维码": "qr", "扫描二维码入群": "qr",
        "扫描二维码进群": "qr", "二维码进群": "qr", "邀请进群": "invite", "链接进群": "link",
        "建群": "created", "创建": "created",
    },
    "events.kind": {
        "建群": "create", "入群": "join", "加入": "join", "退群": "leave", "退出": "leave", "移出": "remove",
        "踢出": "remove", "改名": "rename", "修改群名": "rename", "转让群主": "transfer", "转让": "transfer",
        "设置管理员": "admin_added", "取消管理员": "admin_removed", "群公告": "announcement",
        "开启入群确认": "approval_on",
        "关闭入群确认": "approval_off", "解散": "dissolve", "其他": "other",
    },
    "messages.type": {
        "文本": "text", "文字": "text", "图片": "image", "文件": "file", "语音": "voice", "视频": "video",
        "链接": "link", "表情": "emoji", "红包": "red_packet", "转账": "transfer", "投票": "poll", "接龙": "poll",
        "转发": "forward",
        "聊天记录": "forward", "系统": "system", "系统消息": "system", "撤回": "recall", "其他": "other",
    },
    "tasks.state": {
        "进行中": "open", "未完成": "open", "已完成": "done", "完成": "done", "已结束": "done", "取消": "cancelled",
        "已取消": "cancelled", "终止": "cancelled", "已终止": "cancelled", "中止": "cancelled", "撤销": "cancelled",
        "办结": "done", "已办结": "done", "完结": "done", "已完结": "done", "结束": "done", "是": "done",
        "推进中": "open", "正在推进": "open", "持续推进": "open", "在办": "open", "办理中": "open", "未办结": "open",
        "未开始": "open", "未启动": "open", "否": "open", "正在进行": "open", "100%": "done",
        "长期坚持": "open", "长期": "open",
    },
    "submissions.medium": {
        "纸质": "paper", "纸质版": "paper", "纸质件": "paper", "纸质稿": "paper", "纸质材料": "paper", "纸版": "paper",
        "纸": "paper", "书面": "paper", "打印件": "paper", "原件": "paper",
        "电子": "electronic", "电子版": "electronic", "电子件": "electronic", "电子稿": "electronic",
        "电子文档": "electronic", "电子邮件": "electronic", "邮件": "electronic", "邮箱": "electronic",
        "e-mail": "electronic", "email": "electronic",
    },
    "designations.role": {
        "负责党建工作的副职": "deputy", "党建副职": "deputy", "副职": "deputy", "联络员": "liaison",
    },
    "listings.handling": {
        "保留": "keep", "继续使用": "keep", "解散": "dissolve", "撤销": "dissolve", "注销": "dissolve", "合并": "merge",
        "并入": "merge", "整合": "merge", "更名": "rename", "改名": "rename", "备案": "register", "补备案": "register",
        "重新备案": "register", "留": "keep",
    },
}  # fmt: skip

_AT_A_MOMENT = {"people.status": ("not-yet",)}
"""Words that no register holds: who begins later is not there yet."""


def fold_word(text: str) -> str:
    """Return a header or word in the form in which it is compared: one width, no spaces, no case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def enumeration_words(column: ColumnSchema) -> dict[str, str]:
    """Return the accepted words of an enumeration with the value that each means."""
    return {**_ENUMERATIONS.get(column.field, {}), **{value.casefold(): value for value in column.values}}


def closed_columns() -> Mapping[str, tuple[str, ...]]:
    """Return by ``table.column`` the words that each closed column can hold."""
    return {
        column.field: (*column.values, *_AT_A_MOMENT.get(column.field, ()))
        for schema in table_schemas().values()
        for column in schema.columns.values()
        if column.values
    }


def meant_word(word: str, known: tuple[str, ...], field: str = "") -> str | None:
    """Return which of the `known` words of a closed column people mean by `word`; None where that is not clear.

    Without its `field` any closed column that has all the known words counts, if they agree.
    """
    fields = [field] if field else [name for name, words in closed_columns().items() if set(known) <= set(words)]
    meant = {found for name in fields if (found := _ENUMERATIONS.get(name, {}).get(fold_word(word))) in known}
    meant |= {one for one in known if fold_word(one) == fold_word(word)}
    return meant.pop() if len(meant) == 1 else None
