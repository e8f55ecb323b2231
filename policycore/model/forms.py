"""The forms that departments fill in and hand back: their columns, their words, the version that a blank one bears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["EXEMPT", "FORMS", "INVENTORY", "MARK", "MEMBERS", "REPORTING_KINDS", "FormLayout"]


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
    choices={"群类型": ("常设", "专项", "临时"), "处理方式": ("保留", "解散", "合并", "更名", "重新备案")},
    landscape=True,
)
"""What a department reports of its groups; the notice gives no form for it."""

FORMS: Mapping[str, FormLayout] = {form.name: form for form in (MEMBERS, INVENTORY)}
