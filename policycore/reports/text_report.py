"""Write a result as a person reads it on a terminal: what, who, why, which clause, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from policycore.language import Language, say
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Severity, Verdict
from policycore.reports.gaps import missing_words, remedy_words
from policycore.reports.summary import Section, Summary, sections, summarize
from policycore.reports.words import (
    clause_states,
    counts_words,
    dismissed_words,
    group_words,
    inputs_words,
    listed,
    moment,
    next_step_words,
    responsible_words,
    safe,
    severity_word,
    step_words,
    subject_words,
    verdict_word,
    write_lines,
)
from policycore.text.width import fill_line, width, wrap

__all__ = ["TextReport"]

_colours = {"error": "31", "warning": "33", "info": "36", "bold": "1", "dim": "2", "good": "32"}


@dataclass(frozen=True, slots=True)
class TextReport:
    """A report in plain text of `width` terminal cells, with ANSI colours only when `colour` is set."""

    width: int = 80
    colour: bool = False
    profile: bool = False
    name: str = "text"
    suffix: str = ".txt"
    media_type: str = "text/plain"
    is_text: bool = True

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:
        """Write the report."""
        write_lines(self._lines(result), stream, language)

    def _lines(self, result: RunResult) -> Iterator[str]:
        """Yield the report line by line."""
        summary = summarize(result)
        yield from self._head(result)
        for section in sections(result.findings):
            yield ""
            title = say("reports.heading", title=say(section.key), count=section.count)
            severity = section.findings.index.column("severity")[section.places[0]].as_py()
            yield self._paint(title, severity, "bold")
            yield self._paint("─" * self.width, "dim")
            yield from self._rules(section)
        yield from self._gaps(summary)
        yield from self._summary(result, summary)
        yield from self._problems(result)
        if self.profile:
            yield from self._profile(result)

    def _head(self, result: RunResult) -> Iterator[str]:
        """Yield title, time and size of what was checked."""
        yield from self._painted(say("reports.title", ruleset=safe(result.ruleset_title.in_language())), "bold")
        counts = counts_words(result)
        at = say("reports.as-of", at=moment(result.as_of), zone=safe(result.timezone), counts=counts)
        yield from wrap(at, self.width)
        yield from self._painted(inputs_words(result), "dim")
        for note in result.notes:
            yield from self._block(say("reports.notes") + say("reports.colon"), safe(note), indent=0)

    def _rules(self, section: Section) -> Iterator[str]:
        """Yield the findings of one section, most urgent first, rule by rule, the most urgent rule first."""
        rules = section.findings.index.column("rule").to_pylist()
        by_rule: dict[str, list[int]] = {}
        for place in section.places:
            by_rule.setdefault(rules[place], []).append(place)
        for places in by_rule.values():
            found = section.each(places)
            first = next(found)
            yield ""
            title = f"{safe(first.title.in_language())}  {first.rule}  {first.name}"
            yield from self._painted(title, "bold")
            if first.clauses:
                clauses = say("reports.clauses", clauses=listed([safe(clause) for clause in first.clauses]))
                yield from self._block("", clauses, indent=2)
            for finding in chain([first], found):
                yield from self._finding(finding)

    def _finding(self, finding: Finding) -> Iterator[str]:
        """Yield one finding."""
        mark = verdict_word(finding.verdict)
        yield from self._block(f"{mark}  ", subject_words(finding.subject), indent=2, colour=finding.severity.value)
        yield from self._block("", safe(finding.says.in_language()), indent=6)
        responsible = responsible_words(finding)
        if responsible:
            yield from self._block(say("reports.responsible"), responsible, indent=6)
        for step in finding.remediation:
            yield from self._block(say("reports.do"), step_words(step), indent=6)

    def _gaps(self, summary: Summary) -> Iterator[str]:
        """Yield what is missing, by worth."""
        if not summary.missing:
            return
        yield ""
        yield from self._painted(say("reports.gaps.count", count=summary.unknown), "warning", "bold")
        yield self._paint("─" * self.width, "dim")
        for item in summary.missing:
            yield from self._block("?  ", safe(missing_words(item)), indent=2, colour="warning")
            remedy = remedy_words(item.field, item.source).in_language()
            yield from self._block(say("reports.do"), safe(remedy), indent=6)

    def _block(self, label: str, text: str, *, indent: int, colour: str = "") -> Iterator[str]:
        """Yield `text` wrapped beside its label."""
        left = indent + width(label)
        lines = wrap(text, self.width - left)
        yield " " * indent + self._paint(label, colour) + lines[0]
        for line in lines[1:]:
            yield " " * left + line

    def _summary(self, result: RunResult, summary: Summary) -> Iterator[str]:
        """Yield the counts, the groups to begin with and the next steps."""
        yield ""
        yield self._paint(say("reports.summary"), "bold")
        yield self._paint("─" * self.width, "dim")
        verdicts = [f"{verdict_word(verdict)} {count}" for verdict, count in summary.by_verdict.items()]
        yield from self._block(say("reports.by-verdict"), listed(verdicts) or say("reports.nothing-judged"), indent=2)
        severities = [f"{severity_word(Severity(severity))} {count}" for severity, count in summary.by_severity.items()]
        yield from self._block(say("reports.by-severity"), listed(severities), indent=2)
        if summary.by_department:
            departments = [
                f"{safe(name, 80) or say('reports.no-department')} {sum(counts.values())}"
                for name, counts in summary.by_department.items()
            ]
            yield from self._block(say("reports.by-department"), listed(departments), indent=2)
        dismissed = dismissed_words(summary)
        if dismissed:
            yield from self._block("", dismissed, indent=2)
        yield from self._ledger(result, summary)
        if not summary.open:
            yield ""
            if summary.unknown:
                yield from self._painted(say("reports.clean-but", count=summary.unknown), "warning")
            else:
                yield self._paint(say("reports.clean"), "good")
            return
        if summary.worst:
            yield ""
            yield self._paint(say("reports.worst"), "bold")
            for number, worst in enumerate(summary.worst, 1):
                yield from self._block(f"{number}. ", group_words(worst.subject), indent=2)
                messages = list(dict.fromkeys(safe(finding.says.in_language(), 200) for finding in worst.findings))
                for message in messages[:3]:
                    yield from self._block("- ", message, indent=5)
                if len(messages) > 3:
                    yield "     " + say("reports.more", count=len(messages) - 3)
        yield ""
        yield self._paint(say("reports.next"), "bold")
        for number, step in enumerate(summary.next_steps[:5], 1):
            text = next_step_words(step)
            yield from self._block(f"{number}. ", text, indent=2)

    def _ledger(self, result: RunResult, summary: Summary) -> Iterator[str]:
        """Yield one line a clause: how it is covered, what came out."""
        if not result.clauses:
            return
        yield f"  {say('reports.by-clause')}"
        wide = min(max(width(safe(clause.id, 40)) for clause in result.clauses), 20)
        states = clause_states(result)
        for clause in result.clauses:
            counts = summary.by_clause.get(clause.id, {})
            said = [
                f"{verdict_word(verdict)} {count}"
                for verdict, count in counts.items()
                if Verdict(verdict) is not Verdict.NOT_APPLICABLE
            ]
            outcome = f"{states[clause.id]}{say('reports.colon')}{listed(said)}" if said else states[clause.id]
            yield from self._block(fill_line(safe(clause.id, 40), wide) + "  ", outcome, indent=4)

    def _problems(self, result: RunResult) -> Iterator[str]:
        """Yield what makes the result incomplete."""
        if not result.problems:
            return
        yield ""
        yield from self._painted(say("reports.problems", count=len(result.problems)), "error", "bold")
        for problem in result.problems:
            yield from self._block("! ", safe(problem), indent=2, colour="error")

    def _profile(self, result: RunResult) -> Iterator[str]:
        """Yield time and rows per rule, the slowest first."""
        yield ""
        yield self._paint(say("reports.profile"), "bold")
        for outcome in sorted(result.outcomes, key=lambda outcome: -outcome.seconds):
            yield f"  {outcome.seconds * 1000:9.1f} ms  {outcome.rows:>10,}  {outcome.name}"

    def _painted(self, text: str, *colours: str) -> Iterator[str]:
        """Yield `text` wrapped and in a colour."""
        for line in wrap(text, self.width):
            yield self._paint(line, *colours)

    def _paint(self, text: str, *colours: str) -> str:
        """Return `text` in a colour, or as it is."""
        codes = [_colours[colour] for colour in colours if colour]
        if not (self.colour and codes and text):
            return text
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m"
