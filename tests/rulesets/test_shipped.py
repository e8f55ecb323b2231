"""The rule sets that ship: they hold, they name every clause, their schema describes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from policycore.model.verdict import Enforcement, Severity
from policycore.plugin_api.plugins import PluginSet, load_plugins
from policycore.rulesets.document import json_schema
from policycore.rulesets.layers.include import FileReader
from policycore.rulesets.ledger import ledger, totals
from policycore.rulesets.load import check_ruleset
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.yaml.nodes import plain
from policycore.yaml.problems import Problems

FOLDER = Path(__file__).resolve().parents[2] / "rulesets" / "policycore_rulesets" / "sets"
SETS = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.fixture(scope="module")
def plugins() -> PluginSet:
    return load_plugins({})


def load(plugins: PluginSet, name: str) -> ResolvedRuleSet:
    """Return a shipped set without warnings."""
    loaded = check_ruleset(name, plugins.rules, plugins.ruleset_folders)
    assert loaded.warnings == ()
    return loaded.ruleset


def written(name: str) -> Any:
    """Return what a shipped file says, includes put in."""
    problems = Problems("ruleset")
    node = FileReader(problems).document(FOLDER / f"{name}.yaml")
    assert node is not None
    assert len(problems) == 0
    return plain(node)


def test_the_sets_are_there() -> None:
    assert SETS == ["fingertip-formalism", "secrecy-work-groups", "work-groups-base", "xxu-2024-wechat-groups"]


@pytest.mark.parametrize("name", SETS)
def test_the_schema_describes_a_shipped_set(name: str) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(written(name), schema)


@pytest.mark.parametrize(
    "change",
    [
        {"rulez": []},
        {"policycore": 2},
        {"rules": [{}]},
        {"rules": [{"use": "a", "sql": "SELECT 1"}]},
        {"rules": [{"id": "A-1", "name": "a/b", "sql": "SELECT 1"}]},
        {"rules": [{"use": "a", "severity": "low"}]},
        {"parameters": {"a": {}}},
        {"extends": "a"},
    ],
)
def test_the_schema_refuses_what_the_checks_refuse(change: dict[str, Any]) -> None:
    good = {"policycore": 1, "ruleset": "a", "title": {"zh": "甲"}}
    described = jsonschema.Draft202012Validator(json_schema())
    described.validate(good)
    with pytest.raises(jsonschema.ValidationError):
        described.validate({**good, **change})


def test_the_shipped_sets_use_every_built_in_rule(plugins: PluginSet) -> None:
    built_in = {rule.id for rule in plugins.rules.all() if type(rule).__module__.startswith("policycore_")}
    used = {one.id: one.rule for name in SETS for one in load(plugins, name).rules}
    # What a rule learned from one unit's decisions, that unit must give it.
    assert {number for number, rule in used.items() if type(rule).__module__.startswith("policycore_")} == built_in - {
        "CON010"
    }


@pytest.mark.parametrize("name", [name for name in SETS if name != "work-groups-base"])
def test_a_set_of_a_policy_names_its_source_and_only_its_own_clauses(plugins: PluginSet, name: str) -> None:
    ruleset = load(plugins, name)
    assert ruleset.document.source
    assert {clause for rule in ruleset.rules for clause in rule.clauses} <= {one.id for one in ruleset.document.clauses}


def test_the_notice_s_set_lists_every_clause(plugins: PluginSet) -> None:
    expected = """一 一(一) 一(一)-1 一(一)-2 一(一)-3 一(一)-4 一(二)
        一(三) 一(三)-1 一(三)-2 一(三)-3 一(三)-4 二 二(一) 二(二) 二(三) 二(三)-1 二(三)-2 二(三)-3 三
        三(一) 三(二) 三(二)1
        三(二)2 三(二)2(1) 三(二)2(2) 三(二)2(3) 三(二)2(4) 附件1"""
    ruleset = load(plugins, "xxu-2024-wechat-groups")
    assert [clause.id for clause in ruleset.document.clauses] == expected.split()


def test_clauses_are_the_notice_s_own_words(plugins: PluginSet, shared_data: Path) -> None:
    notice = (shared_data.parent / "notice-2024-03-22.txt").read_text(encoding="utf-8")
    for clause in load(plugins, "xxu-2024-wechat-groups").document.clauses:
        for part in clause.text.split("…"):
            assert part in notice, clause.id


def test_each_rule_of_the_notice_s_set_has_a_clause_and_the_ledger_says_what_is_open(plugins: PluginSet) -> None:
    ruleset = load(plugins, "xxu-2024-wechat-groups")
    assert [rule.name for rule in ruleset.rules if not rule.clauses] == []
    entries = ledger(ruleset)
    still_open = [entry.id for entry in entries if not entry.covered and not entry.is_heading]
    assert still_open == []
    counted = totals(entries)
    assert counted.covered == counted.clauses - len(still_open)


STRICT = re.compile("严禁|不得|必须|一律|严格")


def test_severity_follows_the_notice_s_own_words(plugins: PluginSet) -> None:
    ruleset = load(plugins, "xxu-2024-wechat-groups")
    texts = {clause.id: clause.text for clause in ruleset.document.clauses}
    # Errors that no strict word asks for: who answers for a group is what everything else rests on.
    founding = {"ownership/owner-present", "ownership/owner-in-post"}
    for rule in ruleset.rules:
        if rule.severity is Severity.ERROR and rule.name not in founding:
            assert STRICT.search("".join(texts[clause] for clause in rule.clauses)), rule.name


def test_a_mark_of_secrecy_cannot_be_waived(plugins: PluginSet) -> None:
    for rule in load(plugins, "xxu-2024-wechat-groups").rules:
        if rule.name.startswith("secrecy/classification-mark"):
            assert rule.enforcement is Enforcement.MANDATORY_WITHOUT_WAIVERS


def test_the_base_can_be_changed_by_anybody(plugins: PluginSet, tmp_path: Path) -> None:
    path = tmp_path / "k.yaml"
    path.write_text(
        "policycore: 1\nruleset: k\ntitle: {en: K}\nextends: [work-groups-base]\nrules:\n"
        "  - use: ownership/owner-present\n    applies_to: \"name NOT LIKE 'k8s-infra%'\"\n    severity: info\n"
        "  - {use: ownership/admin-designated, off: no admins there}\n",
        encoding="utf-8",
    )
    ruleset = check_ruleset(path, plugins.rules, plugins.ruleset_folders).ruleset
    by_name = {rule.name: rule for rule in ruleset.rules}
    assert by_name["ownership/owner-present"].applies_to == "name NOT LIKE 'k8s-infra%'"
    assert "ownership/admin-designated" not in by_name


def test_a_set_that_asks_for_what_it_forbids_is_told_with_both_places(plugins: PluginSet, tmp_path: Path) -> None:
    path = tmp_path / "unit.yaml"
    path.write_text(
        "policycore: 1\nruleset: unit\ntitle: {zh: 某单位}\n"
        "extends: [fingertip-formalism]\nrules:\n"
        "  - {use: channels/replies-by-department, clause: [使用-1]}\n"
        "  - use: channels/no-instant-replies\n"
        "    with: {forbidden: [at-once, queue, check-in, screenshot, any-reply]}\n",
        encoding="utf-8",
    )
    (told,) = check_ruleset(str(path), plugins.rules, plugins.ruleset_folders).warnings
    assert ":6:" in str(told)
    assert ":7:" in str(told)
    assert "channels/no-instant-replies" in str(told)
