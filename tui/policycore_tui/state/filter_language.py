"""Read what a person types into the filter: words, ``key:value``, ``!`` to exclude, quotes for spaces.

``severity:error dept:教务处 rule:OWN* !waived 群主`` means: severity error, department 教务处, a rule
whose id or name begins with OWN, without the word waived, with the word 群主. Words and different
keys must all fit; several values of one key are alternatives. Anything typed is a filter: what is
no known key is a word, so that half-typed text never is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from policycore.store.query import FindingFilter
from policycore_tui.state.typed import typed_day

__all__ = ["KEYS", "SETTLED", "Term", "described", "parse", "terms"]

KEYS: Mapping[str, str] = {
    "severity": "severity",
    "级别": "severity",
    "verdict": "verdict",
    "结论": "verdict",
    "clause": "clause",
    "条款": "clause",
    "rule": "name",
    "规则": "name",
    "dept": "department",
    "department": "department",
    "部门": "department",
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
    "kind": "kind",
    "对象": "kind",
    "subject": "subject",
    "due": "due",
    "期限": "due",
}
"""Facet of the store by the key that a person may type, in English and in Chinese; ``due`` is a date."""

_VALUES: Mapping[str, Mapping[str, str]] = {
    "severity": {"错误": "error", "严重": "error", "警告": "warning", "提示": "info"},
    "verdict": {
        "不合规": "fail",
        "违反": "fail",
        "存疑": "suspect",
        "疑点": "suspect",
        "待书面确认": "needs-attestation",
        "待确认": "needs-attestation",
        "已书面确认": "attested",
        "已确认": "attested",
        "已豁免": "waived",
        "规则出错": "error",
        "出错": "error",
    },
    "state": {
        "新增": "new",
        "未解决": "open",
        "已解决": "resolved",
        "重现": "reopened",
        "复发": "reopened",
        "无法判断": "unknown",
        "已豁免": "waived",
        "已确认": "attested",
    },
}

SETTLED = frozenset({"resolved", "waived", "attested"})
"""States and verdicts of findings that need no work any more; a list leaves them out unless they are asked for."""

# A term is an optional "!", an optional key with a colon (full-width too), and a bare or quoted value.
_term = re.compile(
    r"""(?P<not>[!！]?)(?:(?P<key>[^\s:：!！"“”]+)[:：])?(?:["“](?P<quoted>[^"“”]*)["”]?|(?P<bare>[^\s"“”]+))"""
)
_rule_id = re.compile(r"[A-Z]{1,8}[0-9*]*\*?\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a filter: a word, or a facet with a value."""

    facet: str | None
    value: str
    excluded: bool = False


def terms(typed: str) -> tuple[Term, ...]:
    """Return the parts of what was typed, in order."""
    found: list[Term] = []
    for match in _term.finditer(typed):
        value = match["quoted"] if match["quoted"] is not None else match["bare"]
        key = match["key"]
        facet = KEYS.get(key.lower()) if key else None
        if key and facet is None:
            value = f"{key}:{value}"
        if facet is not None:
            value = _VALUES.get(facet, {}).get(value, value)
        if facet == "due" and typed_day(value, UTC) is None:
            facet, value = None, f"{key}:{value}"
        if facet == "name" and _rule_id.match(value.upper()):
            facet, value = "rule", value.upper()
        if value:
            found.append(Term(facet, value, bool(match["not"])))
    return tuple(found)


def parse(typed: str, *, facets: Mapping[str, Iterable[str]] | None = None, zone: tzinfo = UTC) -> FindingFilter:
    """Return the store's filter for what was typed, narrowed by the `facets` that were picked.

    ``due:2024-05-01`` means due before that day begins in `zone`. Findings that are settled
    (resolved, waived, attested) show only when the filter asks for them.
    """
    any_of: dict[str, tuple[str, ...]] = {name: tuple(values) for name, values in (facets or {}).items() if values}
    none_of: dict[str, tuple[str, ...]] = {}
    due: datetime | None = None
    words: list[str] = []
    without: list[str] = []
    for term in terms(typed):
        if term.facet is None:
            (without if term.excluded else words).append(term.value)
            continue
        if term.facet == "due":
            due = typed_day(term.value, zone)
            continue
        value = term.value if term.facet != "name" or "*" in term.value else f"*{term.value}*"
        side = none_of if term.excluded else any_of
        side[term.facet] = (*side.get(term.facet, ()), value)
    return FindingFilter(
        any_of=any_of,
        none_of=none_of,
        words=tuple(words),
        without=tuple(without),
        active=None if _asks_for_settled(any_of) else True,
        due_before=due,
    )


def _asks_for_settled(any_of: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether a filter names findings that are no longer to be done."""
    states = {*any_of.get("state", ()), *any_of.get("verdict", ())}
    return bool(states & SETTLED) or any("*" in value for value in any_of.get("state", ()))


def described(typed: str, facets: Mapping[str, Iterable[str]]) -> str:
    """Return the active filter as one line that could be typed."""
    names = {facet: key for key, facet in reversed(list(KEYS.items())) if key.isascii()}
    names["rule"] = "rule"
    parts = [f"{names.get(facet, facet)}:{_quoted(value)}" for facet, values in facets.items() for value in values]
    return " ".join([*parts, typed.strip()]).strip()


def _quoted(value: str) -> str:
    """Return a value as it must be typed."""
    return f'"{value}"' if re.search(r"\s", value) or not value else value
