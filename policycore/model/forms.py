"""The forms that departments fill in and hand back: their columns, their words, the version that a blank one bears."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from policycore.model.words import fold_word

__all__ = ["EXEMPT", "FORMS", "INVENTORY", "MARK", "MEMBERS", "REPORTING_KINDS", "FormLayout", "kind_meant"]


REPORTING_KINDS = ("机关部门",)
"""The kinds of department that a notice to all 机关部门 asks to report, as ``departments.kind`` has them."""
EXEMPT = ("机关党委",)
"""Who receives the reports hands in none."""


@dataclass(frozen=True, slots=True)
class FormLayout:
    """One form: what is printed on it and how a filled one is known again."""

    name: str
    """What the command line calls it."""
    kind: str
    """What stands in ``submissions.kind`` of a filled one."""
    version: str
    title: str
    columns: Mapping[str, float]
    """The headers in their order, each with its width in millimetres on an A4 page."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By header, what may be chosen there."""
    called: tuple[str, ...] = ()
    """What a register of what came in may call it instead of its kind or its title."""
    landscape: bool = False
    rows: int = 12
    """How many empty rows a blank one has at least."""

    @property
    def mark(self) -> str:
        """Return the keyword by which a file says which form it is, and which version of it."""
        return f"{MARK}{self.name}/{self.version}"


MARK = "policycore-form:"

MEMBERS = FormLayout(
    name="members",
    kind="附件1",
    version="2024-03",
    title="机关党委微信工作群成员信息统计表",
    columns={"序号": 12, "部门名称": 40, "姓名": 24, "职务": 34, "联系电话": 32, "备注": 38},
    choices={"备注": ("负责党建工作的副职", "联络员")},
    called=("附件一", "信息统计表", "成员信息统计表", "微信工作群成员信息统计表", "附件1信息统计表"),
    rows=2,
)
"""附件1 of the notice: one deputy in charge of Party work and one liaison of each department."""

INVENTORY = FormLayout(
    name="inventory",
    kind="规范清理情况",
    version="2024-03",
    title="微信工作群规范清理情况统计表",
    columns={
        "序号": 11,
        "群编号": 22,
        "群名称": 38,
        "群类型": 16,
        "用途": 32,
        "建群人": 18,
        "群主": 18,
        "群管理员": 22,
        "人数": 12,
        "建群时间": 22,
        "处理方式": 18,
        "处理时间": 22,
        "并入群": 22,
        "备注": 20,
    },
    called=(
        *("规范清理", "清理情况", "规范清理情况表", "规范清理情况统计表", "规范清理情况报告", "工作群规范清理情况"),
        *("清理表", "清理统计表", "清理登记表", "排查表", "排查情况", "自查表", "自查情况"),
    ),
    choices={"群类型": ("常设", "专项", "临时"), "处理方式": ("保留", "解散", "合并", "更名", "重新备案")},
    landscape=True,
)
"""What a department reports of its groups; the notice gives no form for it."""

FORMS: Mapping[str, FormLayout] = {form.name: form for form in (MEMBERS, INVENTORY)}


def kind_meant(text: str) -> str:
    """Return the kind of hand-in that a register means; what is none of the forms stays as it is."""
    said = fold_word(text.strip().strip("《》"))
    names = {one.kind: [fold_word(name) for name in (one.kind, one.title, *one.called)] for one in FORMS.values()}
    whole = [kind for kind, called in names.items() if said in called]
    # 附件1：成员信息统计表 holds the name of one form, and 附件10 that of none.
    held = [
        kind for kind, called in names.items() if any(re.search(f"{re.escape(name)}(?![0-9])", said) for name in called)
    ]
    meant = whole or held
    return meant[0] if len(meant) == 1 else text
