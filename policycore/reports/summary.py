"""Add a result up: the one place that decides what counts as open and what is worst."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from policycore.language import Text, say
from policycore.model.findings import Findings
from policycore.model.gap import Gap
from policycore.model.result import Finding, RunResult, SubjectRef
from policycore.model.verdict import VIOLATIONS, Enforcement, Severity, Verdict, rank
from policycore.reports.gaps import MissingField, missing_fields

__all__ = [
    "OPEN_VERDICTS",
    "Counts",
    "NextStep",
    "Section",
    "Summary",
    "Worst",
    "fails",
    "most_urgent_first",
    "sections",
    "settled",
    "summarize",
    "urgency",
]

OPEN_VERDICTS = (*VIOLATIONS, Verdict.ERROR, Verdict.NEEDS_ATTESTATION)
"""Verdicts of findings that somebody has to act on; waived and attested are settled."""

Counts = tuple[str, tuple[int, int, int]]
"""The day of a run, and what it found by severity: errors, warnings, infos."""

_COUNTED_ONLY = (Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.UNKNOWN)
_no_date = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Worst:
    """One group (or other subject) to begin with, and what is wrong with it."""

    subject: SubjectRef
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next about one rule: its most urgent finding and how many there are."""

    example: Finding
    count: int


@dataclass(frozen=True)
class Summary:
    """The counts of a result; every screen and every report shows these and no others."""

    by_verdict: Mapping[str, int]
    """Subjects by verdict; ``unknown`` counts those of the gaps."""
    by_severity: Mapping[str, int]
    """Violations by severity."""
    by_rule: Mapping[str, Mapping[str, int]]
    by_clause: Mapping[str, Mapping[str, int]]
    by_department: Mapping[str, Mapping[str, int]]
    """Violations by department name and severity, in the order of names: this is no ranking."""
    open: int
    """Findings that somebody has to act on."""
    missing: tuple[MissingField, ...]
    """What is missing, by worth."""
    unknown: int
    """Verdicts that could not be reached for want of data."""
    findings: Findings
    most: int
    """How many subjects `worst` names."""

    @cached_property
    def worst(self) -> tuple[Worst, ...]:
        """Return the groups, then other subjects, with the most pressing violations."""
        return _worst(self.findings, self.most)

    @cached_property
    def next_steps(self) -> tuple[NextStep, ...]:
        """Return one step a rule, the most urgent rule first."""
        return _next_steps(self.findings)

    @cached_property
    def dismissed(self) -> tuple[tuple[Finding, int], ...]:
        """Return by rule one suspect that a person dismissed, and how many are; in the order of rule ids."""
        rules, verdicts = (self.findings.index.column(name).to_pylist() for name in ("rule", "verdict"))
        # What passes is a finding only where somebody dismissed what was found.
        places = [place for place, verdict in enumerate(verdicts) if verdict == Verdict.PASS]
        counts = Counter(rules[place] for place in places)
        first = dict(sorted((rules[place], place) for place in reversed(places)))
        examples = self.findings.each([*first.values()])
        return tuple((example, counts[rule]) for rule, example in zip(first, examples, strict=True))


def fails(findings: Iterable[Finding], fail_on: Severity, gaps: Iterable[Gap] = ()) -> bool:
    """Return whether a finding is open, or a gap stands, at `fail_on` or above.

    Suspect, missing attestations and gaps count like failures, at their rule's severity: missing data never passes.
    """
    return any(gap.severity.weight >= fail_on.weight for gap in gaps) or any(
        kind.verdict in OPEN_VERDICTS and kind.severity.weight >= fail_on.weight for kind in Findings.of(findings).kinds
    )


def urgency(finding: Finding) -> tuple[int, datetime, str, str]:
    """Return a key that sorts the most urgent finding first: by `rank`, then what was due first, then by name."""
    place = rank(finding.verdict, finding.severity, finding.enforcement)
    return place, finding.due or _no_date, finding.name, finding.subject.id


def most_urgent_first(findings: Findings) -> list[int]:
    """Return the places of the findings in their index as `urgency` sorts them."""
    import pyarrow
    import pyarrow.compute

    index = findings.index
    dues = findings.dues
    days = {due: number for number, due in enumerate(sorted({due or _no_date for due in dues}))}
    kinds = zip(*(index.column(name).to_pylist() for name in ("verdict", "severity", "enforcement")), strict=True)
    ranks: dict[tuple[str, ...], int] = {}
    pressing = []
    for kind, due in zip(kinds, dues, strict=True):
        if kind not in ranks:
            ranks[kind] = rank(Verdict(kind[0]), Severity(kind[1]), Enforcement(kind[2])) * len(days)
        pressing.append(ranks[kind] + days[due or _no_date])
    table = index.select(["rule_name", "subject_id"]).append_column(
        "pressing", pyarrow.array(pressing, pyarrow.int64())
    )
    order = [(name, "ascending") for name in ("pressing", "rule_name", "subject_id")]
    return pyarrow.compute.sort_indices(table, order).to_pylist()  # type: ignore[no-any-return] # it is a list of ints


@dataclass(frozen=True, eq=False)
class Section:
    """One part of a report: open findings, named by a `key` of the catalogue, by their places in the index."""

    key: str
    count: int
    findings: Findings
    places: Sequence[int]
    """The most urgent first; of a statement that many are asked for the first."""
    together: Mapping[int, Finding]
    """By place the findings that stand for several."""

    def each(self, places: Sequence[int] | None = None) -> Iterator[Finding]:
        """Yield the findings at `places`, all where none are named, made as they are read."""
        wanted = self.places if places is None else places
        pairs = zip(wanted, self.findings.each(wanted), strict=True)
        yield from (self.together.get(place, finding) for place, finding in pairs)


def sections(found: Iterable[Finding]) -> Iterator[Section]:
    """Yield the parts of a report: violations by severity, then broken rules and missing statements.

    So the number in a heading is the one that every summary names. A statement that many are asked for stands once,
    with all their names.
    """
    findings = Findings.of(found)
    verdicts, severities = (findings.index.column(name).to_pylist() for name in ("verdict", "severity"))
    parts: dict[str, list[int]] = {f"model.severity.{severity.value}": [] for severity in Severity}
    for place in most_urgent_first(findings):
        verdict = verdicts[place]
        if verdict in VIOLATIONS:
            parts[f"model.severity.{severities[place]}"].append(place)
        elif verdict in OPEN_VERDICTS:
            parts.setdefault(f"reports.verdict.{verdict}", []).append(place)
    for key, places in parts.items():
        asked = key == f"reports.verdict.{Verdict.NEEDS_ATTESTATION}"
        shown = _together(findings, places) if asked else dict.fromkeys(places)
        together = {place: one for place, one in shown.items() if one is not None}
        if places:
            yield Section(key, len(places), findings, [*shown], together)


def settled(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings that a waiver or a signed statement settles, the most urgent first."""
    findings = Findings.of(found)
    verdicts = findings.index.column("verdict").to_pylist()
    wanted = [place for place, one in enumerate(verdicts) if one in (Verdict.WAIVED, Verdict.ATTESTED)]
    return sorted(findings.each(wanted), key=urgency)


def _together(findings: Findings, places: Sequence[int]) -> dict[int, Finding | None]:
    """Return by the first place what asks the same statement of several subjects as one; None for what is alone."""
    asked: dict[tuple[str, Text], list[tuple[int, Finding]]] = {}
    for place, finding in zip(places, findings.each(places), strict=True):
        asked.setdefault((finding.rule, finding.message), []).append((place, finding))
    return {
        listed[0][0]: _one_of_many([one for _, one in listed]) if len(listed) > 1 else None for listed in asked.values()
    }


def _one_of_many(found: Sequence[Finding]) -> Finding:
    """Return one finding that names the subjects of all of `found`, which say the same."""
    first = found[0]
    names = say("reports.and").join(finding.subject.shown for finding in found)
    subject = SubjectRef(first.subject.kind, "", say(f"reports.many.{first.subject.kind}", count=len(found)))
    message = Text(*(f"{text}{say('reports.colon')}{names}" for text in (first.message.zh, first.message.en)))
    return replace(first, subject=subject, message=message, source=None)


def summarize(result: RunResult, *, worst: int = 3) -> Summary:
    """Return the counts of `result`, the `worst` subjects and the next steps."""
    findings = Findings.of(result.findings)
    kinds = _kinds(findings)
    severities: Counter[Severity] = Counter()
    for (_, _, verdict, severity, _), count in kinds.items():
        severities[severity] += count if verdict in VIOLATIONS else 0
    return Summary(
        by_verdict=_by_verdict(result, kinds),
        by_severity={severity.value: severities[severity] for severity in Severity},
        by_rule=_by_rule(result, kinds),
        by_clause=_by_clause(result, kinds),
        by_department=_by_department(kinds),
        open=sum(count for kind, count in kinds.items() if kind[2] in OPEN_VERDICTS),
        missing=missing_fields(result.gaps),
        unknown=sum(gap.count for gap in result.gaps),
        findings=findings,
        most=worst,
    )


_Kinds = Counter[tuple[str, tuple[str, ...], Verdict, Severity, str]]


def _kinds(findings: Findings) -> _Kinds:
    """Sort the findings into few kinds; all counts come from those. A department is its name, or its id, or nothing."""
    kinds: _Kinds = Counter()
    for kind, count in findings.kinds.items():
        department = kind.department or kind.department_id or ""
        kinds[kind.rule, kind.clauses, kind.verdict, kind.severity, department] += count
    return kinds


def _in_order(counts: Mapping[Verdict, int]) -> dict[str, int]:
    """Return counts by the verdict's word, in the order of `Verdict`."""
    return {verdict.value: counts[verdict] for verdict in Verdict if counts.get(verdict)}


def _by_verdict(result: RunResult, kinds: _Kinds) -> dict[str, int]:
    """Count subjects by verdict: passes and gaps from the rules' counts, all else from the findings themselves."""
    counts: Counter[Verdict] = Counter()
    for (_, _, verdict, _, _), count in kinds.items():
        counts[verdict] += count
    for outcome in result.outcomes:
        for verdict in _COUNTED_ONLY:
            counts[verdict] += outcome.verdicts.get(verdict, 0)
    return _in_order(counts)


def _by_rule(result: RunResult, kinds: _Kinds) -> dict[str, dict[str, int]]:
    """Count verdicts rule by rule, in the order of rule ids."""
    counts: dict[str, Counter[Verdict]] = {}
    for outcome in result.outcomes:
        counts[outcome.rule] = Counter({verdict: outcome.verdicts.get(verdict, 0) for verdict in _COUNTED_ONLY})
    for (rule, _, verdict, _, _), count in kinds.items():
        counts.setdefault(rule, Counter())[verdict] += count
    return {rule: _in_order(counts[rule]) for rule in sorted(counts)}


def _by_clause(result: RunResult, kinds: _Kinds) -> dict[str, dict[str, int]]:
    """Count verdicts clause by clause, in the document's order; a clause nobody covers has no counts."""
    counts: dict[str, Counter[Verdict]] = {clause.id: Counter() for clause in result.clauses}
    for outcome in result.outcomes:
        for clause in outcome.clauses:
            for verdict in _COUNTED_ONLY:
                counts.setdefault(clause, Counter())[verdict] += outcome.verdicts.get(verdict, 0)
    for (_, clauses, verdict, _, _), count in sorted(kinds.items(), key=lambda kind: kind[0][:2]):
        for clause in clauses:
            counts.setdefault(clause, Counter())[verdict] += count
    return {clause: _in_order(verdicts) for clause, verdicts in counts.items()}


def _by_department(kinds: _Kinds) -> dict[str, dict[str, int]]:
    """Count violations by department and severity; the name "" gathers those without one."""
    counts: dict[str, Counter[Severity]] = {}
    for (_, _, verdict, severity, department), count in kinds.items():
        if verdict in VIOLATIONS:
            counts.setdefault(department, Counter())[severity] += count
    return {
        department: {severity.value: found[severity] for severity in Severity if found[severity]}
        for department, found in sorted(counts.items())
    }


# What no waiver sets aside comes first, then failed errors, then suspected ones, then failed warnings, and so on.
_weights = {
    (verdict.value, severity.value, enforcement.value): 6 * binding
    + 2 * severity.weight
    - int(verdict is Verdict.SUSPECT)
    for severity in Severity
    for verdict in VIOLATIONS
    for enforcement in Enforcement
    for binding in (enforcement is Enforcement.MANDATORY_WITHOUT_WAIVERS,)
}


def _worst(findings: Findings, most: int) -> tuple[Worst, ...]:
    """Return the groups with the most pressing violations, then other subjects, by how many are of each weight."""
    import numpy
    import pyarrow
    import pyarrow.compute

    index = findings.index
    kinds = zip(*(index.column(name).to_pylist() for name in ("verdict", "severity", "enforcement")), strict=True)
    weights = pyarrow.array([_weights.get(kind) for kind in kinds], pyarrow.int64())
    places = pyarrow.compute.indices_nonzero(weights.is_valid())
    # A group stands for all that concerns it; groups come first.
    group = index.column("group_id").combine_chunks()
    named = pyarrow.compute.binary_join_element_wise("1", index.column("kind"), ":", index.column("subject_id"), "")
    alone = pyarrow.compute.fill_null(pyarrow.compute.equal(group, ""), True)
    about = pyarrow.compute.if_else(alone, named, pyarrow.compute.binary_join_element_wise("0", group, ""))
    encoded = about.combine_chunks().take(places).dictionary_encode()
    subjects, levels = encoded.indices.to_numpy(), weights.take(places).to_numpy()
    counts = numpy.zeros((max(_weights.values()) + 1, len(encoded.dictionary)), numpy.int64)
    numpy.add.at(counts, (levels, subjects), 1)
    by_name = numpy.argsort(pyarrow.compute.sort_indices(encoded.dictionary).to_numpy())
    chosen = numpy.lexsort((by_name, *-counts))[:most].tolist()
    held = [places.filter(pyarrow.array(subjects == one)).to_pylist() for one in chosen]
    found = [sorted(findings.each(listed), key=urgency) for listed in held]
    return tuple(Worst(listed[0].subject, tuple(listed)) for listed in found)


def _next_steps(findings: Findings) -> tuple[NextStep, ...]:
    """Return one step a rule, the most urgent rule first."""
    named = ("rule", "verdict", "severity", "enforcement", "within_days", "subject_id", "part", "place")
    columns = [findings.index.column(name).to_pylist() for name in named]
    first: dict[str, tuple[int, float, str, int, int]] = {}
    counts: Counter[str] = Counter()
    ranks = {
        (verdict.value, severity.value, enforcement.value): rank(verdict, severity, enforcement)
        for verdict in OPEN_VERDICTS
        for severity in Severity
        for enforcement in Enforcement
    }
    for rule, *kind, days, subject, part, place in zip(*columns, strict=True):
        pressing = ranks.get(tuple(kind))
        if pressing is not None:
            counts[rule] += 1
            # As `urgency` sorts: all steps of a rule count from the same day.
            key = (pressing, math.inf if days is None else days, subject, part, place)
            if rule not in first or key < first[rule]:
                first[rule] = key
    examples = sorted((_at(findings, [key[3:]])[0] for key in first.values()), key=urgency)
    return tuple(NextStep(finding, counts[finding.rule]) for finding in examples if finding.remediation)


def _at(findings: Findings, places: Iterable[tuple[int, int]]) -> list[Finding]:
    """Return the findings at some places of the index as objects."""
    by_part: dict[int, list[int]] = {}
    for part, place in places:
        by_part.setdefault(part, []).append(place)
    return [finding for part, listed in by_part.items() for finding in findings.at(part, listed)]
