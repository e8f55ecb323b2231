"""Waive more than single findings: everything found today, or a rule for whole groups and departments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from policycore.decisions.standing import rows_called
from policycore.decisions.waivers import Scope, Standing, Waiver, WaiverContext, fits, judge_waiver, refusals
from policycore.errors import Problem, UsageError
from policycore.model.result import Finding
from policycore.operations.decide import (
    Case,
    Request,
    decision_problem,
    keep,
    made_before,
    next_id,
    parties,
    waiver_summary,
)
from policycore.store.store import Store
from policycore.store.workspace import Workspace
from policycore.text.clauses import clause_named
from policycore.text.clean import clean

__all__ = ["waive_baseline", "waive_scope"]

_SHOWN = 20


def waive_baseline(
    workspace: Workspace, store: Store, case: Case, findings: Sequence[Finding], request: Request
) -> tuple[str, int]:
    """Accept all of today's `findings` that may be waived; return the waiver's id and how many were left out.

    The waiver lists each of them, so that it cannot grow unseen.
    """
    waiver, context = _begin(workspace, store, case, request, "B")
    accepted, left_out = _accepted(waiver, findings, context)
    if not accepted:
        raise UsageError(decision_problem("decide.nothing"))
    waiver = replace(waiver, scope=Scope(findings=frozenset(finding.fingerprint for finding in accepted)))
    details = waiver_summary(replace(waiver, scope=Scope())) | {"findings": len(accepted)}
    with store.write() as connection:
        return keep(connection, "baseline", waiver, details, case), left_out


def waive_scope(
    workspace: Workspace,
    store: Store,
    case: Case,
    findings: Sequence[Finding],
    request: Request,
    *,
    rule: str = "",
    clause: str = "",
    groups: Iterable[str] = (),
    departments: Iterable[str] = (),
) -> tuple[str, int]:
    """Waive a rule or a clause for whole groups and departments, findings to come included.

    Groups and departments are named by id or by a name that only one has. Returns the waiver's id and
    how many of today's `findings` in its scope it may not settle.
    """
    waiver, context = _begin(workspace, store, case, request, "W")
    problems = []
    if not rule and not clause:
        problems.append(decision_problem("decide.no-aim"))
    if rule and context.names.id_of(rule) not in context.parameters:
        problems.append(decision_problem("decide.no-rule", name=clean(rule, limit=60)))
    in_groups = _ids(case, "groups", groups, problems)
    in_departments = _ids(case, "departments", departments, problems)
    if problems:
        raise UsageError(*problems)
    granted = (context.parameters.get(context.names.id_of(rule)) or None) if rule else None
    clause = clause_named(clause, (name for finding in findings for name in finding.clauses)) or clause
    waiver = replace(
        waiver, rule=rule, clause=clause, scope=Scope(groups=in_groups, departments=in_departments), parameters=granted
    )
    _, left_out = _accepted(waiver, [finding for finding in findings if fits(waiver, finding, context)], context)
    with store.write() as connection:
        return keep(connection, "waive", waiver, waiver_summary(waiver), case), left_out


def _begin(
    workspace: Workspace, store: Store, case: Case, request: Request, letter: str
) -> tuple[Waiver, WaiverContext]:
    """Return a waiver without a scope and what it is judged on; refuse it when it would not count at all."""
    requester, approver, problems = parties(case, request)
    context = case.for_people((requester, approver))
    name = next_id(letter, request.approved, [waiver.id for waiver in made_before(workspace, store).waivers])
    waiver = request.waiver(name, requester, approver)
    problems += refusals(waiver, (), context, unknown=bool(problems))
    if problems:
        raise UsageError(*problems)
    return waiver, context


def _accepted(waiver: Waiver, findings: Iterable[Finding], context: WaiverContext) -> tuple[list[Finding], int]:
    """Return the findings that the waiver settles and how many nobody may waive; refuse it for any other reason."""
    accepted, problems, left_out = [], [], 0
    for finding in findings:
        standing = judge_waiver(waiver, max(waiver.begins, waiver.approved), context, finding)
        if standing is Standing.IN_FORCE:
            accepted.append(finding)
        elif standing is Standing.NOT_WAIVABLE:
            left_out += 1
        else:
            problems += refusals(waiver, (finding,), context)
    if problems:
        raise UsageError(*problems[:_SHOWN])
    return accepted, left_out


def _ids(case: Case, table: str, names: Iterable[str], problems: list[Problem]) -> frozenset[str]:
    """Return the ids that names mean, adding a problem for each that means none or several."""
    found = set()
    for name in names:
        ids = rows_called(case.snapshot, table, name)
        if len(ids) == 1:
            found.add(ids[0])
        else:
            key = "decide.many-rows" if ids else "decide.no-row"
            problems.append(decision_problem(key, name=clean(name, limit=60), ids=", ".join(ids[:5])))
    return frozenset(found)
