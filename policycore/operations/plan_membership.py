"""Plan who is to be let into a group and who is to leave it, by its formula or by the scope that it declares.

The plan is what the rules on composition find, so that missing data plans nothing either: who cannot be judged is
counted beside it. A scope is the plainest formula: whoever is in any of its lists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from policycore.engine.expected import expected_tables
from policycore.engine.judging.needs import Knowledge
from policycore.engine.run import evaluate
from policycore.engine.session import EstateData, EstateSession
from policycore.errors import DataError, Place, Problem, UsageError
from policycore.estate.snapshot import Snapshot
from policycore.language import Text
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Enforcement
from policycore.operations.choose_ruleset import choose_ruleset
from policycore.operations.import_estate import open_estate
from policycore.operations.moments import moment_of
from policycore.plugin_api.plugins import PluginSet
from policycore.rulesets.document import MembershipEntry
from policycore.rulesets.resolved import Membership, ResolvedRule, ResolvedRuleSet
from policycore.text.shown import shown, shown_id, shown_line
from policycore.text.suggest import suggestion

__all__ = ["COLUMNS", "Change", "MembershipPlan", "plan_membership"]

COLUMNS = ("action", "group_id", "person_id", "name", "department", "reason", "clause")
_MISSING, _EXTRA = "composition/missing-member", "composition/extra-member"
_SCOPED = ("admission/outside-scope", "admission/expected-member-missing")
_AT_ONCE = 50
_LISTS = {"departments": "below", "ranks": "ranks", "titles": "titles", "duties": "duties", "people": "people"}


@dataclass(frozen=True, slots=True)
class Change:
    """One person, or one outsider's account, to be added or removed, and why."""

    action: str
    group_id: str
    person_id: str
    name: str
    department: str
    reason: Text
    clause: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the cells of `COLUMNS`, as they may be shown, in the language in force."""
        parts = (self.person_id, self.name, self.department, self.reason.in_language())
        return (self.action, shown_id(self.group_id), *map(shown_line, parts), self.clause)


@dataclass(frozen=True, slots=True)
class MembershipPlan:
    """What brings the members of one group in line, additions first."""

    group_id: str
    group_name: str
    members: int
    """Accounts that are in the group now."""
    changes: tuple[Change, ...]
    unknown: Mapping[str, int]
    """How many people could not be judged, by the field that is missing."""
    owners: tuple[str, ...] = ()
    """Names of those who are to leave and own the group: it must be handed over first."""

    @property
    def removals(self) -> int:
        """Return how many are to leave."""
        return sum(change.action == "remove" for change in self.changes)


def plan_membership(
    estate: str | Path,
    ruleset: str | Path | ResolvedRuleSet,
    groups: Sequence[str],
    *,
    as_of: datetime | str | None = None,
    plugins: PluginSet,
) -> list[MembershipPlan]:
    """Return the plan of each of `groups` (ids, or names that one group has), or of all that say who belongs.

    The plan with the fewest changes comes first. Raises UsageError for a group that is not there, or that declares
    neither scope nor formula, RuleSetError and DataError for what cannot be read or judged.
    """
    chosen = choose_ruleset(ruleset, plugins=plugins).ruleset
    with open_estate(estate, plugins=plugins) as snapshot:
        moment = moment_of(as_of, snapshot.timezone)
        judged, names = _who_is_meant(snapshot, chosen, groups, moment)
        plans: list[MembershipPlan] = []
        every = list(names)
        # Some at a time: every formula makes the SQL longer.
        for some in (every[begin : begin + _AT_ONCE] for begin in range(0, len(every), _AT_ONCE)):
            used = {formula for group in some for formula in names[group].formulas}
            these = replace(judged, memberships=tuple(one for one in judged.memberships if one.id in used))
            result = evaluate(snapshot, replace(these, rules=_rules(plugins)), as_of=moment)
            if result.problems:
                raise DataError(*result.problems)
            plans += [_plan(result, these, group, names[group]) for group in some]
    return sorted(plans, key=lambda plan: (len(plan.changes), plan.group_id))


@dataclass(frozen=True, slots=True)
class _Said:
    name: str
    members: int
    formulas: tuple[str, ...]
    owners: frozenset[str]
    """Persons, or accounts that are nobody's, who own the group."""


def _who_is_meant(
    snapshot: Snapshot, ruleset: ResolvedRuleSet, wanted: Sequence[str], as_of: datetime | None
) -> tuple[ResolvedRuleSet, dict[str, _Said]]:
    """Return `ruleset` with a formula for each scope that is asked for, and what is said of each group."""
    with EstateSession(EstateData.from_snapshot(snapshot), as_of) as session:
        session.offer_expected(expected_tables(ruleset.memberships, Knowledge(session)))
        rows = list(
            session.rows(
                """SELECT g.id, g.name, g.scope, coalesce(m.members, 0) AS members,
                    (SELECT list(f.formula ORDER BY f.formula) FROM formula_groups f
                        WHERE f.group_id = g.id AND NOT f.undecided) AS formulas,
                    (SELECT list(coalesce(a.person_id, a.id)) FROM accounts a WHERE a.id = g.owner_id OR a.id IN (
                        SELECT account_id FROM memberships o WHERE o.group_id = g.id AND o.role = 'owner')) AS owners
                FROM all_groups g LEFT JOIN (SELECT group_id, count(DISTINCT account_id) AS members FROM memberships
                    GROUP BY group_id) m ON m.group_id = g.id WHERE g.dissolved_at IS NULL ORDER BY g.id"""
            )
        )
    chosen = (
        [_find(word, rows) for word in wanted] if wanted else [row for row in rows if row["formulas"] or row["scope"]]
    )
    clauses = [rule.clauses for name in _SCOPED for rule in ruleset.rules if rule.name == name]
    scopes, names = [], {}
    for number, row in enumerate(chosen):
        formulas = tuple(row["formulas"] or ())
        if not formulas:
            scopes.append(_formula(row, f"scope-{number}", clauses[0] if clauses else ()))
            formulas = (scopes[-1].id,)
        names[row["id"]] = _Said(
            shown(row["name"] or row["id"]), row["members"], formulas, frozenset(row["owners"] or ())
        )
    used = {formula for said in names.values() for formula in said.formulas}
    kept = tuple(one for one in ruleset.memberships if one.id in used)
    return replace(ruleset, memberships=(*kept, *scopes), attestations=()), names


def _find(word: str, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the group that a person means; UsageError where that is none, several, or one that says nothing."""
    found = [row for row in rows if row["id"] == word] or [row for row in rows if row["name"] == word]
    if not found:
        known = [str(name) for row in rows for name in (row["id"], row["name"]) if name]
        raise UsageError(Problem.of("operations.plan.no-group", group=shown(word[:80]), fix=suggestion(word, known)))
    if len(found) > 1:
        ids = ", ".join(row["id"] for row in found[:10])
        raise UsageError(Problem.of("operations.plan.several", group=shown(word[:80]), ids=ids))
    if not found[0]["formulas"] and not found[0]["scope"]:
        raise UsageError(Problem.of("operations.plan.nothing-said", group=found[0]["id"]))
    return found[0]


def _formula(row: Mapping[str, Any], name: str, clauses: Sequence[str]) -> Membership:
    """Return the scope of a group as a formula: any of its lists."""
    quoted = str(row["id"]).replace("'", "''")
    entry = MembershipEntry.model_validate(
        {
            "id": name,
            "title": {"zh": row["name"] or row["id"]},
            "clause": list(clauses),
            "groups": f"id = '{quoted}'",
            "members": [{_LISTS[key]: list(words)} for key, words in row["scope"].items() if words],
        }
    )
    return Membership(entry, Place(f"<{row['id']}>"))


def _rules(plugins: PluginSet) -> tuple[ResolvedRule, ...]:
    """Return the two rules whose findings are the plan; UsageError where their plugin is not loaded."""
    found = [plugins.rules.get(name) for name in (_MISSING, _EXTRA)]
    if None in found:
        raise UsageError(Problem.of("operations.plan.no-plugin"))
    return tuple(
        ResolvedRule(
            rule, rule.id, rule.name, (), rule.severity, Enforcement.MANDATORY, rule.Params(), None, Place(rule.name)
        )
        for rule in found
        if rule is not None
    )


def _plan(result: RunResult, ruleset: ResolvedRuleSet, group: str, said: _Said) -> MembershipPlan:
    """Return the plan of one group, out of what was found in it and what could not be judged."""
    clauses = [clause for one in ruleset.memberships if one.id in said.formulas for clause in one.entry.clause]
    clause = " ".join(dict.fromkeys(clauses))
    changes = [_change(finding, clause) for finding in result.findings if finding.subject.group_id == group]
    unknown: Counter[str] = Counter()
    for gap in result.gaps:
        own = [subject for subject in gap.subjects if subject == group or subject.startswith(f"{group}/")]
        for field in gap.fields if own else ():
            unknown[field] += len(own)
    changes.sort(key=lambda change: (change.action, change.department, change.name, change.person_id))
    leave = [one for one in changes if one.action == "remove" and (one.person_id or one.name) in said.owners]
    return MembershipPlan(
        shown_id(group),
        said.name,
        said.members,
        tuple(changes),
        dict(sorted(unknown.items())),
        tuple(dict.fromkeys(shown_line(one.name) for one in leave)),
    )


def _change(finding: Finding, clause: str) -> Change:
    facts = finding.facts
    departments = facts.get("departments")
    return Change(
        action="add" if finding.name == _MISSING else "remove",
        group_id=finding.subject.group_id or finding.subject.id,
        person_id=str(facts.get("person_id") or ""),
        name=str(facts.get("person") or facts.get("account") or ""),
        department="、".join(map(str, departments if isinstance(departments, (list, tuple)) else ())),
        reason=finding.message,
        clause=clause,
    )
