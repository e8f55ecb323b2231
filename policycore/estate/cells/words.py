"""Words of spreadsheets: titles of tables, headers of columns, values of enumerations."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policycore.errors import DataError, Place, Problem
from policycore.estate.problems import problem
from policycore.model.schema import TableSchema, table_schemas
from policycore.model.words import MEMBER_COUNTS, fold_word
from policycore.text.suggest import suggestion

__all__ = [
    "UNUSED_HEADERS",
    "header_words",
    "is_no_value",
    "match_headers",
    "says_none",
    "says_unknown",
    "table_of_title",
    "truth_of",
]

# Headers that such lists usually have and no table keeps; they are named in a note, never dropped unseen.
UNUSED_HEADERS = frozenset(
    (
        *MEMBER_COUNTS,
        *("序号", "编号", "no", "no.", "备注", "说明"),
        *(
            "性别",
            "出生年月",
            "出生日期",
            "民族",
            "政治面貌",
            "学历",
            "学位",
            "籍贯",
            "职称",
        ),
        *(
            "手机号码",
            "联系人电话",
            "管理员电话",
            "群管理员电话",
            "群管理员联系电话",
            "填表人",
            "phone",
            "hiredate",
            "remarks",
        ),
        *("联系电话", "联系方式", "电话", "手机", "手机号", "群主联系电话", "群主电话", "是否保留"),
        *("处理意见", "清理意见", "来校时间", "参加工作时间", "入职时间", "毕业院校", "身份证号", "身份证号码"),
    )
)

_TRUTH = {
    **dict.fromkeys(
        [
            "true",
            "yes",
            "y",
            "1",
            "是",
            "有",
            "已",
            "开",
            "开启",
            "已开启",
            "需要",
            *"√✓✔☑✅",
            "需确认",
            "需群主确认",
            "允许",
            "启用",
            "已启用",
            *("已签", "已签字", "已盖", "已盖章"),
        ],
        True,
    ),
    **dict.fromkeys(
        [
            "false",
            "no",
            "n",
            "0",
            "否",
            "无",
            "未",
            "关",
            "关闭",
            "未开启",
            "不需要",
            *"×✗✘✖❌☒",
            "已关闭",
            "不需确认",
            "无需确认",
            "不允许",
            "未启用",
            *("未签", "没签", "未签字", "未盖", "没盖", "未盖章"),
        ],
        False,
    ),
}

_who = "(?:群?(?:管理员|管理人员|群主)|人员|专人)?"
_says_none = re.compile(
    rf"(?:(?:暂时?|尚|目前|还)?(?:(?:无|没有)(?:人|{_who})|(?:没有?|未|无)(?:设[置立]?|配备?|指定|安排){_who})"
    r"|空|空缺|暂?缺|n/a|none|nil|[-–—/\\×✗✘]+)"
)
_says_unknown = re.compile(
    r"(?:不(?:详|祥|明|清楚?|知道?|确定|记得)|未知|忘记?|记不[清得])了?"
    r"|(?:有?待|尚?未|还未)(?:确定|明确|定|查[明实]?|核[实对]?|确认|补[充报]?|统计|落实)|unknown|tb[dc]|\?+"
)
# What was written or shown somewhere is kept as it is: a message may be a question mark.
_VERBATIM = frozenset(
    [
        "memberships.display_name",
        "accounts.name",
        "messages.text",
        "events.detail",
        "attachments.name",
        "attachments.text",
    ]
)

_TITLES: dict[str, tuple[str, ...]] = {
    "departments": ("部门", "部门表", "部门名单", "单位", "组织机构"),
    "people": (
        "人员",
        "人员名册",
        "名册",
        "人员名单",
        "花名册",
        "教职工",
        "在职人员",
        "退休人员",
        "离职人员",
        "在编人员",
        "离退休人员",
        "退休人员名单",
        "在职人员名单",
    ),
    "appointments": ("任职", "任职表", "职务", "岗位"),
    "accounts": ("账号", "账号表", "帐号", "账户"),
    "groups": ("群组", "群", "工作群", "群列表", "群组列表", "工作群台账", "群台账", "微信群", "微信工作群"),
    "memberships": ("成员", "群成员", "成员名单", "成员列表", "群成员名单"),
    "events": ("事件", "群事件", "变动"),
    "messages": ("消息", "聊天记录", "群消息"),
    "attachments": ("附件", "文件"),
    "receipts": ("回执", "已读", "已读回执"),
    "approvals": ("审批", "发布审批"),
    "tasks": ("任务", "任务表", "工作任务"),
    "submissions": ("报送", "报送登记", "上报", "交表", "交表登记", "收表登记", "收件登记", "报送登记表", "交表登记表"),
    "designations": ("指定人员",),
    "listings": ("排查登记",),
}


def table_of_title(title: str) -> str | None:
    """Return the table that a file name's stem or a sheet's title names."""
    word = fold_word(title)
    if word in table_schemas():
        return word
    return next((table for table, titles in _TITLES.items() if word in titles), None)


def truth_of(text: str) -> bool | None:
    """Return what a word for yes or no means; None for any other word."""
    return _TRUTH.get(fold_word(text))


# Every group, stay and post began some day: who writes / there does not know when.
_ENDS = frozenset({"memberships.left_at", "appointments.until", "people.until", "groups.dissolved_at"})
_goes_on = re.compile("至今|现在|目前|今|长期|present|now|9999[-/.年]?12[-/.月]?31日?.*")
"""What stands where nothing has ended; systems write the last day that they know."""
_NEVER_NONE = frozenset({"groups.created_at", "memberships.joined_at", "appointments.since", "people.since"})


def says_none(text: str, field: str) -> bool:
    """Return whether a cell of the column `field` is one of the ways in which people write that there is none."""
    return field not in _NEVER_NONE and (
        _none(text, field) or (field in _ENDS and _goes_on.fullmatch(fold_word(text)) is not None)
    )


def _none(text: str, field: str) -> bool:
    """Return whether a cell holds one of the words and marks for "none"."""
    return field not in _VERBATIM and _says_none.fullmatch(_bare(text)) is not None


def _bare(text: str) -> str:
    """Return a word as it is compared, without brackets around it and a full stop behind."""
    return fold_word(text).strip("()。.")


_no_value = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)|=.+", re.DOTALL)


def is_no_value(text: str) -> bool:
    """Return whether a spreadsheet shows an error in place of a value, or kept a formula and not what it comes to."""
    return _no_value.fullmatch(text.strip()) is not None


def says_unknown(text: str, field: str) -> bool:
    """Return whether a cell of the column `field` is one of the ways in which people write that they do not know."""
    if field in _NEVER_NONE and _none(text, field):
        return True
    return field not in _VERBATIM and (is_no_value(text) or _says_unknown.fullmatch(_bare(text)) is not None)


def header_words(table: TableSchema) -> dict[str, str]:
    """Return every header that means a column of the table, folded, with the column's name."""
    words = {fold_word(header): column.name for column in table.columns.values() for header in column.headers[1:]}
    words.update({fold_word(column.headers[0]): column.name for column in table.columns.values()})
    words.update({column.name.casefold(): column.name for column in table.columns.values()})
    return words


def match_headers(table: TableSchema, headers: Sequence[str], place: Place) -> dict[str, int]:
    """Return where the table's columns stand; DataError with every unknown and every repeated header."""
    known = {**header_words(table), **{name: name for name in table.beside}}
    matched: dict[str, int] = {}
    problems: list[Problem] = []
    for position, header in enumerate(headers):
        column = known.get(fold_word(header))
        at = Place(place.file, place.line, position + 1)
        if column is None:
            hint = suggestion(header, set(table.columns) | {c.zh for c in table.columns.values()})
            problems.append(problem("unknown-column", at, suggested=hint, column=header, table=table.name))
        elif column in matched:
            first = matched[column] + 1
            problems.append(problem("column-twice", at, column=header, first=first, name=column))
        else:
            matched[column] = position
    problems.extend(
        problem("column-missing", place, column=f"{column.name} / {column.zh}", table=table.name)
        for column in table.columns.values()
        if not column.nullable and column.name not in matched
    )
    if problems:
        raise DataError(*problems)
    return matched
