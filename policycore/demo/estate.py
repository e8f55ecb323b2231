"""The demo while it is being made: its calendar, departments, names of persons, rows by table and labels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from math import gcd
from pathlib import Path
from random import Random
from typing import Any

from policycore.model.tables import TABLES

__all__ = [
    "AS_OF",
    "COMMITTEE",
    "DEPARTMENTS",
    "EFFECTIVE",
    "TIMEZONE",
    "ZONE",
    "DemoEstate",
    "Label",
    "Office",
    "Row",
    "ago",
    "at",
    "invented_names",
    "iso",
    "offices",
    "write_labels",
]

Row = dict[str, Any]


@dataclass(slots=True)
class DemoEstate:
    """The rows of every table; rows stay open to change until the estate is written."""

    random: Random
    group_count: int
    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})
    labels: list[Label] = field(default_factory=list)
    member_sets: list[frozenset[str]] = field(default_factory=list)
    names: Iterator[str] = field(init=False)
    _group_numbers: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Draw the names and the order of group numbers, so that planted groups lie among the others."""
        self.names = invented_names(self.random)
        self._group_numbers = list(range(1, self.group_count + 1))
        self.random.shuffle(self._group_numbers)

    def add(self, table: str, **row: Any) -> Row:
        """Add one row to `table` and return it."""
        self.tables[table].append(row)
        return row

    def next_id(self, table: str, prefix: str) -> str:
        """Return the next free id of `table`."""
        return f"{prefix}{len(self.tables[table]) + 1:05d}"

    def next_group_id(self) -> str:
        """Return the id of one more group."""
        return f"g{self._group_numbers.pop():04d}"

    @property
    def groups_left(self) -> int:
        """Return how many groups are still to be made."""
        return len(self._group_numbers)

    def label(self, rule: str, verdict: str, subject_id: str, why: str, *, kind: str = "group") -> None:
        """Note what `rule` must answer about one subject."""
        self.labels.append(Label(rule, kind, subject_id, verdict, why))


TIMEZONE = "Asia/Shanghai"
# A fixed offset is exact for every date of the demo and needs no time zone database.
ZONE = timezone(timedelta(hours=8))
AS_OF = datetime(2024, 4, 15, tzinfo=ZONE)
EFFECTIVE = datetime(2024, 3, 22, tzinfo=ZONE)


def ago(days: float, *, hour: int = 10, minute: int = 0) -> datetime:
    """Return the moment `days` before the as-of time, at a working hour of that day."""
    return (AS_OF - timedelta(days=days)).replace(hour=hour, minute=minute, second=0)


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment in the university's zone."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def iso(moment: datetime | None) -> str | None:
    """Return `moment` as the interchange format writes it."""
    return None if moment is None else moment.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Office:
    """One department: its names, the title of its head and the work its groups are about."""

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


_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_FIRST = "建志文国海晓明春秋雨思嘉宏永立新玉佳美俊雅慧子梦若欣怡泽浩宇"
_SECOND = "平华军强伟涛峰磊斌鹏杰超辉宁静敏丽芳娟燕霞玲婷洁颖琳雪倩璐瑶"


def invented_names(random: Random) -> Iterator[str]:
    """Yield names of persons that never repeat, in an order that the seed decides."""
    total = len(_SURNAMES) * len(_FIRST) * len(_SECOND)
    # A step that shares no factor with the total visits every combination once.
    step = next(step for step in range(random.randrange(total // 3, total // 2), total) if gcd(step, total) == 1)
    place = random.randrange(total)
    for _ in range(total):
        rest, surname = divmod(place, len(_SURNAMES))
        second, first = divmod(rest, len(_FIRST))
        yield _SURNAMES[surname] + _FIRST[first] + _SECOND[second]
        place = (place + step) % total


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """What one rule must answer about one subject, and why."""

    rule: str
    subject_kind: str
    subject_id: str
    verdict: str
    why: str


def write_labels(labels: Iterable[Label], path: Path) -> None:
    """Write `labels` as JSON lines, sorted."""
    lines = [json.dumps(asdict(label), ensure_ascii=False) for label in sorted(set(labels))]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")
