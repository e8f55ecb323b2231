"""Published group state of three organizations, imported by the shipped recipes and judged; counts made by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from policycore import Verdict
from policycore.engine.run import evaluate
from policycore.estate.importing import import_estate
from policycore.model.result import RunResult
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset

HEAD = "policycore: 1\nruleset: trial\ntitle: {zh: 试, en: trial}\nrules:\n"


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., RunResult]:
    """Return a function that imports files by a shipped recipe and checks them under some rules."""
    plugins = load_plugins()

    def run(recipe: str, files: Path, rules: str, *, lenient: bool = False) -> RunResult:
        out = tmp_path / "estate"
        folders = plugins.recipe_folders
        snapshot = import_estate([files], out, recipe=recipe, recipe_folders=folders, lenient=lenient)
        path = tmp_path / "trial.yaml"
        path.write_text(HEAD + rules, "utf-8")
        return evaluate(snapshot, load_ruleset(path, plugins.rules, plugins.ruleset_folders))

    return run


def _found(result: RunResult, verdict: Verdict = Verdict.FAIL) -> list[str]:
    return [finding.subject.id for finding in result.findings if finding.verdict is verdict]


def test_google_groups_without_an_owner(check, shared_data):
    result = check("k8s-google-groups", shared_data / "k8s-google-groups", "  - use: ownership/owner-present\n")
    assert result.counts["groups"] == 52
    assert len(_found(result)) == 35
    assert result.outcomes[0].verdicts[Verdict.PASS] == 17


def test_google_groups_that_may_have_no_owner_are_exempt(check, shared_data):
    text = (shared_data / "k8s-google-groups" / "groups" / "groups.yaml").read_text("utf-8")
    # Counted with nothing but the text: each entry begins with its address.
    entries = re.split(r"^  - email-id: ", text, flags=re.MULTILINE)[1:]
    without = [entry for entry in entries if not re.search(r"^    owners:\n      - ", entry, re.MULTILINE)]
    by_hand = [entry for entry in without if not entry.startswith("k8s-infra")]
    assert len(without) == 35
    rule = "  - use: ownership/owner-present\n    applies_to: \"id NOT LIKE 'k8s-infra%'\"\n"
    result = check("k8s-google-groups", shared_data / "k8s-google-groups", rule)
    assert len(_found(result)) == len(by_hand)
    assert result.outcomes[0].verdicts[Verdict.NOT_APPLICABLE] == len(
        [entry for entry in entries if entry.startswith("k8s-infra")]
    )


@pytest.mark.parametrize(
    ("recipe", "folder"),
    [
        ("k8s-google-groups", "k8s-google-groups"),
        ("kubernetes-leadership", "kubernetes-community"),
        ("kubernetes-slack", "kubernetes-community"),
    ],
)
def test_without_join_events_nobody_is_known_to_be_admitted_by_the_owner(check, shared_data, recipe, folder):
    result = check(recipe, shared_data / folder, "  - use: admission/admitted-by-owner\n")
    assert not result.findings
    assert result.gaps
    for gap in result.gaps:
        # A list of channels knows neither owners nor members; the others do not know who let members in.
        assert {"memberships.inviter_id", "memberships.join_scene", "memberships.account_id", "groups.owner_id"} & set(
            gap.fields
        )


@pytest.mark.long
def test_openeuler_has_exactly_one_group_with_a_single_maintainer(check, shared_data):
    rule = "  - use: ownership/admin-designated\n    with: {minimum: 2, owner_counts: true}\n"
    result = check("openeuler-sigs", shared_data / "openeuler-sigs", rule, lenient=True)
    assert result.counts["groups"] == 112
    assert len(_found(result)) == 1


def test_fifteen_of_the_kubernetes_leadership_groups_have_no_tech_lead(check, shared_data):
    # Chairs who are tech leads as well are admins: the same person may lead in both ways.
    rule = "  - use: ownership/admin-designated\n    with: {owner_counts: when-admin}\n"
    result = check("kubernetes-leadership", shared_data / "kubernetes-community", rule)
    assert result.counts["groups"] == 35
    assert len(_found(result)) == 15
    assert result.outcomes[0].verdicts[Verdict.PASS] == 20


def test_archived_slack_channels_are_out_of_scope_and_long_names_are_found(check, shared_data):
    rule = (
        "  - id: SLACK-1\n    name: slack/short-name\n"
        '    sql: "SELECT id AS group_id, length(name) AS characters FROM groups WHERE length(name) > 21"\n'
        '    message: {zh: "群名{characters}个字符", en: "{characters} characters"}\n'
    )
    result = check("kubernetes-slack", shared_data / "kubernetes-community", rule)
    assert result.counts["groups"] == 633 + 31
    assert result.outcomes[0].verdicts[Verdict.NOT_APPLICABLE] == 79
    assert result.outcomes[0].verdicts[Verdict.FAIL] > 0
