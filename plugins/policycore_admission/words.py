"""Words by which a display name is taken apart: post titles, endings of units, surnames."""

from __future__ import annotations

__all__ = ["COMPOUND_SURNAMES", "POSTS", "SURNAMES", "UNIT_ENDINGS"]

POSTS = (
    "处长", "部长", "科长", "院长", "校长", "所长", "馆长", "主任", "书记", "主席", "会长", "队长", "班长", "组长",
    "秘书", "干事", "科员", "干部", "委员", "专干", "联络员", "辅导员", "管理员", "调研员", "组织员", "教师", "老师",
    "教授", "讲师", "助教", "工程师", "会计", "出纳", "医生", "护士", "园长", "社长", "站长", "局长", "厅长",
)  # fmt: skip
"""Posts that follow or replace a name; 副, 党委 and the like may stand before them."""

POST_PREFIXES = ("常务副", "党总支副", "党总支", "党委副", "党委", "党支部", "副", "总", "代")
"""What may stand before a post."""

UNIT_ENDINGS = (
    "处", "部", "院", "科", "室", "系", "办", "委", "所", "馆", "局", "厅", "组", "队", "班", "站", "社", "团",
    "中心", "公司", "支部", "学校", "医院", "协会", "工会", "学会", "委员会", "幼儿园", "机关", "基地", "集团",
)  # fmt: skip
"""How the names of units end."""

COMPOUND_SURNAMES = (
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙",
    "宇文", "司徒", "夏侯", "端木", "南宫",
)  # fmt: skip

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁"
    "葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植"
    "甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边净阴闫佘练肖付代仲巩臧佟谌宫桑苑邸娄戚仇蒲栾冀占晏郎封宗班敖冷刁胥骆"
)
"""Common surnames of one character; used only to give a better reason, never to refuse a name."""
