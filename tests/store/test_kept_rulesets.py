"""A kept rule set is the one that the run used; one that somebody changed is no rule set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from policycore.errors import UsageError
from policycore.plugin_api.plugins import load_plugins
from policycore.plugin_api.rule_catalogue import RuleCatalogue
from policycore.rulesets.load import load_ruleset
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.rulesets.sql.rule import SqlRule
from policycore.store.kept_rulesets import keep_ruleset, kept_ruleset
from policycore.store.workspace import Workspace, init_workspace

OWN = """policycore: 1
ruleset: own
title: {zh: 自己的, en: Own}
extends: [xxu-2024-wechat-groups]
parameters: {spare: [1, x, 2.5, true]}
rules:
  - id: LOCAL-1
    name: local/large
    sql: |
      SELECT id AS group_id, member_count FROM group_facts
      WHERE member_count > $limit AND list_contains($kinds, kind)
    with: {limit: 200, kinds: [project]}
    message: {zh: "{member_count}人"}
    remediation: [{who: owner, what: {zh: 清理}, within_days: 3}]
  - {use: ownership/owner-in-post, with: {grace_days: 1}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return init_workspace(tmp_path / "office")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> tuple[ResolvedRuleSet, RuleCatalogue]:
    """Return a rule set with everything in it, and the rules that it is made of."""
    plugins = load_plugins()
    path = tmp_path_factory.mktemp("set") / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    return load_ruleset(path, plugins.rules, plugins.ruleset_folders), plugins.rules


def said(ruleset: ResolvedRuleSet) -> object:
    """Return all that a set says, in a form that compares."""
    rules = [
        (replace(rule, rule=None, params=None), rule.params.model_dump(), vars(type(rule.rule)).get("parts", rule.rule))
        for rule in ruleset.rules
    ]
    return replace(ruleset, rules=(), parameters=dict(ruleset.parameters)), rules


def test_a_set_comes_back_as_it_was_kept(workspace: Workspace, used: tuple[ResolvedRuleSet, RuleCatalogue]) -> None:
    ruleset, catalogue = used
    keep_ruleset(workspace, ruleset)
    again = kept_ruleset(workspace, ruleset.hash, catalogue)
    assert said(again) == said(ruleset)
    assert any(isinstance(rule.rule, SqlRule) for rule in again.rules)
    assert again.attestations


def test_what_is_not_kept_changed_or_no_longer_installed_is_told(
    workspace: Workspace, used: tuple[ResolvedRuleSet, RuleCatalogue]
) -> None:
    ruleset, catalogue = used
    with pytest.raises(UsageError) as caught:
        kept_ruleset(workspace, ruleset.hash, catalogue)
    assert caught.value.problems[0].code == "store.ruleset.gone"
    keep_ruleset(workspace, ruleset)
    with pytest.raises(UsageError):
        kept_ruleset(workspace, ruleset.hash, RuleCatalogue([]))
    file = workspace.folder / "rulesets" / f"{ruleset.hash}.json"
    whole = file.read_bytes()
    for damaged in (b"", whole[:-1], whole.replace(b'"grace_days":1', b'"grace_days":9'), b"{" * 100_000):
        assert damaged != whole
        file.write_bytes(damaged)
        with pytest.raises(UsageError) as caught:
            kept_ruleset(workspace, ruleset.hash, catalogue)
        assert caught.value.problems[0].code == "store.ruleset.unreadable"
