"""Read what a person types into the filter: words, ``key:value``, ``!`` to exclude, quotes for spaces.

``severity:error dept:教务处 rule:OWN* !waived 群主`` means: severity error, department 教务处, a rule
whose id or name begins with OWN, without the word waived, with the word 群主. Words and different
keys must all fit; several values of one key are alternatives. Keys and values may be what a screen
shows, in either language, or their codes; one that nobody knows is told, with what was probably meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache

from sqlalchemy import Connection, select

from policycore.estate.cells.times import parse_time
from policycore.language import current_language, find_text, say, say_both
from policycore.model.verdict import Severity, Subject, Verdict
from policycore.model.words import fold_word
from policycore.store import schema
from policycore.store.lives.life_cycle import State
from policycore.store.query import FindingFilter, counts_by
from policycore.text.clauses import clauses_meant
from policycore.text.clean import clean
from policycore.text.fold import fold
from policycore.text.suggest import nearest, suggestion

__all__ = [
    "KEYS",
    "SETTLED",
    "Known",
    "Term",
    "closed_value",
    "closed_words",
    "described",
    "known_values",
    "parse",
    "terms",
    "typed_day",
]

KEYS: Mapping[str, str] = {
    "severity": "severity",
    "严重程度": "severity",
    "级别": "severity",
    "verdict": "verdict",
    "结论": "verdict",
    "clause": "clause",
    "条款": "clause",
    "rule": "name",
    "name": "name",
    "规则": "name",
    "dept": "department",
    "department": "department",
    "部门": "department",
    "单位": "department",
    "platform": "platform",
    "平台": "platform",
    "state": "state",
    "状态": "state",
    "who": "responsible",
    "responsible": "responsible",
    "责任人": "responsible",
    "group": "group",
    "群": "group",
    "assigned": "assigned",
    "交办": "assigned",
    "指派": "assigned",
    "kind": "kind",
    "对象": "kind",
    "subject": "subject",
    "ruleset": "ruleset",
    "规则集": "ruleset",
    "due": "due",
    "期限": "due",
    "到期": "due",
}
"""Facet of the store by the key that a person may type, in English and in Chinese; ``due`` is a date."""

_ALSO: Mapping[str, Mapping[str, str]] = {
    "severity": {
        "错误": "error",
        "严重": "error",
        "must be put right": "error",
        "警告": "warning",
        "should be put right": "warning",
        "for information": "info",
    },
    "verdict": {
        "违反": "fail",
        "疑点": "suspect",
        "待确认": "needs-attestation",
        "已确认": "attested",
        "出错": "error",
    },
    "state": {"复发": "reopened"},
}
"""What people call values beside the words that screens and reports show, or once showed."""

_SHOWN: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "severity": ([one.value for one in Severity], ("model.severity",)),
    "verdict": ([one.value for one in Verdict], ("reports.verdict",)),
    "state": ([one.value for one in State], ("store.state",)),
    "kind": ([one.value for one in Subject], ("reports.subject",)),
}
"""By closed facet its values and where their words stand."""

Known = Callable[[str], Mapping[str, str]]
"""Returns, for a facet, the stored value of every word that stands for one."""


def _as_typed(word: str) -> str:
    """Return a word in the form in which it is compared: one width, one writing (規 is 规), no spaces, no case."""
    return fold_word(fold(word))


@cache
def closed_words(facet: str) -> Mapping[str, str]:
    """Return the value that each word means, in both languages; nothing for a facet whose values are the data's."""
    values, keys = _SHOWN.get(facet, ((), ()))
    shown = {
        (key, value): say_both(f"{key}.{value}") for key in keys for value in values if find_text(f"{key}.{value}")
    }
    words = {word: value for (_, value), both in shown.items() for word in (both.zh, both.en)}
    words |= {value: value for value in values}
    return {_as_typed(word): value for word, value in {**words, **_ALSO.get(facet, {})}.items()}


def closed_value(facet: str, typed: str) -> str | None:
    """Return the value of a closed facet that `typed` means, None where it means none."""
    return closed_words(facet).get(_as_typed(typed))


_NONE = frozenset({"无", "none", "-"})
"""Words for "has none" among the values of the data."""

SETTLED = frozenset({"resolved", "waived", "attested"})
"""States and verdicts of findings that need no work any more; a list leaves them out unless they are asked for."""

# A term is an optional "!", an optional key with a colon (full-width too), and a bare or quoted value.
_term = re.compile(
    r"""(?P<not>[!！]?)(?:(?P<key>[^\s:：=＝<＜!！"“”]+)(?P<mark>[:：=＝<＜]))?"""
    r"""(?:["“](?P<quoted>[^"“”]*)["”]?|(?P<bare>[^\s"“”]+))"""
)
_BADGES = ("severity", "verdict", "state")
"""Facets whose values stand in every list of findings, so that they are typed as words."""
_rule_id = re.compile(r"[A-Z]{1,8}[0-9*]*\*?\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a filter: a word, or a facet with a value; `key` is what was typed before the colon."""

    facet: str | None
    value: str
    excluded: bool = False
    key: str = ""


def terms(typed: str) -> tuple[Term, ...]:
    """Return the parts of what was typed, in order; a key that is none has no facet."""
    found: list[Term] = []
    for match in _term.finditer(typed):
        value = match["quoted"] if match["quoted"] is not None else match["bare"]
        key = match["key"] or ""
        mark, facet = fold(match["mark"] or ""), KEYS.get(fold(key).lower())
        # Addresses and times of day are words, and so is what is compared with anything but a key.
        strange = value.startswith("/") or key.isdecimal() or (mark != ":" and not facet)
        if key and (strange or (mark == "<" and facet != "due")):
            key, facet, value = "", None, f"{key}{match['mark']}{value}"
        elif not key and match["quoted"] is None and value[-1:] in ":：=＝" and fold(value[:-1]).lower() in KEYS:
            continue  # its value is still to come
        if facet == "name" and _rule_id.match(value.upper()):
            facet, value = "rule", value.upper()
        if value:
            found.append(Term(facet, value, bool(match["not"]), key))
    return tuple(found)


def parse(
    typed: str | Iterable[Term],
    *,
    facets: Mapping[str, Iterable[str]] | None = None,
    zone: tzinfo = UTC,
    known: Known = lambda _facet: {},
) -> tuple[FindingFilter, tuple[str, ...]]:
    """Return the store's filter for what was typed, narrowed by the `facets` that were picked, and what is wrong in it.

    A key or value that nobody knows is told and does not count, so that it never reads as "there are none". `known`
    knows the values of facets that the data fill; where it knows none, any goes. ``due:2024-05-01`` means due before
    that day begins in `zone`. Findings that are settled (resolved, waived, attested) show only when the filter asks
    for them.
    """
    any_of: dict[str, tuple[str, ...]] = {name: tuple(values) for name, values in (facets or {}).items() if values}
    none_of: dict[str, tuple[str, ...]] = {}
    due: datetime | None = None
    words: list[str] = []
    without: list[str] = []
    faults: list[str] = []
    for term in terms(typed) if isinstance(typed, str) else typed:
        if term.facet is None and not term.key:
            (without if term.excluded else words).append(term.value)
        elif term.facet is None:
            fault = say("store.filter.no-key", name=clean(term.key, limit=40))
            faults.append(_with(fault, suggestion(term.key, _offered(term.key, KEYS))))
        elif term.facet == "due":
            due = typed_day(term.value, zone) or due
            if typed_day(term.value, zone) is None:
                faults.append(say("store.filter.no-day", value=clean(term.value, limit=40)))
        else:
            values, fault = _values(term, known)
            side = none_of if term.excluded else any_of
            if values:
                side[term.facet] = (*side.get(term.facet, ()), *values)
            faults += [fault] if fault else []
    shown_as = {word: meant for word in (*words, *without) if (meant := _badges(word, known))}
    asked = [any_of, *(shown_as.get(word, {}) for word in words)]
    wanted = FindingFilter(
        any_of=any_of,
        none_of=none_of,
        words=tuple(words),
        without=tuple(without),
        shown_as=shown_as,
        active=None if any(map(_asks_for_settled, asked)) else True,
        due_before=due,
    )
    return wanted, tuple(faults)


def _badges(word: str, known: Known) -> dict[str, tuple[str, ...]]:
    """Return what a word without a key stands for in a list: a value beside the finding, or its clause."""
    found: dict[str, tuple[str, ...]] = {
        facet: (meant,) for facet in _BADGES if (meant := closed_value(facet, word)) is not None
    }
    if not word.isascii() and (clauses := clauses_meant(word, known("clause"))):
        found["clause"] = clauses
    return found


def _values(term: Term, known: Known) -> tuple[tuple[str, ...], str]:
    """Return the values that a term means, and what is wrong where it means none."""
    facet, value = term.facet or "", term.value
    closed = closed_words(facet)
    if "*" in value:
        return (value,), ""
    if closed:
        meant = closed.get(_as_typed(value))
        return ((meant,), "") if meant else ((), _no_value(term, closed))
    words = known(facet)
    if facet == "clause":
        return (found, "") if (found := clauses_meant(value, words)) or not words else ((), _no_value(term, words))
    if _as_typed(value) in _NONE and value not in words:
        return ("",), ""
    if facet == "name":
        # A part of a rule's name will do.
        fits = not words or any(value.casefold() in name.casefold() for name in words)
        return ((f"*{value}*",), "") if fits else ((), _no_value(term, words))
    folded = {_as_typed(word): stored for word, stored in words.items()}
    meant = folded.get(_as_typed(value), value)
    return ((meant,), "") if not words or _as_typed(value) in folded else ((), _no_value(term, words))


def _no_value(term: Term, words: Iterable[str]) -> str:
    fault = say("store.filter.no-value", name=term.key or str(term.facet), value=clean(term.value, limit=60))
    # A list of clauses would read like a number of somebody's.
    known = words if term.facet != "clause" or nearest(term.value, words) else ()
    return _with(fault, suggestion(term.value, _offered(term.value, known)))


def _offered(typed: str, known: Iterable[str]) -> Iterable[str]:
    """Return the words to offer: where none of them comes near, those in the reader's language, if there are any."""
    words = [*known]
    own = [word for word in words if word.isascii() == (current_language() == "en")]
    return words if nearest(typed, words) or not own else own


def _with(fault: str, advice: str) -> str:
    return say("store.filter.advice", fault=fault, advice=advice) if advice else fault


def known_values(connection: Connection, facet: str) -> dict[str, str]:
    """Return the stored value of every word that stands for one of a facet: a group's name stands for its id."""
    if facet == "group":
        rows = connection.execute(select(schema.findings.c.group_id, schema.findings.c.group_name).distinct())
        return {word: stored for stored, name in rows if stored for word in (name, stored) if word}
    found = counts_by(connection, FindingFilter(active=None), facet)
    return {value: value for value in found if value}


def typed_day(text: str, zone: tzinfo) -> datetime | None:
    """Return the day or time that `text` means, in `zone` unless it says another offset; None where it means none.

    People type 2024-3-26, 2024.3.26, 2024/3/26, 20240326, 2024年4月20日, in full-width digits too.
    """
    found = parse_time(fold(text), zone)
    return None if found is None else found.astimezone(zone)


def _asks_for_settled(any_of: Mapping[str, Sequence[str]]) -> bool:
    """Return whether a filter names findings that are no longer to be done."""
    states = {*any_of.get("state", ()), *any_of.get("verdict", ())}
    return bool(states & SETTLED) or any("*" in value for value in any_of.get("state", ()))


def described(typed: str, facets: Mapping[str, Iterable[str]]) -> str:
    """Return the active filter as one line that could be typed, in the words of the language in force."""
    chinese = current_language() == "zh"
    names = {facet: key for key, facet in reversed(list(KEYS.items())) if key.isascii() != chinese}
    names["rule"] = names["name"]
    shown = {facet: keys[0] for facet, (_, keys) in _SHOWN.items()}
    parts = [
        f"{names.get(facet, facet)}:{_quoted(say(f'{shown[facet]}.{value}') if facet in shown else value)}"
        for facet, values in facets.items()
        for value in values
    ]
    return " ".join([*parts, typed.strip()]).strip()


def _quoted(value: str) -> str:
    """Return a value as it must be typed."""
    return f'"{value}"' if re.search(r"\s", value) or not value else value
