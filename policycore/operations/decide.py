"""Make decisions: waive, accept a baseline, record a signed statement; checked before they are written.

The command line and the terminal interface both come here, so that both refuse the same things in
the same words. Nothing is written unless everything asked for would count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from policycore.decisions.attestations import (
    Attested,
    SignedStatement,
    judge_attestation,
    may_sign,
    signers_words,
    speaks_of,
)
from policycore.decisions.read import Decisions, load_decisions, not_imported
from policycore.decisions.records import Granted, kind_of, record_of
from policycore.decisions.standing import directory_of, people_called
from policycore.decisions.waiver_context import context_from, stored_context
from policycore.decisions.waivers import Scope, Waiver, WaiverContext, refusals, untold
from policycore.errors import DataError, Problem, UsageError
from policycore.language import say
from policycore.model.facts import lasting_facts
from policycore.model.result import Finding
from policycore.store import schema
from policycore.store.decided import add_records
from policycore.store.kept import audit
from policycore.store.kept.runs import RunSummary, find_run, list_runs
from policycore.store.lives.history import find_finding, history_of
from policycore.store.query import FindingFilter, findings_matching
from policycore.store.store import Store
from policycore.store.workspace import Workspace
from policycore.system.grouped import grouped
from policycore.system.refusals import refusal_words
from policycore.text.clauses import clause_named
from policycore.text.clean import clean

__all__ = [
    "Case",
    "Request",
    "attest",
    "case_of",
    "decision_problem",
    "evidence_hash",
    "keep",
    "latest_findings",
    "made_before",
    "next_id",
    "parties",
    "planned_statement",
    "planned_waivers",
    "waive",
    "waiver_summary",
]


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for; people are named by id or by a name that only one person has."""

    reason: str
    text: str
    requester: str
    approver: str
    begins: datetime
    ends: datetime
    approved: datetime
    ticket: str = ""

    def waiver(self, name: str, requester: str, approver: str) -> Waiver:
        """Return the waiver of this name that is asked for, of no rule and without a scope, between people by id."""
        return Waiver(
            id=name,
            rule="",
            clause="",
            scope=Scope(),
            reason=self.reason,
            text=self.text,
            ticket=self.ticket,
            requester=requester,
            approver=approver,
            approved=self.approved.replace(microsecond=0),
            begins=self.begins.replace(microsecond=0),
            ends=self.ends.replace(microsecond=0),
        )


@dataclass(frozen=True, slots=True)
class Case:
    """What a decision is judged against: the newest run and the snapshot it was made of."""

    run: RunSummary
    context: Mapping[str, Any]
    snapshot: Any

    def person(self, text: str, option: str) -> str:
        """Return the id of the one person that `text` means."""
        found = people_called(self.snapshot, text)
        if len(found) != 1:
            key = "decide.many-people" if found else "decide.no-person"
            raise UsageError(decision_problem(key, name=clean(text, limit=60), option=option))
        return found[0]

    def people(self, *asked: tuple[str, str]) -> list[str]:
        """Return the ids of the people that (text, option) mean; raises UsageError with all that mean nobody."""
        found: list[str] = []
        problems: list[Problem] = []
        for text, option in asked:
            try:
                found.append(self.person(text, option))
            except UsageError as error:
                problems += error.problems
        if problems:
            raise UsageError(*problems)
        return found

    def for_people(self, people: Iterable[str]) -> WaiverContext:
        """Return the context with what the directory says of `people`."""
        return context_from(self.context, directory_of(self.snapshot, people))


def case_of(workspace: Workspace, connection: Connection, run: RunSummary) -> Case:
    """Return the case that `run` makes; its snapshot is the one that the workspace kept."""
    from policycore.estate.snapshot import open_snapshot

    folder = workspace.snapshots / run.snapshot
    if not (folder / "manifest.yaml").is_file():
        raise DataError(Problem.of("store.no-snapshot", code="decide.no-snapshot", id=run.snapshot))
    return Case(run, stored_context(connection, run.id), open_snapshot(folder))


def latest_findings(
    workspace: Workspace, store: Store, names: tuple[str, ...], ruleset: str | None
) -> tuple[Case, list[Finding]]:
    """Return the newest run's case and the findings that `names` mean; without names, all that are active."""
    with store.read() as connection:
        lives = [history_of(connection, find_finding(connection, name)) for name in names]
        sets = sorted({life.ruleset for life in lives} or ({ruleset} if ruleset else set()))
        if len(sets) > 1:
            raise UsageError(decision_problem("decide.many-rulesets", names=", ".join(sets)))
        runs = list_runs(connection, ruleset=sets[0] if sets else None, limit=1, replays=False)
        run = runs[0] if runs else find_run(connection, "latest")
        case = case_of(workspace, connection, run)
        if names:
            return case, [life.finding for life in lives]
        wanted = FindingFilter(any_of={"ruleset": (run.ruleset,)})
        return case, findings_matching(connection, wanted)


def decision_problem(key: str, **values: Any) -> Problem:
    """Return a problem whose sentences stand under `key`."""
    return Problem.of(f"decisions.{key}", code=key, **values)


def planned_waivers(
    workspace: Workspace, store: Store, case: Case, findings: Sequence[Finding], request: Request
) -> tuple[Waiver, ...]:
    """Return one waiver for each rule among `findings`, not written yet.

    Raises UsageError with every reason why one of them would not count.
    """
    requester, approver, problems = parties(case, request)
    unknown = bool(problems)
    context = case.for_people((requester, approver))
    by_rule = grouped((finding.rule, finding) for finding in findings)
    taken = [waiver.id for waiver in made_before(workspace, store).waivers]
    waivers = []
    for rule, group in by_rule.items():
        waiver = _waiver(next_id("W", request.approved, taken), rule, group, request, requester, approver, context)
        taken.append(waiver.id)
        waivers.append(waiver)
        problems += refusals(waiver, group, context, unknown=unknown)
    if problems:
        raise UsageError(*problems)
    return tuple(waivers)


def made_before(workspace: Workspace, store: Store) -> Decisions:
    """Return what was decided before; UsageError where a file holds what the store does not."""
    with store.read() as connection:
        decisions = load_decisions(workspace, connection)
    every: tuple[Granted, ...] = (*decisions.waivers, *decisions.attestations)
    filed = [item for item in every if item.place is not None]
    if filed:
        # A decision in the store would make those of the file count no longer.
        raise UsageError(*(not_imported("decisions.not-imported-yet", item) for item in filed[:_SHOWN]))
    return decisions


def waive(
    workspace: Workspace, store: Store, case: Case, findings: Sequence[Finding], request: Request
) -> tuple[str, ...]:
    """Record one waiver for each rule among `findings` and return their ids.

    Raises UsageError with every reason why one of them would not count; then nothing is written.
    """
    waivers = planned_waivers(workspace, store, case, findings, request)
    names = {finding.rule: finding.name for finding in findings}
    with store.write() as connection:
        return tuple(
            keep(connection, "waive", replace(waiver, rule=names[waiver.rule]), waiver_summary(waiver), case)
            for waiver in waivers
        )


def keep(connection: Connection, action: str, item: Granted, details: Mapping[str, object], case: Case) -> str:
    """Keep a decision with its entry of the audit trail and return its id, which a colleague may have taken before."""
    kind = kind_of(item)
    table = schema.decisions.c
    taken = connection.scalars(select(table.id).where(table.kind == kind)).all()
    if item.id in taken:
        letter, day = item.id[0], item.approved if isinstance(item, Waiver) else item.signed
        item = replace(item, id=next_id(letter, day, taken))
    holds = add_records(connection, [record_of(item, case.run.ruleset)])
    audit.append(connection, action, {kind: item.id, **details}, holds=holds)
    return item.id


def parties(case: Case, request: Request) -> tuple[str, str, list[Problem]]:
    """Return the ids of requester and approver, '' for each that means nobody, and the problems of those."""
    try:
        requester, approver = case.people((request.requester, "--requester"), (request.approver, "--approver"))
    except UsageError as error:
        return "", "", list(error.problems)
    return requester, approver, []


def _waiver(
    name: str,
    rule: str,
    findings: Sequence[Finding],
    request: Request,
    requester: str,
    approver: str,
    context: WaiverContext,
) -> Waiver:
    shared = set(findings[0].clauses).intersection(*(finding.clauses for finding in findings))
    return replace(
        request.waiver(name, requester, approver),
        rule=rule,
        clause=next((clause for clause in findings[0].clauses if clause in shared), ""),
        scope=Scope(findings=frozenset(finding.fingerprint for finding in findings)),
        parameters=context.parameters.get(rule) or None,
        facts={finding.fingerprint: facts for finding in findings if (facts := lasting_facts(finding.facts))},
    )


def next_id(letter: str, day: datetime, taken: Iterable[str]) -> str:
    """Return an id that is free: letter, day, number."""
    stem = f"{letter}-{day:%Y%m%d}-"
    used = set(taken)
    return next(f"{stem}{number}" for number in range(1, len(used) + 2) if f"{stem}{number}" not in used)


_SHOWN = 20
"""Findings that a message names."""


def waiver_summary(waiver: Waiver) -> dict[str, object]:
    """Return what the audit trail says of a waiver: who, how long, about what; no facts."""
    return {
        "rule": waiver.rule,
        "clause": waiver.clause,
        "scope": {part.name: sorted(named) for part in fields(Scope) if (named := getattr(waiver.scope, part.name))},
        "reason": waiver.reason,
        "requester": waiver.requester,
        "approver": waiver.approver,
        "until": waiver.ends.isoformat(),
    }


def planned_statement(
    workspace: Workspace,
    store: Store,
    case: Case,
    findings: Sequence[Finding],
    *,
    clause: str,
    person: str,
    signed: datetime,
    evidence: Path,
    valid_days: int | None = None,
    text: str = "",
    about: str = "",
) -> SignedStatement:
    """Return the statement that a person signed about the one of `findings` that asks for it, not written yet.

    `about` is the department or group, by id or name; without it, it is the one whose post the signer holds.
    Raises UsageError when it would not count, DataError when the evidence can't be read.
    """
    clause = clause_named(clause, (name for item in findings for name in item.clauses)) or clause
    asked = [item for item in findings if clause in item.clauses or clause in (item.id, item.fingerprint)]
    signer = case.person(person, "--person")
    context = case.for_people([signer])
    if about and asked:
        meant = [item for item in asked if about in (item.subject.id, item.subject.name)]
        if not meant:
            names = [clean(item.subject.shown, limit=60) for item in asked]
            values = {"about": clean(about, limit=60), "names": ", ".join(names[:_SHOWN])}
            raise UsageError(decision_problem("decide.asks-others", clause=clean(clause, limit=60), **values))
        asked = meant
    elif len(asked) > 1:
        posts = context.directory.posts(signer, signed)
        here = [item for item in asked if item.subject.department_id in {post.department_id for post in posts}]
        asked = [item for item in asked if any(may_sign(post, item) for post in posts)] or here or asked
    if len(asked) != 1:
        key = "decide.asked-more" if asked else "decide.not-asked"
        some = ", ".join(f"{item.id} {clean(item.subject.shown, limit=60)}" for item in asked[:_SHOWN])
        raise UsageError(decision_problem(key, clause=clean(clause, limit=60), ids=some))
    digest = evidence_hash(evidence)
    earlier = made_before(workspace, store).attestations
    statement = SignedStatement(
        id=next_id("A", signed, [item.id for item in earlier]),
        clause=asked[0].clauses[0],
        subject=asked[0].subject.id,
        person=signer,
        signed=signed.replace(microsecond=0),
        evidence=digest,
        evidence_name=evidence.name,
        valid_days=valid_days,
        finding=asked[0].fingerprint,
        text=text,
    )
    _refuse_pointless(statement, asked[0], earlier)
    standing = judge_attestation(statement, signed, context.directory, asked[0])
    if standing is Attested.UNTOLD:
        raise UsageError(untold(context.directory, signer, signed, asked[0].id))
    if not speaks_of(statement, asked[0]) or standing is not Attested.IN_FORCE:
        entitled = standing is not Attested.NOT_ENTITLED
        fix = "" if entitled else say("decisions.decide.refused.fix-signer", who=signers_words(asked[0]))
        raise UsageError(
            decision_problem("decide.refused", why=say(f"decisions.standing.{standing}"), what=asked[0].id, fix=fix)
        )
    return statement


def evidence_hash(evidence: Path) -> str:
    """Return the hash of a document; of it nothing else is kept. Raises DataError where it can't be read."""
    try:
        with evidence.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(decision_problem("decide.no-evidence", path=evidence, kind=refusal_words(error))) from None


def _refuse_pointless(statement: SignedStatement, finding: Finding, earlier: Iterable[SignedStatement]) -> None:
    """Raise UsageError for more days than the rule set lets a statement count, and for one that is recorded already."""
    most = finding.facts.get("valid_days")
    if isinstance(most, int) and statement.valid_days is not None and statement.valid_days > most:
        raise UsageError(decision_problem("decide.valid-too-long", days=statement.valid_days, most=most))
    for item in earlier:
        if item.withdrawn is None and replace(item, id=statement.id, text=statement.text, place=None) == statement:
            raise UsageError(decision_problem("decide.attested-before", id=item.id))


def attest(workspace: Workspace, store: Store, case: Case, findings: Sequence[Finding], **statement: Any) -> str:
    """Record what `planned_statement` would return of the same arguments; return the attestation's id.

    Only the hash and the name of the evidence are kept. Raises UsageError when it would not count.
    """
    planned = planned_statement(workspace, store, case, findings, **statement)
    details = {"clause": planned.clause, "person": planned.person, "evidence": planned.evidence}
    with store.write() as connection:
        return keep(connection, "attest", planned, details, case)
