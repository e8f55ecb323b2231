"""Make foreign text safe for a cell of a spreadsheet, and list the columns of a finding."""

from __future__ import annotations

from collections.abc import Iterator

from policycore.language import say
from policycore.model.result import Finding
from policycore.reports.words import safe, severity_word, step_words, verdict_word

__all__ = ["COLUMNS", "defused", "row_of"]

_starts_formula = tuple("=+-@＝＋－＠\t\r\n|%")

COLUMNS = (
    "id",
    "severity",
    "verdict",
    "rule",
    "name",
    "title",
    "clause",
    "subject_kind",
    "subject_id",
    "subject",
    "group_id",
    "group",
    "department",
    "responsible",
    "message",
    "remediation",
    "file",
    "row",
    "fingerprint",
)
"""Columns of a finding in CSV and XLSX; CSV shows these names, XLSX their translations."""


def defused(text: object) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe before ``= + - @`` and their kin.

    Spaces before them do not help the attacker, nor do their full-width forms.
    """
    shown = safe(text)
    return "'" + shown if shown.lstrip().startswith(_starts_formula) else shown


def row_of(finding: Finding, *, in_words: bool = False) -> Iterator[str | int]:
    """Yield the cells of one finding, in the order of `COLUMNS`; numbers stay numbers.

    Severity, verdict and kind of subject are the names that programs know, or `in_words` those that people read.
    """
    subject = finding.subject
    texts: tuple[object, ...] = (
        finding.id,
        severity_word(finding.severity) if in_words else finding.severity.value,
        verdict_word(finding.verdict) if in_words else finding.verdict.value,
        finding.rule,
        finding.name,
        finding.title.in_language(),
        " ".join(finding.clauses),
        say(f"reports.subject.{subject.kind.value}") if in_words else subject.kind.value,
        subject.id,
        subject.name,
        subject.group_id or "",
        subject.group or "",
        subject.department or subject.department_id or "",
        subject.responsible or "",
        finding.message.in_language(),
        " / ".join(step_words(step) for step in finding.remediation),
        finding.source.file if finding.source else "",
    )
    for text in texts:
        yield defused(text)
    yield finding.source.row if finding.source else ""
    yield finding.fingerprint
