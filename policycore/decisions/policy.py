"""Say who may approve waivers, for which reasons and for how long, as the rule set's parameters have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from policycore.errors import Place, Problem
from policycore.language import say, say_both
from policycore.model.verdict import Severity
from policycore.model.words import fold_word
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.text.clean import clean

__all__ = ["REASONS", "WaiverPolicy", "meant_reason", "policy_mistakes", "reason_words"]

REASONS = ("transition", "platform-limit", "special-duty", "handled-elsewhere", "legacy", "baseline", "other")
"""Reasons that count where the rule set lists none (parameter ``waiver_reasons``)."""


def reason_words(reason: str) -> str:
    """Return what a reason means to a person; one that a rule set made up is its own word."""
    return say(f"store.reason.{reason}") if reason in REASONS else reason


def _texts(reason: str) -> tuple[str, str]:
    text = say_both(f"store.reason.{reason}")
    return text.zh, text.en


def meant_reason(word: str) -> str:
    """Return the reason that a word means, as it is called in either language; any other word as it is."""
    named = {fold_word(text): reason for reason in REASONS for text in _texts(reason)}
    return named.get(fold_word(word), word)


_LISTS = ("waiver_approver_ranks", "waiver_approver_duties", "waiver_reasons")
_NUMBERS = tuple(f"waiver_days_{severity.value}" for severity in Severity)


@dataclass(frozen=True, slots=True)
class WaiverPolicy:
    """Who may approve waivers, for which reasons and for how long: set-wide parameters of the rule set.

    ``waiver_approver_ranks``, ``waiver_approver_duties`` (either will do; none named: anybody in
    post), ``waiver_reasons``, ``waiver_days_error``, ``waiver_days_warning``, ``waiver_days_info``.
    """

    ranks: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = REASONS
    longest: Mapping[Severity, timedelta] = field(
        default_factory=lambda: {
            Severity.ERROR: timedelta(days=90),
            Severity.WARNING: timedelta(days=180),
            Severity.INFO: timedelta(days=366),
        }
    )

    @property
    def approvers(self) -> str:
        """Return in words who may approve: ranks and duties of which any will do."""
        posts = [clean(word, limit=60) for word in (*sorted(self.ranks), *sorted(self.duties))]
        return say("text.and").join(posts) or say("decisions.signer.any")

    @classmethod
    def of(cls, given: Mapping[str, object]) -> WaiverPolicy:
        """Return what the set-wide parameters say, with the defaults for what they leave open."""
        standard = cls()
        return cls(
            ranks=frozenset(_words(given.get("waiver_approver_ranks"))),
            duties=frozenset(_words(given.get("waiver_approver_duties"))),
            reasons=_words(given.get("waiver_reasons")) or standard.reasons,
            longest={
                severity: _days(given.get(f"waiver_days_{severity.value}"), standard.longest[severity])
                for severity in Severity
            },
        )


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()


def _days(value: object, standard: timedelta) -> timedelta:
    """Return a number of days; zero allows no waiver at all."""
    return timedelta(days=value) if isinstance(value, (int, float)) and not isinstance(value, bool) else standard


def policy_mistakes(ruleset: ResolvedRuleSet) -> Iterator[Problem]:
    """Yield what is wrong with the parameters that begin with ``waiver``.

    A mistyped one would quietly let anybody approve, or for as long as usual.
    """
    places = {origin.path: origin.won for origin in ruleset.origins}
    for name, value in ruleset.parameters.items():
        if not name.startswith("waiver"):
            continue
        place = places.get(f"parameters.{name}")
        if name not in _LISTS + _NUMBERS:
            yield _mistake("unknown", place, name, ", ".join(_LISTS + _NUMBERS))
        elif name in _LISTS and not _words(value):
            yield _mistake("list", place, name)
        elif name in _NUMBERS and not _whole(value):
            yield _mistake("number", place, name)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 3660


def _mistake(kind: str, place: Place | None, name: str, known: str = "") -> Problem:
    key = f"decisions.policy.{kind}"
    words = {"name": clean(name, limit=60), "known": known}
    return Problem.of(key, code=f"waivers.{kind}", **words, place=place)
