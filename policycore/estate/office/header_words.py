"""What people head the columns of their own lists by, as words and as patterns of how words are put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

__all__ = ["LISTS", "before_contact", "before_number", "is_of_somebody", "put_together", "spelt_headers"]

# Headers of registers that name people and groups instead of ids, with what they mean there.
_UNIT = "部门 部门名称 单位 单位名称 所属部门 所属单位 所在部门 所在单位 责任部门 主管部门 归属部门 department unit"
_BY_NAME: dict[str, dict[str, str]] = {
    "departments": {"name": "department departmentname unit", "aliases": "部门简称 单位简称 曾用名"},
    "groups": {
        "admins": "群管理员 管理员 群管理员姓名 管理员姓名 管理员账号 管理员帐号 管理员工号 群管 "
        "群管理人员 群组管理员 admin admins administrator "
        "administrators groupadmin",
        "name": "微信群名称 微信群名 微信工作群名称 工作群名称 工作群名 群组名称 群聊名称 群聊名 "
        "企业微信群名称 钉钉群名称 QQ群名称 groupname group chatname",
        "owner_id": "群主姓名 群主及职务 群主及电话 群主及联系方式 群主/联系方式 群主/电话 "
        "群负责人 群主(负责人) 群主直接责任人 直接责任人 直接负责人 群责任人 "
        "群主(直接责任人) 群主工号 群主职工号 群主账号 群主帐号 owner groupowner",
        "creator_id": "建群人姓名 创建者 建群者 发起人 creator createdby",
        "responsible_id": "第一责任人姓名 第一负责人 负责人 负责人姓名 部门负责人 单位负责人 主要负责人 responsible "
        "firstresponsible",
        "purpose": "建群缘由 建群事由 建群原因 建立缘由 建立原因 "
        "主要用途 群用途说明 主要功能 群功能 用途说明 建群用途 工作内容 purpose use",
        "created_at": "成立时间 建立时间 建群日期 创建日期 成立日期 建群年月 组建时间 created createdat createdon",
        "registered_at": "登记时间 备案日期 登记日期 registered",
        "dissolved_at": "解散日期 注销时间 解散时间(如已解散) dissolved",
        "state": "群状态 状态 群组状态 工作群状态 当前状态 目前状态 使用状态 使用情况 存续状态 存续情况 运行状态",
        "ended": "是否解散 是否已解散 是否注销 是否已注销",
        "kind": "群类别 群性质 类别 性质 kind type",
        "department_id": f"{_UNIT} 填报部门 填报单位 建群单位 建群部门 主办部门",
        "join_approval": "进群是否需群主确认 入群是否需确认 是否开启入群确认 进群是否确认 是否需群主确认 "
        "群聊邀请确认 是否开启群聊邀请确认",
        "qr_join": "二维码进群 是否允许二维码入群 是否可扫码入群 扫码入群 扫码进群 是否允许扫码进群",
        "members": "群成员 成员 成员名单 群成员名单 成员姓名",
        "scope": "使用范围 适用范围 人员范围 群成员范围 覆盖范围 入群范围 进群范围 入群人员范围 scope",
        "handling": "处理方式 处置方式 处置意见 拟处置意见 拟处理意见 清理方式 处理措施 整改措施 清理结果",
        "done_at": "处理时间 清理时间 整改时间",
        "into_id": "并入群 并入群名称 合并到",
        "announcement": "公告 群公告内容",
        "platform": "平台名称 所用平台 群平台 platform",
    },
    "memberships": {
        "group_id": "群名称 群名 微信群名称 工作群名称 所在群 groupname group",
        "account_id": "姓名 成员 成员姓名 群成员 工号 职工号 教工号 员工号 member name",
        "display_name": "群内昵称 群名片 群内名称 群内备注名 昵称 在群昵称 群内显示名 群内显示名称 群显示名 群里名字 "
        "群里的名字 群里昵称 群聊昵称 群中昵称 显示名称 微信群昵称 工作群昵称 displayname nickname",
        "role": "身份 群内身份 群内角色 群身份 role",
        "joined_at": "进群时间 加入时间 入群日期 joined",
        "join_scene": "进群方式 加入方式 进群途径 入群途径 进群渠道 入群渠道",
        "inviter_id": "邀请者 拉入人 拉群人",
        "department": f"{_UNIT}",
    },
    "people": {
        "name": "教职工姓名 人员姓名 名字 领导姓名 干部姓名 职工姓名 name fullname",
        "id": "职工号 教工号 员工号 人员工号 employeeid staffid employeeno employeeno. "
        "employeenumber staffno staffno. staffnumber",
        "department_id": f"{_UNIT} 原部门 原单位 工作部门 工作单位 现单位",
        "account": "账号 帐号 账户 登录账号 企业微信账号 企业微信帐号 userid",
        "status": "人员类别 人员性质 人员状态 在岗状态 在岗情况 在编情况 编制情况 status",
        "status_since": "退休时间 离职时间 调离时间 离退休时间 退休日期 离职日期 状态时间 变动时间 "
        "变动日期 异动时间 异动日期 状态变动时间 离岗时间 调出时间",
        "title": "职务 岗位 现任职务 行政职务 党政职务 职务名称 职务岗位 现任职务及级别 title jobtitle post position",
        "rank": "职级 级别 行政级别 干部级别 rank",
        "duties": "分工 职责 分管工作 工作分工 duties",
        "since": "任职时间 任现职时间 任职日期 到岗时间",
        "until": "免职时间 免职日期",
    },
    "accounts": {"person_id": "姓名 使用人 name"},
    "appointments": {"person_id": "姓名 name", "department_id": _UNIT},
    "tasks": {
        "title": "任务 工作任务 工作事项 事项 事项名称 专项工作 专项任务 重点工作 项目名称 task title",
        "department_id": f"{_UNIT}",
        "due_at": "due deadline",
        "state": "完成情况 进展 进展情况 工作进展 状态 完成状态 办理情况 办结情况 落实情况 是否完成 是否办结 status",
        "done_at": "办结时间 完成日期 办结日期 结束时间",
    },
    "submissions": {
        "department_id": "部门名称 单位 单位名称 报送单位 报送部门 交表部门 交表单位",
        "kind": "材料 材料名称 报送材料 报送内容 表名 表格 表格名称 所报材料",
        "medium": "介质 形式 报送介质 报送方式 交表方式 交表形式 提交形式 提交方式 材料形式 载体 medium",
        "received_at": "交表时间 交表日期 收表时间 收件时间 收到日期 收到时刻 送达时间 送交时间 "
        "提交时间 报送时间 上报时间 接收时间 签收时间 received",
        "receiver": "收件人 签收人 收表人 经收人 经手人",
        "place": "地点 接收地点 送达地点",
        "file": "附件名称 附件 附件文件 材料文件 报送文件 电子版 电子版文件名 file filename",
        "signed": "是否签字 签字 签名 是否签名 signed",
        "sealed": "是否盖章 盖章 是否加盖公章 加盖公章 sealed",
    },
}


_group = "(?:微信|企业微信|钉钉|QQ|工作|通讯|交流)*群(?:聊|组)?"
_unit_words = "(?:部门|单位|处室|科室|学院|院系|机构)"
_away = "(?:借调|借用|挂职|返聘|抽调|外派|派驻|退休|离休|内退|离职|辞职|调离|调出|休假|请假|离校)"
_of_unit = (
    "(?:使用|归口|牵头|承办|负责|所属|所在|主管|管理|责任|建群|填报|报送|主办|归属|隶属|二级|工作|返聘|聘用|聘任|现|原)?"
    f"{_unit_words}(?:名称|全称)?"
)
_LIKE: dict[str, dict[str, str]] = {
    "groups": {
        "name": rf"(?:(?:清理|整改|规范|排查)前的?)?(?:{_group}(?:的)?(?:名称|名字?|全称)?|名称)",
        "owner_id": rf"(?:现任?|目前|当前)?(?:微信|企业微信|工作)*群主(?:的)?(?:姓名|名字|名单)?|{_group}所有者",
        "admins": rf"(?:日常|指定|现任|{_group})*的?(?:日常)?(?:管理员|管理人员?|管理者)(?:姓名|名单)?|副群主",
        "created_at": rf"(?:{_group})?的?(?:建立|建群?|创建|成立|组建|开群|开通|启用|设立)群?(?:时间|日期|年月|年份)",
        "dissolved_at": rf"(?:{_group})?(?:的)?已?(?:解散|注销|撤销)(?:时间|日期)",
        "purpose": rf"(?:{_group})?(?:的)?(?:主要)?(?:用途|功能|目的|作用|职能)(?:说明)?",
        "kind": rf"{_group}(?:的)?(?:类型|类别|性质|分类)",
        "department_id": _of_unit,
    },
    "memberships": {
        "group_id": rf"{_group}(?:的)?(?:名称|名字?|全称)",
        "department": _of_unit,
        "role": "(?:在|本)?群(?:聊|内|中|里)?(?:的|所?担任的?)?(?:职务|角色|身份|岗位|权限)",
        "joined_at": "(?:入群|进群|加群|加入群?聊?|拉入群?)(?:的)?(?:时间|日期|年月)",
        "left_at": "(?:退群|退出群?聊?|离群|离开群?|移出群?聊?|清退)(?:的)?(?:时间|日期|年月)",
        "owner_tick": "群主",
        "admin_tick": "群?管理员|群管",
        "is_owner": "(?:是否|是不是)(?:为|是)?群主",
        "is_admin": "(?:是否|是不是)(?:为|是)?(?:群?管理员|群管)",
        "is_officer": "(?:是否|是不是)(?:为|是)?群主(?:[及和与或、/]|或者)(?:群?管理员|群管)",
    },
    "tasks": {
        "department_id": _of_unit,
        "due_at": "(?:要求|计划|预计|规定|应)(?:完成|办结)(?:时间|日期|时限)"
        "|(?:完成|办结|办理|工作)?(?:时限|期限|截止(?:时间|日期|时限))",
        "done_at": "(?:实际)?(?:完成|办结)(?:时间|日期)",
    },
    "submissions": {
        "received_at": "(?:材料)?(?:报送|提交|上交|收到|接收|送达|交表|收表|签收|上报)(?:的)?(?:时间|日期|时刻)",
    },
    "people": {
        "unit_and_post": r"(?:现任?|所在|工作|任职)*(?:单位|部门)(?:及|和|与|兼|[、/+＋\-,，])?"
        r"(?:现任|担任)?(?:职务|岗位)(?:名称)?",
        "department_id": _of_unit,
        "status_since": rf"{_away}(?:的)?(?:起始|开始|起止|起|生效|批准|办理)?(?:时间|日期|年月)|离岗(?:时间|日期)",
        "seconded_to": "(?:借调|借用|挂职|抽调|外派|派驻)(?:至|到|去向|接收|所在)?(?:单位|部门|去向|地点|地)",
    },
}
_and = r"(?:[及和与、/+(]|\s)"
_TWO: dict[str, dict[str, str]] = {
    "groups": {
        "owner_and_admins": rf"群主(?:姓名)?(?:{_and}|或)群?管理员(?:姓名|名单)?\)?",
        "creator_and_time": rf"(?:建群|创建|发起|建立|组建)(?:人|者)?(?:姓名)?{_and}"
        r"(?:建群|创建|建立|成立|组建)?(?:时间|日期)\)?",
    },
    "submissions": {
        "receiver_and_time": rf"(?:接收|签收|收件|收表|经收)人(?:姓名)?{_and}(?:接收|签收|收件|收到)?(?:时间|日期)\)?"
    },
}
LISTS = frozenset({"groups.admins", "groups.members", "people.duties", "people.former_names", "departments.aliases"})
"""Columns that may stand several times, or with a number: 管理员1, 管理员2."""
_number = re.compile(r"(.{2,}?)(?:[0-9]{1,2}|[一二三四五六])")
_contact = (
    "(?:联系电话|办公电话|电话|手机号码?|手机|联系方式|座机|邮箱|微信号?|QQ号?|职务|性别|所在部门|所在单位|部门|单位)"
)
_and_contact = re.compile(rf"(.+?)(?:姓名)?(?:以?[及和与、/+]){_contact}")
_of_somebody = re.compile(
    rf"(?:群主|群?管理员(?:[0-9]{{1,2}}|[一二三四五六])?|.{{0,4}}(?:负责|责任|联系|创建|建群|经办|填报)人)(?:的)?{_contact}"
    "|(?:原|前)任?(?:群主|群?管理员)|联系人(?:姓名)?|(?:办公|企业|电子)?(?:邮箱|座机)|(?:激活|禁用)状态"
)
_like, _two = (
    {table: [(re.compile(pattern), column) for column, pattern in patterns.items()] for table, patterns in one.items()}
    for one in (_LIKE, _TWO)
)
"""What headers mean that nobody has listed, by how they are put together; and those whose cells hold two things."""


def spelt_headers(table: str) -> Mapping[str, Sequence[str]]:
    """Return by column how people head it on their own lists, beside the headers that the model names."""
    return {column: headers.split() for column, headers in _BY_NAME.get(table, {}).items()}


def put_together(table: str, key: str, *, two: bool = False) -> Iterator[str]:
    """Yield the columns that a header means by how it is put together; with `two` those whose cells hold two things."""
    for pattern, column in (_two if two else _like).get(table, ()):
        if pattern.fullmatch(key):
            yield column


def before_number(key: str) -> str:
    """Return a header without the number behind it: 管理员2 is one more 管理员."""
    found = _number.fullmatch(key)
    return found[1] if found else key


def before_contact(key: str) -> str:
    """Return a header without what else stands in its cells: 管理员及联系方式 names a 管理员."""
    found = _and_contact.fullmatch(key)
    return found[1] if found else key


def is_of_somebody(key: str) -> bool:
    """Return whether a header is what is said of somebody whom another column names, and no table keeps: 群主职务."""
    return _of_somebody.fullmatch(key) is not None
