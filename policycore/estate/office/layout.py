"""Know how people lay out a list: what stands above the header, which rows are no data, how headers are spelt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from policycore.model.words import fold_word

__all__ = ["NUMBER_HEADERS", "close_up", "header_key", "is_foot", "said_unit", "status_of_title"]

Row = Sequence[str | None]

NUMBER_HEADERS = frozenset({"序号", "编号", "no", "no."})
"""Headers of the column that numbers the rows: a row with nothing but its number is empty."""

_hint = re.compile(r"[(（【\[][^()（）【】\[\]]*[)）】\]]")
_TOTALS = frozenset({"合计", "小计", "总计", "共计", "累计", "总数"})
_foot = re.compile(
    r"^(?:注|备注|说明|填表说明|填报说明|附注|填表人|填报人|制表人?|审核人?|审批人?|经办人|联系人|联系电话|负责人|"
    r"(?:部门|单位|主要|分管)(?:负责人|领导)|领导|填表日期|填报日期|日期|(?:填报|填表|报送)?(?:单位|部门))"
    r"(?:签字|签名|签章|盖章|意见)?[(（]?(?:签字|签名|签章|盖章|公章)?[)）]?\s*[:：]"
    r"|^[(（]?(?:签字|签名|签章|盖章|公章)[)）]?$|(?:签字|签名|签章|盖章|公章)[)）]?\s*[:：]?$"
    r"|^注\s*[:：]?|^备注\s*[:：0-9]"
)
_day = re.compile(r"^[0-9]{4}\s*年\s*[0-9]{1,2}\s*月(?:\s*[0-9]{1,2}\s*日)?$|^年\s*月\s*日$")
_unit = re.compile(
    r"^\s*(?:填报|填表|报送|上报)?\s*(?:单位|部门|单位名称|部门名称)\s*(?:[(（][^()（）]*[)）])?\s*[:：]\s*(\S.*?)\s*$"
)
_lone = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_STATUS = {
    "在职": "在职",
    "在岗": "在职",
    "在编": "在职",
    "退休": "退休",
    "离休": "退休",
    "离职": "离职",
    "调离": "离职",
    "借调": "借调",
}


def header_key(cell: str) -> str:
    """Return a header as it is compared: no spaces, line breaks, asterisks, colons, nor hints in brackets.

    群类型（常设/专项/临时） is 群类型, and *群 名 称 is 群名称.
    """
    word = fold_word(cell).strip("*:：＊")
    return _hint.sub("", word).strip("*:：＊") or word


def said_unit(rows: Sequence[Row]) -> str | None:
    """Return the unit that the rows above a header name as the one that fills in the list; None where none does."""
    for row in rows:
        for cell in row:
            found = _unit.match(cell) if cell else None
            if found:
                return "".join(found[1].split())
    return None


def status_of_title(title: str) -> str | None:
    """Return the status that the title of a sheet of people gives them all: 退休人员 are retired."""
    word = fold_word(title)
    return next((status for said, status in _STATUS.items() if said in word), None)


def is_foot(row: Row, keys: Mapping[str, int], numbered: int | None) -> bool:
    """Return whether a row is no data: a total, a note, a line to sign, a number with nothing behind it.

    `keys` are the positions of the columns that identify a row, `numbered` that of the column of numbers.
    """
    filled = [(place, cell.strip()) for place, cell in enumerate(row) if cell and cell.strip()]
    if not filled:
        return True
    first = filled[0][1]
    if fold_word(first).rstrip(":：") in _TOTALS:
        return True
    named = any(place in keys.values() for place, _ in filled)
    if not named or len(filled) == 1:
        if all(place == numbered for place, _ in filled):
            return True
        texts = [cell for place, cell in filled if place != numbered or not cell.isdigit()]
        return any(_foot.search(cell) for cell in texts) or all(_day.match(cell) for cell in texts)
    return False


def close_up(text: str) -> str:
    """Return a name without the spaces that make it as wide as its neighbours: 张　敏 is 张敏.

    In a list of names only single characters move together: 张敏 李 强 are two.
    """
    tokens = text.split()
    if len(tokens) == 2 and len("".join(tokens)) <= 3 and re.fullmatch(r"[\u4e00-\u9fff\s]+", text):
        return "".join(tokens)
    return _lone.sub(r"\1\2", text)
