"""A plain count over the demo's CSV, by sets and without engine or SQL, agrees with what the rules find."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from policycore.demo.generate import MINIMUM_GROUPS, generate_demo
from policycore.engine.run import evaluate
from policycore.estate.importing import open_estate
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset

Row = dict[str, str]
AS_OF = "2024-04-15T00:00:00+08:00"
WORK, LIAISON = "机关党委工作群", "机关党委联络员群"


def table(folder: Path, name: str) -> list[Row]:
    path = folder / "estate" / f"{name}.jsonl"
    if path.exists():
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with (folder / "estate" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def counted(folder: Path) -> set[tuple[str, ...]]:
    """Return who is missing, who is extra and which departments owe whom, in both groups."""
    kinds = {row["id"]: row["kind"] for row in table(folder, "departments")}
    status = {row["id"]: row["status"] for row in table(folder, "people")}
    posts = [
        {**row, "duties": row["duties"].split("|")}
        for row in table(folder, "appointments")
        if row["since"] <= AS_OF and (not row["until"] or row["until"] > AS_OF)
    ]
    holders = {row["id"]: row["person_id"] for row in table(folder, "accounts")}
    groups = {row["name"]: row["id"] for row in table(folder, "groups") if row["created_at"] >= "2024-03-22"}
    offices = {department for department, kind in kinds.items() if kind == "机关部门"}
    serving = {person for person, state in status.items() if state in ("active", "leave")}
    kept = {person for person, state in status.items() if state not in ("retired", "departed")}
    staff = {post["person_id"] for post in posts if post["department_id"] == "d01"}
    heads = {post["person_id"] for post in posts if post["rank"] == "中层正职" and post["department_id"] in offices}
    acting = {post["person_id"] for post in posts if "主持工作" in post["duties"] and post["department_id"] in offices}
    deputies = {
        office: {
            post["person_id"]
            for post in posts
            if post["department_id"] == office and post["rank"] == "中层副职" and "党建" in post["duties"]
        }
        for office in offices - {"d01"}
    }
    forms = {row["id"]: row for row in table(folder, "submissions") if row["kind"] == "附件1"}
    named: dict[str, set[str]] = {office: set() for office in offices - {"d01"}}
    for row in table(folder, "designations"):
        form = forms.get(row["submission_id"])
        if form and row["role"] == "liaison" and form["received_at"] <= AS_OF:
            named[form["department_id"]].add(row["person_id"])
    found: set[tuple[str, ...]] = set()
    for name, always, chosen in ((WORK, heads | acting | staff, deputies), (LIAISON, staff, named)):
        group = groups[name]
        stays = [row for row in table(folder, "memberships") if row["group_id"] == group and not row["left_at"]]
        present = {holders[row["account_id"]] for row in stays}
        settled = {person for people in chosen.values() if len(people & serving) == 1 for person in people}
        due = (always | settled) & serving
        may = (always | set().union(*chosen.values())) & kept
        found |= {("missing", group, person) for person in due - present}
        found |= {("extra", group, person) for person in present - may}
        received = {form["department_id"] for form in forms.values()} if name == LIAISON else offices
        for office, people in chosen.items():
            number = len(people & serving)
            if office not in received or number != 1:
                why = "unreceived" if office not in received else "several" if number else "none"
                found.add((why, group, office))
        if name == WORK:
            held = {
                post["department_id"] for post in posts if post["rank"] == "中层正职" and post["person_id"] in serving
            }
            found |= {("vacant", group, office) for office in offices - held}
    return found


def judged(folder: Path) -> set[tuple[str, ...]]:
    """Return the same as the rules find it."""
    plugins = load_plugins()
    ruleset = load_ruleset("xxu-2024-wechat-groups", plugins.rules, plugins.ruleset_folders)
    rules = tuple(rule for rule in ruleset.rules if rule.name.startswith("composition/"))
    with open_estate(folder / "estate") as snapshot:
        result = evaluate(snapshot, replace(ruleset, rules=rules))
    assert result.problems == ()
    found = set()
    for finding in result.findings:
        group = finding.subject.group_id or finding.subject.id
        facts = finding.facts
        if finding.name in ("composition/missing-member", "composition/extra-member"):
            what = finding.name.removeprefix("composition/").removesuffix("-member")
            found.add((what, group, str(facts["person_id"])))
        elif finding.name == "composition/one-per-department":
            found.add((str(facts["reason"]), group, str(facts["department_id"])))
        elif finding.name == "composition/vacant-post":
            found.add(("vacant", group, str(facts["department_id"])))
    return found


def seeds() -> Iterable[object]:
    return [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 50))]


@pytest.mark.parametrize("seed", seeds())
def test_a_plain_count_agrees(tmp_path: Path, seed: int) -> None:
    generate_demo(tmp_path, seed=seed, groups=MINIMUM_GROUPS)
    if seed:
        spoil(tmp_path, seed)
    expected = counted(tmp_path)
    assert judged(tmp_path) == expected
    if not seed:
        assert {what for what, *_ in expected} == {"missing", "extra", "several", "none", "vacant"}


def spoil(folder: Path, seed: int) -> None:
    """Change posts, duties, states and members at random, so that no two seeds have the same amiss."""
    chance = Random(seed)  # noqa: S311 - the same seed spoils the same cells
    for name, change in (("appointments", _post), ("people", _state), ("memberships", _stay), ("designations", _role)):
        rows = table(folder, name)
        for row in chance.sample(rows, len(rows) // 10):
            change(row, chance)
        with (folder / "estate" / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _post(row: Row, chance: Random) -> None:
    row["until"] = chance.choice(["2024-04-01T00:00:00+08:00", "2024-05-01T00:00:00+08:00", ""])
    row["duties"] = chance.choice([row["duties"], "党建", "主持工作", "综合"])
    row["rank"] = chance.choice([row["rank"], "中层正职", "中层副职"])


def _state(row: Row, chance: Random) -> None:
    row["status"] = chance.choice(["retired", "departed", "seconded", "leave"])


def _stay(row: Row, chance: Random) -> None:
    row["left_at"] = chance.choice(["2024-04-10T00:00:00+08:00", ""])


def _role(row: Row, chance: Random) -> None:
    row["role"] = chance.choice(["deputy", "liaison"])
