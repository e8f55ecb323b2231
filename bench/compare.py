"""Run the same five rules through cedarpy's batch call and c7n's value filters, and compare verdicts and time.

The other two get every fact ready-made, one dictionary a group: joining owners, posts and roles, which
is most of policycore's own work, is not counted against them; what it took stands on a line of its own.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.measure import fastest
from bench.rulesets import FIVE

__all__ = ["compare", "facts_of"]

Facts = dict[str, Any]
Verdicts = set[tuple[str, str]]
"""Pairs of rule and group that fail."""

_GONE = ("retired", "departed", "seconded")
_OWNER_GRACE, _RESPONSIBLE_GRACE = 3 * 86_400, 30 * 86_400

_FACTS = """WITH admins AS (
    SELECT m.group_id, count(DISTINCT a.person_id) AS admins FROM memberships m JOIN accounts a ON a.id = m.account_id
    JOIN groups g ON g.id = m.group_id LEFT JOIN accounts o ON o.id = g.owner_id
    WHERE m.role = 'admin' AND a.person_id IS DISTINCT FROM o.person_id GROUP BY m.group_id)
SELECT g.id, g.owner_id AS owner, p.status AS owner_status,
    CAST(epoch(as_of()) - epoch(p.status_since) AS BIGINT) AS owner_since,
    g.responsible_id AS responsible, r.status AS responsible_status,
    CAST(epoch(as_of()) - epoch(r.status_since) AS BIGINT) AS responsible_since,
    coalesce(admins.admins, 0) AS admins, g.join_approval
FROM groups g LEFT JOIN accounts a ON a.id = g.owner_id LEFT JOIN people p ON p.id = a.person_id
LEFT JOIN people r ON r.id = g.responsible_id LEFT JOIN admins ON admins.group_id = g.id ORDER BY g.id"""


def facts_of(snapshot: Path) -> list[Facts]:
    """Return one dictionary of plain values for each group that exists at the as-of time."""
    from policycore.engine.session import EstateData, EstateSession
    from policycore.estate.snapshot import open_snapshot

    with EstateSession(EstateData.from_snapshot(open_snapshot(snapshot))) as session:
        rows: list[Facts] = session.arrow(_FACTS).to_pylist()
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _gone(who: str, grace: int) -> str:
    """Return a Cedar condition: the person has left for longer than the grace."""
    words = ", ".join(f'"{word}"' for word in _GONE)
    return f"[{words}].contains(context.{who}_status) && context.{who}_since > {grace}"


CEDAR = {
    FIVE[0]: "!(context has owner)",
    FIVE[1]: f"context has owner && {_gone('owner', _OWNER_GRACE)}",
    FIVE[2]: "context.admins < 1",
    FIVE[3]: f"!(context has responsible) || ({_gone('responsible', _RESPONSIBLE_GRACE)})",
    FIVE[4]: "!context.join_approval",
}
"""The five rules as conditions of ``forbid`` policies; cedarpy numbers the policies in this order."""


def with_cedarpy(groups: Sequence[Facts]) -> tuple[float, Verdicts]:
    """Judge with one batch call, one request a group; return the seconds and what fails."""
    cedarpy = importlib.import_module("cedarpy")
    text = "permit(principal, action, resource);\n"
    text += "".join(f"forbid(principal, action, resource) when {{ {rule} }};\n" for rule in CEDAR.values())
    policies = cedarpy.PolicySet.from_str(text)
    entities = cedarpy.Entities.from_json_str("[]")
    requests = [
        {
            "principal": {"type": "Policy", "id": "check"},
            "action": {"type": "Action", "id": "exist"},
            "resource": {"type": "Group", "id": group["id"]},
            "context": {name: value for name, value in group.items() if name != "id"},
        }
        for group in groups
    ]
    began = time.perf_counter()
    answers = cedarpy.is_authorized_batch(requests, policies, entities)
    verdicts = {
        (FIVE[int(reason.removeprefix("policy")) - 1], group["id"])
        for group, answer in zip(groups, answers, strict=True)
        if not answer.allowed
        for reason in answer.diagnostics.reasons
    }
    seconds = time.perf_counter() - began
    broken = [error for answer in answers for error in answer.diagnostics.errors]
    if broken:
        raise RuntimeError(f"cedarpy could not evaluate: {broken[0]}")
    return seconds, verdicts


def _value(key: str, **condition: Any) -> dict[str, Any]:
    return {"type": "value", "key": key, **condition}


def _left(who: str, grace: int) -> list[dict[str, Any]]:
    """Return the filters that say the person has left for longer than the grace."""
    return [_value(f"{who}_status", op="in", value=list(_GONE)), _value(f"{who}_since", op="gt", value=grace)]


C7N: dict[str, list[list[dict[str, Any]]]] = {
    FIVE[0]: [[_value("owner", value="absent")]],
    FIVE[1]: [[_value("owner", value="present"), *_left("owner", _OWNER_GRACE)]],
    FIVE[2]: [[_value("admins", op="lt", value=1)]],
    FIVE[3]: [[_value("responsible", value="absent")], _left("responsible", _RESPONSIBLE_GRACE)],
    FIVE[4]: [[_value("join_approval", value=False)]],
}
"""The five rules as alternatives of value filters that must all match."""


def with_c7n(groups: Sequence[Facts]) -> tuple[float, Verdicts]:
    """Judge with value filters on plain dictionaries; return the seconds and what fails."""
    filters = importlib.import_module("c7n.filters.core")

    def built(configuration: dict[str, Any]) -> Callable[[Facts], bool]:
        value_filter = filters.ValueFilter(configuration)
        # Annotations would write into the dictionaries and cost time that no verdict needs.
        value_filter.annotate = False
        return value_filter  # type: ignore[no-any-return] # c7n has no types

    rules = {rule: [[built(one) for one in every] for every in options] for rule, options in C7N.items()}
    began = time.perf_counter()
    verdicts = {
        (rule, group["id"])
        for group in groups
        for rule, alternatives in rules.items()
        if any(all(matches(group) for matches in every) for every in alternatives)
    }
    return time.perf_counter() - began, verdicts


def with_policycore(snapshot: Path, ruleset: Path) -> tuple[float, float, Verdicts]:
    """Judge with policycore; return seconds of a first and of a second evaluation, and what fails."""
    from policycore.engine.run import evaluate
    from policycore.estate.snapshot import open_snapshot
    from policycore.model.verdict import Verdict
    from policycore.plugin_api.plugins import load_plugins
    from policycore.rulesets.load import load_ruleset

    plugins = load_plugins()
    resolved = load_ruleset(ruleset, plugins.rules, plugins.ruleset_folders)
    opened = open_snapshot(snapshot)
    first = fastest(lambda: evaluate(opened, resolved), 1)
    findings = evaluate(opened, resolved).findings
    verdicts = {(finding.name, finding.subject.id) for finding in findings if finding.verdict is Verdict.FAIL}
    return first, fastest(lambda: evaluate(opened, resolved), 2), verdicts


def compare(snapshot: Path, ruleset: Path) -> list[dict[str, Any]]:
    """Run all three on one snapshot; raises RuntimeError when their verdicts differ."""
    first, again, ours = with_policycore(snapshot, ruleset)
    began = time.perf_counter()
    groups = facts_of(snapshot)
    prepared = time.perf_counter() - began
    answers = [("policycore, first evaluation", first, ours), ("policycore, again", again, ours)]
    for name, run in (("cedarpy is_authorized_batch", with_cedarpy), ("c7n ValueFilter", with_c7n)):
        seconds, theirs = run(groups)
        if theirs != ours:
            differing = sorted(theirs ^ ours)
            raise RuntimeError(f"{name} disagrees on {len(differing)} verdicts, first {differing[0]}")
        answers.append((name, seconds, theirs))
    answers.append(("facts for cedarpy and c7n, prepared", prepared, ours))
    return [
        {
            "engine": name,
            "seconds": seconds,
            "failing": len(verdicts),
            "microseconds_per_group": seconds / len(groups) * 1e6,
        }
        for name, seconds, verdicts in answers
    ]


if __name__ == "__main__":
    print(json.dumps(compare(*map(Path, sys.argv[1:]))))  # noqa: T201 - for the parent
