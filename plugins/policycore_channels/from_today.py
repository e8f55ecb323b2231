"""Read days that are named from the day of writing, tomorrow or next Wednesday, beside the date that they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

__all__ = ["FROM_TODAY", "wrong_from_today"]

_WEEK = r"(?:星期|周|礼拜)"
_OF_DAY = r"(?:上午|下午|中午|晚上|早上|晚|早)?"
FROM_TODAY = (
    rf"[今明后昨前][天日早晚] ?{_OF_DAY} ?[(\[]? ?(?:[0-9]|{_WEEK})",
    rf"{_WEEK}[一二三四五六日天] ?[(\[]? ?[0-9]{{1,4}}[年月日号]",
)
"""How a text that says such a day looks, for the pass over all texts."""

_DAYS = {"今": 0, "明": 1, "后": 2, "大后": 3, "昨": -1, "前": -2, "大前": -3}
_WEEKS = {"本": 0, "这": 0, "上": -1, "下": 1, "下下": 2, "上上": -2}
_ORDER = "一二三四五六日"
_named = re.compile(
    rf"(?:(?P<day>大?[后前]|[今明昨])[天日早晚]|(?P<week>[本这]|上上?|下下?)个?{_WEEK}(?P<of>[一二三四五六日天])"
    rf"|(?P<every>[每逢隔单双两])?个?{_WEEK}(?P<bare>[一二三四五六日天]))(?P<gap> ?{_OF_DAY} ?)"
)
_date = re.compile(
    r"(?P<open>[(\[] ?)?(?:(?P<year>20[0-9]{2})年)?(?:(?P<month>[0-9]{1,2})月)?(?P<number>[0-9]{1,2})[日号]"
    r"(?! ?(?:[-至到~、和及与或]|,[0-9 ]|起|以?后|[^。;\n]{0,6}(?:农历|阴历|旧历)))(?P<shut> ?[)\]])?"
)
_weekday = re.compile(
    rf"[(\[]? ?{_WEEK}(?P<of>[一二三四五六日天])(?! ?(?:[-至到~、和及与或]|的?(?:课|班|作息|安排|值)))"
)
_of_others = re.compile(r"转发|转自|转载|[转原]文|^ ?[【\[(]?转|聊天记录|纪要|记录|历史|当时|去年|前年")
_signed = re.compile(r"(?:(20[0-9]{2})年)?([0-9]{1,2})月([0-9]{1,2})日\s*\Z")
_QUOTED = 300
"""How far before a day a quotation may begin that it stands in."""
_AFTER_MIDNIGHT = 5
"""Until which hour who is still up may call the day before today."""


def wrong_from_today(text: str, sent: datetime) -> Iterator[tuple[int, int]]:
    """Yield from where to where a folded text, sent on a day, names a day and beside it another.

    It must be wrong however it is read: a week may begin on Sunday or on Monday, who writes after midnight may mean
    the day before, and a notice that bears a date may have been written then. What is passed on is of another day.
    """
    if _of_others.search(text):
        return
    bases = _written(text, sent)
    for named in _named.finditer(text):
        before = text[max(0, named.start() - _QUOTED) : named.start()]
        if named["every"] or before.count("“") > before.count("”"):
            continue
        beside = _date.match(text, named.end()) or (_weekday.match(text, named.end()) if named["day"] else None)
        if beside is None or not _says_enough(named, beside):
            continue
        if not any(_agree(day, beside) for base in bases for day in _meant(named, beside, base)):
            yield named.start(), beside.end()


def _written(text: str, sent: datetime) -> list[date]:
    """Return the days on which a text may have been written."""
    day = sent.date()
    found = [day] if sent.hour >= _AFTER_MIDNIGHT else [day, day - timedelta(days=1)]
    signed = _signed.search(text.rstrip())
    if signed is not None:
        written = _day(int(signed[1] or day.year), int(signed[2]), int(signed[3]))
        found += [] if written is None else [written]
    return found


def _day(year: int, month: int, number: int) -> date | None:
    """Return a day, None where there is no such."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _says_enough(named: re.Match[str], beside: re.Match[str]) -> bool:
    """Return whether what stands beside a day can only be its date: a day of no month stands alone in brackets."""
    groups = beside.groupdict()
    if "number" not in groups:
        return True
    if named["bare"]:
        return bool(groups["open"] and groups["month"])
    return bool(groups["month"] or (groups["open"] and groups["shut"]))


def _meant(named: re.Match[str], beside: re.Match[str], base: date) -> Iterator[date]:
    """Yield the days that may be meant by a name."""
    if named["day"]:
        yield base + timedelta(days=_DAYS[named["day"]])
        return
    place = _ORDER.index((named["of"] or named["bare"]).replace("天", "日"))
    if named["week"]:
        weeks = timedelta(weeks=_WEEKS[named["week"]])
        yield base - timedelta(days=base.weekday()) + timedelta(days=place) + weeks
        # A week that begins on Sunday.
        yield base - timedelta(days=base.isoweekday() % 7) + timedelta(days=(place + 1) % 7) + weeks
        return
    # A weekday alone is of any week: it only has to be the one of the date.
    years = [int(beside["year"])] if beside["year"] else [base.year - 1, base.year, base.year + 1]
    days = [day for year in years if (day := _day(year, int(beside["month"]), int(beside["number"])))]
    nearest = min(days, key=lambda day: abs(day - base), default=None)
    if nearest is not None and nearest.weekday() == place:
        yield nearest


def _agree(day: date, beside: re.Match[str]) -> bool:
    """Return whether a day is the date or the weekday that stands beside."""
    said = beside.groupdict()
    if "of" in said:
        return _ORDER[day.weekday()] == str(said["of"]).replace("天", "日")
    return (
        day.day == int(said["number"])
        and (said["month"] is None or day.month == int(said["month"]))
        and (said["year"] is None or day.year == int(said["year"]))
    )
