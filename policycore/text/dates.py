"""Read the times that a Chinese message states, as its reader understands them on the day on which it was sent.

3月27日(星期三)上午11点前, 明天下午5点, 本周五下班前, 收到后2小时内, 27号, 月底前, 三月二十七日: relative to the
message's own local date, weeks beginning on Monday. A date and the weekday beside it are checked against each other.
What names a day alone lasts until that day ends, 上午 until noon, 下午 until work ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Literal

from policycore.text.fold import fold

__all__ = ["OfficeHours", "StatedTime", "stated_deadline", "stated_times"]

Fault = Literal["", "weekday", "impossible", "past", "workdays"]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When an office begins, has its noon and ends: what 上班前, 上午 and 下班前 mean there."""

    begins: time = time(8, 0)
    noon: time = time(12, 0)
    ends: time = time(17, 30)


@dataclass(frozen=True, slots=True)
class StatedTime:
    """A time that a text states, from `begin` to before `end` in it."""

    begin: int
    end: int
    moment: datetime | None
    """Its last moment; None where the words name none that there is."""
    is_deadline: bool
    """Whether something is to be done by then (前, 之前, 截止, 内)."""
    fault: Fault = ""
    """What is wrong: the weekday is not that of the date, no such date, before the message, days of work to count."""


_N = r"(?:[0-9]{1,2}|[〇零一二三四五六七八九十廿两]{1,3})"
_DAY = rf"""(?:(?P<year>[12][0-9]{{3}}|[〇零一二三四五六七八九]{{4}})\s*年\s*)?
        (?P<month>{_N})\s*月\s*(?P<day>{_N})\s*(?:[日号]|(?![0-9]))
    |(?<![0-9])(?P<iyear>[12][0-9]{{3}})[-/.](?P<imonth>[0-9]{{1,2}})[-/.](?P<iday>[0-9]{{1,2}})(?![0-9])
    |(?:(?P<emonth>{_N})\s*|(?P<thismonth>本|这个?|当|下个?))?月(?:底|末)(?!考)|(?P<yearend>年底|年末)
    |(?<![0-9月])(?P<only>{_N})\s*[日号](?!线|楼|门|机|院|文|令|[0-9])
    |(?P<near>大后天|今天|今日|今早|今晨|今晚|今(?=上午|下午)|本日|当天|当日|即日|明天|明日|明早|明晨|明晚|明(?=上午|下午)|
        后天|次日|第二天|昨天|昨日|前天)
    |(?P<which>本|这个?|下下个?|下个?|上个?)?(?:周|星期|礼拜)
        (?P<weekday>[一二三四五六日天末])(?![0-9一二三四五六七八九十]*[年次届])"""
_BESIDE = r"""(?:\s*[(\[]\s*(?:本|下)?(?:周|星期|礼拜)(?P<beside>[一二三四五六日天])\s*[)\]]
    |\s*,?\s*(?:星期|礼拜|周)(?P<beside2>[一二三四五六日天])(?:(?=(?P<through>\s*[-~至到]\s*(?:星期|礼拜|周)[一二三四五六日天])))?)?"""
_CLOCK = rf"""(?P<part>上午|早上|早晨|清晨|早|中午|正午|下午|午后|傍晚|晚上|晚间|晚|夜间|夜里|凌晨|半夜)?\s*
    (?:(?<![0-9])(?P<hour>[01]?[0-9]|2[0-4])\s*:\s*(?P<minute>[0-5][0-9])(?:\s*:\s*[0-5][0-9])?(?![0-9])
    |(?P<hour2>{_N})\s*[点时](?!间|候|段|期|常|而|代|分|钟头)(?:钟|整)?
        (?:\s*(?P<minute2>半|一刻|三刻|{_N}\s*分?(?![0-9日号月天])))?)"""
_PART = r"(?P<office>下班|上班|中午|上午|下午|晚上|今晚|午休)(?!后)"
_BEFORE = r"""(?:\s*[(\[]\s*(?:北京时间|含当[天日]|含|周[一二三四五六日])\s*[)\]])?\s*
    (?P<mark>之前|以前|前(?!往|期|者|来|提(?!交|供|出|请|醒|报)|后)|截止|为止|止(?!步)|内)?"""
_SPAN = r"""(?P<span>[0-9]{1,3}|半|[一二三四五六七八九十两]{1,3})\s*(?:个)?\s*
    (?P<unit>半小时|小时|钟头|分钟|工作日|天|日|周|星期|月)
    (?P<half>半)?\s*(?:之|以)?内"""
# What each begins with, for most characters begin nothing.
_FIGURES = "[0-9〇零一二三四五六七八九十廿两]"
_item = re.compile(
    rf"(?={_FIGURES}{{1,4}}\s*[个半小钟分工天日周星月年号/.-]|[半本这当下上月年大今明后次第昨前周星礼即])"
    rf"(?:{_SPAN}|(?:{_DAY}){_BESIDE}\s*的?\s*(?:(?:{_CLOCK})|(?:{_PART}))?{_BEFORE})",
    re.VERBOSE,
)
_clock_item = re.compile(
    rf"(?=\s*{_FIGURES}{{1,3}}\s*[:点时]|[上早清中正下午傍晚夜凌半今])(?:(?:{_CLOCK})|(?:{_PART})){_BEFORE}", re.VERBOSE
)
_due = re.compile(
    r"(?:截至|截止(?:时间|日期|到|至)?(?:为|是)?|最晚|最迟|不迟于|不晚于|务必于|deadline)[:是为到至于]*$", re.IGNORECASE
)
_NEAR = {"大后": 3, "后": 2, "明": 1, "次": 1, "第": 1, "昨": -1, "前": -2}
_DIGITS = {one: number for number, one in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_EVENING = ("下午", "午后", "傍晚", "晚上", "晚间", "晚", "夜间", "夜里")
_joining = re.compile(r"\s*(?:至|到|-|~|、|和|,)\s*(?:次年|翌年)?\s*")
_FAR = 183
_NOTICE = 2_000
"""Characters of a text whose times are remembered: several rules look at each notice."""
_JOINED = 6


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that state a time, whatever day it is: where they stand, their parts, and what they are beside."""

    begin: int
    end: int
    parts: dict[str, str]
    """What was said, by the name of its group; ``near`` is there wherever a day is named."""
    joined: bool
    """Whether they go on from the time before them: 27日至29日."""
    due: bool


def stated_times(text: str, sent: datetime | None, office: OfficeHours = OfficeHours()) -> list[StatedTime]:
    """Return the times that `text` states, in its order; `sent` is when it was sent, in the reader's zone.

    Without `sent` they are the places where times stand: which moments those are hangs on it.
    """
    if sent is None:
        return [StatedTime(words.begin, words.end, None, words.due) for words in _words_of(text)]
    found: list[StatedTime] = []
    last: date | None = None
    for words in _words_of(text):
        stated, last = _read(words, sent, office, last if words.joined else None)
        found.append(stated)
    return found


def _words_of(text: str) -> tuple[_Words, ...]:
    """Return the words that state times."""
    return _remembered(text) if len(text) <= _NOTICE else _remembered.__wrapped__(text)


@lru_cache(maxsize=1 << 15)
def _remembered(text: str) -> tuple[_Words, ...]:
    """Return the words that state times; several rules ask about each notice, which costs half a kilobyte of memory."""
    folded = fold(text)
    found: list[_Words] = []
    at = 0
    one: re.Match[str] | None = None
    clock: re.Match[str] | None = None
    for _ in folded:
        # Each is looked for again only where the last one found has been passed.
        one = _item.search(folded, at) if at == 0 or (one and one.start() < at) else one
        clock = _clock_item.search(folded, at) if at == 0 or (clock and clock.start() < at) else clock
        first = clock if clock and (one is None or clock.start() < one.start()) else one
        if first is None:
            break
        gap = folded[at : first.start()]
        joined = bool(found) and len(gap) < _JOINED and _joining.fullmatch(gap) is not None
        parts = {name: said for name, said in first.groupdict().items() if said}
        if first is not clock:
            parts.setdefault("near", "")
        due = parts.get("mark") or parts.get("span") or _due.search(folded[max(0, first.start() - 12) : first.start()])
        found.append(_Words(first.start(), first.end(), parts, joined, bool(due)))
        at = first.end()
    return tuple(found)


def stated_deadline(text: str, sent: datetime | None, office: OfficeHours = OfficeHours()) -> StatedTime | None:
    """Return the last deadline that `text` states, see `stated_times`; None where it states none.

    Of several the latest counts: nobody is late while one of them is still to come.
    """
    due = [one for one in stated_times(text, sent, office) if one.is_deadline]
    known = [(one.moment, one) for one in due if one.moment is not None]
    return max(known, key=itemgetter(0))[1] if known else due[0] if due else None


def _read(words: _Words, sent: datetime, office: OfficeHours, joined: date | None) -> tuple[StatedTime, date | None]:
    """Return what words state, and its day."""
    parts, begin, end, due = words.parts, words.begin, words.end, words.due
    if parts.get("span"):
        return StatedTime(begin, end, *_after(parts, sent)), None
    fault: Fault = ""
    try:
        day = _day(parts, sent.date(), joined)
    except ValueError:
        return StatedTime(begin, end, None, due, "impossible"), None
    beside = parts.get("beside") or parts.get("beside2")
    # Behind days from one to another, weekdays from one to another are those of every week between.
    of_every_week = words.joined and "through" in parts
    if beside and not of_every_week and day.weekday() != _weekday(beside):
        fault = "weekday"
    try:
        clock, next_day = _clock(parts, sent, day, office)
    except ValueError:
        return StatedTime(begin, end, None, due, "impossible"), day
    moment = datetime.combine(day + timedelta(days=next_day), clock, sent.tzinfo)
    if not fault and due and moment < sent:
        fault = "past"
    return StatedTime(begin, end, moment, due, fault), day


def _after(parts: dict[str, str], sent: datetime) -> tuple[datetime | None, bool, Fault]:
    """Return the end of a span that begins with the message, which is a deadline, and what is wrong with it."""
    said, unit = str(parts["span"]), str(parts["unit"])
    number = 0.5 if said == "半" else float(_number(said))
    if unit == "半小时":
        number, unit = number + 0.5, "小时"
    number += 0.5 if parts.get("half") else 0
    if unit == "工作日":
        return None, True, "workdays"
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30}
    if unit in days:
        # Whole days last until the day ends.
        end = sent + timedelta(days=number * days[unit])
        return (end if number < 1 else datetime.combine(end.date(), time(23, 59, 59), sent.tzinfo)), True, ""
    return sent + timedelta(minutes=number * (1 if unit == "分钟" else 60)), True, ""


def _day(parts: dict[str, str], today: date, joined: date | None) -> date:
    """Return the day that is meant. Raises ValueError where there is none."""
    if parts.get("iyear") or parts.get("month"):
        return _date(parts, today)
    if parts.get("only"):
        day = _number(str(parts["only"]))
        begin = joined or (today if day >= today.day else _month_end(today) + timedelta(days=1))
        return begin.replace(day=day)
    if parts.get("emonth"):
        return _month_end(_nearest_year(today, _number(str(parts["emonth"])), 1))
    if parts.get("yearend"):
        return date(today.year, 12, 31)
    if parts.get("weekday"):
        return _weekday_meant(parts, today)
    near = parts.get("near")
    if near:
        return today + timedelta(days=next((days for word, days in _NEAR.items() if near.startswith(word)), 0))
    if "near" in parts:  # 月底: of the named things only the month is left
        return _month_end(_next_month(today) if str(parts.get("thismonth") or "").startswith("下") else today)
    return joined or today


def _date(parts: dict[str, str], today: date) -> date:
    """Return a day that is named by its month, with its year or without. Raises ValueError where there is none."""
    if parts.get("iyear"):
        return date(int(str(parts["iyear"])), int(str(parts["imonth"])), int(str(parts["iday"])))
    month, day = _number(str(parts["month"])), _number(str(parts["day"]))
    if parts.get("year"):
        return date(int("".join(str(_DIGITS.get(one, one)) for one in str(parts["year"]))), month, day)
    return _nearest_year(today, month, day)


def _weekday_meant(parts: dict[str, str], today: date) -> date:
    """Return the day of a week: of this one, of the next, or the next such day where it is not said."""
    weekday = _weekday(str(parts["weekday"]))
    which = parts.get("which") or ""
    monday = today - timedelta(days=today.weekday())
    weeks = {"下": 1, "上": -1}.get(which[:1], 0) + which.startswith("下下")
    day = monday + timedelta(days=weekday, weeks=weeks)
    return day if which or day >= today else day + timedelta(weeks=1)


def _clock(parts: dict[str, str], sent: datetime, day: date, office: OfficeHours) -> tuple[time, int]:
    """Return the time of the day that is meant, and 1 where it is the midnight that ends it."""
    said = parts.get("hour") or parts.get("hour2")
    near = parts.get("near") or ""
    part = parts.get("part") or ("晚" if near.endswith("晚") else "早" if near.endswith(("早", "晨")) else "")
    if said is None:
        words = parts.get("office") or part
        if words == "上班":
            return office.begins, 0
        if words in ("上午", "中午", "早", "午休"):
            return office.noon, 0
        if words in ("下班", "下午"):
            return office.ends, 0
        return time(23, 59, 59), 0
    hour, minute = _number(said), _minute(parts)
    if hour == 24:
        return time(0, minute), 1
    if (part in _EVENING and hour < 12) or (part in ("中午", "正午") and hour < 3):
        hour += 12
    elif not part and parts.get("hour") is None and hour < 7:
        hour += 12  # nobody is asked for anything at five in the morning
    elif (
        not part
        and day == sent.date()
        and hour < 12
        and (hour + 12, minute) > (sent.hour, sent.minute) > (hour, minute)
    ):
        hour += 12
    elif part in ("晚上", "晚间", "晚", "夜里", "半夜") and hour == 12:
        return time(0, minute), 1
    return time(hour, minute), 0


def _minute(parts: dict[str, str]) -> int:
    """Return the minutes of a time."""
    said = (parts.get("minute") or parts.get("minute2") or "0").rstrip("分 ")
    return {"半": 30, "一刻": 15, "三刻": 45}.get(said) or _number(said)


def _number(said: str) -> int:
    """Return a number of up to two figures, in ASCII or Chinese."""
    if said.isdigit() and said.isascii():
        return int(said)
    said = said.replace("廿", "二十")
    tens, ten, ones = said.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[one]) for one in said))
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def _weekday(said: str) -> int:
    """Return 0 for Monday to 6 for Sunday; a weekend is its last day."""
    return "一二三四五六日".find(said) if said in "一二三四五六日" else 6


def _nearest_year(today: date, month: int, day: int) -> date:
    """Return the date of the year that lies nearest."""
    meant = date(today.year if (month, day) != (2, 29) else today.year - today.year % 4, month, day)
    years = 1 if (today - meant).days > _FAR else -1 if (meant - today).days > _FAR else 0
    return meant.replace(year=meant.year + years) if years else meant


def _month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return _next_month(day) - timedelta(days=1)


def _next_month(day: date) -> date:
    """Return the first day of the month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
