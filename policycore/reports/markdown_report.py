"""Write a result as Markdown for a wiki, a ticket or a merge request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO

from policycore.language import Language, say
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Severity, Verdict
from policycore.reports.gaps import missing_words, remedy_words
from policycore.reports.summary import Summary, sections, settled, summarize
from policycore.reports.words import (
    clause_states,
    counts_words,
    decision_words,
    dismissed_words,
    group_words,
    inputs_words,
    listed,
    moment,
    next_step_words,
    responsible_words,
    safe,
    settled_words,
    severity_word,
    step_words,
    subject_words,
    verdict_word,
    write_lines,
)

__all__ = ["MarkdownReport", "escaped"]

_special = re.compile(r"[\\`*_\[\]|~$!]")
_entities = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
_entity = re.compile(r"[&<>@]")
_first = re.compile(r"^(\s*)([#+=:-])")
_number = re.compile(r"^(\s*\d+)([.)])")
# Some renderers make links of bare addresses.
_address = re.compile(r"(?i)(https?|ftp|mailto)(:)|(www)(\.)")


def escaped(text: str) -> str:
    """Return `text` so that Markdown shows it and does nothing else with it."""
    text = _special.sub(r"\\\g<0>", text)
    text = _entity.sub(lambda found: _entities[found[0]], text)
    text = _first.sub(r"\1\\\2", text)
    text = _number.sub(r"\1\\\2", text)
    return _address.sub(lambda found: f"{found[1] or found[3]}&#{ord(found[2] or found[4])};", text)


@dataclass(frozen=True, slots=True)
class MarkdownReport:
    """A report of headings, a summary, the clause ledger and the findings as checklists."""

    name: str = "md"
    suffix: str = ".md"
    media_type: str = "text/markdown"
    is_text: bool = True

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:
        """Write the report."""
        write_lines(_lines(result), stream, language)


def _lines(result: RunResult) -> Iterator[str]:
    """Yield the report line by line."""
    summary = summarize(result)
    yield f"# {escaped(say('reports.title', ruleset=safe(result.ruleset_title.in_language())))}"
    yield ""
    yield escaped(
        say("reports.as-of", at=moment(result.as_of), zone=safe(result.timezone), counts=counts_words(result))
    )
    yield ""
    yield escaped(inputs_words(result))
    for note in result.notes:
        yield ""
        yield f"**{say('reports.notes')}{say('reports.colon')}** {escaped(safe(note))}"
    yield from _problems(result)
    yield from _summary(summary)
    yield from _ledger(result, summary)
    for section in sections(result.findings):
        yield ""
        yield f"## {escaped(say('reports.heading', title=say(section.key), count=section.count))}"
        yield from _findings(section.each())
    decided = settled(result.findings)
    if decided:
        yield ""
        yield f"## {escaped(say('reports.settled', count=len(decided)))}"
        yield ""
    for finding in decided:
        said = escaped(settled_words(finding)), escaped(decision_words(finding))
        yield f"- {verdict_word(finding.verdict)} · {said[0]} ({said[1]})"
    if summary.missing:
        yield ""
        yield f"## {escaped(say('reports.gaps.count', count=summary.unknown))}"
        yield ""
        for item in summary.missing:
            yield f"- {escaped(safe(missing_words(item)))}"
            yield f"  - [ ] {escaped(safe(remedy_words(item.field, item.source).in_language()))}"


def _problems(result: RunResult) -> Iterator[str]:
    """Yield what makes the result incomplete."""
    if result.problems:
        yield ""
        yield f"**{escaped(say('reports.problems', count=len(result.problems)))}**"
        yield ""
        for problem in result.problems:
            yield f"- {escaped(safe(problem))}"


def _summary(summary: Summary) -> Iterator[str]:
    """Yield the counts, the groups to begin with, the next steps."""
    yield ""
    yield f"## {say('reports.summary')}"
    yield ""
    for verdict, count in summary.by_verdict.items():
        yield f"- {verdict_word(verdict)}{say('reports.colon')}{count}"
    for severity, count in summary.by_severity.items():
        yield f"- {severity_word(Severity(severity))}{say('reports.colon')}{count}"
    for name, counts in summary.by_department.items():
        yield f"- {escaped(safe(name, 80)) or say('reports.no-department')}{say('reports.colon')}{sum(counts.values())}"
    dismissed = dismissed_words(summary)
    if dismissed:
        yield f"- {escaped(dismissed)}"
    if not summary.open:
        yield ""
        yield say("reports.clean-but", count=summary.unknown) if summary.unknown else say("reports.clean")
    for title, items in (
        (say("reports.worst"), [_worst(worst.findings) for worst in summary.worst]),
        (
            say("reports.next"),
            [next_step_words(step) for step in summary.next_steps[:5]],
        ),
    ):
        if items:
            yield ""
            yield f"### {title}"
            yield ""
            for number, item in enumerate(items, 1):
                yield f"{number}. {escaped(item)}"


def _worst(findings: tuple[Finding, ...]) -> str:
    """Return one group to begin with and what is wrong with it."""
    messages = dict.fromkeys(safe(finding.says.in_language(), 200) for finding in findings[:3])
    return f"{group_words(findings[0].subject)}{say('reports.colon')}{say('reports.semicolon').join(messages)}"


def _ledger(result: RunResult, summary: Summary) -> Iterator[str]:
    """Yield the table of clauses."""
    if not result.clauses:
        return
    yield ""
    yield f"## {say('reports.ledger')}"
    yield ""
    yield "".join(f"| {say(f'reports.{name}')} " for name in ("clause", "text", "covered-by", "outcome")) + "|"
    yield "|---|---|---|---|"
    states = clause_states(result)
    for clause in result.clauses:
        counts = summary.by_clause.get(clause.id, {})
        outcome = listed([f"{verdict_word(Verdict(verdict))} {count}" for verdict, count in counts.items()])
        cells = (escaped(safe(clause.id, 40)), escaped(safe(clause.text, 200)), states[clause.id], outcome)
        yield f"| {' | '.join(cells)} |"


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield findings rule by rule, each with its steps as a checklist."""
    for _, group in groupby(findings, key=lambda finding: (finding.verdict, finding.rule)):
        listed_group = list(group)
        first = listed_group[0]
        yield ""
        clauses = (
            say("reports.clauses", clauses=listed([safe(clause) for clause in first.clauses])) if first.clauses else ""
        )
        heading = f"{safe(first.title.in_language())} {first.rule} {first.name} {clauses}"
        yield f"### {escaped(safe(heading).rstrip())}"
        yield ""
        for finding in listed_group:
            yield (
                f"- **{verdict_word(finding.verdict)}** {escaped(subject_words(finding.subject))}{say('reports.colon')}"
                f"{escaped(safe(finding.says.in_language()))}"
            )
            responsible = responsible_words(finding)
            if responsible:
                yield f"  - {escaped(say('reports.responsible') + responsible)}"
            for step in finding.remediation:
                yield f"  - [ ] {escaped(step_words(step))}"
