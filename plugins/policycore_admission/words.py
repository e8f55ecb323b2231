"""Words that are posts, for display names in which a post follows the name."""

from __future__ import annotations

__all__ = ["POSTS", "POST_PREFIXES"]

POSTS = (
    "处长", "部长", "科长", "院长", "校长", "所长", "馆长", "主任", "书记", "主席", "会长", "队长", "班长", "组长",
    "秘书", "干事", "科员", "干部", "委员", "专干", "联络员", "辅导员", "管理员", "调研员", "组织员", "教师", "老师",
    "教授", "讲师", "助教", "工程师", "会计", "出纳", "医生", "护士", "园长", "社长", "站长", "局长", "厅长", "经理",
    "博士", "博导", "硕导", "导师", "院士", "研究员", "馆员", "班主任", "同志", "助理", "专员", "主管", "顾问", "总监",
    "医师", "药师", "技师", "实验师", "技术员", "教练", "师傅", "支书", "股长", "县长", "区长", "镇长", "乡长",
)  # fmt: skip
"""Posts, degrees and forms of address that follow a name; 副, 党委 and the like before them."""

POST_PREFIXES = ("常务副", "党总支副", "党总支", "党委副", "党委", "党支部", "高级", "副", "总", "代")
"""What may stand before a post."""
