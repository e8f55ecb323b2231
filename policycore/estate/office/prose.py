"""Find in a letter what a list would say: that a department has no groups (零报告), or 群名称：甲群 and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policycore.errors import DataError
from policycore.estate.inputs import InputFile
from policycore.estate.office.forms import says_nil
from policycore.estate.office.headers import Headers
from policycore.estate.office.layout import said_unit, unit_of_section
from policycore.estate.readers.encoding import as_utf8
from policycore.estate.readers.xlsx import Sheet

__all__ = ["read_letter"]

_LONGEST = 1 << 18
"""Bytes of a letter in plain text; what is longer is none."""
_MOST_LINES = 200
_clause = re.compile(r"[。；;，,！!\n]")
_count = "(?:[1-9][0-9]*|[一二两三四五六七八九十]+)"
_has_some = re.compile(
    rf"(?:有|共|设|建|保留|解散)[^无没，。]{{0,8}}{_count}\s*个[^，。]{{0,10}}群|除[^，。]{{1,30}}外"
)


def read_letter(file: InputFile, headers: Headers) -> list[Sheet]:
    """Return the list that a letter stands for; nothing for a letter that is none, and for any other file.

    It says that there are no groups, or what one is before each value: 群名称：甲群.
    """
    lines = _lines(file)
    nil = _nil_letter(lines)
    if nil:
        return nil
    rows: list[list[str | None]] = [[line] if line else [] for line in lines]
    return [Sheet("表1", rows, 1, lines=True)] if headers.card(rows, ["groups"]) else []


def _nil_letter(lines: Sequence[str]) -> list[Sheet]:
    """Return a letter that says that there are no groups as a list of none, with the unit that signs it.

    A letter that counts groups, or says that there are no others, is none.
    """
    clauses = [[one.strip() for one in _clause.split(line) if one.strip()] for line in lines]
    nil = [next((one for one in said if says_nil([one], ())), None) for said in clauses]
    if not any(nil) or any(_has_some.search(line) for line in lines):
        return []
    signed = (unit_of_section([line]) for line in reversed(lines) if not line.endswith((":", "：")))
    unit = said_unit([[line] for line in lines]) or next(filter(None, signed), None)
    return [Sheet("表1", [[f"填报单位：{unit}"] if unit else [], *([one] if one else [] for one in nil)], 0)]


def _lines(file: InputFile) -> list[str]:
    """Return the lines of a text, or the paragraphs of a document without tables; none of any other file."""
    suffix = file.path.suffix.lower()
    if suffix == ".docx":
        from policycore.estate.readers.docx import read_paragraphs

        return read_paragraphs(file.path, file.name)
    if suffix != ".txt" or file.path.stat().st_size > _LONGEST:
        return []
    try:
        text = bytes(as_utf8(file.path.read_bytes(), file.name)[:]).decode()
    except (DataError, UnicodeDecodeError):
        return []
    return [line.strip() for line in text.splitlines()[:_MOST_LINES]]
