"""Import the real sets that others made; expectations were counted by hand."""

from __future__ import annotations

from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from policycore.errors import DataError
from policycore.estate.importing import import_estate
from policycore.estate.recipes.recipe import find_recipe, recipe_names
from policycore.estate.recipes.recipe_model import read_recipe

RECIPES = Path(str(resources.files("policycore_rulesets"))) / "recipes"


@pytest.mark.parametrize("name", sorted(recipe_names([RECIPES])))
def test_every_shipped_recipe_is_without_mistakes(name):
    recipe = read_recipe(find_recipe(name, [RECIPES]))
    assert recipe.name == name
    assert recipe.tables["groups"]


@pytest.fixture
def run(shared_data, tmp_path):
    def run_recipe(name: str, folder: str, **options):
        options = {"recipe": name, "recipe_folders": [RECIPES], **options}
        return import_estate([shared_data / folder], tmp_path / "out", **options)

    return run_recipe


def test_google_groups(run, rows):
    snapshot = run("k8s-google-groups", "k8s-google-groups")
    groups, seats = rows(snapshot, "groups"), rows(snapshot, "memberships")
    assert (len(groups), snapshot.tables["accounts"].rows, len(seats)) == (52, 131, 325)
    assert sum(row["owner_id"] is None for row in groups) == 35
    owners = Counter(row["group_id"] for row in seats if row["role"] == "owner")
    assert sum(count == 1 for count in owners.values()) == 3
    assert len({row["group_id"] for row in seats if row["role"] == "admin"}) == 5
    assert {row["group_id"] for row in seats} == {row["id"] for row in groups}
    assert "inviter_id" not in snapshot.tables["memberships"].columns
    assert "events" not in snapshot.tables
    assert "estate.note-distinguished" in [note.code for note in snapshot.notes]


@pytest.mark.long
def test_openeuler_strict_names_exactly_the_misspelt_values(run):
    with pytest.raises(DataError) as caught:
        run("openeuler-sigs", "openeuler-sigs")
    found = caught.value.problems
    assert [problem.code for problem in found] == ["estate.not-allowed"] * 3
    assert all("gratuated" in problem.what for problem in found)
    assert [str(problem.place) for problem in found] == [
        f"sig/{name}/sig-info.yaml:6:15" for name in ("sig-KIRAN-DESKTOP", "sig-cinnamon", "sig-desktop-apps")
    ]


def test_openeuler_lenient_keeps_every_group(run, rows):
    snapshot = run("openeuler-sigs", "openeuler-sigs", lenient=True)
    assert (snapshot.tables["groups"].rows, snapshot.tables["people"].rows, snapshot.rejected) == (112, 1389, 0)
    roles = Counter(row["role"] for row in rows(snapshot, "memberships"))
    merged = next(note for note in snapshot.notes if note.code == "estate.note-merged" and "memberships" in note.what)
    assert roles["owner"] == 659
    # 1,880 committer seats are fewer members: one who commits to several repositories of a group is one.
    assert f"{1880 - roles['member']} " in merged.what
    owners = Counter(row["group_id"] for row in rows(snapshot, "memberships") if row["role"] == "owner")
    assert [group for group, count in owners.items() if count == 1] == ["sig-minzuchess"]


def test_openeuler_archived_groups_are_dissolved(run, rows):
    snapshot = run("openeuler-archived-sigs", "openeuler-sigs", lenient=True)
    groups = rows(snapshot, "groups")
    assert len(groups) == 11
    assert {row["dissolved_at"] for row in groups} == {snapshot.as_of}


def test_kubernetes_leadership(run, rows):
    snapshot = run("kubernetes-leadership", "kubernetes-community")
    admins = {row["group_id"] for row in rows(snapshot, "memberships") if row["role"] == "admin"}
    groups = rows(snapshot, "groups")
    assert len(groups) == 35
    assert sum(row["id"] not in admins for row in groups) == 15
    assert all(row["owner_id"] for row in groups)


def test_kubernetes_slack(run, rows):
    snapshot = run("kubernetes-slack", "kubernetes-community")
    groups = rows(snapshot, "groups")
    channels = [row for row in groups if row["source"] == "slack-channels"]
    assert (len(channels), sum(row["dissolved_at"] is not None for row in channels)) == (633, 79)
    assert sum(len(row["name"]) > 21 for row in channels) == 56
    assert len(groups) - len(channels) == 31
    assert snapshot.tables["memberships"].rows == 226
    assert snapshot.tables["accounts"].rows == 350
    lacks = {source.name: source.lacks for source in snapshot.sources}
    assert "memberships.account_id" in lacks["slack-channels"]
    assert not lacks["slack-usergroups"]
