"""Say what no rule found in the data: rules that broke, the rest of a list too long."""

from __future__ import annotations

from policycore.language import Text, say_both
from policycore.model.found import fingerprint, rest_fingerprint
from policycore.model.result import Finding, RemediationStep, SubjectRef
from policycore.model.verdict import Severity, Subject, Verdict
from policycore.rulesets.resolved import ResolvedRule

__all__ = ["error_finding", "rest_finding"]


def _put(template: Text, name: str, value: Text) -> Text:
    """Put a text that differs by language into the ``{name}`` place of another."""
    return Text(template.zh.replace(f"{{{name}}}", value.zh), template.en.replace(f"{{{name}}}", value.en))


def _estate() -> SubjectRef:
    """Return the reference to the estate as a whole."""
    return SubjectRef(Subject.ESTATE, "estate", "estate")


def rest_finding(resolved: ResolvedRule, unlisted: int) -> Finding:
    """Return the finding that stands for hits too many to list."""
    rule = resolved.rule
    digest = rest_fingerprint(resolved.id)
    return Finding(
        id=f"{resolved.id}-{digest[:12]}",
        rule=resolved.id,
        name=resolved.name,
        title=rule.headline or rule.title,
        clauses=resolved.clauses,
        verdict=rule.verdict,
        severity=resolved.severity,
        enforcement=resolved.enforcement,
        subject=_estate(),
        message=say_both("engine.unlisted", number=unlisted),
        facts={"unlisted": unlisted},
        remediation=(RemediationStep("committee", None, say_both("engine.unlisted-step")),),
        fingerprint=digest,
    )


def error_finding(resolved: ResolvedRule, what: Text) -> Finding:
    """Return the finding that says a rule broke; `what` holds no data."""
    digest = fingerprint(resolved.id, Subject.ESTATE, "estate", {"error": True})
    return Finding(
        id=f"{resolved.id}-{digest[:12]}",
        rule=resolved.id,
        name=resolved.name,
        title=resolved.rule.title,
        clauses=resolved.clauses,
        verdict=Verdict.ERROR,
        severity=Severity.ERROR,
        enforcement=resolved.enforcement,
        subject=_estate(),
        message=_put(say_both("engine.error"), "what", what),
        facts={},
        remediation=(RemediationStep("committee", None, say_both("engine.error-step")),),
        fingerprint=digest,
    )
