"""List what was decided: every waiver or attestation with what became of it in the newest run that saw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from policycore.decisions.read import load_decisions
from policycore.decisions.waivers import Standing, Waiver
from policycore.language import Text
from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.kept.runs import find_run, list_runs, load_run, zone_of
from policycore.store.workspace import Workspace

__all__ = ["AskedStatement", "ListedDecision", "asked_statements", "list_decisions"]


@dataclass(frozen=True, slots=True)
class ListedDecision:
    """One waiver or attestation: until when it counts, whether it does (empty where no run saw it), what it settled."""

    id: str
    until: datetime | None
    signed: datetime | None
    """When a statement was signed; all that is known of its time before a run judged it."""
    standing: str
    settled: int
    text: str
    about: str
    """The rule or the clause, with the subject of a statement."""
    person: str
    """Who approved or signed it, by id."""


def list_decisions(workspace: Workspace, kind: Literal["waiver", "attestation"]) -> Iterator[ListedDecision]:
    """Yield every decision of one kind, in the order of its file; times are in the zone of the estate checked last."""
    table = schema.run_decisions
    of_kind = table.c.kind == kind
    # A run that was cut short did not get to everything that a decision may be needed for.
    newest = (
        select(table.c.id, func.max(table.c.run_id).label("run_id"))
        .join_from(table, schema.runs, schema.runs.c.id == table.c.run_id)
        .where(of_kind, schema.runs.c.cut.is_(False))
        .group_by(table.c.id)
        .subquery()
    )
    query = (
        select(table.c.id, table.c.status, table.c.findings, table.c.until)
        .join_from(table, newest, (newest.c.id == table.c.id) & (newest.c.run_id == table.c.run_id))
        .where(of_kind)
    )
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        decisions = load_decisions(workspace, connection)
        known = {name: (status, count, until) for name, status, count, until in connection.execute(query)}
        zone = zone_of(connection)
    for item in decisions.waivers if kind == "waiver" else decisions.attestations:
        status, count, until = known.get(item.id, ("", 0, None))
        if item.withdrawn is not None:
            # What the newest run still counted is withdrawn all the same: the next one will not.
            status, count = Standing.WITHDRAWN, 0
        if isinstance(item, Waiver):
            about, person = item.rule or item.clause, item.approver
        else:
            about, person = f"{item.clause} {item.subject}", item.person
        ends, signed = (
            moment.astimezone(zone) if moment is not None else None
            for moment in (getattr(item, "ends", None) or until, getattr(item, "signed", None))
        )
        yield ListedDecision(item.id, ends, signed, status, count, item.text, about, person)


@dataclass(frozen=True, slots=True)
class AskedStatement:
    """One statement that a rule set asks for: which subjects have signed by the newest run, which have not."""

    clause: str
    asks: Text
    signed: tuple[str, ...]
    open: tuple[str, ...]


def asked_statements(workspace: Workspace, ruleset: str | None = None) -> Iterator[AskedStatement]:
    """Yield what the newest run that moved states asked for, in the order of the document."""
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        runs = list_runs(connection, ruleset=ruleset, limit=1, replays=False)
        result = load_run(connection, runs[0] if runs else find_run(connection, "latest"))
    asked: dict[tuple[str, Text], dict[Verdict, list[str]]] = {}
    for finding in result.findings:
        if finding.verdict in (Verdict.NEEDS_ATTESTATION, Verdict.ATTESTED):
            by_verdict = asked.setdefault((finding.clauses[0], finding.title), {})
            by_verdict.setdefault(finding.verdict, []).append(finding.subject.shown)
    order = {clause.id: place for place, clause in enumerate(result.clauses)}
    for (clause, asks), names in sorted(asked.items(), key=lambda item: order.get(item[0][0], len(order))):
        signed, unsigned = (tuple(names.get(one, ())) for one in (Verdict.ATTESTED, Verdict.NEEDS_ATTESTATION))
        yield AskedStatement(clause, asks, signed, unsigned)
