"""Take apart what stands around the names in lines that were pasted: numbers, dots, @, roles, 已退群."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from policycore.model.schema import table_schema
from policycore.model.words import enumeration_words, fold_word

__all__ = ["Named", "first_numbered", "part_line", "role_beside"]

_number = re.compile(r"\s*(?:([0-9]{1,3})\s*[.、．)）:：]|[(（]([0-9]{1,3})[)）])\s*(?=[^0-9\s])")
_dot = re.compile(r"\s*(?:[•●○◆◇▪■□►➤✓√]+|[-*·—–](?=\s)|[①-⑳])\s*")
_role = r"群主|群?管理员|群管|(?:普通)?群?成员"
_before = re.compile(rf"[\[【(（<〔]\s*({_role})\s*[\]】)）>〕]\s*(\S.*)")
_behind = re.compile(rf"(\S.*?)\s*(?:[\[【(（<〔]\s*({_role})\s*[\]】)）>〕]|[\s|｜,，/／]\s*({_role}))")
_labelled = re.compile(rf"({_role})\s*(?:[(（][0-9]+人?[)）])?\s*[:：]\s*(\S.*)")
_remark = re.compile(
    r"(\S.*?)\s*(?:[(（【\[]([^()（）【】\[\]]*(?:退群|退出|离职|调离|退休)[^()（）【】\[\]]*)[)）】\]]|\s(已\S{2,8}))"
)
_everybody = frozenset({"所有人", "全体成员", "all", "everyone"})


class Named(NamedTuple):
    """Somebody who is named in a line."""

    name: str
    role: str | None = None
    remark: str | None = None


def first_numbered(lines: Sequence[str]) -> int:
    """Return the position of the line that is numbered 1 where more follow, each with the next number; -1 for none."""
    found = [(place, int(one[1] or one[2])) for place, line in enumerate(lines) if (one := _number.match(line))]
    numbers = [number for _, number in found]
    return found[0][0] if len(found) > 1 and numbers == list(range(1, len(numbers) + 1)) else -1


def role_beside(text: str) -> tuple[str, str | None]:
    """Return a name without the role that stands before or behind it, and the role: 张敏（群主）, [管理员]院办 王芳."""
    words = enumeration_words(table_schema("memberships").columns["role"]) | {"群管": "admin"}
    before, behind = _before.fullmatch(text), _behind.fullmatch(text)
    if before:
        return before[2], words[fold_word(before[1])]
    return (behind[1], words[fold_word(behind[2] or behind[3])]) if behind else (text, None)


def part_line(text: str, *, numbered: bool) -> list[Named]:
    """Return whom a line names; a number before it is none of the name where lines are `numbered`."""
    line = _number.sub("", text, count=1) if numbered else text
    line = _dot.sub("", line.strip(), count=1) if _dot.match(line.strip()) else line.strip()
    words = enumeration_words(table_schema("memberships").columns["role"]) | {"群管": "admin"}
    labelled = _labelled.fullmatch(line)
    if labelled:
        all_are = words[fold_word(labelled[1])]
        return [Named(one.strip(), all_are) for one in re.split("[、,，;；]", labelled[2]) if one.strip()]
    called = [one.strip() for one in re.split("[@＠]", line)] if line[:1] in "@＠" else [line]
    said = [(one, _remark.fullmatch(one)) for one in called if one and fold_word(one) not in _everybody]
    return [
        Named(*role_beside(remark[1] if remark else one), (remark[2] or remark[3]) if remark else None)
        for one, remark in said
    ]
