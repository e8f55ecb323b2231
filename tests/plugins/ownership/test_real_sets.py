"""Ownership rules on group state that others published, against counts made by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from policycore.engine.run import evaluate
from policycore.errors import Place
from policycore.estate.importing import import_estate
from policycore.language import Text
from policycore.model.result import RunResult
from policycore.model.verdict import Enforcement, Verdict
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.resolved import PolicyDocument, ResolvedRule, ResolvedRuleSet

AS_OF = datetime.fromisoformat("2026-10-01T00:00:00+00:00")


def found(inputs: Path, recipe: str, out: Path, rule_name: str, **params: object) -> RunResult:
    """Import one real set and run one rule over it."""
    plugins = load_plugins()
    snapshot = import_estate(
        [inputs], out / "estate", as_of=AS_OF, recipe=recipe, lenient=True, recipe_folders=plugins.recipe_folders
    )
    rule = plugins.rules.get(rule_name)
    resolved = ResolvedRule(
        rule, rule.id, rule.name, (), rule.severity, Enforcement.MANDATORY, rule.Params(**params), None, Place("test")
    )
    text = Text("测试", "test")
    ruleset = ResolvedRuleSet("test", text, PolicyDocument(), (resolved,), (), {}, (), (), "test")
    return evaluate(snapshot, ruleset)


def count(result: RunResult, verdict: Verdict) -> int:
    return result.outcomes[0].verdicts.get(verdict, 0)


MAINTAINERS = {"minimum": 2, "owner_counts": True}
LEADS = {"owner_counts": "when-admin"}


@pytest.mark.parametrize(
    ("folder", "recipe", "rule", "parameters", "fails", "passes"),
    [
        # 35 of 52 Google groups have no owner,
        ("k8s-google-groups", "k8s-google-groups", "ownership/owner-present", {}, 35, 17),
        # one openEuler group has a single maintainer, and 15 of 35 Kubernetes groups have no tech lead.
        (
            "openeuler-sigs",
            "openeuler-sigs",
            "ownership/admin-designated",
            {"minimum": 2, "owner_counts": True},
            1,
            111,
        ),
        ("kubernetes-community", "kubernetes-leadership", "ownership/admin-designated", LEADS, 15, 20),
    ],
)
@pytest.mark.long
def test_as_many_are_found_as_were_counted_by_hand(
    shared_data: Path,
    tmp_path: Path,
    folder: str,
    recipe: str,
    rule: str,
    parameters: dict[str, object],
    fails: int,
    passes: int,
) -> None:
    result = found(shared_data / folder, recipe, tmp_path, rule, **parameters)
    assert (count(result, Verdict.FAIL), count(result, Verdict.PASS)) == (fails, passes)


@pytest.mark.parametrize(
    ("folder", "recipe", "groups"),
    [
        ("k8s-google-groups", "k8s-google-groups", 52),
        ("openeuler-sigs", "openeuler-sigs", 112),
        ("kubernetes-community", "kubernetes-leadership", 35),
    ],
)
@pytest.mark.long
def test_without_join_events_admission_is_unknown(
    shared_data: Path, tmp_path: Path, folder: str, recipe: str, groups: int
) -> None:
    result = found(shared_data / folder, recipe, tmp_path, "admission/admitted-by-owner")
    assert result.counts["groups"] == groups
    assert not result.findings
    assert all({"memberships.inviter_id", "memberships.join_scene"} & set(gap.fields) for gap in result.gaps)
    # By hand: who admitted whom is nobody's question in a group without an owner, nor of the owner.
    tables = {name: pq.read_table(tmp_path / "estate" / f"{name}.parquet") for name in ("groups", "memberships")}
    owner = dict(zip(tables["groups"]["id"].to_pylist(), tables["groups"]["owner_id"].to_pylist(), strict=True))
    members = set(
        zip(tables["memberships"]["group_id"].to_pylist(), tables["memberships"]["account_id"].to_pylist(), strict=True)
    )
    passing = sum(owner[group] in (None, account) for group, account in members)
    assert count(result, Verdict.PASS) == passing
    assert count(result, Verdict.UNKNOWN) == len(members) - passing
