"""Compare two runs: what is new, fixed, still there, changed, waived, no longer visible."""

from __future__ import annotations

from collections.abc import Collection, Iterable, KeysView, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from policycore.model.findings import Findings
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.kept.acts import LIVES, require_acts
from policycore.store.kept.runs import RunSummary, load_run
from policycore.store.lives.life_cycle import State, judged_by
from policycore.store.lives.moves import newest_moves
from policycore.store.lives.presence import everything_present
from policycore.store.lives.reworded import NOT_SAID, differing

__all__ = ["Change", "RunDiff", "compare_results", "compare_runs"]

_DECIDED = frozenset({Verdict.WAIVED, Verdict.ATTESTED, Verdict.PASS})
_COMPARED = ("verdict", "severity", "enforcement", "clauses", "facts", "message")


@dataclass(frozen=True, slots=True)
class Change:
    """What one finding said before and after; `fields` names what differs."""

    before: Finding
    after: Finding
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunDiff:
    """Two runs side by side, every list sorted by rule and subject."""

    new: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    unknown: tuple[Finding, ...]
    """Gone from the later run, but that run could not have reported them."""
    changed: tuple[Change, ...]
    decided: tuple[Change, ...]
    """Waived or attested in the later run only."""
    undecided: tuple[Change, ...]
    """Waived or attested in the earlier run only."""
    still: Sequence[Finding]

    def counts(self) -> dict[str, int]:
        """Return how many findings each list holds."""
        return {name: len(getattr(self, name)) for name in self.__slots__}


def compare_runs(connection: Connection, before: RunSummary, after: RunSummary) -> RunDiff:
    """Return what changed from run `before` to run `after`."""
    lost = _lost(connection, after)
    return compare_results(load_run(connection, before), load_run(connection, after), lost=lost)


def _lost(connection: Connection, run: RunSummary) -> frozenset[str]:
    """Return the fingerprints whose state was unknown after `run`: its snapshot decided that, not the result."""
    if run.replay:
        return frozenset()
    stands = newest_moves(connection, run.ruleset, last=run.id)
    lost = {number for number, (_, life) in stands.items() if life.state is State.UNKNOWN}
    if lost:
        # Which findings they are stands nowhere but in their lives.
        require_acts(connection, LIVES)
    finding = schema.findings.c
    query = select(finding.fingerprint, finding.id).where(finding.ruleset == run.ruleset) if lost else None
    rows = () if query is None else connection.execute(query)
    return frozenset(fingerprint for fingerprint, number in rows if number in lost)


def compare_results(before: RunResult, after: RunResult, *, lost: frozenset[str] = frozenset()) -> RunDiff:
    """Return what changed between two results; `lost` names what is known to be out of sight."""
    old, new = Findings.of(before.findings), Findings.of(after.findings)
    was, now = _Places(old), _Places(new)
    judged = judged_by(after, everything_present)
    fixed: list[Finding] = []
    unknown: list[Finding] = []
    for finding in was.only(was.keys() - now.keys()):
        subject = finding.subject
        hidden = judged.hidden(finding.rule, subject.kind.value, subject.id, subject.group_id)
        (fixed if hidden is None and finding.fingerprint not in lost else unknown).append(finding)
    both = was.keys() & now.keys()
    differing = _differing(old, new) & both
    changed, decided, undecided = _changes(was.only(differing), now.only(differing))
    named = {change.after.fingerprint for change in (*changed, *decided, *undecided)}
    return RunDiff(
        new=tuple(now.only(now.keys() - was.keys())),
        fixed=tuple(fixed),
        unknown=tuple(unknown),
        changed=tuple(changed),
        decided=tuple(decided),
        undecided=tuple(undecided),
        still=now.only(both - named),
    )


class _Places:
    """Where each finding of a result stands in its index, by fingerprint."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self._places = {name: place for place, name in enumerate(findings.index.column("fingerprint").to_pylist())}

    def keys(self) -> KeysView[str]:
        """Return the fingerprints."""
        return self._places.keys()

    def only(self, fingerprints: Collection[str]) -> Findings:
        """Return the findings that have one of `fingerprints`."""
        return self.findings.only(sorted(self._places[fingerprint] for fingerprint in fingerprints))


def _differing(before: Findings, after: Findings) -> set[str]:
    """Return fingerprints of which the two may say something else: those whose columns, texts or decisions differ."""
    old = {rows.texts.rule: rows for rows in before.rows}
    found: set[str] = {finding.fingerprint for finding in (*before.loose, *after.loose)}
    for rows in after.rows:
        was = old.get(rows.texts.rule)
        if was is None or was.texts != rows.texts or was.table.schema != rows.table.schema:
            found.update(rows.table.column("fingerprint").to_pylist())
        elif was.address != rows.address:
            columns = differing(was, rows)
            found.update(name for column in columns.keys() - NOT_SAID for name in columns[column])
    decided = {*before.decisions, *after.decisions}
    return found | {name for name in decided if before.decisions.get(name) != after.decisions.get(name)}


def _changes(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[list[Change], list[Change], list[Change]]:
    """Return what changed, was decided and is no longer decided of the findings that both runs have."""
    changed: list[Change] = []
    decided: list[Change] = []
    undecided: list[Change] = []
    old = {finding.fingerprint: finding for finding in before}
    for now in after:
        was = old[now.fingerprint]
        fields = tuple(name for name in _COMPARED if getattr(was, name) != getattr(now, name))
        settled, settles = was.verdict in _DECIDED, now.verdict in _DECIDED
        if settles and not settled:
            decided.append(Change(was, now, fields))
        elif settled and not settles:
            undecided.append(Change(was, now, fields))
        elif fields:
            changed.append(Change(was, now, fields))
    return changed, decided, undecided
