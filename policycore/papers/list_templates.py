"""Write blank lists that offices fill in and hand back: what comes back is read by `import` without a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from policycore.language import Text

__all__ = ["LISTS", "ListTemplate", "write_list_template"]

_MADE = datetime(2024, 3, 22, tzinfo=UTC)
_ROWS = 300
"""How many rows have lists to choose from."""
_YES_NO = ("是", "否")


@dataclass(frozen=True, slots=True)
class ListTemplate:
    """One list: its title, its columns with an example of each, what may be chosen, what to know of it."""

    title: str
    columns: Mapping[str, str]
    """By header, what stands there in the example."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()


_NONE = Text(
    "没有就写“无”，不知道就写“不详”；空着会当作没有。",
    "Write 无 where there is none and 不详 where nobody knows; an empty cell says that there is none.",
)
_DATES = Text("日期可写2023-09-01、2023年9月或2023。", "Dates may be 2023-09-01, 2023年9月 or 2023.")
_TWICE = Text(
    "有同名的人时写工号，或写成“姓名（部门）”。",
    "Where two people have one name write the staff number, or name（department）.",
)

LISTS: Mapping[str, ListTemplate] = {
    "roster": ListTemplate(
        "人员名册",
        {
            "工号": "1001",
            "姓名": "张敏",
            "部门": "教务处",
            "职务": "处长",
            "职级": "中层正职",
            "分工": "党建、教学",
            "状态": "在职",
            "状态起始": "2010-07-01",
            "任职时间": "2019-09-01",
            "免职时间": "",
        },
        {"状态": ("在职", "退休", "离职", "借调", "挂职", "返聘", "内退", "请假")},
        (
            Text(
                "一人兼几个职务就写几行，工号相同。", "Somebody with several posts has a row for each, with one number."
            ),
            Text("仍在任的，免职时间空着。", "Whoever still holds the post has no 免职时间."),
            _DATES,
        ),
    ),
    "groups": ListTemplate(
        "工作群台账",
        {
            "序号": "1",
            "群名称": "教务处工作群",
            "群类型": "常设",
            "所属部门": "教务处",
            "群主": "张敏",
            "群管理员": "王芳、李强",
            "第一责任人": "张敏",
            "用途": "教学通知",
            "建群时间": "2023-09-01",
            "入群确认": "是",
            "二维码入群": "否",
            "群成员数": "38",
            "备注": "",
        },
        {"群类型": ("常设", "专项", "临时"), "入群确认": _YES_NO, "二维码入群": _YES_NO},
        (_NONE, _TWICE, _DATES),
    ),
    "members": ListTemplate(
        "群成员名单",
        {
            "序号": "1",
            "群名称": "教务处工作群",
            "姓名": "张敏",
            "部门": "教务处",
            "群昵称": "教务处-张敏",
            "身份": "群主",
            "入群时间": "2023-09-01",
            "备注": "",
        },
        {"身份": ("群主", "管理员", "成员")},
        (
            Text("群昵称照群里显示的抄写，不要改正。", "Copy display names as the group shows them; do not mend them."),
            _TWICE,
            _DATES,
        ),
    ),
    "submissions": ListTemplate(
        "报送登记",
        {
            "序号": "1",
            "部门名称": "教务处",
            "报送类型": "规范清理情况",
            "报送形式": "纸质",
            "收到时间": "2024-03-26 10:30",
            "文件名": "规范清理情况-教务处.xlsx",
            "报送地点": "523室",
            "接收人": "王芳",
            "已签字": "是",
            "已盖章": "是",
            "备注": "",
        },
        {"报送类型": ("规范清理情况", "附件1"), "报送形式": ("纸质", "电子"), "已签字": _YES_NO, "已盖章": _YES_NO},
        (
            Text("纸质和电子各登记一行。", "Paper and electronic each have a row."),
            Text("收到时间写到分钟。", "Write when it came to the minute."),
        ),
    ),
}


def write_list_template(name: str, department: str, path: Path) -> None:
    """Write the blank list called `name`, for `department` ('' for any); DataError where it cannot be written.

    The notes and the example stand on a sheet of their own: what is handed back with them is no data.
    """
    from policycore.papers.workbook import new_workbook, offer_choices, save_workbook, set_table, set_title

    template = LISTS[name]
    headers = list(template.columns)
    book, sheet = new_workbook(template.title, landscape=True)
    set_title(sheet, template.title, len(headers))
    if department:
        sheet.append([f"填报单位：{department}"])
    widths = [max(22.0, 7.0 * len(header)) for header in headers]
    first = set_table(sheet, headers, widths, [[""] * len(headers) for _ in range(20)]) + 1
    offer_choices(sheet, headers, template.choices, first, first + _ROWS)
    notes = book.create_sheet("填表说明")
    for line in (*([note.in_language()] for note in template.notes), [], [Text("示例：", "An example:").in_language()]):
        notes.append(line)
    set_table(notes, headers, widths, [list(template.columns.values())])
    save_workbook(book, path, _MADE, f"policycore-list:{name}")
