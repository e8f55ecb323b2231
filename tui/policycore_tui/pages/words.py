"""The words that several pages share: severities with their symbol, states, times, values."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from policycore.language import find_text, say
from policycore.model.result import subject_shown
from policycore.store.lives.life_cycle import State
from policycore.store.query import FindingRow

__all__ = [
    "LOOK_OF",
    "acts_word",
    "count_word",
    "date_word",
    "due_word",
    "place_word",
    "platform_word",
    "problem_word",
    "severity_parts",
    "severity_word",
    "state_word",
    "time_word",
    "verdict_parts",
    "verdict_word",
    "who_word",
]

LOOK_OF = {"error": "error", "warning": "warning", "info": "info"}
_SYMBOL = {"error": "!!", "warning": "! ", "info": "i "}


def severity_parts(severity: str) -> tuple[str, str]:
    """Return a severity as symbol and word: neither needs a colour to be told apart."""
    return _SYMBOL.get(severity, "? "), say(f"model.severity.{severity}")


def severity_word(severity: str) -> str:
    """Return a severity as symbol and word in one text."""
    return " ".join(severity_parts(severity))


_DOUBTED = {"error": "?!", "warning": "? ", "info": "?i"}
_GLYPH = {"needs-attestation": "[]", "attested": "[x", "waived": "--", "error": "xx"}


def verdict_parts(verdict: str, severity: str) -> tuple[str, str]:
    """Return verdict and severity as one glyph of two cells, and the verdict as a short word."""
    glyph = _GLYPH.get(verdict) or (_DOUBTED if verdict == "suspect" else _SYMBOL).get(severity, "? ")
    key = f"tui.verdict.{verdict}"
    return glyph, say(key if find_text(key) else f"reports.verdict.{verdict}")


def place_word(row: FindingRow) -> str:
    """Return where a finding is to be put right: the group, else the department, else what it is about.

    What is folded and to be signed is so at several places.
    """
    if row.alike > 1 and row.verdict == "needs-attestation":
        key = f"tui.fold.{row.subject_kind}"
        return say(key if find_text(key) else "tui.fold.places", count=row.alike)
    return row.group_name or row.department or subject_shown(row.subject_kind, row.subject_name)


def who_word(row: FindingRow) -> str:
    """Return who answers for it, '' where that is nobody, or several."""
    return "" if row.alike > 1 and row.verdict == "needs-attestation" else row.responsible or ""


def problem_word(row: FindingRow) -> str:
    """Return what is wrong, with how many findings are alike and whose it is where the sentence does not say so.

    What is to be signed is known by its clause; findings that say different things have their rule's title in common.
    """
    if row.alike < 2 or row.verdict == "needs-attestation":
        return _problem(row)
    return say("tui.fold.count", count=row.alike) + (_problem(row) if row.says_alike else str(row.finding.title))


def _problem(row: FindingRow) -> str:
    finding = row.finding
    says = str(finding.says)
    if row.verdict == "needs-attestation":
        says = says.removeprefix(say("engine.attestation", asks=""))
        return " ".join((*finding.clauses, says))
    name = row.subject_name
    known = {place_word(row), row.subject_id, row.department, row.group_name}
    return (
        says if name in known or name[:8] in says or row.subject_kind == "estate" else f"{name}{say('tui.colon')}{says}"
    )


def acts_word(row: FindingRow, *, news: bool = True) -> str:
    """Return what people did about a finding and what is new of it, '' for nothing; `news` says the state as well."""
    acts, decision, steps = row.acts, row.finding.decision, len(row.finding.remediation)
    said = [say(f"tui.filed.{acts.filed}")] if acts.filed else []
    if decision is not None and decision.verdict is not row.finding.verdict:
        said.append(say(f"tui.filed.{decision.kind}"))
    said += [state_word(row.state)] if row.state is State.UNKNOWN or (news and row.state is not State.OPEN) else []
    said += [say("tui.act.ticked", done=acts.ticked, steps=steps)] if acts.ticked else []
    said += [say("tui.act.assigned", person=row.assigned_to)] if row.assigned_to else []
    said += [say("tui.act.notes", count=acts.notes)] if acts.notes else []
    return say("tui.comma").join(said)


def due_word(due: datetime | None, as_of: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Return a day in six cells, and its look: month and day of this year, else the year; ``!`` when it is over."""
    if due is None:
        return "", "muted"
    day, today = due.astimezone(zone), as_of.astimezone(zone)
    over = due < as_of
    return day.strftime("%m-%d" if day.year == today.year else "%Y") + "!" * over, "error" if over else ""


def count_word(count: int, look: str = "error") -> tuple[str, str]:
    """Return a count with its look; none is nothing to look at."""
    return str(count), look if count else "muted"


def verdict_word(verdict: str) -> str:
    """Return a verdict in words."""
    return say(f"reports.verdict.{verdict}")


def state_word(state: str) -> str:
    """Return a state in words."""
    return say(f"store.state.{state}")


def date_word(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a date as people of the estate's zone read it."""
    return "-" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d")


def time_word(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a time as people of the estate's zone read it."""
    return "-" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def platform_word(platform: str) -> str:
    """Return a platform's name; one that nobody knows stays as it is."""
    return str(find_text(f"tui.platform.{platform}") or platform)
