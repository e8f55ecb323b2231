"""Know how people lay out a list: what stands above the header, which rows are no data, how headers are spelt."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from policycore.model.words import fold_word

__all__ = [
    "NUMBER_HEADERS",
    "close_up",
    "foot_of",
    "header_key",
    "is_called_list",
    "said_group",
    "said_unit",
    "status_of_title",
    "unit_of_section",
    "without_list_words",
]

Row = Sequence[str | None]

NUMBER_HEADERS = frozenset({"序号", "编号", "no", "no."})
"""Headers of the column that numbers the rows: a row with nothing but its number is empty."""

_also_in_english = re.compile(
    r"(?<=[\u4e00-\u9fff])\s*[\s/(（]\s*(?!(?i:qq|id|e-?mail|wechat|tel|phone))[A-Za-z][A-Za-z. '_-]{2,}[)）]?\s*$"
)
_hint = re.compile(r"[(（【\[][^()（）【】\[\]]*[)）】\]]")
_total = re.compile(
    r"(?:本页|以上|全校|总)?(?:合计|小计|总计|共计|累计|总数|共有?)[:：]?(?:约?[0-9]+(?:个|人|名|条|项|群|微信|工作|部门|单位)*[,，、]?)*"
)
_total_of = re.compile(r".(?:合计|小计|总计|共计)$")
"""How the total of a unit ends that is named: 教务处 小计."""
_count = re.compile(r"[0-9]+(?:个|人|名|条|项|群|微信|工作|部门|单位)*")
_label = (
    r"(?:注|备注|说明|填表说明|填报说明|附注|填表人?|填报人?|制表人?|统计人?|审核人?|审批人?|经办人|联系人|联系电话|联系方式|负责人|"
    r"(?:部门|单位|主要|分管)(?:负责人|领导)|领导|填表日期|填报日期|填表时间|填报时间|日期|(?:填报|填表|报送)?(?:单位|部门))"
    r"(?:签字|签名|签章|盖章|意见)?[(（]?(?:签字|签名|签章|盖章|公章)?[)）]?"
)
_foot = re.compile(
    rf"^{_label}\s*[:：]"
    r"|^[(（]?(?:签字|签名|签章|盖章|公章)[)）]?$|(?:签字|签名|签章|盖章|公章)[)）]?\s*[:：]?$"
    r"|^注(?:$|[\s:：0-9(（意])|^备注\s*[:：0-9]|^第\s*[0-9]+\s*页|^[-—]\s*[0-9]+\s*[-—]$"
)
_begins_foot = re.compile(rf"{_label}\s*[:：]?")
_day = re.compile(r"^[0-9]{4}\s*年\s*[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*日)?$|^年\s*月\s*日$")
_unit = re.compile(
    r"^\s*(?:填报|填表|报送|上报)?\s*(?:单位|部门|单位名称|部门名称)\s*(?:[(（][^()（）]*[)）])?\s*[:：]\s*(\S.*?)\s*"
    # What else the line says begins after a gap and ends with a colon: 填报时间：.
    r"(?:\s[^\s:：]{2,8}[:：].*)?$"
)
_stamp = re.compile(r"[(（](?:盖章|公章|签章|印章|章)[)）]$")
_group = re.compile(r"^\s*(?:微信|工作)?群(?:聊|组)?(?:名称|名)\s*[:：]\s*(\S.*?)\s*$")
_list_words = re.compile(
    r"(?:微信|企业微信|钉钉|QQ|工作|通讯|交流)*群(?:组)?(?:管理|基本)?|群?成员|人员|(?:情况|信息)|(?:统计|汇总|登记|备案|摸底|自查|排查|"
    r"规范|清理|报送|填报)+|(?:台账|台帐|清单|名单|列表|名册|花名册|明细|总表|表格?|附件|数据|资料)|(?:各|本)(?:部门|单位)|"
    r"[0-9]{4}年?|[0-9]{1,2}月(?:份|[0-9]+日)?|[(（][^()（）]*[)）]|[0-9\s_.、，,+-]+|最新|终稿|定稿|副本|修改|版|新|(?i:sheet|copy|final|v[0-9]+)"
)
_continued = re.compile(r"[(（]?(?:续表?|接上页)[0-9一二三四五六七八九十]*[)）]?")
_section = re.compile(r"[(（]?[一二三四五六七八九十]+[)）、.．]")
_number = re.compile(r"[0-9]+|[(（]?[一二三四五六七八九十]+[)）、.．]?")
_lone = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_LONGEST_NAME = 40
_numbered_unit = re.compile(
    r"(?:[(（]?[一二三四五六七八九十]+[)）、.．]|[0-9]{1,2}[、.．])?\s*"
    r"([^群、，,]{1,14}(?:处|部|院|系|室|中心|委员会|党委|团委|工会|馆|办公室|公司|局|厅|所))\s*(?:[(（][^()（）]*[)）])?[:：]?"
)
_called = re.compile(
    r"^[^。；！：:]{0,20}(?:人员|教师|职工|干部|同志)?(?:名单|名册|花名册|一览表|统计表|登记表|信息表|汇总表|情况表|人员)(?:[(（].*[)）])?$"
)
_STATUS = {
    "在职": "在职",
    "在岗": "在职",
    "在编": "在职",
    "返聘": "在职",
    "退休": "退休",
    "离休": "退休",
    "离职": "离职",
    "调离": "离职",
    "调出": "离职",
    "辞职": "离职",
    "内退": "退休",
    "借调": "借调",
    "借出": "借调",
    "外借": "借调",
    "挂职": "借调",
    "外派": "借调",
    "病休": "休假",
    "产假": "休假",
}
_from_elsewhere = re.compile(
    r"借[入进用]|[调挂借派](?:职|调)?[来进入]|来(?:我|本|校|院|处|部|挂)|外单位|期满|结束|回[校原]|返回"
)
"""Who was lent by others, or is back, is not away."""


def header_key(cell: str) -> str:
    """Return a header as it is compared: no spaces, line breaks, asterisks, colons, nor hints in brackets.

    群类型（常设/专项/临时） is 群类型, and *群 名 称 is 群名称.
    """
    word = fold_word(_also_in_english.sub("", cell)).strip("*:：＊")
    return _hint.sub("", word).strip("*:：＊") or word


def said_unit(rows: Sequence[Row]) -> str | None:
    """Return the unit that the rows above a header name as the one that fills in the list; None where none does."""
    return _said(_unit, rows)


def said_group(rows: Sequence[Row]) -> str | None:
    """Return the group whose members a list names, as the rows above its header say; None where none does."""
    return _said(_group, rows)


def _said(pattern: re.Pattern[str], rows: Sequence[Row]) -> str | None:
    for row in rows:
        for place, cell in enumerate(row):
            found = pattern.match(cell) if cell else None
            if found:
                return _stamp.sub("", "".join(found[1].split()))
            # 填报单位： | 教务处, in two cells.
            behind = next((other for other in row[place + 1 :] if other), None) if cell else None
            if cell and behind and cell.rstrip().endswith((":", "：")) and pattern.match(f"{cell}{behind}"):
                return _stamp.sub("", "".join(behind.split()))
    return None


def without_list_words(title: str) -> str:
    """Return what is left of the title of a sheet or file without the words that all such lists are called by."""
    return _list_words.sub("", title)


def is_called_list(title: str) -> bool:
    """Return whether a title is what a list of people is called by: 2023年退休人员名册."""
    return _called.search(title) is not None


def status_of_title(title: str) -> str | None:
    """Return the status that the title of a sheet of people gives them all: 退休人员 are retired."""
    word = fold_word(title)
    if _from_elsewhere.search(word):
        return None
    found = {status for said, status in _STATUS.items() if said in word} - ({"退休"} if "返聘" in word else set())
    # 离退休 is both ways to have retired; 在职及退休人员 says nothing of anybody.
    return found.pop() if len(found) == 1 else None


def foot_of(row: Row, keys: Mapping[str, int], numbered: int | None, above: Collection[str] = ()) -> str:
    """Return why a row is no data (a total, a note, a line to sign, an empty one, a title); "" where it is.

    `keys` are the positions of the columns that identify a row, `numbered` that of the column of numbers, `above` the
    texts that stand over the header.
    """
    filled = [(place, cell.strip()) for place, cell in enumerate(row) if cell and cell.strip()]
    if not filled:
        return "empty"
    texts = [cell for place, cell in filled if place != numbered or not _number.fullmatch(cell)]
    identities = [fold_word(cell).rstrip(":：") for place, cell in filled if place in keys.values()]
    folded = [fold_word(cell).rstrip(":：") for _, cell in filled]
    parts = {one for one in folded if _total_of.search(one)}
    # A group that is called like a total is one where anything but counts stands beside it.
    adds_up = folded if parts and (not identities or parts & {*identities}) else identities
    if (parts or any(map(_total.fullmatch, folded))) and all(
        one in parts or _total.fullmatch(one) or _count.fullmatch(one) for one in adds_up
    ):
        return "total"
    # 说明： or, where numbers stand, 备注 begins what stands below lists.
    place, first = filled[0]
    labelled = _begins_foot.fullmatch(first) and (place == numbered or first.endswith((":", "：")))
    if labelled or (texts and all(_foot.search(cell) for cell in texts)):
        return "note"
    if not identities or len(filled) == 1:
        if not texts:
            return "empty"
        if any(_foot.search(cell) for cell in texts) or all(_day.match(cell) for cell in texts):
            return "note"
        if len(texts) == 1 and not identities:
            return "text"
    if len(texts) == 1 and (len(texts[0]) > _LONGEST_NAME or texts[0].endswith(("。", "；", "！"))):
        return "text"
    if len(texts) == 1 and (_section.match(texts[0]) or _continued.sub("", fold_word(texts[0])) in above):
        return "title"
    return ""


def unit_of_section(row: Row) -> str | None:
    """Return the unit that stands alone in a row, over the rows that are of it: 一、教务处（3个）; None for others."""
    texts = {"".join(cell.split()) for cell in row if cell and cell.strip()}
    found = _numbered_unit.fullmatch(texts.pop()) if len(texts) == 1 else None
    return found[1] if found else None


def close_up(text: str) -> str:
    """Return a name without the spaces that make it as wide as its neighbours: 张　敏 is 张敏.

    In a list of names only single characters move together: 张敏 李 强 are two.
    """
    tokens = text.split()
    if len(tokens) == 2 and len("".join(tokens)) <= 3 and re.fullmatch(r"[\u4e00-\u9fff\s]+", text):
        return "".join(tokens)
    return _lone.sub(r"\1\2", text)
