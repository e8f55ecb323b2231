"""The report as one HTML page that needs nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import BinaryIO

from policycore.language import Language, say
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Severity, Verdict
from policycore.reports.gaps import field_words, missing_words, remedy_words
from policycore.reports.pictures import bars, trend
from policycore.reports.summary import OPEN_VERDICTS, Counts, Summary, sections, settled, summarize
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
    shown_facts,
    step_words,
    subject_words,
    verdict_word,
    write_lines,
)

__all__ = ["HtmlReport", "style_sheet"]


@dataclass(frozen=True, slots=True)
class HtmlReport:
    """A page that opens from disk or mail, in one language; `runs` are those up to this one, for the trend."""

    runs: Sequence[Counts] = ()
    name: str = "html"
    suffix: str = ".html"
    media_type: str = "text/html"
    is_text: bool = True

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:
        """Write the report."""
        write_lines(_page(result, language, self.runs), stream, language)


def _text(text: object, limit: int = 1000) -> str:
    """Return foreign text cleaned and escaped, for content and quoted attributes alike."""
    return escape(safe(text, limit), quote=True)


def _page(result: RunResult, language: Language, runs: Sequence[Counts]) -> Iterator[str]:
    """Yield the page line by line."""
    summary = summarize(result)
    style = style_sheet()
    # The policy lets in this style sheet and nothing else: no script, no image, no address.
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    title = _text(say("reports.title", ruleset=safe(result.ruleset_title.in_language())))
    yield "<!DOCTYPE html>"
    yield f'<html lang="{"en" if language == "en" else "zh-CN"}">'
    yield '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'\">"
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{title}</title>"
    yield f"<style>{style}</style></head>"
    yield f"<body><h1>{title}</h1>"
    at = say("reports.as-of", at=moment(result.as_of), zone=safe(result.timezone), counts=counts_words(result))
    yield f"<p>{_text(at)}</p>"
    yield '<div class="pictures">'
    yield from bars(say("reports.picture.clauses"), _states(result, summary))
    yield from trend(say("reports.picture.trend"), *_runs(runs))
    yield from bars(say("reports.picture.gaps"), _missing(summary))
    yield f'</div><p class="dim">{_text(inputs_words(result))}</p>'
    for note in result.notes:
        yield f"<p>{_text(say('reports.notes'))}{_text(say('reports.colon'))}{_text(note)}</p>"
    yield from _problems(result)
    yield from _filters(summary)
    yield "<main>"
    yield from _summary(summary)
    yield from _ledger(result, summary)
    yield from _findings(result, summary)
    yield from _settled(result)
    yield from _gaps(summary)
    yield from _signatures()
    yield "</main></body></html>"


def _states(result: RunResult, summary: Summary) -> list[tuple[str, int]]:
    """Return how many clauses are in which state: something open, something unknown, all well, covered by nothing."""
    headings = {clause.parent for clause in result.clauses}
    states = dict.fromkeys(("open", "unknown", "well", "uncovered"), 0)
    for clause in result.clauses:
        counts = summary.by_clause.get(clause.id, {})
        if not clause.covered:
            state = "uncovered"
        elif any(counts.get(verdict.value) for verdict in OPEN_VERDICTS):
            state = "open"
        else:
            state = "unknown" if counts.get(Verdict.UNKNOWN.value) else "well"
        states[state] += clause.covered or clause.id not in headings
    return [(say(f"reports.picture.{state}"), count) for state, count in states.items()] if result.clauses else []


def _missing(summary: Summary) -> list[tuple[str, int]]:
    """Return the missing fields that would settle most, and how much each would by itself."""
    return [
        (f"{one.source or ''} {field_words(one.field).in_language()}".strip(), one.settles)
        for one in summary.missing[:6]
    ]


def _runs(runs: Sequence[Counts]) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """Return the days of runs and a line for each severity."""
    lines = [(severity_word(severity), [run[place] for _, run in runs]) for place, severity in enumerate(Severity)]
    return [day for day, _ in runs], lines


def _problems(result: RunResult) -> Iterator[str]:
    """Yield what makes the result incomplete."""
    if result.problems:
        yield f'<section class="incomplete"><h2>{_text(say("reports.problems", count=len(result.problems)))}</h2><ul>'
        for problem in result.problems:
            yield f"<li>{_text(problem)}</li>"
        yield "</ul></section>"


def _filters(summary: Summary) -> Iterator[str]:
    """Yield one box a severity and verdict that occurs; they stand before <main>, where the style sheet looks."""
    shown = [kind for kind in summary.findings.kinds if kind.verdict in OPEN_VERDICTS]
    if not shown:
        return
    yield f'<p class="filters dim">{_text(say("reports.show"))}</p>'
    present = {kind.severity for kind in shown}
    boxes = [(f"show-{severity.value}", severity_word(severity)) for severity in Severity if severity in present]
    verdicts = {kind.verdict for kind in shown}
    boxes += [
        (f"show-verdict-{verdict.value}", verdict_word(verdict)) for verdict in OPEN_VERDICTS if verdict in verdicts
    ]
    for name, label in boxes:
        yield f'<input class="filter" type="checkbox" id="{name}" checked>'
        yield f'<label class="filter" for="{name}">{_text(label)}</label>'


def _summary(summary: Summary) -> Iterator[str]:
    """Yield the counts, the groups to begin with, the next steps, the departments."""
    yield from _counts(summary)
    if not summary.open:
        words = say("reports.clean-but", count=summary.unknown) if summary.unknown else say("reports.clean")
        yield f'<p class="{"dim" if summary.unknown else "clean"}">{_text(words)}</p>'
    if summary.worst:
        yield f"<h3>{_text(say('reports.worst'))}</h3><ol>"
        for worst in summary.worst:
            messages = dict.fromkeys(safe(finding.says.in_language(), 200) for finding in worst.findings[:5])
            yield f"<li>{_text(group_words(worst.subject))}<ul>"
            yield "".join(f"<li>{_text(message)}</li>" for message in messages) + "</ul></li>"
        yield "</ol>"
    if summary.next_steps:
        yield f"<h3>{_text(say('reports.next'))}</h3><ol>"
        for step in summary.next_steps[:5]:
            words = next_step_words(step)
            yield f"<li>{_text(words)}</li>"
        yield "</ol>"
    if summary.by_department:
        heads = "".join(f"<th>{_text(severity_word(severity))}</th>" for severity in Severity)
        yield f"<h3>{_text(say('reports.departments'))}</h3>"
        yield f"<table><tr><th>{_text(say('reports.column.department'))}</th>{heads}</tr>"
        for name, counts in summary.by_department.items():
            cells = "".join(f'<td class="number">{counts.get(severity.value, 0)}</td>' for severity in Severity)
            yield f"<tr><td>{_text(name, 120) or _text(say('reports.no-department'))}</td>{cells}</tr>"
        yield "</table>"
    yield "</section>"


def _counts(summary: Summary) -> Iterator[str]:
    """Yield how many there are by severity and verdict, and how many suspects were dismissed."""
    yield f'<section><h2>{_text(say("reports.summary"))}</h2><ul class="counts">'
    for severity in Severity:
        count = summary.by_severity[severity.value]
        yield f'<li><b class="severity-{severity.value}">{count}</b> {_text(severity_word(severity))}</li>'
    for verdict, count in summary.by_verdict.items():
        yield f"<li><b>{count}</b> {_text(verdict_word(verdict))}</li>"
    yield "</ul>"
    dismissed = dismissed_words(summary)
    if dismissed:
        yield f"<p>{_text(dismissed)}</p>"


def _ledger(result: RunResult, summary: Summary) -> Iterator[str]:
    """Yield the table of clauses, uncovered ones included."""
    if not result.clauses:
        return
    heads = "".join(f"<th>{_text(say(f'reports.{name}'))}</th>" for name in ("clause", "text", "covered-by", "outcome"))
    yield f"<section><h2>{_text(say('reports.ledger'))}</h2><table><tr>{heads}</tr>"
    states = clause_states(result)
    for clause in result.clauses:
        counts = summary.by_clause.get(clause.id, {})
        outcome = listed([f"{verdict_word(Verdict(verdict))} {count}" for verdict, count in counts.items()])
        yield (
            f"<tr><td>{_text(clause.id, 80)}</td><td>{_text(clause.text)}</td>"
            f"<td>{_text(states[clause.id])}</td><td>{_text(outcome)}</td></tr>"
        )
    yield "</table></section>"


def _findings(result: RunResult, summary: Summary) -> Iterator[str]:
    """Yield the open findings by department as the summary lists them, and in each by clause, the most urgent first."""
    findings = summary.findings
    named, clauses = findings.index.column("department").to_pylist(), findings.clauses
    departments: dict[str, dict[tuple[str, ...], list[int]]] = {name: {} for name in summary.by_department}
    together: dict[int, Finding] = {}
    for section in sections(findings):
        together |= section.together
        for place in section.places:
            name = "" if place in together else safe(named[place] or "", 120)
            departments.setdefault(name, {}).setdefault(clauses[place], []).append(place)
    # What belongs to no department stands last.
    ordered = sorted(departments.items(), key=lambda item: not item[0])
    places = [place for _, by_clause in ordered for held in by_clause.values() for place in held]
    made = (together.get(place, one) for place, one in zip(places, findings.each(places), strict=True))
    texts = {clause.id: clause.text for clause in result.clauses}
    for name, by_clause in ordered:
        if not by_clause:
            continue
        count = sum(map(len, by_clause.values()))
        title = say("reports.heading", title=name or say("reports.no-department"), count=count)
        yield f"<section><h2>{_text(title)}</h2>"
        for ids, held in by_clause.items():
            heading = listed([safe(one, 80) for one in ids]) or say("reports.no-clause")
            words = texts.get(ids[0], "") if ids else ""
            yield f'<h3>{_text(heading)} <span class="dim">{_text(words, 120)}</span></h3>'
            for finding in islice(made, len(held)):
                yield from _finding(finding)
        yield "</section>"


def _settled(result: RunResult) -> Iterator[str]:
    """Yield what is waived and attested: who decided that, why and until when."""
    found = settled(result.findings)
    if not found:
        return
    heads = "".join(f"<th>{_text(say(f'reports.column.{name}'))}</th>" for name in ("verdict", "message", "decision"))
    yield f"<section><h2>{_text(say('reports.settled', count=len(found)))}</h2><table><tr>{heads}</tr>"
    for finding in found:
        cells = (verdict_word(finding.verdict), settled_words(finding), decision_words(finding))
        yield "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in cells) + "</tr>"
    yield "</table></section>"


def _signatures() -> Iterator[str]:
    """Yield a block to sign on paper."""
    yield f'<section class="signatures"><h2>{_text(say("reports.signatures"))}</h2><table><tr>'
    for name in ("made-by", "checked-by", "head"):
        yield f"<td>{_text(say(f'reports.signatures.{name}'))}</td>"
    yield f"</tr></table><p>{_text(say('reports.signatures.date'))}</p></section>"


def _gaps(summary: Summary) -> Iterator[str]:
    """Yield what is missing, by worth."""
    if not summary.missing:
        return
    yield f"<section><h2>{_text(say('reports.gaps.count', count=summary.unknown))}</h2><ul>"
    for item in summary.missing:
        remedy = remedy_words(item.field, item.source).in_language()
        yield f'<li>{_text(missing_words(item))}<p class="dim">{_text(say("reports.do") + remedy)}</p></li>'
    yield "</ul></section>"


def _finding(finding: Finding) -> Iterator[str]:
    """Yield one finding with its steps as a checklist."""
    severity, verdict = finding.severity.value, finding.verdict.value
    shown = f"show-{severity} show-verdict-{verdict}"
    yield f'<article class="finding severity-{severity} {shown}" id="{_text(finding.id, 100)}">'
    mark = f'<b class="severity-{severity}">{_text(verdict_word(finding.verdict))}</b>'
    rule = f'<span class="dim">{_text(f"{finding.rule} {finding.name}")}</span>'
    yield f"<p>{mark} {_text(subject_words(finding.subject))}</p><p>{_text(finding.title.in_language())} {rule}</p>"
    yield f"<p>{_text(finding.says.in_language())}</p>"
    facts = shown_facts(finding)
    if facts:
        yield f'<p class="dim">{_text(say("reports.column.facts") + say("reports.colon") + facts)}</p>'
    notes = [responsible_words(finding)]
    if finding.clauses:
        notes.append(say("reports.clauses", clauses=listed([safe(clause, 80) for clause in finding.clauses])))
    if finding.source is not None:
        notes.append(safe(str(finding.source), 300))
    yield f'<p class="dim">{_text(" · ".join(note for note in notes if note))}</p>'
    if finding.remediation:
        items = "".join(
            f'<li><label><input type="checkbox"> {_text(step_words(step))}</label></li>' for step in finding.remediation
        )
        yield f"<ul>{items}</ul>"
    yield "</article>"


_base = """
:root {
  color-scheme: light dark;
  --line: #d0d5dc; --dim: #5a6472; --error: #b3261e; --warning: #8a5a00; --info: #0b5cad; --good: #1b6e3c;
}
@media (prefers-color-scheme: dark) {
  :root { --line: #3c434d; --dim: #a3adba; --error: #ff8a80; --warning: #ffc966; --info: #8ab4f8; --good: #81c995; }
}
* { box-sizing: border-box; }
body {
  font: 15px/1.6 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif;
  max-width: 70rem; margin: 0 auto; padding: 1rem;
}
h1 { font-size: 1.5rem; line-height: 1.3; }
h2 { font-size: 1.2rem; border-bottom: 1px solid var(--line); margin-top: 2rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
.dim { color: var(--dim); font-size: .9rem; }
table { border-collapse: collapse; width: 100%; }
th, td {
  border: 1px solid var(--line); padding: .3rem .5rem;
  text-align: left; vertical-align: top; overflow-wrap: anywhere;
}
td:first-child, th { white-space: nowrap; }
td.number { text-align: right; white-space: nowrap; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; padding: 0; }
.counts li { border: 1px solid var(--line); border-radius: .4rem; padding: .3rem .8rem; }
.counts b { font-size: 1.3rem; }
.finding {
  border: 1px solid var(--line); border-left-width: .35rem; border-radius: .3rem;
  padding: .4rem .8rem; margin: .5rem 0; overflow-wrap: anywhere; break-inside: avoid;
}
.finding p { margin: .2rem 0; }
.finding ul { list-style: none; margin: .2rem 0; padding: 0; }
.severity-error { border-left-color: var(--error); }
.severity-warning { border-left-color: var(--warning); }
.severity-info { border-left-color: var(--info); }
b.severity-error { color: var(--error); }
b.severity-warning { color: var(--warning); }
b.severity-info { color: var(--info); }
.incomplete { border: 2px solid var(--error); padding: .3rem .8rem; }
.clean { color: var(--good); font-weight: bold; }
label.filter { margin-right: 1rem; white-space: nowrap; }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { flex: 0 1 32rem; margin: .5rem 0; break-inside: avoid; }
figcaption { font-weight: bold; margin-bottom: .3rem; }
svg { width: 100%; height: auto; }
.signatures { break-inside: avoid; }
.signatures td { height: 5rem; width: 33%; white-space: normal; }
@media print {
  :root { color-scheme: light; --line: #888; --dim: #333; --error: #000; --warning: #000; --info: #000; --good: #000; }
  .severity-error { border-left-style: double; border-left-width: .6rem; }
  .severity-warning { border-left-style: solid; }
  .severity-info { border-left-style: dotted; }
  .filter, .filters { display: none; }
  body { max-width: none; padding: 0; font-size: 11px; }
  h2, h3 { break-after: avoid; }
}
"""


def style_sheet() -> str:
    """Return the style sheet; a box that is not ticked hides its findings by a selector alone."""
    classes = [severity.value for severity in Severity] + [f"verdict-{verdict.value}" for verdict in OPEN_VERDICTS]
    hidden = [f"#show-{name}:not(:checked) ~ main .show-{name}" for name in classes]
    # Printed, everything shows: paper must not lack what a screen happened to hide.
    return _base + "@media screen { " + ",\n".join(hidden) + " { display: none; } }\n"
