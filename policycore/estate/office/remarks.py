"""Read what remarks, brackets behind names and columns of one state say of a row: 已解散, 2024.3退休, 王芳（女）."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache

from policycore.estate.inputs import FilledSheet
from policycore.model.schema import table_schema
from policycore.model.words import enumeration_words, fold_word

__all__ = ["DATE", "UNSURE", "as_written", "dates_in", "fill_status", "take_remarks"]

UNSURE = "不详"
"""Stands for what a row says too little of, or two things."""
DATE = re.compile(
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}|[〇○零一二三四五六七八九]{4}年)"
    r"(?:[\s0-9〇零一二三四五六七八九十年月日号份./\-:时点分秒上下午]*[0-9年月日号份分秒])?"
)
_month_of_one = re.compile(r"([0-9]{4})\.1")
_span = re.compile(r"\s*(?:[-－–—~～]+|至|到)\s*(?=(?:19|20)[0-9]{2}|今|现在|目前)")
_behind_name = re.compile(r"(.+?)\s*[(（]([^()（）]+)[)）]")
_of_a_person = re.compile(
    r"[男女]|[\u4e00-\u9fff]{1,6}族|(?:中共)?(?:预备)?党员|中共|(?:共青)?团员|群众|无党派|民[盟建进革]|九三|农工党|致公党|台盟"
)
_begins = "(?:该?同志|本人|该群|此群|本群|群|现|目前|已经?|于|在|从|自|正式|到龄|办理|正)*"
_begins_state = re.compile(f"^{_begins}")
_left = re.compile(f"{_begins}(?:退群|退出(?:群聊?|[该本]群)?|离群|移出(?:群聊?|[该本]群)?|踢出|清退)(?:了|群聊?)?")
_ended = re.compile(f"{_begins}(?:解散|注销|撤销|停用|弃用)(?:了|群聊?)?")


@cache
def _state() -> re.Pattern[str]:
    """Return the pattern of a state of people, with where to or why behind it."""
    words = sorted(enumeration_words(table_schema("people").columns["status"]), key=len, reverse=True)
    named = "|".join(re.escape(word) for word in words if len(word) > 1 and not word.isascii())
    away = "(?P<away>借调|借出|挂职|外派|抽调)[^，,。；;]{1,20}[委办局厅处部院校室府县市区乡镇村心司]"
    return re.compile(f"{_begins}(?:{away}|(?P<word>{named})(?:手续|中|了)?(?:[至到在往去赴于起后,，;；:：（(].*)?)")


def as_written(date: str, text: str) -> str:
    """Return a date that stands in a text so that it is read as it is written.

    2023.1 alone in a cell may be the number 2023.10, of which a spreadsheet drops the zero; within words it is none.
    """
    month = _month_of_one.fullmatch(date)
    return f"{month[1]}年1月" if month and date != text.strip() else date


def dates_in(text: str) -> tuple[str, str | None, bool]:
    """Return a text without its dates, the first of them, and whether it says when what began then ends."""
    parts = _span.split(unicodedata.normalize("NFKC", text).strip())
    dates = [as_written(found[0], part) for part in parts for found in DATE.finditer(part)]
    left = re.sub(r"\(\s*\)", "", DATE.sub("", " ".join(parts))).strip(" ,，、/;；:：—-。.\n")
    return re.sub("至今|今$|现在$|目前$", "", left).strip(), dates[0] if dates else None, len(dates) > 1


@lru_cache(maxsize=4096)
def _said_of_person(text: str) -> tuple[str, str | None] | None:
    """Return the state that a remark tells of a person and since when; None for one that is about anything else."""
    left, since, ends = dates_in(text)
    found = _state().fullmatch(re.sub("^[起后]", "", left).removesuffix("起"))
    # Whether what has ended by plan goes on is not said.
    return found and (UNSURE if ends else found["word"] or found["away"], since)


def take_remarks(sheet: FilledSheet) -> None:
    """Give rows the state that they tell in a remark, behind a name, or by filling in a column of one state."""
    took = _TAKEN.get(sheet.table)
    if took is None:
        return
    remark = sheet.headers.pop("remark", None)
    given = {column for row in sheet.rows for column in took({**row, "remark": row.pop("remark", None)}, row)}
    named = sheet.headers.get("name") or sheet.headers.get("account_id", "")
    header = sheet.headers.pop("seconded_to", remark) or named
    for column in sorted(given - sheet.headers.keys()):
        sheet.headers[column] = header
        sheet.told.add(column)
    for row in sheet.rows:
        for column in given:
            row.setdefault(column, "member" if column == "role" else None)
    told = sheet.reading.columns
    meant = "role" if "role" in given else {"people": "status", "groups": "state"}.get(sheet.table, "left_at")
    told[:] = [
        replace(one, field=meant if meant in given else None) if one.field in ("remark", "seconded_to") else one
        for one in told
    ]


def _take_people(said: dict[str, str | None], row: dict[str, str | None]) -> Iterator[str]:
    """Yield the columns that are set of a person."""
    states = [_said_of_person(said["remark"])] if said["remark"] else []
    found = _behind_name.fullmatch(row.get("name") or "")
    tokens = [one for one in re.split(r"[,，、;；/\s]+", found[2]) if one] if found else []
    behind = [_said_of_person(one) for one in tokens if not _of_a_person.fullmatch(one)]
    if found and tokens and None not in behind:
        row["name"] = found[1]
        states += behind
    if row.pop("seconded_to", None):
        states.append(("借调", None))
    own = _said_of_person(row.get("status") or "")
    if own:
        row["status"], since = own
        states += [(own[0], since)] if since else []
    since = row.get("status_since")
    if since:
        _, first, ends = dates_in(since) if _span.search(unicodedata.normalize("NFKC", since)) else ("", None, False)
        if first:
            row["status_since"] = first
            states += [(UNSURE, None)] if ends and not row.get("status") else []
    yield from _set_state(row, [one for one in states if one])


def _set_state(row: dict[str, str | None], states: list[tuple[str, str | None]]) -> Iterator[str]:
    """Set the state that a row tells once, or in the same sense several times; two different ones are none for sure."""
    if not states:
        return
    words, own = enumeration_words(table_schema("people").columns["status"]), row.get("status")
    meant = {words.get(fold_word(word), UNSURE) for word, _ in states}
    if own and words.get(fold_word(own), own) not in meant:
        meant.add(own)
    row["status"] = own if own and len(meant) == 1 else states[0][0] if len(meant) == 1 else UNSURE
    yield "status"
    since = next((since for _, since in states if since), None)
    if since and not row.get("status_since"):
        row["status_since"] = since
        yield "status_since"


def _take_groups(said: dict[str, str | None], row: dict[str, str | None]) -> Iterator[str]:
    """Yield the columns that are set of a group."""
    found = _behind_name.fullmatch(row.get("name") or "")
    texts = [said["remark"] or ""]
    if found and _ended.fullmatch(dates_in(found[2])[0]):
        row["name"] = found[1]
        texts.append(found[2])
    told = next((text for text in texts if _ended.fullmatch(dates_in(text)[0])), None)
    if told and not row.get("state") and not row.get("ended"):
        row["state"] = told
        yield "state"


def _take_tasks(_: dict[str, str | None], row: dict[str, str | None]) -> Iterator[str]:
    """Yield the columns that are set of a task whose state is told with its day: 已于2023年12月完成."""
    words = enumeration_words(table_schema("tasks").columns["state"])
    left, at, _ends = dates_in(row.get("state") or "")
    state = next((one for one in (left, _begins_state.sub("", left)) if fold_word(one) in words), None)
    if at and state:
        row["state"] = state
        if words[fold_word(state)] == "done" and not row.get("done_at"):
            row["done_at"] = at
            yield "done_at"


def _take_members(said: dict[str, str | None], row: dict[str, str | None]) -> Iterator[str]:
    """Yield the columns that are set of a member; what becomes of the person stands beside them."""
    text = said["remark"] or ""
    role = enumeration_words(table_schema("memberships").columns["role"]).get(fold_word(text))
    if role and not row.get("role"):
        row["role"] = role
        yield "role"
    left, at, _ = dates_in(text)
    if _left.fullmatch(left):
        row["left_at"] = row.get("left_at") or at or UNSURE
        yield "left_at"
    elif text and (state := _said_of_person(text)):
        row["status"], row["status_since"] = state


def fill_status(sheet: FilledSheet, status: str) -> bool:
    """Give the status that a title tells to those of whom nothing else is told; return whether any other was."""
    if "status" in sheet.headers and "status" not in sheet.told:
        return True
    for row in sheet.rows:
        row["status"] = row.get("status") or status
    return "status" in sheet.headers


_TAKEN = {"people": _take_people, "groups": _take_groups, "memberships": _take_members, "tasks": _take_tasks}
