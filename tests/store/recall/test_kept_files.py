"""What answers are kept in: changed, damaged, replaced and left over files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyarrow import parquet

from policycore.estate.snapshot import Snapshot, write_tables
from policycore.rulesets.resolved import ResolvedRuleSet


def test_digests_that_were_changed_are_no_ground_for_judging_less(
    recall: Any, ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    """Digests of the changed estate in the place of those of then would say that nothing has changed."""
    recall.judged(imported(recall.rows), ruleset, recall.as_of, tmp_path)
    tables, _ = recall.changed(recall.rows, [("memberships.display_name", 4, "13800138000")])
    snapshot = imported(tables)
    [kept] = tmp_path.glob("*.digests")
    assert snapshot.digests is not None
    kept.write_bytes(snapshot.digests.read_bytes())
    assert (
        recall.judged(snapshot, ruleset, recall.as_of, tmp_path)[0]
        == recall.judged(snapshot, ruleset, recall.as_of, None)[0]
    )


def test_findings_that_were_changed_or_are_gone_are_judged_again(
    recall: Any, ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    snapshot = imported(recall.rows)
    expected, _ = recall.judged(snapshot, ruleset, recall.as_of, tmp_path)
    files = sorted(tmp_path.glob("*.findings"))
    assert len(files) > 3
    content = files[0].read_bytes()
    for place in range(0, len(content), len(content) // 7):
        files[0].write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        report, pace = recall.judged(snapshot, ruleset, recall.as_of, tmp_path)
        assert (report == expected, pace.done) == (True, 1)
        files = sorted(tmp_path.glob("*.findings"))
        content = files[0].read_bytes()
    files[1].write_bytes(files[2].read_bytes())
    files[3].unlink()
    report, pace = recall.judged(snapshot, ruleset, recall.as_of, tmp_path)
    assert (report == expected, pace.done) == (True, 2)


def test_findings_nobody_needs_are_let_go_and_what_a_killed_run_left(
    recall: Any, ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    (tmp_path / "old.findings").write_bytes(b"")
    (tmp_path / "half.12345").write_bytes(b"")
    for value in ("甲", "乙", "丙", "13800138000"):
        tables, _ = recall.changed(recall.rows, [("memberships.display_name", 4, value)])
        recall.judged(imported(tables), ruleset, recall.as_of, tmp_path)
    said = [json.loads(file.read_bytes().partition(b"\n")[0]) for file in tmp_path.glob("*.answer")]
    used = {f"{name}.findings" for answer in said for name in answer["findings"]}
    left = {file.name for file in tmp_path.glob("*.findings")}
    # What this run replaced is still there for the next one to remove.
    assert used <= left
    assert len(left - used) <= len(ruleset.rules)
    assert not {"old.findings", "half.12345"} & {file.name for file in tmp_path.iterdir()}


def test_the_same_rows_in_other_files_are_the_same(
    recall: Any, ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    """Parquet may pack the same rows in many ways; only what they say counts."""
    snapshot = imported(recall.rows)
    recall.judged(snapshot, ruleset, recall.as_of, tmp_path / "results")
    tables = {name: parquet.read_table(file.path).combine_chunks() for name, file in snapshot.tables.items()}
    other = write_tables(
        tables, tmp_path / "other", as_of=snapshot.as_of, timezone=snapshot.timezone, sources=snapshot.sources
    )
    packed = other.tables["people"].path
    parquet.write_table(parquet.read_table(packed), packed, compression="zstd", row_group_size=1)
    assert packed.read_bytes() != snapshot.tables["people"].path.read_bytes()
    assert recall.judged(other, ruleset, recall.as_of, tmp_path / "results")[1].done == 0


def test_digests_nobody_needs_are_let_go(
    recall: Any, ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    for value in ("甲", "乙", "丙"):
        tables, _ = recall.changed(recall.rows, [("memberships.display_name", 4, value)])
        recall.judged(imported(tables), ruleset, recall.as_of, tmp_path)
    # Rules that read no members still rest on the first.
    assert 1 <= len(list(tmp_path.glob("*.digests"))) <= 3
