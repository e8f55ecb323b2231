"""The columns of every finding and total that reports have, and the words for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from policycore.language import Language, Text, current_language, find_text, say, use_language
from policycore.model.moments import through
from policycore.model.result import NO_DECISIONS, ClauseResult, Finding, RemediationStep, RunResult, SubjectRef
from policycore.model.sentences import as_people_count, fact_label, word
from policycore.model.verdict import Severity, Subject, Verdict
from policycore.reports.gaps import MissingField, field_words, missing_words, remedy_words
from policycore.reports.summary import NextStep, Summary
from policycore.text.clean import clean

__all__ = [
    "COLUMNS",
    "LONGEST",
    "clause_state",
    "clause_states",
    "counts_words",
    "decision_words",
    "decisions_words",
    "defused",
    "dismissed_words",
    "engine_words",
    "facts_words",
    "group_words",
    "inputs_words",
    "listed",
    "moment",
    "named",
    "next_step_words",
    "responsible_words",
    "row_of",
    "row_of_missing",
    "safe",
    "settled_words",
    "severity_word",
    "shown_facts",
    "step_words",
    "subject_words",
    "verdict_word",
    "who_words",
    "write_lines",
]

_self_named = re.compile(r"“(.*)” \((.*)\)", re.DOTALL)  # as `policycore.estate.views.SELF_NAMED` writes them
LONGEST = 1000
"""Code points of any one text that a person is shown; nobody reads a display name of a megabyte."""


def write_lines(lines: Iterable[str], stream: BinaryIO, language: Language) -> None:
    """Write lines one by one as they are made, in UTF-8; what is said while they are made is said in `language`."""
    with use_language(language):
        for line in lines:
            stream.write(f"{line}\n".encode())


def safe(text: object, limit: int = LONGEST) -> str:
    """Return foreign text cleaned and cut to `limit` code points."""
    # Cut before cleaning too: a megabyte that is thrown away is not worth looking at.
    return clean(str(text)[: limit * 4], limit=limit)


def severity_word(severity: Severity) -> str:
    """Return the severity as a heading says it."""
    return say(f"model.severity.{severity.value}")


def verdict_word(verdict: Verdict | str) -> str:
    """Return the verdict in the language in force."""
    return say(f"reports.verdict.{Verdict(verdict).value}")


def moment(at: datetime) -> str:
    """Return a time as a person writes it; midnight is left out."""
    return at.strftime("%Y-%m-%d" if (at.hour, at.minute) == (0, 0) else "%Y-%m-%d %H:%M")


def listed(items: list[str] | tuple[str, ...]) -> str:
    """Return items as a list in running text."""
    return say("reports.and").join(items)


def subject_words(subject: SubjectRef) -> str:
    """Return what a finding is about: its name, its id where that says more, its group."""
    name = safe(subject.shown, 120)
    if subject.kind is Subject.ESTATE:
        return name
    if subject.id and subject.id not in subject.name:
        name = f"{name} ({safe(subject.id, 80)})" if name.strip() else safe(subject.id, 80)
    if subject.kind is not Subject.GROUP and (subject.group or subject.group_id):
        group = safe(subject.group or subject.group_id, 120)
        if group not in name:
            name = say("reports.in-group", name=name, group=group)
    return name


def group_words(subject: SubjectRef) -> str:
    """Return the group that a subject belongs to, with its id (two groups may share a name), else the subject."""
    if not subject.group_id:
        return subject_words(subject)
    group, group_id = safe(subject.group or "", 120), safe(subject.group_id, 80)
    return f"{group} ({group_id})" if group.strip() and group != group_id else group or group_id


def who_words(step: RemediationStep) -> str:
    """Return who acts: the role, and the person where the data has one."""
    try:
        role = say(f"engine.who.{step.who}")
    except KeyError:
        role = safe(step.who, 80)
    return say("reports.person", role=role, person=named(step.person)) if step.person else role


def named(person: str) -> str:
    """Return the name of somebody who acts or answers: of one whom no register confirms, that it is their own word."""
    own = _self_named.fullmatch(person)
    name, account = own.groups() if own else (person, "")
    return say("reports.self-named", name=safe(name, 80), account=safe(account, 80)) if own else safe(name, 80)


def step_words(step: RemediationStep, *, is_open: bool = True) -> str:
    """Return one step: who does what, and until when as long as it is to be done."""
    what = safe(step.what.in_language())
    if is_open and step.due is not None:
        what = say("reports.until", what=what, due=moment(step.due))
    return say("reports.step", who=who_words(step), what=what)


def next_step_words(step: NextStep) -> str:
    """Return the next step about one rule; of several findings the most urgent one is the example."""
    key = "reports.next-step" if step.count == 1 else "reports.next-steps"
    return say(
        key,
        title=safe(step.example.title.in_language()),
        verdict=verdict_word(step.example.verdict),
        count=step.count,
        subject=subject_words(step.example.subject),
        step=step_words(step.example.remediation[0]),
    )


def responsible_words(finding: Finding) -> str:
    """Return department and first responsible person of what a finding is about, as far as known."""
    subject = finding.subject
    department = subject.department or subject.department_id
    parts = (department and safe(department, 120), subject.responsible and named(subject.responsible))
    return " · ".join(part for part in parts if part)


def clause_states(result: RunResult) -> dict[str, str]:
    """Return in words how each clause is covered; a heading refers to the clauses below it."""
    headings = {clause.parent for clause in result.clauses}
    return {
        clause.id: say("reports.see-below") if clause.id in headings and not clause.covered else clause_state(clause)
        for clause in result.clauses
    }


def clause_state(clause: ClauseResult) -> str:
    """Return in words how a clause is covered, taken by itself."""
    if not clause.covered:
        return say("reports.not-covered")
    parts = []
    if clause.rules:
        parts.append(say("reports.rules", count=len(clause.rules)))
    if clause.attestations:
        parts.append(say("reports.attestations", count=clause.attestations))
    return listed(parts)


def counts_words(result: RunResult) -> str:
    """Return the size of the estate in words."""
    order = ("departments", "people", "groups", "memberships", "messages")
    counted = [say(f"reports.count.{name}", count=result.counts[name]) for name in order if result.counts.get(name)]
    return listed(counted) or say("reports.count.nothing")


def inputs_words(result: RunResult) -> str:
    """Return the hashes of what the result follows from, the time aside, short enough to be read out."""
    return say(
        "reports.inputs",
        ruleset=safe(result.ruleset),
        hash=result.ruleset_hash[:12],
        snapshot=result.snapshot,
        decisions=decisions_words(result),
        engine=engine_words(result),
    )


def decisions_words(result: RunResult) -> str:
    """Return the beginning of the hash of the decisions that were considered, a word where there were none."""
    return say("reports.no-decisions") if result.decisions_hash == NO_DECISIONS else result.decisions_hash[:12]


def engine_words(result: RunResult) -> str:
    """Return the version that judged with the hash of its code, and the key of its keyed hashes."""
    code = result.engine_code[:12]
    words = f"{result.engine_version} ({code})" if code else result.engine_version
    return f"{words}{say('reports.key', id=result.evidence_key)}" if result.evidence_key else words


def facts_words(facts: Mapping[str, object], labels: Mapping[str, Text]) -> Iterator[tuple[str, str]]:
    """Yield label and value of each fact or parameter in the reader's words, by the rule's own `labels` first.

    What a rule says in both languages is said in the reader's own. A reason is a word between rule and program: the
    message is its sentence.
    """
    language = current_language()
    other, reason = "_en" if language == "zh" else "_zh", facts.get("reason")
    for name, value in facts.items():
        if value is None or name.endswith(other) or value == reason is not None:
            continue
        shown = (
            field_words(str(value)).in_language()
            if name == "field"
            else word(as_people_count(name, [value])[0], language)
        )
        yield fact_label(name, labels), safe(shown or say("model.nothing"), 200)


def shown_facts(finding: Finding) -> str:
    """Return the facts of a finding in one line, in the reader's words; nothing where it has none."""
    pairs = (
        f"{safe(label, 80)}{say('reports.colon')}{value}" for label, value in facts_words(finding.facts, finding.labels)
    )
    return say("reports.semicolon").join(pairs)


def decision_words(finding: Finding) -> str:
    """Return the waiver, statement or review that settles a finding: id, reason, text, by whom, until when."""
    decided = finding.decision
    if decided is None:
        return ""
    until = say("reports.decision.until", until=through(decided.until)) if decided.until else ""
    reason = find_text(f"store.reason.{decided.reason}") or decided.reason
    parts = (decided.id, reason, decided.text, decided.decided_by, until)
    return " · ".join(safe(part, 200) for part in parts if part)


def dismissed_words(summary: Summary) -> str:
    """Return how many suspects were dismissed in review, by rule; '' where none was."""
    rules = [f"{safe(first.title.in_language())} {first.rule} {count}" for first, count in summary.dismissed]
    total = sum(count for _, count in summary.dismissed)
    return say("reports.dismissed", count=total, rules=listed(rules)) if rules else ""


def settled_words(finding: Finding) -> str:
    """Return what is settled, and where: what was found, or what somebody signed."""
    said = finding.title if finding.verdict is Verdict.ATTESTED else finding.says
    return f"{subject_words(finding.subject)}{say('reports.colon')}{safe(said.in_language())}"


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
    "decision",
    "facts",
)
"""Columns of a finding in CSV and XLSX; English CSV shows these names, all others their translations."""


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
        subject.shown,
        subject.group_id or "",
        subject.group or "",
        subject.department or subject.department_id or "",
        named(subject.responsible) if subject.responsible else "",
        finding.says.in_language(),
        " / ".join(step_words(step) for step in finding.remediation),
        finding.source.name if finding.source else "",
    )
    for text in texts:
        yield defused(text)
    yield (defused(finding.source.inside) or finding.source.row or "") if finding.source else ""
    yield finding.fingerprint
    yield defused(decision_words(finding))
    yield defused(shown_facts(finding))


def row_of_missing(item: MissingField, *, in_words: bool = False) -> Iterator[str | int]:
    """Yield the cells of one missing field in the order of `COLUMNS`: it is the subject, ``unknown`` the verdict."""
    cells = {
        "severity": severity_word(item.severity) if in_words else item.severity.value,
        "verdict": verdict_word(Verdict.UNKNOWN) if in_words else Verdict.UNKNOWN.value,
        "rule": " ".join(rule.id for rule in item.rules),
        "name": " ".join(rule.name for rule in item.rules),
        "clause": " ".join(item.clauses),
        "subject_kind": say(f"reports.subject.{Subject.ESTATE.value}") if in_words else Subject.ESTATE.value,
        "subject_id": item.field,
        "subject": item.source or "",
        "message": missing_words(item),
        "remediation": remedy_words(item.field, item.source).in_language(),
        "fingerprint": item.fingerprint,
    }
    for name in COLUMNS:
        yield defused(cells.get(name, ""))
