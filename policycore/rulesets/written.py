"""What rules that a rule set writes itself have in common, whatever they are written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policycore.language import Text
from policycore.model.verdict import Severity, Subject
from policycore.plugin_api.rule import Case, Rule, Step

__all__ = ["WrittenParts", "WrittenRule", "members_of"]


@dataclass(frozen=True, slots=True)
class WrittenParts:
    """What a rule set says about one of its own rules."""

    id: str
    name: str
    subject: Subject
    requires: tuple[str, ...]
    message: Text
    title: Text
    headline: Text | None
    explanation: Text
    fact_labels: Mapping[str, Text]
    remediation: tuple[Step, ...]
    severity: Severity


class WrittenRule(Rule):
    """A rule that a rule set writes itself."""

    parts: WrittenParts


def members_of(parts: WrittenParts, cases: tuple[Case, ...]) -> dict[str, Any]:
    """Return what a class for the rule that `parts` describe holds, whatever it is written in."""
    told = ("id", "name", "subject", "severity", "requires", "title", "headline", "message", "explanation")
    shared = {name: getattr(parts, name) for name in (*told, "fact_labels", "remediation")}
    return {"__doc__": parts.explanation.en, "parts": parts, "cases": cases, **shared}
