"""Read the reviewed files of waivers and attestations.

Every mistake is an error with file, line and column, all of them at once: a decision that nobody
can read must never count, and must never be passed over in silence either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from policycore.decisions.attestations import SignedStatement
from policycore.decisions.waivers import Scope, Waiver
from policycore.errors import Problem, UsageError
from policycore.model.result import NO_DECISIONS
from policycore.store.workspace import Workspace
from policycore.yaml.read import read
from policycore.yaml.written import Mistake, Moment, Several, Whole, Word, Written, entries_of, moment_of

__all__ = ["Decisions", "load_decisions", "read_attestations", "read_waivers"]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided in one workspace, and the hash of all of it."""

    waivers: tuple[Waiver, ...] = ()
    attestations: tuple[SignedStatement, ...] = ()
    hash: str = NO_DECISIONS

    def people(self) -> frozenset[str]:
        """Return everybody whose standing matters."""
        return frozenset(
            [waiver.approver for waiver in self.waivers]
            + [waiver.requester for waiver in self.waivers]
            + [item.person for item in self.attestations]
        )


def load_decisions(workspace: Workspace) -> Decisions:
    """Return every decision of a workspace.

    Raises UsageError with every mistake of both files.
    """
    problems: list[Problem] = []
    waivers: tuple[Waiver, ...] = ()
    statements: tuple[SignedStatement, ...] = ()
    try:
        waivers = read_waivers(workspace.waivers)
    except UsageError as error:
        problems += error.problems
    try:
        statements = read_attestations(workspace.attestations)
    except UsageError as error:
        problems += error.problems
    if problems:
        raise UsageError(*problems)
    return Decisions(waivers, statements, _hash_of(waivers, statements))


def _hash_of(waivers: Iterable[Waiver], attestations: Iterable[SignedStatement]) -> str:
    """Return the SHA-256 of all that the files of decisions say, entry by entry in the files' order.

    Every field counts, the lists of baselines too; comments, layout and where the files lie do not. Without
    decisions it is the hash of nothing, `policycore.model.result.NO_DECISIONS`.
    """
    digest = hashlib.sha256()
    for kind, entries in (("waiver", waivers), ("attestation", attestations)):
        for entry in entries:
            said = {name: value for name, value in asdict(entry).items() if name != "place"}
            digest.update(f"{json.dumps([kind, said], sort_keys=True, default=_as_text)}\n".encode())
    return digest.hexdigest()


def _as_text(value: object) -> object:
    """Return sets in order and times with their offset."""
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers that the file holds; no file is no waivers."""
    found = _read(path, _WaiverFile)
    return () if found is None else tuple(entry.waiver() for entry in found.waivers)


def read_attestations(path: Path) -> tuple[SignedStatement, ...]:
    """Return the attestations that the file holds; no file is no attestations."""
    found = _read(path, _AttestationFile)
    return () if found is None else tuple(entry.statement() for entry in found.attestations)


File = TypeVar("File", bound=Written)


def _read(path: Path, model: type[File]) -> File | None:
    """Return what the file says, None where there is none."""
    there = path.exists()
    return read(path, model, "decision", error=UsageError, context=path.parent.resolve()) if there else None


def _inside(name: str, info: ValidationInfo[Path]) -> str:
    """Refuse a file that does not lie beside the decisions."""
    folder = info.context
    if folder not in (folder / name).resolve().parents:
        raise Mistake("decisions.baseline-place", values={"word": name}).error()
    return name


class _Baseline(Written):
    """The list that a waiver of a baseline was approved for."""

    file: Annotated[Word, AfterValidator(_inside)]
    sha256: Word


def _fingerprints(value: object, info: ValidationInfo[Path]) -> frozenset[str]:
    """Return the fingerprints of a baseline's list, which must be the one that was approved."""
    named = _Baseline.model_validate(value, context=info.context)
    try:
        data = (info.context / named.file).read_bytes()
    except OSError as error:
        raise Mistake("decisions.baseline-missing", values={"word": error.strerror or named.file}).error() from None
    if hashlib.sha256(data).hexdigest() != named.sha256:
        raise Mistake("decisions.baseline-changed", values={"word": named.file}).error()
    lines = data.decode("utf-8", "replace").splitlines()
    return frozenset(line.split(None, 1)[0] for line in lines if line.strip() and not line.startswith("#"))


class _Scope(Written):
    """What a waiver is about."""

    findings: Several = Field([])
    subjects: Several = Field([])
    groups: Several = Field([])
    departments: Several = Field([])
    baseline: Annotated[frozenset[str], BeforeValidator(_fingerprints)] = frozenset()

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield that it says nothing."""
        if not any(data.get(key) for key in cls.model_fields):
            yield Mistake("decisions.no-scope")


class _Granted(Written):
    """What a waiver was granted for."""

    parameters: dict[str, Any] | None = None
    facts: dict[str, dict[str, Any]] = Field({})


class _WaiverEntry(Written):
    """One waiver as the file has it."""

    may_be_empty: ClassVar = frozenset({"rule", "clause", "ticket", "granted_for"})
    id: Word
    rule: str = ""
    clause: str = ""
    scope: _Scope
    reason: Word
    text: Annotated[str, Field(min_length=1)]
    ticket: str = ""
    requester: Word
    approver: Word
    approved: Moment
    begins: Moment = Field(alias="from")
    ends: Moment = Field(alias="until")
    withdrawn: Moment | None = None
    granted_for: _Granted = _Granted()

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield a waiver that ends before it begins, and one of everything about its subjects."""
        begins, ends = moment_of(data.get("from")), moment_of(data.get("until"))
        if begins is not None and ends is not None and begins >= ends:
            yield Mistake("decisions.ends-first", ("until",))
        scope = data.get("scope")
        broad = isinstance(scope, dict) and any(scope.get(key) for key in ("subjects", "groups", "departments"))
        if broad and not data.get("rule") and not data.get("clause"):
            yield Mistake("decisions.no-aim")

    def waiver(self) -> Waiver:
        """Return the waiver."""
        scope = self.scope
        return Waiver(
            **{name: getattr(self, name) for name in _SAME},
            scope=Scope(
                frozenset(scope.findings) | scope.baseline,
                frozenset(scope.subjects),
                frozenset(scope.groups),
                frozenset(scope.departments),
            ),
            parameters=self.granted_for.parameters,
            facts=self.granted_for.facts,
            place=self.place,
        )


_SAME = (
    *("id", "rule", "clause", "reason", "text", "ticket", "requester", "approver"),
    *("approved", "begins", "ends", "withdrawn"),
)
"""What the file and a waiver call the same."""


def _digest(value: str) -> str:
    """Refuse what is no SHA-256."""
    if len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise Mistake("decisions.no-hash").error()
    return value


class _Evidence(Written):
    """The document that was signed."""

    file: str = ""
    sha256: Annotated[Word, AfterValidator(_digest)]


class _AttestationEntry(Written):
    """One attestation as the file has it."""

    may_be_empty: ClassVar = frozenset({"subject", "valid_days", "finding", "text"})
    id: Word
    clause: Word
    subject: Word = "estate"
    person: Word
    signed: Moment
    evidence: _Evidence
    valid_days: Annotated[Whole, Field(ge=1, le=3660)] | None = None
    finding: str = ""
    withdrawn: Moment | None = None
    text: str = ""

    def statement(self) -> SignedStatement:
        """Return the attestation."""
        return SignedStatement(
            id=self.id,
            clause=self.clause,
            subject=self.subject,
            person=self.person,
            signed=self.signed,
            evidence=self.evidence.sha256,
            evidence_name=self.evidence.file,
            valid_days=self.valid_days,
            finding=self.finding,
            withdrawn=self.withdrawn,
            text=self.text,
            place=self.place,
        )


class _DecisionFile(Written):
    """What both files have."""

    may_be_empty: ClassVar = frozenset({"waivers", "attestations"})
    policycore: Literal["1"]

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield each entry whose id an earlier one has."""
        for key in ("waivers", "attestations"):
            ids: set[object] = set()
            for position, entry in entries_of(data.get(key)):
                name = entry.get("id")
                if isinstance(name, str) and name in ids:
                    yield Mistake("decisions.same-id", (key, position), {"word": name})
                ids.add(str(name))


class _WaiverFile(_DecisionFile):
    """The reviewed file of waivers."""

    waivers: tuple[_WaiverEntry, ...] = ()


class _AttestationFile(_DecisionFile):
    """The reviewed file of attestations."""

    attestations: tuple[_AttestationEntry, ...] = ()
