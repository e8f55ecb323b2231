"""Know a password that stands apart from the word for it: on the next line, before it, in a column, one message off.

The word has to be all that is said there, as a label is; what asks for a password, or speaks of changing one, is none.
"""

from __future__ import annotations

import re

from policycore import TextMatch

__all__ = ["stands_apart"]

_WORD = r"(?:[密秘][码马钥]|口令|授权码|[Pp]ass(?:word|wd|code)?|PASS(?:WORD|WD)?|[Pp]wd|PWD)"
_label = re.compile(rf"{_WORD}(?:都?[是为]|如下|见下|在下[面方])?[ ]?[:=]?")
_later = re.compile(rf"{_WORD}[^\n。?]{{0,4}}(?:下一?条|等下|等会|稍后|马上|随后|接着|单独)[^\n。?]{{0,4}}")
_before = re.compile(
    r"(?P<value>[!-~]{6,32}?)[ ]{0,2}(?:[(\[【]|<-+|←|[^!-~\n。,;?]{0,4}[是为]|[这那]个?)[^!-~\n。,;?]{0,10}\Z"
)
_closed = re.compile(r"[ ]*(?:\Z|[\n。,;!)\]】])")
_of_last = re.compile(
    rf"(?:这|那|以上|上面|前面|上一?条|刚才?)[^\n。?]{{0,14}}{_WORD}[ ]?[。!]?|[^\n。?!,;]{{0,8}}{_WORD}"
)
_heading = re.compile(rf"[^\t|?]{{0,8}}{_WORD}[ ]?(?:[(（][^\t|]*[)）])?[ ]?[:：]?")
_NEAR, _ROW, _TABLE = 80, 300, 1500
"""How many characters are looked at before and behind a word, and for a column: texts may be of any length."""
_talk = re.compile(
    r"忘|修改|更改|重[置设新]|找回|改|换|设置|有[没无]|没有?|无需|无密|不[用要需知]|(?<![重主])要|是否|弱|示例|[例比]如|像|能否|谁|怎|如何|什么|问题|长度|规则"
    r"|强度|[?吗呢]"
)
"""What speaks about passwords, and hands none over."""
_mixed = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[!-~]{6,32}")
_digits = re.compile(r"(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]\Z)[0-9]{6,10}")
_no_value = re.compile(
    r"(?i)https?:.*|www.*|.*\.(?:com|cn|net|org|docx?|xlsx?|pptx?|pdf|jpe?g|png|gif|zip|rar|mp4|txt|wps)"
    r"|[a-z]{0,2}[0-9]{1,2}-[0-9]{1,4}"
    r"|(?:qq|wx|vx|wechat|tel|img|dsc|no|win(?:dows)?|office|wps|excel|word|ppt|python|java|ios|android|iphone|ipad|chrome|cet)"
    r"[-_.: @]*[0-9][0-9.]*[a-z]{0,2}"
)
"""Addresses, files, rooms, numbers of people and versions of programs look like passwords to whoever counts letters."""


def stands_apart(match: TextMatch, begin: int) -> tuple[int, int] | None:
    """Return from where to where a password and the word for it stand, which begins at `begin`; None for no such."""
    text = match.folded
    near = max(0, begin - _NEAR)
    start = max(near, *(text.rfind(one, near, begin) + 1 for one in "\n。,;!"))
    label = _label.match(text, begin)
    if label is None or _talk.search(text[start : label.end()]):
        return None
    found = _beside(text, begin, label.end()) or _in_column(match.text, begin)
    if found is not None:
        return found
    return (begin, label.end()) if _in_other_message(match, begin, label.end()) else None


def _beside(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """Return the stretch with a value on the next line that says something, or in the words before the label."""
    rest = text[end : end + _NEAR].lstrip(" )]】")
    if rest.startswith("\n"):
        line = rest.strip().partition("\n")[0].strip()
        if _is_value(line):
            return begin, text.index(line, end) + len(line)
    near = max(0, begin - _NEAR)
    start = max(near, text.rfind("\n", near, begin) + 1)
    value = _before.search(text[start:begin]) if _closed.match(text, end) else None
    if value is not None and _is_value(value["value"].strip("/|"), bare=False):
        return start + value.start("value"), end
    return None


def _in_column(text: str, begin: int) -> tuple[int, int] | None:
    """Return the stretch from a column's heading to the first value under it."""
    near = max(0, begin - _ROW)
    offset = max(near, text.rfind("\n", near, begin) + 1)
    head, *rows = text[offset : begin + _TABLE].split("\n")
    cells = _cells(head) if len(head) <= 2 * _ROW else []
    place = next(
        (n for n, (first, cell) in enumerate(cells) if offset + first <= begin < offset + first + len(cell)), 0
    )
    if len(cells) < 2 or _heading.fullmatch(cells[place][1].strip()) is None:
        return None
    offset += len(head) + 1
    for row in rows:
        under = _cells(row)
        if len(under) < 2:
            break
        if place < len(under) and _is_value(under[place][1].strip()):
            first, cell = under[place]
            return begin, offset + first + len(cell.rstrip())
        offset += len(row) + 1
    return None


def _cells(line: str) -> list[tuple[int, str]]:
    """Return the cells of a line of a table with where each begins; empty ones too."""
    parts = re.split(r"(\t|[|｜])", line)
    found, at = [], 0
    for number, part in enumerate(parts):
        if number % 2 == 0:
            found.append((at, part))
        at += len(part)
    return found


def _in_other_message(match: TextMatch, begin: int, end: int) -> bool:
    """Return whether the word ends a message, or is all of it, and the sender wrote a password just before or next."""
    text = match.folded
    promised = _later.match(text, begin)
    last = end if promised is None else promised.end()
    if len(text) - last > _NEAR or text[last:].strip(" 。!") or match.around is None:
        return False
    if _is_value(match.around.following.strip()):
        return True
    said = text.strip()
    return _of_last.fullmatch(said) is not None and _is_value(match.around.previous.strip(), bare=False)


def _is_value(text: str, *, bare: bool = True) -> bool:
    """Return whether a text is nothing but a password; figures alone are one only where the label says so (`bare`)."""
    value = text.strip("\"'“”[]【】「」()")
    if _no_value.fullmatch(value) or value.endswith("/"):
        return False
    return bool(_mixed.fullmatch(value)) or (bare and bool(_digits.fullmatch(value)))
