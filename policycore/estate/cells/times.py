"""Read times as people, spreadsheets and programs write them; every result has an offset."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

__all__ = ["BY_THE_CLOCK", "DEFAULT_TIMEZONE", "end_of_day", "parse_moment", "parse_span", "parse_time", "since_1970"]

BY_THE_CLOCK = "messages.sent_at"
"""The time of which rules ask the hour: a bare date does not tell it."""

DEFAULT_TIMEZONE = "Asia/Shanghai"
"""The zone of times that name none, in files that name none either."""

_date = (
    r"(?P<year>[0-9]{4})"
    r"(?:-(?P<m1>[0-9]{1,2})-|/(?P<m2>[0-9]{1,2})/|\.(?P<m3>[0-9]{1,2})\.|年(?P<m4>[0-9]{1,2})月"
    # 20230901, as personnel systems write it.
    r"|(?P<m5>[01][0-9])(?=[0-9]{2}(?![0-9])))"
    r"(?P<day>[0-9]{1,2})日?"
)
# A full-width colon is what a Chinese input method types.
_colon = "[:\uff1a]"
_clock = (
    rf"(?P<half>上午|下午|凌晨|清晨|早[上晨]|[中正]午|傍晚|晚上?|夜[里间])?\s*(?P<hour>[0-9]{{1,2}})(?:{_colon}|时|点)"
    rf"(?:(?P<minute>[0-9]{{1,2}})分?"
    rf"(?:{_colon}?(?P<second>[0-9]{{2}})秒?(?:[.,](?P<fraction>[0-9]{{1,9}}))?)?)?(?:\s*(?P<noon>[AaPp])\.?[Mm]\.?)?"
)
_AFTERNOON = ("下午", "傍晚", "晚", "晚上", "夜里", "夜间", "p", "P")
_offset = r"(?P<offset>Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)"
_day = re.compile(rf"\s*{_date}\s*")
_time = re.compile(rf"{_date}(?:(?:\s*T\s*|\s*){_clock}\s*{_offset}?)?")
_span = re.compile(
    r"(?P<year>[0-9]{4})(?:年|[-/.年](?P<month>[0-9]{1,2})(?:月份?)?)?"
    r"(?P<part>(?<=年)(?:[上下]半年|第?[1-4]季度)|(?<=[年月])(?:[上中下]旬|[初中末底春夏秋]季?))?"
)
_short_year = re.compile(r"^([0-9]{2})(?=年|\.(?:1[0-2]|0?[1-9])\.[0-9]{1,2}$)")
_figures = re.compile("[〇○零一二三四五六七八九十]{1,4}(?=[年月日号季])")
_DASHES = str.maketrans("、,。–—−‐‑", "...-----")
_moment_in_figures = re.compile(r"((?:19|20)[0-9]{6})([0-2][0-9])([0-5][0-9])([0-5][0-9])")
_gaps = re.compile(r"(?<!\s)\s*([年月日]|(?<=[0-9])[-/.、,。–—−‐‑](?=\s*[0-9])|(?<=[0-9]\s)[-/.](?=\s*[0-9]))\s*")
_weekday = re.compile(r"\s*\(?(?:星期|周)[一二三四五六日天]\)?")
_half_alone = re.compile("(?<=日)\\s*(?:上午|中午|下午|晚上|早上)$")
_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_english = re.compile(
    r"(?i)(?:([0-9]{1,2})(?:st|nd|rd|th)?[ -])?([a-z]{3})[a-z]{0,6}\.?[ -]"
    r"(?:([0-9]{1,2})(?:st|nd|rd|th)?,? ?)?([0-9]{4})"
)


def _as_typed(text: str) -> str:
    """Return a date that a person typed in the way in which dates are read.

    二〇二三年九月, 2023 年 9 月 1 号, 2023、9、1, 2023—9—1, 20230901103000, 23年9月, 23.9.1 and Sep 1, 2023 are dates;
    20年 up to 70 is of this century.
    """
    text = _figures.sub(_in_figures, unicodedata.normalize("NFKC", text).strip(" .,。"))
    text = _half_alone.sub("", _weekday.sub(" ", text.replace("号", "日")).strip())
    english = _english.fullmatch(text)
    if english and english[2].lower() in _months:
        day = english[1] or english[3]
        return f"{english[4]}-{_months.index(english[2].lower()) + 1}" + (f"-{day}" if day else "")
    text = _moment_in_figures.sub(r"\1 \2:\3:\4", text) if text.isdecimal() else text
    text = _gaps.sub(lambda found: found[1].translate(_DASHES), text)
    return _short_year.sub(lambda found: f"{19 if int(found[1]) > 70 else 20}{found[1]}", text)


def _in_figures(found: re.Match[str]) -> str:
    """Return Chinese figures as ASCII ones: 二〇二三 digit by digit, 十二 and 二十 as the number that they are."""
    said = found[0].translate(str.maketrans("〇○零一二三四五六七八九", "000123456789"))
    if "十" not in said:
        return said
    tens, _, ones = said.partition("十")
    return f"{tens or 1}{ones or 0}" if len(tens) < 2 and len(ones) < 2 else found[0]


_joined_month = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])")
# Days since the last day of 1899, as spreadsheets count them: from 1954 to 2099.
_serial = re.compile(r"([2-6][0-9]{4}|7[0-2][0-9]{3})(\.[0-9]+)?")
_DAY_ZERO = datetime(1899, 12, 30)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the last microsecond of a day in `zone`, in UTC: the end of the day, and nothing of the next."""
    return (datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)) - timedelta(microseconds=1)


def parse_span(
    text: str, zone: tzinfo, *, in_sheet: bool = False, whole_day: bool = False
) -> tuple[datetime, datetime] | None:
    """Return the earliest and the latest moment that `text` may mean, in UTC; the same one twice where it is exact.

    A bare date is its first moment; with `whole_day` nobody knows when on that day.

    2019年8月, 2019-08, 2019.9 and 2019 are known to the month or year. `in_sheet` takes what people type and what
    spreadsheets make of dates as well: 45200, the number of a day, and 2023.1, which may have been 2023.10.
    """
    if in_sheet:
        text = _as_typed(text)
    exact = parse_time(text, zone)
    if exact is not None:
        return exact, end_of_day(exact.astimezone(zone).date(), zone) if whole_day and _day.fullmatch(text) else exact
    number = _serial.fullmatch(text.strip()) if in_sheet else None
    if number:
        day = _DAY_ZERO + timedelta(days=int(number[1]), seconds=round(float(number[2] or 0) * 86400))
        moment = day.replace(tzinfo=zone).astimezone(UTC)
        return moment, moment
    found = _span.fullmatch(text.strip()) or (_joined_month.fullmatch(text.strip()) if in_sheet else None)
    if not found:
        return None
    year, month = int(found["year"]), int(found["month"] or 1)
    last = 12 if found["month"] is None else 10 if in_sheet and found[0].endswith(".1") else month
    part = found.groupdict().get("part") or ""
    if part and not in_sheet:
        return None
    if part.endswith("季度"):
        month = int(part[-3]) * 3 - 2
        last = month + 2
    elif part.endswith("半年"):
        month, last = (1, 6) if part[0] == "上" else (7, 12)
    try:
        first = datetime(year, month, 1, tzinfo=zone).astimezone(UTC)
        after = datetime(year + last // 12, last % 12 + 1, 1, tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None
    return first, after - timedelta(microseconds=1)


_number = re.compile(r"[0-9]{9,19}(?:\.[0-9]{1,9})?")
_SECONDS = 10
"""Digits of a number of seconds, from 2001 to 2286."""
_EPOCHS = {"seconds": 1, "milliseconds": 1_000, "microseconds": 1_000_000}


def since_1970(text: str, unit: str | None = None) -> str | None:
    """Return in ISO 8601 the time that a number counts since 1970, None for a text that is no such number.

    Without a `unit` (seconds, milliseconds, microseconds) its size tells: those of the years 1990 to 2199 never meet,
    nor do they meet days written as 20240322.
    """
    if len(text) == _SECONDS and text.isascii() and text.isdecimal() and unit in (None, "seconds"):
        # What most exports write, in a twentieth of the time.
        whole = int(text)
        if _FIRST <= whole < _LAST:
            return datetime.fromtimestamp(whole, UTC).isoformat()
    if not _number.fullmatch(text):
        return None
    for name in (unit,) if unit else _EPOCHS:
        seconds = Decimal(text) / _EPOCHS[name]
        if _FIRST <= seconds < _LAST:
            # Below a thousandth stands a number that tells messages of one moment apart, and no time.
            return (_EPOCH + timedelta(milliseconds=int(seconds * 1_000))).isoformat()
    return None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1990, 2200))


def parse_moment(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment of which `text` speaks, in UTC; None when it spells no time.

    A day alone is its end: what happened on the day that an estate is from is part of it.
    """
    found = parse_time(text, zone)
    written = _time.fullmatch(text.strip())
    if found is None or written is None or written["hour"] is not None:
        return found
    return end_of_day(found.astimezone(zone).date(), zone)


def parse_time(text: str, zone: tzinfo) -> datetime | None:
    """Return the time that `text` spells, in UTC; None when it spells none.

    Takes ISO 8601 (a time without offset is in `zone`) and what officials write: 2024/3/22,
    2024.3.22, 20240322, 2024年3月22日, each with or without a time of day. A date alone is its first moment.
    """
    found = _time.fullmatch(text.strip())
    if not found:
        return None
    part = found.groupdict()
    month = part["m1"] or part["m2"] or part["m3"] or part["m4"] or part["m5"]
    hour = int(part["hour"] or 0)
    half = part["half"] or part["noon"]
    if half in ("中午", "正午"):
        hour += 12 if hour < 3 else 0
    elif half in ("晚", "晚上", "夜里", "夜间") and hour in (0, 12):
        hour = 24  # the midnight that ends the day
    elif half:
        if hour == 12:
            hour = 0  # half past twelve in the morning is thirty minutes after midnight
        if half in _AFTERNOON and hour < 12:
            hour += 12
    # 24:00 is the end of its day, as deadlines are written.
    ends_day = hour == 24 and (bool(half) or not any(int(part[name] or 0) for name in ("minute", "second", "fraction")))
    micro = int((part["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        moment = datetime(
            int(part["year"]),
            int(month),
            int(part["day"]),
            0 if ends_day else hour,
            int(part["minute"] or 0),
            int(part["second"] or 0),
            micro,
            tzinfo=zone if part["offset"] is None else None,
        )
        if part["offset"] is not None:
            moment = moment.replace(tzinfo=datetime.fromisoformat(f"20000101T000000{part['offset'].upper()}").tzinfo)
        return (moment + timedelta(days=int(ends_day))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
