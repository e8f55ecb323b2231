"""What is judged again, and what is not: changed groups, other moments, other questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from policycore.engine.part import PartSession
from policycore.engine.run import evaluate
from policycore.estate.snapshot import EstateSource, Snapshot
from policycore.operations.pacing import CheckPace
from policycore.operations.result_cache import ResultCache
from policycore.operations.rule_inputs import RunInputs, repeatable, sees_storage, tables_read
from policycore.rulesets.resolved import ResolvedRuleSet


def test_only_what_reads_a_table_is_judged_again(
    recall: Any, ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    recall.judged(imported(recall.rows), ruleset, recall.as_of, tmp_path)
    tables, _ = recall.changed(recall.rows, [("messages.text", 0, "砍一刀")])
    _, pace = recall.judged(imported(tables), ruleset, recall.as_of, tmp_path)
    assert 0 < pace.done < len(ruleset.rules) / 2
    assert pace.recalled == len(ruleset.rules) - pace.done
    for other in (recall.as_of + timedelta(days=1), recall.as_of - timedelta(seconds=1)):
        assert recall.judged(imported(tables), ruleset, other, tmp_path)[1].recalled == 0


def test_only_groups_that_changed_are_judged_again(
    recall: Any,
    ruleset: ResolvedRuleSet,
    imported: Callable[..., Snapshot],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The part is what changed, for the rule that compares groups with its partner; a larger part is not worth it."""
    cut: list[list[str]] = []
    real = PartSession.cut_to

    def cut_to(self: PartSession, groups: list[str]) -> None:
        cut.append(list(groups))
        real(self, groups)

    monkeypatch.setattr(PartSession, "cut_to", cut_to)
    recall.judged(imported(recall.rows), ruleset, recall.as_of, tmp_path)
    tables, _ = recall.changed(recall.rows, [("memberships.display_name", 4, "小王")])
    assert tables["memberships"][4]["group_id"] == "g4"
    recall.compare(imported, tmp_path, [], [("memberships.display_name", 4, "小王")])
    assert cut == [["g4", "g5"]]
    monkeypatch.setattr("policycore.operations.result_cache.MOST_CHANGED", 0.1)
    recall.judged(imported(recall.rows), ruleset, recall.as_of, tmp_path)
    assert cut == [["g4", "g5"]]


def test_another_day_is_another_question_only_for_rules_that_ask_for_the_moment(
    recall: Any, ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    first, second = recall.as_of, recall.as_of + timedelta(days=1)
    recall.judged(imported(recall.rows), ruleset, first, tmp_path)
    again: list[str] = []
    snapshot = imported(recall.rows, second)
    cache = ResultCache(tmp_path, recall.key, ruleset.name, RunInputs.of(snapshot, None, recall.key))
    pace = CheckPace(cache, listener=lambda resolved, _judged, recalled: recalled or again.append(resolved.name))
    result = evaluate(snapshot, ruleset, evidence_key=recall.key, pace=pace)
    assert result.findings == evaluate(snapshot, ruleset, evidence_key=recall.key).findings
    assert "ownership/owner-in-post" in again, "it has days of grace"
    assert "admission/display-name-format" not in again
    assert len(again) < len(ruleset.rules) / 2
    dues = [step.due for finding in result.findings for step in finding.remediation if step.due is not None]
    assert min(dues) > second
    # The same files as of another moment: what they hold is the same, what rules see of them may not be.
    assert recall.judged(snapshot, ruleset, second + timedelta(days=1), tmp_path)[1].recalled == 0


def test_a_row_that_begins_overnight_is_a_change(
    recall: Any, ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    tables, _ = recall.changed(recall.rows, [])
    tables["memberships"].append(
        {"group_id": "g7", "account_id": "a3", "role": "member", "display_name": "13800138000",
         "joined_at": "2024-04-15T12:00:00+08:00"}
    )  # fmt: skip
    assert recall.judged(imported(tables), ruleset, recall.as_of, tmp_path)[0].count(b"13800138000") == 0
    recall.compare(imported, tmp_path, [], [("day", 1, None)])
    snapshot = imported(tables, recall.as_of + timedelta(days=1))
    quick, _ = recall.judged(snapshot, ruleset, snapshot.as_of, tmp_path)
    assert quick == recall.judged(snapshot, ruleset, snapshot.as_of, None)[0]
    assert b"g7/a3" in quick


def test_rows_of_large_files_are_fetched_by_their_numbers(
    recall: Any, imported: Callable[..., Snapshot], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """These tables are small: the limit above which that is worth it is lowered to nothing."""
    fetched = []
    real = PartSession._rows

    def rows(self: PartSession, table: str, link: str, owners: str) -> str:
        fetched.append(real(self, table, link, owners))
        return fetched[-1]

    monkeypatch.setattr("policycore.engine.part.IN_MEMORY_ROWS", 0)
    monkeypatch.setattr(PartSession, "_rows", rows)
    recall.compare(imported, tmp_path, [], [("memberships.display_name", 4, "小王"), ("above", "messages", 4)])
    assert any("file_row_number" in select for select in fetched)


def test_a_rule_that_cannot_say_its_partners_breaks_alone(
    recall: Any,
    ruleset: ResolvedRuleSet,
    imported: Callable[..., Snapshot],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recall.judged(imported(recall.rows), ruleset, recall.as_of, tmp_path)
    tables, _ = recall.changed(recall.rows, [("memberships.display_name", 4, "小王")])
    pairs = next(resolved.rule for resolved in ruleset.rules if resolved.rule.partner_fact)
    monkeypatch.setattr(type(pairs), "partners", lambda _self, estate, _params: estate.query("SELECT nothing"))
    report = json.loads(recall.judged(imported(tables), ruleset, recall.as_of, tmp_path)[0])
    assert [one["rule"] for one in report["findings"] if one["verdict"] == "error"] == [pairs.id]
    assert len(report["problems"]) == 1


def test_another_source_key_or_code_is_another_question(
    recall: Any, ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    from dataclasses import replace

    snapshot = imported(recall.rows)
    recall.judged(snapshot, ruleset, recall.as_of, tmp_path)
    lacking = replace(snapshot, sources=(EstateSource("r", "wechat", frozenset({"groups.owner_id"})),))
    assert recall.judged(lacking, ruleset, recall.as_of, tmp_path)[1].recalled == 0
    rule = ruleset.rules[0]
    inputs = RunInputs.of(snapshot, recall.as_of, recall.key)
    assert ResultCache(tmp_path, b"x" * 32, ruleset.name, inputs).read(rule) is None
    assert RunInputs.of(snapshot, recall.as_of, b"other").key(rule) != inputs.key(rule)
    assert inputs.key(replace(rule, applies_to="kind = 'standing'")) != inputs.key(rule)
    assert inputs.key(replace(rule, clauses=("other",))) != inputs.key(rule)


def test_a_rule_that_looks_behind_the_moment_is_not_split(
    recall: Any, ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    assert sees_storage(["SELECT group_id FROM raw.memberships"])
    assert sees_storage(["SELECT m._row FROM memberships m"])
    assert not sees_storage(["SELECT group_id FROM memberships JOIN group_facts USING (id)"])
    seen: dict[str, tuple[str, ...]] = {}
    cache = ResultCache(
        tmp_path, recall.key, ruleset.name, RunInputs.of(imported(recall.rows), recall.as_of, recall.key)
    )
    pace = CheckPace(cache, listener=lambda resolved, judged, _recalled: seen.update({resolved.id: judged.asked}))
    evaluate(imported(recall.rows), ruleset, as_of=recall.as_of, evidence_key=recall.key, pace=pace)
    assert not [rule for rule, asked in seen.items() if sees_storage(asked)], "the engine's own SQL is not the rule's"


def test_what_changes_by_itself_is_never_kept(ruleset: ResolvedRuleSet) -> None:
    rule = ruleset.rules[0]
    assert repeatable(rule, ["SELECT id FROM groups"])
    for sql in (
        "SELECT NOW()",
        "select current_date",
        "SELECT random()",
        "FROM query_table('people')",
        "SELECT uuid()",
    ):
        assert not repeatable(rule, [sql])
    read = tables_read(rule, ['SELECT * FROM group_facts JOIN "Tasks" USING (id)'])
    assert {"groups", "memberships", "messages", "accounts", "tasks", "people", "departments"} <= read
