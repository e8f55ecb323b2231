"""The tables of an estate: everything known about groups, people and messages at one moment.

These classes are the single definition of design §3; the Parquet schema, the JSON Schema, the
reference page and the import's validation all derive from them (`policycore.model.schema`).
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from policycore.model.columns import PostTime, Row, Time, column
from policycore.model.hand_ins import Designation, Listing, Submission

__all__ = [
    "MADE_TABLES",
    "TABLES",
    "Account",
    "AccountKind",
    "Appointment",
    "Approval",
    "Attachment",
    "Department",
    "Difference",
    "Event",
    "EventKind",
    "FilePlace",
    "FileText",
    "Group",
    "GroupKind",
    "GroupSource",
    "JoinScene",
    "Membership",
    "Message",
    "MessageType",
    "Person",
    "PersonStatus",
    "Receipt",
    "Role",
    "Scope",
    "Task",
    "TaskState",
]


class PersonStatus(StrEnum):
    """Whether a person is in post."""

    ACTIVE = "active"
    RETIRED = "retired"
    DEPARTED = "departed"
    SECONDED = "seconded"
    LEAVE = "leave"


class AccountKind(StrEnum):
    """Whose account it is: of the organization, of an outsider, of a machine."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    BOT = "bot"


class GroupKind(StrEnum):
    """How long a group is meant to live: standing, for a project, temporary."""

    STANDING = "standing"
    PROJECT = "project"
    TEMPORARY = "temporary"


class Role(StrEnum):
    """What a member is in the group."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class JoinScene(StrEnum):
    """How a member came in."""

    INVITE = "invite"
    LINK = "link"
    QR = "qr"
    CREATED = "created"


class EventKind(StrEnum):
    """What happened to a group."""

    CREATE = "create"
    JOIN = "join"
    LEAVE = "leave"
    REMOVE = "remove"
    RENAME = "rename"
    TRANSFER = "transfer"
    ADMIN_ADDED = "admin_added"
    ADMIN_REMOVED = "admin_removed"
    ANNOUNCEMENT = "announcement"
    APPROVAL_ON = "approval_on"
    APPROVAL_OFF = "approval_off"
    DISSOLVE = "dissolve"
    OTHER = "other"


class MessageType(StrEnum):
    """What a message is made of."""

    TEXT = "text"
    IMAGE = "image"
    FILE = "file"
    VOICE = "voice"
    VIDEO = "video"
    LINK = "link"
    EMOJI = "emoji"
    RED_PACKET = "red_packet"
    TRANSFER = "transfer"
    POLL = "poll"
    FORWARD = "forward"
    SYSTEM = "system"
    RECALL = "recall"
    OTHER = "other"


class TaskState(StrEnum):
    """Whether the work a group was made for goes on."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Scope(BaseModel):
    """Who belongs in a group: anyone who matches any of these lists."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    departments: tuple[str, ...] = Field((), description="department ids")
    ranks: tuple[str, ...] = Field((), description="ranks of an appointment in force")
    titles: tuple[str, ...] = Field((), description="titles of an appointment in force")
    duties: tuple[str, ...] = Field((), description="duties of an appointment in force")
    people: tuple[str, ...] = Field((), description="person ids")


_ABOUT_SOMEBODY = "{row}.kind IN ('join', 'leave', 'remove', 'transfer', 'admin_added', 'admin_removed')"
_SENT_BY_SOMEBODY = "{row}.type NOT IN ('system', 'recall')"
# What a picture or a recording says is unknown as long as nobody has read it.
_SAYS_SOMETHING = "{row}.type IN ('text', 'image', 'file', 'voice', 'video', 'link', 'forward', 'other')"


class Department(Row):
    """A department of the organization."""

    id: str = column("部门编号", "stable id of the department", key=True, required=True)
    name: str = column("部门名称", "official name", required=True, headers=("部门", "单位", "单位名称"))
    aliases: tuple[str, ...] | None = column("部门别名", "other names people use for it", headers=("简称",))
    parent_id: str | None = column("上级部门", "the department above it", references="departments")
    kind: str | None = column("部门类型", "what sort of department it is, in the organization's words")


class Person(Row):
    """A person of the directory."""

    id: str = column("人员编号", "stable id of the person", key=True, required=True, headers=("工号",))
    name: str = column("姓名", "real name", required=True)
    former_names: tuple[str, ...] | None = column("曾用名", "names the person had before", headers=("原名", "别名"))
    status: PersonStatus | None = column(
        "状态", "whether the person is in post", headers=("人员状态", "在职状态"), always=True
    )
    status_since: PostTime | None = column("状态起始", "since when the status holds", headers=("状态日期",))


class Appointment(Row):
    """A post that a person holds in a department for a time."""

    person_id: str = column(
        "人员编号", "who holds the post", key=True, required=True, references="people", headers=("工号",)
    )
    department_id: str = column(
        "部门编号", "where the post is", key=True, required=True, references="departments", headers=("部门",)
    )
    title: str | None = column("职务", "title of the post", key=True)
    rank: str | None = column("职级", "rank of the post, for example 中层正职")
    duties: tuple[str, ...] | None = column("分工", "duties that come with it, for example 党建", headers=("职责",))
    since: PostTime | None = column("任职时间", "first moment in the post", key=True)
    until: PostTime | None = column("免职时间", "first moment no longer in the post", ends=True)


class Account(Row):
    """An account on a platform; a person may have several."""

    id: str = column("账号", "stable id of the account", key=True, required=True, headers=("微信号", "账号编号"))
    platform: str | None = column("平台", "platform the account is on")
    person_id: str | None = column("人员编号", "whose account it is", references="people", headers=("工号",))
    kind: AccountKind | None = column("账号类型", "internal, external or bot", always=True)
    name: str | None = column("账号名称", "the account's own name (not the display name in a group)", headers=("昵称",))


class Group(Row):
    """A chat group, known by its id and never by its name."""

    id: str = column("群编号", "stable id of the group", key=True, required=True, headers=("群ID", "群号"))
    source: str | None = column("来源", "name of the manifest's source that supplied the group")
    platform: str | None = column("平台", "platform the group is on")
    name: str | None = column("群名称", "name of the group", headers=("群名",), always=True)
    kind: GroupKind | None = column("群类型", "standing, project or temporary", headers=("类型",), always=True)
    purpose: str | None = column("用途", "what the group is for", headers=("建群目的", "群用途"))
    department_id: str | None = column(
        "所属部门", "department that answers for it", references="departments", headers=("部门",)
    )
    creator_id: str | None = column("建群人", "account that created it", references="accounts", headers=("创建人",))
    owner_id: str | None = column(
        "群主", "account that owns it: the directly responsible person", references="accounts"
    )
    responsible_id: str | None = column("第一责任人", "person who is first responsible", references="people")
    created_at: Time | None = column("建群时间", "when it was created", headers=("创建时间",), always=True)
    registered_at: Time | None = column("备案时间", "when it was registered")
    dissolved_at: Time | None = column("解散时间", "when it was dissolved", ends=True)
    join_approval: bool | None = column(
        "入群确认", "whether joining needs the owner's approval", headers=("进群确认",), always=True
    )
    qr_join: bool | None = column("二维码入群", "whether people can join by QR code", always=True)
    announcement: str | None = column("群公告", "the announcement shown in the group")
    task_id: str | None = column(
        "任务编号", "task that the group was made for", references="tasks", headers=("对应任务",)
    )
    scope: Scope | None = column("成员范围", "who belongs in the group")
    successor_of: str | None = column("前身群", "group that this one replaces", references="groups")


class Membership(Row):
    """One account's stay in one group, in one role."""

    group_id: str = column(
        "群编号", "the group", key=True, required=True, references="groups", headers=("群ID", "群号")
    )
    account_id: str = column(
        "账号", "the account", key=True, required=True, references="accounts", headers=("微信号", "账号编号")
    )
    role: Role | None = column("角色", "owner, admin or member", key=True, headers=("群内角色",), always=True)
    display_name: str | None = column("群昵称", "the name shown in this group", headers=("群内昵称", "群名片"))
    joined_at: Time | None = column("入群时间", "when this stay began", key=True, always=True)
    left_at: Time | None = column("退群时间", "when this stay ended", ends=True)
    inviter_id: str | None = column("邀请人", "account that brought the member in", references="accounts")
    join_scene: JoinScene | None = column("入群方式", "invite, link, qr or created", always=True)


class Event(Row):
    """Something that happened to a group."""

    id: str = column("事件编号", "stable id of the event", key=True, required=True)
    group_id: str = column("群编号", "the group", required=True, references="groups", headers=("群ID",))
    at: Time | None = column("时间", "when it happened", always=True)
    kind: EventKind | None = column("事件类型", "what happened", always=True)
    actor_id: str | None = column("操作人", "account that did it", references="accounts")
    subject_id: str | None = column(
        "对象",
        "account that it was done to",
        references="accounts",
        always=_ABOUT_SOMEBODY,
    )
    detail: str | None = column("说明", "the platform's own words or a value, for example the new name")


class Message(Row):
    """One message posted in a group."""

    id: str = column("消息编号", "stable id of the message", key=True, required=True)
    group_id: str = column("群编号", "the group", required=True, references="groups", headers=("群ID",))
    sent_at: Time | None = column("发送时间", "when it was sent", headers=("时间",), always=True)
    sender_id: str | None = column("发送人", "account that sent it", references="accounts", always=_SENT_BY_SOMEBODY)
    type: MessageType | None = column("消息类型", "what it is made of", headers=("类型",), always=True)
    text: str | None = column(
        "内容",
        "its text",
        headers=("消息内容",),
        always=_SAYS_SOMETHING,
    )
    reply_to: str | None = column("回复", "message that it answers", references="messages")
    recalled_at: Time | None = column("撤回时间", "when it was recalled", ends=True)
    mentions: tuple[str, ...] | None = column("提及", "account ids it mentions")


class Attachment(Row):
    """A file that came with a message."""

    id: str = column("附件编号", "stable id of the attachment", key=True, required=True)
    message_id: str = column("消息编号", "the message", required=True, references="messages")
    name: str | None = column("文件名", "file name as sent", always=True)
    media_type: str | None = column("媒体类型", "IANA media type")
    size: int | None = column("大小", "size in bytes")
    sha256: str | None = column("哈希", "SHA-256 of the content, 64 hex digits")
    path: str | None = column("路径", "where the content lies, below the estate's folder")
    text: str | None = column("文字", "text taken out of its content", always=True)
    width: int | None = column("宽", "of a picture: pixels from left to right, 0 where it cannot be decoded")
    height: int | None = column("高", "of a picture: pixels from top to bottom, 0 where it cannot be decoded")
    sharpness: int | None = column("清晰度", "of a picture: change from pixel to pixel by its contrast, in percent")


class Receipt(Row):
    """Proof by the platform that an account read a message."""

    message_id: str = column("消息编号", "the message", key=True, required=True, references="messages")
    account_id: str = column("账号", "who read it", key=True, required=True, references="accounts")
    read_at: Time | None = column("阅读时间", "when it was read", always=True)


class Approval(Row):
    """A recorded approval of a message before it was posted."""

    message_id: str = column("消息编号", "the message", key=True, required=True, references="messages")
    approver_id: str = column("审批人", "person who approved it", key=True, required=True, references="people")
    at: Time | None = column("审批时间", "when it was approved", key=True, always=True)


class Task(Row):
    """A piece of work that a group was made for."""

    id: str = column("任务编号", "stable id of the task", key=True, required=True)
    title: str | None = column("任务名称", "what is to be done", headers=("任务",))
    department_id: str | None = column("责任部门", "whose it is", references="departments")
    person_id: str | None = column("责任人", "who does it", references="people", headers=("负责人",))
    due_at: Time | None = column("截止时间", "when it is due", headers=("截止日期",))
    state: TaskState | None = column("任务状态", "open, done or cancelled", always=True)
    done_at: Time | None = column("完成时间", "when it was done")


TABLES: dict[str, type[Row]] = {
    "departments": Department,
    "people": Person,
    "appointments": Appointment,
    "accounts": Account,
    "groups": Group,
    "memberships": Membership,
    "events": Event,
    "messages": Message,
    "attachments": Attachment,
    "receipts": Receipt,
    "approvals": Approval,
    "tasks": Task,
    "submissions": Submission,
    "designations": Designation,
    "listings": Listing,
}


class GroupSource(Row):
    """What one of several sources supplies of one group."""

    group_id: str = column("群编号", "the group", key=True, required=True, references="groups")
    source: str = column("来源", "the source that knows it", key=True, required=True)
    fields: tuple[str, ...] | None = column("字段", "every table.column that this source supplies of it")


class Difference(Row):
    """One cell of which two sources say different things; what the first says stands in its table."""

    field: str = column("字段", "table.column of the cell", key=True, required=True)
    id: str = column("编号", "id of the row; of a membership, group/account", key=True, required=True)
    group_id: str | None = column("群编号", "the group that the row belongs to", references="groups")
    source: str = column("来源", "the source that counts", required=True)
    value: str | None = column("值", "what it says; of a text only its length, in brackets")
    other_source: str = column("另一来源", "the source that says something else", key=True, required=True)
    other_value: str | None = column("另一值", "what that one says")


class FileText(Row):
    """What an import made of one file, once however often it was sent; the text itself is with its attachments."""

    sha256: str = column("哈希", "SHA-256 of the content", key=True, required=True)
    extractor: str = column("读取程序", "what took the text out, with its versions", required=True)
    kind: str = column("种类", "what the file is by its content", required=True)
    characters: int = column("字数", "length of the text", required=True)
    unread: tuple[str, ...] | None = column("未读", "parts that could not be read: reason, and file inside it and page")


class FilePlace(Row):
    """Where in a file a piece of its text stands."""

    sha256: str = column("哈希", "SHA-256 of the content", key=True, required=True)
    offset: int = column("位置", "where the piece begins in the text", key=True, required=True)
    file: str | None = column("内含文件", "the file inside the file")
    page: int | None = column("页", "page, slide or sheet, from 1")
    box: tuple[str, ...] | None = column("区域", "left, top, width, height in thousandths of the page")


MADE_TABLES: dict[str, type[Row]] = {
    "group_sources": GroupSource,
    "differences": Difference,
    "file_texts": FileText,
    "file_places": FilePlace,
}
"""Tables that an import of several sources makes; no file holds them."""
