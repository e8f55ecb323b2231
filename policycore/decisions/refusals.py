"""Say why a waiver would not count: every reason at once, each with what is allowed and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from policycore.decisions.standing import Directory
from policycore.decisions.waivers import Grounds, Standing, Waiver, reasons_against
from policycore.engine.wording import field_names
from policycore.errors import Problem
from policycore.language import say
from policycore.model.result import Finding
from policycore.text.clean import clean

__all__ = ["refusals", "untold"]


def refusals(waiver: Waiver, findings: Iterable[Finding], grounds: Grounds, *, unknown: bool = False) -> list[Problem]:
    """Return why the waiver would not count at its beginning, in general and finding by finding.

    `unknown` people were named: they are refused elsewhere, and nothing can be said of their standing.
    """
    at = max(waiver.begins, waiver.approved)
    skipped = {Standing.SAME_PERSON, Standing.NO_DIRECTORY, Standing.NOT_IN_POST, Standing.NO_AUTHORITY}
    general = [found for found in reasons_against(waiver, at, grounds) if not (unknown and found in skipped)]
    seen = set(general) | (skipped if unknown else set())
    problems = [_problem(found, waiver, grounds, waiver.rule or waiver.id) for found in general]
    for finding in findings:
        more = [found for found in reasons_against(waiver, at, grounds, finding) if found not in seen]
        problems += [_problem(found, waiver, grounds, finding.id, finding) for found in more]
    return problems


def _problem(
    standing: Standing, waiver: Waiver, grounds: Grounds, what: str, finding: Finding | None = None
) -> Problem:
    """Return one reason with its limits."""
    words = {"begins": _shown(waiver.begins), "approved": _shown(waiver.approved), "until": _shown(waiver.ends)}
    fix = "decisions.decide.refused.fix"
    if standing is Standing.EXPIRED:
        fix = f"{fix}-expired"
    elif standing is Standing.UNTOLD:
        return untold(grounds.directory, waiver.approver, waiver.approved, what)
    elif standing is Standing.UNKNOWN_REASON:
        fix, words = f"{fix}-reason", {"reasons": clean(", ".join(grounds.policy.reasons), limit=400)}
    elif standing is Standing.TOO_LONG and finding is not None:
        longest = grounds.policy.longest[finding.severity]
        words |= {
            "days": f"{(waiver.ends - waiver.begins).total_seconds() / 86400:g}",
            "limit": str(longest.days),
            "latest": _shown(waiver.begins + longest),
        }
        fix = f"{fix}-too-long"
    return _refused(standing, what, say(fix, **words))


def untold(directory: Directory, person: str, at: datetime, what: str) -> Problem:
    """Return the problem of data that don't tell whether `person` was in post, with the columns that would."""
    named = field_names(directory.lacking(person, at)).in_language()
    return _refused(Standing.UNTOLD, what, say("decisions.decide.refused.fix-untold", columns=named))


def _refused(standing: Standing, what: str, fix: str) -> Problem:
    """Return the problem of a decision that does not count."""
    why = say(f"decisions.standing.{standing}")
    return Problem.of("decisions.decide.refused", code="decide.refused", why=why, what=what, fix=fix)


def _shown(moment: datetime) -> str:
    """Return a time as people read it; it is in the zone of the estate, as it was asked for."""
    return moment.isoformat(sep=" ", timespec="minutes")
