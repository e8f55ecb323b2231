"""A rule set after composition: what the engine runs, with the place every value came from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from policycore.errors import Place
from policycore.language import Text
from policycore.model.schema import ColumnSchema
from policycore.model.verdict import Enforcement, Severity
from policycore.model.workdays import CalendarYear
from policycore.plugin_api.rule import Rule
from policycore.rulesets.document import MembershipEntry
from policycore.text.fold import spread

__all__ = [
    "DATA_AGE",
    "Attestation",
    "Clause",
    "Membership",
    "Obligation",
    "Origin",
    "PolicyDocument",
    "ResolvedRule",
    "ResolvedRuleSet",
]


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that a clause orders, and how it is covered."""

    text: str
    rules: tuple[str, ...] = ()
    attested: bool = False
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One addressable piece of the policy document."""

    id: str
    text: str
    parent: str | None = None
    place: Place | None = None
    derived: Text | None = None
    """What the program makes out of it."""
    reviewed: str = ""
    """The `wording` for which its rules were last reviewed; empty where nobody wrote it down."""
    obligations: tuple[Obligation, ...] = ()

    @property
    def wording(self) -> str:
        """Return a short hash of the clause's words; spaces, width and punctuation do not count."""
        words = "".join(one for one in spread(self.text) if one.isalnum())
        return hashlib.sha256(words.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """The policy that the rules are traced to."""

    title: str = ""
    issuer: str = ""
    date: str = ""
    source: str = ""
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Which place set a value and which places lost to it, newest first."""

    path: str
    value: object
    won: Place
    lost: tuple[tuple[Place, object], ...] = ()
    words: Text | None = None
    """The value in words, where it says more so."""


@dataclass(frozen=True, slots=True)
class ResolvedRule:
    """One rule with the clauses, severity, parameters and scope a rule set gives it."""

    rule: Rule
    id: str
    name: str
    clauses: tuple[str, ...]
    severity: Severity
    enforcement: Enforcement
    params: BaseModel
    applies_to: str | None
    place: Place
    floors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By parameter, which way the rule set's floors say that it becomes tighter; see `Rule.tighter`."""
    calendar: Mapping[str, CalendarYear] = field(default_factory=dict)
    """The rule set's calendar, by year, for a rule that looks at texts."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """A signed statement that a person is asked for about what no data can show."""

    clause: str
    asks: Text
    valid_days: int
    place: Place
    per: str = "whole"
    """Of whom it is asked: the ``whole``, each ``department`` that has groups, each ``group``."""
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """``ranks``, ``titles`` and ``duties`` of which a signer's post has one; empty where any post will do."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Who belongs in some groups: a formula, its parameters filled in."""

    entry: MembershipEntry
    place: Place

    @property
    def id(self) -> str:
        """Return the name of the formula."""
        return self.entry.id


DATA_AGE = "data_age_days"
"""The set-wide parameter that says after how many days data are too old to go by."""


@dataclass(frozen=True, slots=True)
class ResolvedRuleSet:
    """A checked, composed rule set; `hash` covers every file and value that went in."""

    name: str
    title: Text
    document: PolicyDocument
    rules: tuple[ResolvedRule, ...]
    attestations: tuple[Attestation, ...]
    parameters: Mapping[str, object]
    origins: tuple[Origin, ...]
    files: tuple[str, ...]
    hash: str
    memberships: tuple[Membership, ...] = ()
    own: tuple[ColumnSchema, ...] = ()
    """Columns and tables beyond the model's that its rules go by."""
