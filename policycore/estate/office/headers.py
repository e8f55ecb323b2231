"""Know the headers of lists that people keep: what each means in which table, in one line or in two."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from policycore.estate.cells.words import UNUSED_HEADERS, header_words
from policycore.estate.office.layout import header_key
from policycore.estate.office.office_recipe import NOT_USED, OfficeRecipe
from policycore.model.schema import TableSchema, table_schema, table_schemas
from policycore.model.words import fold_word

__all__ = ["NAMES", "Headers", "lacking", "spelt_headers"]

# Title rows above the header: the name of the list, the department, the date.
_LOOKED_AT = 15
_CARD_ROWS = 100
"""No card of one row is longer."""
_CARD = 3
"""How many labels beside their values make a card of one row."""

NAMES = {"departments": "name", "people": "name", "groups": "name", "tasks": "title"}
"""Columns that tell rows apart where a list has no ids."""

_PEOPLE_FIRST = ("people", "appointments")
"""A list of names, units and posts is a directory, which gives posts as well."""

# Headers of registers that name people and groups instead of ids, with what they mean there.
_UNIT = "部门 部门名称 单位 单位名称 所属部门 所属单位 所在部门 所在单位 责任部门 主管部门 归属部门 department unit"
_BY_NAME: dict[str, dict[str, str]] = {
    "departments": {"name": "department departmentname unit", "aliases": "部门简称 单位简称 曾用名"},
    "groups": {
        "admins": "群管理员 管理员 群管理员姓名 管理员姓名 群管 群管理人员 群组管理员 admin admins administrator "
        "administrators groupadmin",
        "name": "微信群名称 微信群名 微信工作群名称 工作群名称 工作群名 群组名称 群聊名称 群聊名 "
        "企业微信群名称 钉钉群名称 QQ群名称 groupname group chatname",
        "owner_id": "群主姓名 群主及职务 群主及电话 群主及联系方式 群主/联系方式 群主/电话 "
        "群负责人 群主(负责人) 群主直接责任人 直接责任人 直接负责人 群责任人 "
        "群主(直接责任人) owner groupowner",
        "creator_id": "建群人姓名 创建者 建群者 发起人 creator createdby",
        "responsible_id": "第一责任人姓名 第一负责人 responsible firstresponsible",
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
        "handling": "处理方式 处置方式 处置意见 拟处置意见 拟处理意见 清理方式 处理措施 整改措施 清理结果",
        "done_at": "处理时间 清理时间 整改时间",
        "into_id": "并入群 并入群名称 合并到",
        "announcement": "公告 群公告内容",
        "platform": "平台名称 所用平台 群平台 platform",
    },
    "memberships": {
        "group_id": "群名称 群名 微信群名称 工作群名称 所在群 groupname group",
        "account_id": "姓名 成员 成员姓名 群成员 member name",
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
        "id": "职工号 教工号 员工号 人员工号 employeeid staffid",
        "department_id": f"{_UNIT} 原部门 原单位 工作部门 工作单位 现单位",
        "status": "人员类别 人员性质 人员状态 在岗状态 在岗情况 在编情况 编制情况 status",
        "status_since": "退休时间 离职时间 调离时间 离退休时间 退休日期 离职日期 状态时间 变动时间 "
        "变动日期 异动时间 异动日期 状态变动时间 离岗时间 调出时间",
        "title": "职务 岗位 现任职务 行政职务 党政职务 职务名称 职务岗位 现任职务及级别 title post position",
        "rank": "职级 级别 行政级别 干部级别 rank",
        "duties": "分工 职责 分管工作 工作分工 duties",
        "since": "任职时间 任现职时间 任职日期 到岗时间",
        "until": "免职时间 免职日期",
    },
    "accounts": {"person_id": "姓名 使用人 name"},
    "appointments": {"person_id": "姓名 name", "department_id": _UNIT},
    "tasks": {"department_id": "部门"},
    "submissions": {
        "department_id": "部门名称 单位 单位名称 报送单位 报送部门 交表部门 交表单位",
        "kind": "材料 材料名称 报送材料 报送内容 表名 表格 表格名称 所报材料",
        "medium": "介质 形式 报送介质 报送方式 交表方式 交表形式 提交形式 提交方式 材料形式 载体 medium",
        "received_at": "交表时间 交表日期 收表时间 收件时间 收到日期 收到时刻 送达时间 送交时间 "
        "提交时间 报送时间 上报时间 接收时间 签收时间 received",
        "receiver": "收件人 签收人 收表人 经收人 经手人",
        "place": "地点 接收地点 送达地点",
        "file": "附件名称 file filename",
    },
}


_group = "(?:微信|企业微信|钉钉|QQ|工作|通讯|交流)*群(?:聊|组)?"
_unit_words = "(?:部门|单位|处室|科室|学院|院系|机构)"
_of_unit = (
    "(?:使用|归口|牵头|所属|所在|主管|管理|责任|建群|填报|报送|主办|归属|隶属|二级|工作|现|原)?"
    f"{_unit_words}(?:名称|全称)?"
)
_LIKE: dict[str, dict[str, str]] = {
    "groups": {
        "name": rf"(?:{_group}(?:的)?(?:名称|名字?|全称)?|名称)",
        "owner_id": rf"(?:微信|企业微信|工作)*群主(?:的)?(?:姓名|名字|名单)?|{_group}所有者",
        "admins": rf"(?:日常|指定|现任|{_group})*的?(?:日常)?(?:管理员|管理人员?|管理者)(?:姓名|名单)?|副群主",
        "created_at": rf"(?:{_group})?的?(?:建立|建群?|创建|成立|组建|开群|开通|启用|设立)群?(?:时间|日期|年月|年份)",
        "dissolved_at": rf"(?:{_group})?(?:的)?(?:解散|注销|撤销)(?:时间|日期)",
        "purpose": rf"(?:{_group})?(?:的)?(?:主要)?(?:用途|功能|目的|作用|职能)(?:说明)?",
        "kind": rf"{_group}(?:的)?(?:类型|类别|性质|分类)",
        "department_id": _of_unit,
    },
    "memberships": {"group_id": rf"{_group}(?:的)?(?:名称|名字?|全称)", "department": _of_unit},
    "people": {
        "unit_and_post": r"(?:现任?|所在|工作|任职)*(?:单位|部门)(?:及|和|与|兼|[、/+＋\-,，])?"
        r"(?:现任|担任)?(?:职务|岗位)(?:名称)?",
        "department_id": _of_unit,
    },
}
_like = {
    table: [(re.compile(pattern), column) for column, pattern in patterns.items()] for table, patterns in _LIKE.items()
}
"""What headers mean that nobody has listed, by how they are put together."""

OFFICE_TABLES = tuple(name for name in table_schemas() if name not in ("designations", "listings"))
"""Tables that a sheet may be without being called so; forms and inventories make the others."""


def spelt_headers(table: str) -> Mapping[str, Sequence[str]]:
    """Return by column how people head it on their own lists, beside the headers that the model names."""
    return {column: headers.split() for column, headers in _BY_NAME.get(table, {}).items()}


@dataclass(frozen=True, slots=True)
class Header:
    """What was found to be the header of a sheet."""

    table: str
    row: int
    """Position of its last line in the sheet."""
    cells: list[str | None]
    lines: int = 1


@dataclass(slots=True)
class Headers:
    """What headers mean, extended by what a recipe says."""

    recipe: OfficeRecipe = field(default_factory=OfficeRecipe)
    _words: dict[str, dict[str, str]] = field(default_factory=dict)
    _any: frozenset[str] = frozenset()

    def words(self, table: str) -> Mapping[str, str]:
        """Return every header that means something on a sheet of this table, folded; what is not used means ""."""
        if table not in self._words:
            words = {
                fold_word(header): column for column, headers in spelt_headers(table).items() for header in headers
            }
            words |= header_words(table_schema(table))
            said = self.recipe.headers.get(table, {})
            words |= {header_key(one): "" if name == NOT_USED else name for one, name in said.items()}
            self._words[table] = words
        return self._words[table]

    def meaning(self, table: str, cell: str, beside: Collection[str | None] = ()) -> str | None:
        """Return the column that a header means, "" for one that is not used, None for one that nobody knows.

        One that nobody has listed means no column that another one `beside` it means already.
        """
        known = self.words(table)
        for word in (header_key(cell), fold_word(cell)):
            if word in known:
                return known[word]
        if {fold_word(cell), header_key(cell)} & UNUSED_HEADERS:
            return ""
        like = (column for pattern, column in _like.get(table, ()) if pattern.fullmatch(header_key(cell)))
        return next((column for column in like if column not in beside), None)

    def listed(self, table: str, cells: Sequence[str | None]) -> set[str | None]:
        """Return the columns that headers mean which somebody has listed."""
        known = self.words(table)
        return {known.get(header_key(cell), known.get(fold_word(cell))) for cell in cells if cell}

    def is_word(self, cell: str) -> bool:
        """Return whether a cell is a header in any table."""
        if not self._any:
            self._any = UNUSED_HEADERS.union(*(self.words(table) for table in table_schemas()))
        return header_key(cell) in self._any or fold_word(cell) in self._any

    def choices(self, table: str) -> list[str]:
        """Return the headers that a misspelt one may be meant for."""
        listed = [header for headers in spelt_headers(table).values() for header in headers]
        return [*(column.zh for column in table_schema(table).columns.values()), *listed, *UNUSED_HEADERS]

    def find(self, rows: Sequence[Sequence[str | None]], tables: Sequence[str]) -> tuple[Header | None, list[str]]:
        """Return the header among the first rows, and the tables that it may as well be one of."""
        best, place = 0, 0
        fitting: list[str] = []
        for position, row in enumerate(rows[:_LOOKED_AT]):
            words = [cell for cell in row if cell]
            scores = {table: self._score(table, row) for table in tables}
            score = max(scores.values(), default=0)
            # A lone word such as 部门 in a title row is no header, unless it is all there is, or names of groups are
            # counted beside.
            counted = scores.get("groups") == 1 and sum(map(self.is_word, words)) > 1 and "name" in self._meant(row)
            if score > best and (score > 1 or len(words) == 1 == len(row) or counted):
                best, place = score, position
                fitting = [table for table in tables if scores[table] == score]
        if not fitting:
            return None, []
        # A second line tells more: what the two are a header of may be one table only.
        joined = {table: self._joined(rows, place, table) for table in fitting}
        scores = {table: self._score(table, cells) for table, (cells, _) in joined.items()}
        fitting = [table for table in fitting if scores[table] == max(scores.values())]
        table, others = self._chosen(joined[fitting[0]][0], fitting)
        cells, last = joined[table]
        return Header(table, last, cells, last - place + 1), others

    def _meant(self, row: Sequence[str | None]) -> set[str | None]:
        return {self.meaning("groups", cell) for cell in row if cell}

    def _score(self, table: str, row: Sequence[str | None]) -> int:
        """Return how many columns of a table a row names."""
        return len({self.meaning(table, cell) for cell in row if cell} - {None, ""})

    def _chosen(self, cells: Sequence[str | None], fitting: Sequence[str]) -> tuple[str, list[str]]:
        """Return the one table that a header is of, and those that it may be of as well."""
        whole = [
            table
            for table in fitting
            if not lacking(table, {self.meaning(table, cell) or "" for cell in cells if cell})
        ]
        left = whole or list(fitting)
        if set(left) == set(_PEOPLE_FIRST) or len(left) == 1:
            return left[0], []
        return left[0], left

    def _joined(self, rows: Sequence[Sequence[str | None]], place: int, table: str) -> tuple[list[str | None], int]:
        """Return the header of which `place` is a line, together with the line above or below it."""
        upper = rows[place]
        below = rows[place + 1] if place + 1 < len(rows) else []
        above = rows[place - 1] if place else []
        if self._is_second_line(upper, below):
            # Of a third line above only what stands over nothing counts: 序号, which is merged over all three.
            beside = [cell if cell and self.is_word(cell) else None for cell in above]
            joined = self._two_lines(upper, below, table)
            return [cell or _at(beside, number) for number, cell in enumerate(joined)], place + 1
        if sum(1 for cell in above if cell) > 1 and not any(cell and cell.isdigit() for cell in above):
            return self._two_lines(above, upper, table), place
        return list(upper), place

    def _is_second_line(self, upper: Sequence[str | None], below: Sequence[str | None]) -> bool:
        """Return whether a row goes on with the header above it: 群主 over 姓名 and 电话."""
        pairs = [(over, cell) for over, cell in zip(upper, below, strict=False) if cell]
        new = [cell for over, cell in pairs if cell != over]
        return (
            bool(new)
            and all(
                cell == over or self.is_word(cell) or (over is not None and self.is_word(f"{over}{cell}"))
                for over, cell in pairs
            )
            and any(over is None or cell != over for over, cell in pairs)
        )

    def _two_lines(self, upper: Sequence[str | None], lower: Sequence[str | None], table: str) -> list[str | None]:
        """Return the headers that two lines make: 群主 over 姓名 is 群主姓名, a group's name over all is none."""
        cells: list[str | None] = []
        over: str | None = None
        for place in range(max(len(upper), len(lower))):
            above = upper[place] if place < len(upper) else None
            here = lower[place] if place < len(lower) else None
            over = above or over
            if here is None or here == above:
                cells.append(above if here is None else here)
                continue
            whole = [f"{over}{here}", f"{_stem(over)}{here}"] if over else []
            known = next((one for one in whole if self.meaning(table, one)), None)
            alone = self.meaning(table, here)
            cells.append(known or (here if alone is not None or not over else f"{over}{here}"))
        return cells

    def card(self, rows: Sequence[Sequence[str | None]], tables: Sequence[str]) -> Card | None:
        """Return what a sheet holds that has a label before each value; None for any other sheet."""
        if len(rows) > _CARD_ROWS:
            return None
        return self._card(rows, tables) or self._card([self._at_colons(row) for row in rows], tables)

    def _at_colons(self, row: Sequence[str | None]) -> list[str | None]:
        """Return a row in which 群名称：甲群 stands in two cells."""
        cells: list[str | None] = []
        for cell in row:
            label, colon, value = (cell or "").replace("：", ":").partition(":")
            split = colon and value.strip() and self.is_word(label)
            cells += [label, value.strip()] if split else [cell]
        return cells

    def _card(self, rows: Sequence[Sequence[str | None]], tables: Sequence[str]) -> Card | None:
        found = [
            (cell, row[place + 1] if place + 1 < len(row) else None, number, place)
            for number, row in enumerate(rows)
            for place, cell in enumerate(row)
            if cell and self.is_word(cell) and (place == 0 or not self.is_word(row[place - 1] or ""))
        ]
        scores = {table: self._score(table, [label for label, *_ in found]) for table in tables}
        table = max(scores, key=lambda name: scores[name], default="")
        meant = [(self.meaning(table, label), value) for label, value, *_ in found if table]
        labels = [(name, value) for name, value in meant if name]
        if len({name for name, _ in labels}) < _CARD or lacking(table, {name for name, value in labels if value}):
            return None
        if any(value and self.is_word(value) for _, value in labels):
            return None
        records, first = [dict[str, str | None]()], labels[0][0]
        lines: list[int] = []
        for (label, value, number, _), (name, _) in zip(found, meant, strict=True):
            if name == first and lines:
                # The next card on the same sheet.
                records.append({})
            if name == first:
                lines.append(number)
            if label in records[-1]:
                return None
            records[-1][label] = value
        if len(records) == 1 and len({place for *_, place in found}) == 1:
            # The same labels before several columns of values: a list on its side.
            place = found[0][-1]
            for column in range(place + 2, max(map(len, rows))):
                beside = {label: _at(rows[number], column) for label, _, number, _ in found}
                if not lacking(table, {self.meaning(table, label) for label, value in beside.items() if value}):
                    records.append(beside)
                    lines.append(lines[0])
        return Card(table, records, lines)


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a sheet with a label before each value."""

    table: str
    records: Sequence[Mapping[str, str | None]]
    """The values of each card by their labels."""
    lines: Sequence[int]
    """The position of the row in which each begins."""


def _at(row: Sequence[str | None], place: int) -> str | None:
    return row[place] if place < len(row) else None


def _stem(over: str | None) -> str:
    """Return what a header over several columns is about: 群主信息 is about the 群主."""
    return header_key(over or "").removesuffix("信息").removesuffix("情况")


def lacking(table: str, found: Collection[str | None]) -> list[str]:
    """Return the columns that every row of a table needs and that are not `found`; a name may stand for the id."""
    schema: TableSchema = table_schema(table)
    name = schema.columns.get(NAMES.get(table, ""))
    if table == "submissions":
        # Who keeps such a list gives no ids: each row is one.
        return [] if "department_id" in found or "id" in found else ["department_id"]
    needed = {
        name.name if name and column.name == "id" else column.name
        for column in schema.columns.values()
        if not column.nullable
    }
    if "id" in found and name and name.nullable:
        needed.discard(name.name)
    return [column for column in schema.columns if column in needed and column not in found]
