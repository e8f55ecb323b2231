"""Results of a run: findings with their subjects, steps, sources and decisions, and counts of them by kind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from policycore.errors import Problem, located
from policycore.language import Text, say, say_both
from policycore.model.gap import Gap
from policycore.model.schema import ColumnSchema
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict

__all__ = [
    "NO_DECISIONS",
    "ClauseResult",
    "Decision",
    "Finding",
    "Kind",
    "RemediationStep",
    "RuleOutcome",
    "RunResult",
    "Source",
    "SubjectRef",
    "subject_shown",
]

NO_DECISIONS = hashlib.sha256(b"").hexdigest()
"""Hash of the decisions where nobody decided anything; see `policycore.decisions.read.decisions_hash`."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a subject stands, as the file's own program counts: row of a sheet, line, position from 0 in JSON.

    `file` and `row` are as in `located`; a row of 0 is that of a file which counts none.
    """

    file: str
    row: int

    @property
    def inside(self) -> str:
        """Return the place inside a document without lines, as ``messages[3]``; else nothing."""
        return located(self.file, self.row)[1]

    @property
    def name(self) -> str:
        """Return the file alone."""
        return located(self.file, self.row)[0]

    def __str__(self) -> str:
        """Return file and place in the reader's language."""
        if self.inside or not self.row:
            return f"{self.name} {self.inside}".rstrip()
        return say("model.source", file=self.name, row=self.row)


def subject_shown(kind: str, name: str) -> str:
    """Return the name of a subject as a person reads it: the estate as a whole has one in each language."""
    return say("model.estate") if kind == Subject.ESTATE else name


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """What a finding is about, where it belongs and who answers for it."""

    kind: Subject
    id: str
    name: str
    group_id: str | None = None
    group: str | None = None
    department_id: str | None = None
    department: str | None = None
    platform: str | None = None
    responsible_id: str | None = None
    responsible: str | None = None

    @property
    def shown(self) -> str:
        """Return the name as a person reads it; the estate as a whole has one in each language."""
        return subject_shown(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class RemediationStep:
    """Who does what by when; `who` is the role, `person` the name where the data has one."""

    who: str
    person: str | None
    what: Text
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of a finding, why, and until when: a waiver, attestation or review settles it, no dispute."""

    kind: str
    id: str
    reason: str
    text: str
    decided_by: str
    until: datetime | None

    @property
    def verdict(self) -> Verdict | None:
        """Return the verdict of a finding that this settles; None where it settles nothing."""
        return _SETTLED.get(self.kind)


_SETTLED = {
    "waiver": Verdict.WAIVED,
    "attestation": Verdict.ATTESTED,
    "confirmation": Verdict.FAIL,
    "dismissal": Verdict.PASS,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found about one subject; neither a pass nor a gap is one."""

    id: str
    rule: str
    name: str
    title: Text
    clauses: tuple[str, ...]
    verdict: Verdict
    severity: Severity
    enforcement: Enforcement
    subject: SubjectRef
    message: Text
    facts: Mapping[str, object]
    remediation: tuple[RemediationStep, ...]
    fingerprint: str
    source: Source | None = None
    decision: Decision | None = None
    """What settled it, or disputes it, or will settle it in the next check: then the verdict is the rule's own."""
    former: tuple[str, ...] = ()
    """Its fingerprints under the former ids and names of its rule, in the order of the rule's aliases."""
    labels: Mapping[str, Text] = field(default_factory=dict)
    """What its rule calls its facts, where that is not the catalogue's word."""

    @property
    def says(self) -> Text:
        """Return the message as people read it: before it stands what was said of it and changes no verdict yet."""
        if self.decision is None or self.decision.verdict is self.verdict:
            return self.message
        why = self.decision.text
        said = say_both(f"model.said.{self.decision.kind}{'' if why else '.plain'}", text=why)
        return Text(said.zh + self.message.zh, said.en + self.message.en)

    @property
    def due(self) -> datetime | None:
        """Return the earliest time by which something is to be done."""
        return min((step.due for step in self.remediation if step.due is not None), default=None)

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Return every fingerprint that a decision may know it by, the present one first."""
        return (self.fingerprint, *self.former)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule said, counted; the counts cover every subject, findings list all but passes and gaps."""

    rule: str
    name: str
    clauses: tuple[str, ...]
    verdicts: Mapping[Verdict, int]
    seconds: float = 0.0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """How one clause is covered, and what came out."""

    id: str
    text: str
    parent: str | None
    rules: tuple[str, ...]
    attestations: int
    verdicts: Mapping[Verdict, int]

    @property
    def covered(self) -> bool:
        """Return whether a rule or an attestation enforces the clause."""
        return bool(self.rules or self.attestations)


@dataclass(frozen=True, slots=True)
class RunResult:
    """The whole result of one run: a pure function of its five inputs, timings aside.

    They are the snapshot (by its id, which is a hash), the rule set and the decisions (by their hashes), the
    as-of time, and the program (by `engine_version` and the hash of its `code`).
    """

    ruleset: str
    ruleset_title: Text
    ruleset_hash: str
    snapshot: str
    as_of: datetime
    timezone: str
    engine_version: str
    findings: Sequence[Finding]
    """Sorted by rule, subject id and fingerprint; from engine and store a `policycore.model.findings.Findings`."""
    outcomes: tuple[RuleOutcome, ...]
    clauses: tuple[ClauseResult, ...]
    gaps: tuple[Gap, ...] = ()
    """What could not be judged, sorted by rule, then source and fields; see `policycore.model.gap`."""
    problems: tuple[Problem, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """Size of the estate: groups, people, memberships, messages, departments."""
    decisions_hash: str = NO_DECISIONS
    """Hash of every waiver and attestation that was considered, as it was read."""
    code: Mapping[str, str] = field(default_factory=dict)
    """By part, the hash or version of what judged; see `policycore.engine.code.code_parts`. Empty where unknown."""
    notes: tuple[Problem, ...] = ()
    """What a reader should know though the result is complete."""
    evidence_key: str = ""
    """The id of the key that keyed hashes were made with, '' where there was none: one more input."""
    unreached: tuple[str, ...] = ()
    """Names of the rules that were not judged because the run was cut short: it says nothing about them."""
    document: str = ""
    """The title of the policy that the rule set enforces."""
    own: tuple[ColumnSchema, ...] = ()
    """Columns that the organization has declared, so that what is missing is called by their headers."""

    @property
    def cut(self) -> bool:
        """Return whether the run was cut short; such a run is reported and changes the state of no finding."""
        return bool(self.unreached)

    @property
    def engine_code(self) -> str:
        """Return one hash of all the code that judged, '' where that is unknown."""
        if not self.code:
            return ""
        parts = "".join(f"{name}={value}\n" for name, value in sorted(self.code.items()))
        return hashlib.sha256(parts.encode()).hexdigest()


class Kind(NamedTuple):
    """What the counts of a result tell findings apart by."""

    rule: str
    clauses: tuple[str, ...]
    verdict: Verdict
    severity: Severity
    department: str | None
    department_id: str | None
