"""A group that several sources know lacks only what none of them supplies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policycore import Query, RuleEstate
from policycore.engine.session import EstateData
from policycore.estate.importing import import_estate

MANIFEST = (
    "policycore: 1\nas_of: 2024-04-15\ntimezone: Asia/Shanghai\nsources:\n  - {{name: {name}, lacks: [{lacks}]}}\n"
)


@pytest.fixture
def imported(tmp_path) -> Callable[..., EstateData]:
    """Return a function that imports folders, each with its tables and what its source lacks."""

    def make(**sources: dict[str, str]) -> EstateData:
        for name, tables in sources.items():
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            for table, text in tables.items():
                path = folder / (f"{table}.csv" if table != "lacks" else "manifest.yaml")
                path.write_text(text if table != "lacks" else MANIFEST.format(name=name, lacks=text), encoding="utf-8")
        return EstateData.from_snapshot(
            import_estate([tmp_path / name for name in sources], tmp_path / "out" / "-".join(sources))
        )

    return make


@pytest.fixture
def empty_group(no_owner) -> Any:
    class EmptyGroup(no_owner):
        id = "TST002"
        name = "test/empty"
        requires = ("memberships.account_id",)

        def check(self, estate: RuleEstate, params: Any) -> Query:
            return estate.query("SELECT id AS group_id FROM groups WHERE id NOT IN (SELECT group_id FROM memberships)")

    return EmptyGroup


def judged(result) -> tuple[dict[str, list[str]], dict[str, set[tuple[str, str | None]]]]:
    """Return by rule which groups are found, and which are open with the source that is named."""
    found: dict[str, list[str]] = {}
    for one in result.findings:
        found.setdefault(one.name, []).append(one.subject.id)
    open_groups: dict[str, set[tuple[str, str | None]]] = {}
    for gap in result.gaps:
        open_groups.setdefault(gap.name, set()).update((subject, gap.source) for subject in gap.subjects)
    return found, open_groups


REGISTER = {"lacks": "", "groups": "id,name\ng1,甲\ng2,乙\ng3,丙\n"}
PLATFORM = {
    "lacks": "",
    "groups": "id,name,owner_id\ng1,甲,a1\ng3,丙,\n",
    "memberships": "group_id,account_id\ng1,a1\n",
}


@pytest.mark.parametrize("order", [("register", "platform"), ("platform", "register")])
def test_what_one_source_does_not_have_another_may(imported, evaluate, no_owner, empty_group, order):
    sources = {"register": REGISTER, "platform": PLATFORM}
    result = evaluate(imported(**{name: sources[name] for name in order}), no_owner, empty_group)
    assert judged(result) == (
        {"test/no-owner": ["g3"], "test/empty": ["g3"]},
        {"test/no-owner": {("g2", "register")}, "test/empty": {("g2", "register")}},
    )


def test_what_a_source_says_it_lacks_is_not_supplied_by_an_empty_column(imported, evaluate, no_owner, empty_group):
    platform = {**PLATFORM, "lacks": "groups.owner_id, memberships.account_id"}
    result = evaluate(imported(register=REGISTER, platform=platform), no_owner, empty_group)
    found, open_groups = judged(result)
    assert found == {}
    assert {rule: {group for group, _ in groups} for rule, groups in open_groups.items()} == {
        "test/no-owner": {"g1", "g2", "g3"},
        "test/empty": {"g1", "g2", "g3"},
    }


def test_a_source_that_is_taken_away_passes_nothing(imported, evaluate, no_owner, empty_group):
    result = evaluate(imported(register=REGISTER), no_owner, empty_group)
    found, open_groups = judged(result)
    assert found == {}
    assert {rule: {group for group, _ in groups} for rule, groups in open_groups.items()} == {
        "test/no-owner": {"g1", "g2", "g3"},
        "test/empty": {"g1", "g2", "g3"},
    }
