"""Say on one screen what the demo's check found, where to begin and how to go on."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from policycore.demo.estate import DEPARTMENTS
from policycore.language import say
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Severity, Verdict
from policycore.reports.summary import OPEN_VERDICTS, Worst, summarize
from policycore.reports.words import (
    counts_words,
    group_words,
    listed,
    moment,
    safe,
    severity_word,
    step_words,
    verdict_word,
)
from policycore.system.command_line import as_typed
from policycore.text.width import cut, fill_line, hanging, width, wrap

__all__ = ["DemoSummary"]

_SHOWN = (Verdict.FAIL, Verdict.SUSPECT, Verdict.UNKNOWN)
_NUMBER = 10


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """The summary of one demo in `width` cells."""

    result: RunResult
    folder: Path
    seed: int
    ruleset: str
    width: int = 80
    colour: bool = False

    def lines(self) -> Iterator[str]:
        """Yield the summary line by line."""
        yield self._bold(say("demo.title", path=self.folder))
        yield from wrap(say("demo.size", counts=counts_words(self.result), seed=self.seed), self.width)
        title = safe(self.result.ruleset_title.in_language())
        yield from wrap(say("demo.checked", ruleset=title, at=moment(self.result.as_of)), self.width)
        if self.result.problems:
            yield from wrap(say("demo.incomplete", count=len(self.result.problems)), self.width)
        for part in (self._severities, self._clauses, self._departments, self._worst, self._next):
            yield from part()

    def _open(self) -> list[Finding]:
        """Return the findings that somebody has to act on."""
        return [finding for finding in self.result.findings if finding.verdict in OPEN_VERDICTS]

    def _severities(self) -> Iterator[str]:
        counts = Counter((finding.severity, finding.verdict) for finding in self._open())
        for gap in self.result.gaps:
            counts[gap.severity, Verdict.UNKNOWN] += gap.count
        yield from self._heading(say("demo.severity"), [verdict_word(verdict) for verdict in _SHOWN])
        for severity in Severity:
            yield self._row(severity_word(severity), [counts[severity, verdict] for verdict in _SHOWN])
        passed = sum(outcome.verdicts.get(Verdict.PASS, 0) for outcome in self.result.outcomes)
        yield from hanging("  ", say("demo.pass", count=passed) + " " + say("demo.unknown"), self.width)

    def _clauses(self) -> Iterator[str]:
        """Yield a table of the clauses that rules cover, in the policy's order, and how many are not covered."""
        counts = Counter((clause, finding.verdict) for finding in self._open() for clause in finding.clauses)
        for gap in self.result.gaps:
            for name in gap.clauses:
                counts[name, Verdict.UNKNOWN] += gap.count
        yield from self._heading(say("demo.clause"), [verdict_word(verdict) for verdict in _SHOWN])
        covered = [clause for clause in self.result.clauses if clause.rules]
        for clause in covered:
            title = f"{safe(clause.id, 40)} {safe(clause.text, 200)}"
            yield self._row(title, [counts[clause.id, verdict] for verdict in _SHOWN])
        headings = {clause.parent for clause in self.result.clauses}
        without = sum(not clause.covered and clause.id not in headings for clause in self.result.clauses)
        if without:
            yield from hanging("  ", say("demo.not-covered", count=without), self.width)

    def _departments(self) -> Iterator[str]:
        """Yield the departments by name, as every report lists them, two to a line."""
        counts = Counter(finding.subject.department_id or "" for finding in self._open())
        yield from self._heading(say("demo.department"))
        named = sorted(((department.id, department.name) for department in DEPARTMENTS), key=lambda pair: pair[1])
        cells = [
            f"{fill_line(name, 26)}{counts[key]:>6}"
            for key, name in [*named, ("", say("demo.elsewhere"))]
            if counts[key]
        ]
        for left, right in zip(cells[::2], [*cells[1::2], ""], strict=False):
            yield f"  {left}      {right}".rstrip()

    def _worst(self) -> Iterator[str]:
        """Yield the three groups to begin with: what is wrong, under which clause, what to do next."""
        yield from self._heading(say("demo.worst"))
        for number, worst in enumerate(summarize(self.result).worst[:3], 1):
            yield from self._one(number, worst)

    def _one(self, number: int, worst: Worst) -> Iterator[str]:
        first = worst.findings[0]
        about = group_words(worst.subject)
        place = f"{about} · {safe(first.subject.department, 80)}" if first.subject.department else about
        what = safe(first.message.in_language())
        if first.subject.id != first.subject.group_id:
            what = f"{safe(first.subject.shown, 80)}{say('reports.colon')}{what}"
        if len(worst.findings) > 1:
            what += f" ({say('demo.more', count=len(worst.findings) - 1)})"
        clauses = [listed([safe(clause) for clause in first.clauses])] if first.clauses else []
        for label, text in (
            (f"  {number}. ", f"{place} — {severity_word(first.severity)}"),
            ("     " + say("demo.what"), what),
            *(("     " + say("demo.under"), text) for text in clauses),
            *(("     " + say("demo.do"), step_words(step)) for step in first.remediation[:2]),
        ):
            yield from hanging(label, text, self.width)

    def _next(self) -> Iterator[str]:
        """Yield the exact commands to go on with."""
        estate = (self.folder / "estate").as_posix()
        as_of = self.result.as_of.date().isoformat()
        forms = self.folder / "forms"
        sheets = " ".join(as_typed((forms / name).as_posix()) for name in ("人员名册.xlsx", "工作群备案表.xlsx"))
        worst = summarize(self.result).worst
        rule = worst[0].findings[0].name if worst else "ownership/owner-in-post"
        yield ""
        yield self._bold(say("demo.next"))
        check = f"policycore check --ruleset {self.ruleset} --estate"
        for key, commands in (
            ("tui", [f"policycore tui --workspace {as_typed(self.folder.as_posix())}"]),
            ("report", [f"{check} {as_typed(estate)} --format html --output report.html"]),
            ("explain", [f"policycore explain {rule}"]),
            ("clauses", [f"policycore clauses --ruleset {self.ruleset} --estate {as_typed(estate)}"]),
            ("own", [f"policycore import {sheets} --estate my-estate --as-of {as_of}", f"{check} my-estate"]),
        ):
            yield f"  # {say(f'demo.next.{key}')}"
            for command in commands:
                yield from _command_lines(command, self.width)

    def _heading(self, title: str, columns: Sequence[str] = ()) -> Iterator[str]:
        """Yield an empty line and a title, with the heads of a table's columns of numbers where it has any."""
        room = self.width - _NUMBER * len(columns)
        yield from ("", self._bold(fill_line(title, room) if columns else title) + "".join(map(_right, columns)))

    def _row(self, name: str, numbers: Iterable[int | str]) -> str:
        cells = [_right(str(number)) for number in numbers]
        room = self.width - _NUMBER * len(cells) - 2
        return f"  {fill_line(cut(name, room - 2), room)}{''.join(cells)}"

    def _bold(self, text: str) -> str:
        """Return a heading, bold on a terminal that shows colours."""
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text


def _right(text: str) -> str:
    """Return `text` at the right end of a column of numbers."""
    return " " * (_NUMBER - width(text)) + text


def _command_lines(command: str, cells: int) -> Iterator[str]:
    """Yield a command, broken between its arguments where it is too long for a line."""
    line = " "
    for piece in _arguments(command):
        # No sign at the end of a line is understood by both command lines of Windows.
        if width(line) + width(piece) > cells - 3 and os.name != "nt":
            yield line + " \\"
            line = "     "
        line += " " + piece
    yield line


def _arguments(command: str) -> Iterator[str]:
    """Yield the arguments of a command; an option stays with its value."""
    words = iter(shlex.split(command))
    for word in words:
        if word == "&&":
            yield word
        else:
            yield f"{word} {as_typed(next(words))}" if word.startswith("--") else as_typed(word)
