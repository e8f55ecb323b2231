"""The university's departments: offices of the administration, one committee, some colleges."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COMMITTEE", "DEPARTMENTS", "Office", "offices"]


@dataclass(frozen=True, slots=True)
class Office:
    """Be one department: its names, the title of its head and the work its groups are about."""

    id: str
    name: str
    aliases: tuple[str, ...]
    head: str
    works: tuple[str, ...]
    kind: str = "机关部门"


COMMITTEE = "d01"

DEPARTMENTS: tuple[Office, ...] = (
    Office("d01", "机关党委", ("机关党委办公室",), "书记", ("组织生活", "党费收缴", "支部建设")),
    Office("d02", "党政办公室", ("党办", "校办"), "主任", ("公文流转", "会务", "值班")),
    Office("d03", "组织部", ("党委组织部",), "部长", ("干部考核", "党员教育", "年度述职")),
    Office("d04", "宣传部", ("党委宣传部",), "部长", ("新闻供稿", "网站维护", "理论学习")),
    Office("d05", "统战部", ("党委统战部",), "部长", ("民主党派联络", "无党派人士", "座谈")),
    Office("d06", "纪检监察室", ("纪委办公室", "纪委"), "主任", ("廉政教育", "信访", "巡察整改")),
    Office("d07", "人事处", ("人力资源处",), "处长", ("职称评审", "招聘", "工资社保")),
    Office("d08", "教务处", ("教务部",), "处长", ("考务", "排课", "教材")),
    Office("d09", "学生处", ("党委学工部", "学工部"), "处长", ("奖助学金", "宿舍管理", "心理健康")),
    Office("d10", "科研处", ("科学技术处",), "处长", ("项目申报", "成果登记", "学术活动")),
    Office("d11", "财务处", ("计划财务处", "计财处"), "处长", ("预算", "报销", "决算")),
    Office("d12", "审计处", ("审计办公室",), "处长", ("经济责任审计", "工程审计", "内控")),
    Office("d13", "国有资产管理处", ("资产处", "国资处"), "处长", ("资产清查", "采购", "实验室设备")),
    Office("d14", "后勤管理处", ("后勤处",), "处长", ("餐饮", "水电维修", "绿化")),
    Office("d15", "保卫处", ("党委保卫部",), "处长", ("消防", "门禁", "交通")),
    Office("d16", "招生就业处", ("招就处",), "处长", ("招生宣传", "就业市场", "就业统计")),
    Office("d17", "国际交流处", ("外事处",), "处长", ("留学生", "合作办学", "出访")),
    Office("d18", "发展规划处", ("规划处",), "处长", ("学科建设", "统计年报", "制度修订")),
    Office("d19", "基建处", ("基本建设处",), "处长", ("工程进度", "工程验收", "维修改造")),
    Office("d20", "离退休工作处", ("老干部处",), "处长", ("走访慰问", "活动中心", "体检")),
    Office("d21", "校工会", ("工会",), "主席", ("文体活动", "教代会", "职工福利")),
    Office("d22", "校团委", ("团委",), "书记", ("志愿服务", "社团", "社会实践")),
    Office("d31", "文学院", ("中文系",), "院长", ("本科教学", "科研工作", "学生工作"), "教学院系"),
    Office("d32", "数学与统计学院", ("数统学院",), "院长", ("本科教学", "科研工作", "学生工作"), "教学院系"),
    Office("d33", "化学与材料学院", ("化材学院",), "院长", ("本科教学", "科研工作", "学生工作"), "教学院系"),
)


def offices() -> tuple[Office, ...]:
    """Return the departments that the notice calls 机关各部门."""
    return tuple(department for department in DEPARTMENTS if department.kind == "机关部门")
