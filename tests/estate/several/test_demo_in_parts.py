"""The demo's estate handed over in parts is the estate; what is taken away is unknown, and passes nothing."""

from __future__ import annotations

import csv
import json
import random
import shutil
from pathlib import Path

import pytest

from policycore.cli.demo import RULESET
from policycore.demo.generate import MINIMUM_GROUPS, generate_demo
from policycore.engine.run import evaluate
from policycore.estate.importing import import_estate
from policycore.estate.manifest import read_manifest
from policycore.estate.snapshot import Snapshot
from policycore.model.result import RunResult
from policycore.model.schema import table_schema
from policycore.model.verdict import Verdict
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    generate_demo(folder / "demo", groups=MINIMUM_GROUPS, seed=4)
    return folder / "demo" / "estate"


@pytest.fixture(scope="module")
def judged(demo, tmp_path_factory):
    """Return a function that imports folders and judges what came of them."""
    plugins = load_plugins()
    ruleset = load_ruleset(RULESET, plugins.rules, plugins.ruleset_folders)

    def judge(*folders: Path) -> tuple[Snapshot, RunResult]:
        snapshot = import_estate(folders, tmp_path_factory.mktemp("out") / "out")
        return snapshot, evaluate(snapshot, ruleset)

    return judge


def rows_of(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf-8", newline="") as stream:
        if path.suffix == ".csv":
            return list(csv.DictReader(stream))
        return [json.loads(line) for line in stream]


def write(path: Path, rows: list[dict[str, object]], columns: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        if path.suffix == ".csv":
            writer = csv.DictWriter(stream, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        else:
            stream.writelines(
                json.dumps({name: row.get(name) for name in columns}, ensure_ascii=False) + "\n" for row in rows
            )


def in_two(demo: Path, folder: Path, seed: int, *, alike: bool) -> tuple[Path, Path]:
    """Write the columns of each table, and unless both parts are `alike` its rows too, into one part or another."""
    chance = random.Random(seed)  # noqa: S311 - a choice of columns
    parts = folder / "first", folder / "second"
    for part in parts:
        part.mkdir()
        shutil.copy(demo / "manifest.yaml", part)
    for path in sorted(demo.iterdir()):
        if path.suffix not in (".csv", ".jsonl"):
            continue
        rows = rows_of(path)
        schema = table_schema(path.stem)
        columns = [name for name in dict.fromkeys(name for row in rows for name in row) if name in schema.columns]
        # An account of which nothing but a name is known is judged by that, whoever it may be; a list without end dates
        # is one of what goes on.
        kept = (*schema.key, "source", *(("kind",) if path.stem == "accounts" else ()))
        kept += tuple(name for name in columns if schema.columns[name].ends or not schema.columns[name].nullable)
        both = [name for name in columns if name in kept]
        first = [name for name in columns if name in both or chance.random() < 0.5]
        second = [name for name in columns if name in both or name not in first or chance.random() < 0.3]
        write(parts[0] / path.name, rows, first)
        write(parts[1] / path.name, rows if alike else rows[::-1], second)
    return parts


def said(result: RunResult) -> set[tuple[str, str, str]]:
    """Return what was found; what a person must attest is not found in any data."""
    judged = [one for one in result.findings if one.verdict is not Verdict.NEEDS_ATTESTATION]
    return {(one.name, one.subject.id, one.message.zh) for one in judged}


def left_open(result: RunResult) -> set[tuple[str, str]]:
    return {(gap.name, subject) for gap in result.gaps for subject in gap.subjects or ("estate",)}


@pytest.fixture(scope="module")
def whole(demo, judged) -> RunResult:
    return judged(demo)[1]


@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.long), 2])
@pytest.mark.long
def test_two_halves_of_an_estate_are_judged_like_the_whole(demo, judged, whole, tmp_path, seed):
    first, second = in_two(demo, tmp_path, seed, alike=seed == 1)
    snapshot, together = judged(*((first, second) if seed == 1 else (second, first)))
    assert snapshot.tables["differences"].rows == 0
    assert said(together) == said(whole)
    assert left_open(together) == left_open(whole)
    for path in demo.iterdir():
        assert path.stem == "manifest" or snapshot.tables[path.stem].rows == len(rows_of(path)), path.name


@pytest.mark.long
def test_what_is_taken_away_is_unknown_and_passes_nothing(demo, judged, whole, tmp_path):
    posted = [(row["id"], row["group_id"]) for row in rows_of(demo / "messages.jsonl")]
    for part in in_two(demo, tmp_path, 1, alike=True):
        _, alone = judged(part)
        found = {(name, subject) for name, subject, _ in said(alone)}
        gaps = left_open(alone)
        # Where nobody knows whether a rule is about a group, its messages are left open with it.
        gaps |= {
            (name, message) for name in {one for one, _ in gaps} for message, group in posted if (name, group) in gaps
        }
        assert {(name, subject) for name, subject, _ in said(whole)} <= found | gaps
        assert found <= {(name, subject) for name, subject, _ in said(whole)} | gaps


def test_the_manifests_of_several_folders_are_put_together(demo, tmp_path):
    snapshot = import_estate(in_two(demo, tmp_path, 1, alike=True), tmp_path / "out")
    manifest = read_manifest(demo / "manifest.yaml")
    assert (snapshot.as_of, snapshot.timezone) == (manifest.as_of, manifest.timezone)
    assert snapshot.sources == manifest.sources


def test_the_forms_of_the_demo_are_one_estate_as_they_lie_there(demo, rows, tmp_path):
    snapshot = import_estate([demo.parent / "forms"], tmp_path / "out")
    # The register lies there twice, as a workbook and as CSV, and says the same.
    groups = rows(snapshot, "groups")
    assert {(row["group_id"], row["source"]) for row in rows(snapshot, "group_sources")} == {
        (row["id"], f"工作群备案表.{suffix}") for row in groups for suffix in ("csv", "xlsx")
    }
    assert snapshot.tables["groups"].rows > 5
    assert snapshot.tables["differences"].rows == 0


def test_forms_that_name_people_and_the_platforms_that_know_accounts_say_the_same(demo, rows, tmp_path):
    snapshot = import_estate([demo.parent / "forms", demo], tmp_path / "out")
    assert snapshot.tables["differences"].rows == 0
    for table in ("people", "accounts", "groups", "departments"):
        assert snapshot.tables[table].rows == len(rows_of(next(demo.glob(f"{table}.*"))))
