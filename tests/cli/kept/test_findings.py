"""Listing, counting, exporting, telling the life of a finding, comparing runs."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.cli.kept.conftest import ONE_WAIVER
from tests.cli.kept.test_waive import waive


def test_filters_words_and_counts(kept: Any) -> None:
    assert len(kept.ids()) == 3
    assert len(kept.ids("--severity", "error")) == 2
    assert len(kept.ids("--department", "教务处", "--department", "科研处")) == 2
    assert len(kept.ids("工作二群")) == 1
    assert len(kept.ids("retired", "!工作二群")) == 1
    assert len(kept.ids("must-fix")) == len(kept.ids("严重程度=必须整改")) == 2
    assert len(kept.ids("--clause", "一*")) == 2
    assert kept.ids("--group", "g9") == []
    assert kept.call("findings", "--count", "department").out == "1\t-\n1\t教务处\n1\t科研处\n"
    assert "1 of 3" in kept.call("findings", "--limit", "1").err


@pytest.mark.parametrize(
    "options", [("--severity", "erorr"), ("--state", "x"), ("结论:",), ("--sort", "x"), ("--format", "x")]
)
def test_a_word_nobody_knows_is_a_mistake(kept: Any, options: tuple[str, ...]) -> None:
    assert kept.call("findings", *options).code == 2


@pytest.mark.parametrize(
    "options",
    [
        ("--format", "csv", "--limit", "5"),
        ("--format", "json", "--offset", "1"),
        ("--format", "csv", "--sort", "due"),
        ("--count", "rule", "--format", "json"),
        ("--count", "rule", "--limit", "1"),
    ],
)
def test_an_option_that_would_be_passed_over_is_a_mistake(kept: Any, options: tuple[str, ...]) -> None:
    done = kept.call("findings", *options)
    assert done.code == 2
    assert options[0] in done.err
    assert options[2] in done.err
    assert done.out == ""


def test_a_list_says_until_when_a_finding_is_to_be_put_right(kept: Any) -> None:
    rules = (kept.folder / "set.yaml").read_text(encoding="utf-8")
    steps = "    remediation:\n      - {who: owner, what: {zh: 换, en: change}, within_days: 7}\n"
    (kept.folder / "set.yaml").write_text(rules.replace("attestations:", steps + "attestations:"), encoding="utf-8")
    for day in ("2024-04-16", "2024-04-20"):
        assert kept.call("check", "--ruleset", "set.yaml", "--estate", "estate", "--as-of", day).code == 4
    listed = [line for line in kept.call("findings").out.splitlines() if line.startswith("LOCAL-1")]
    assert len(listed) == 2
    # Since the day of the first report, which is before the rule had steps.
    assert all("since 2024-04-15  due 2024-04-22  " in line for line in listed), listed
    assert "2024-04-22到期" in kept.call("--lang", "zh", "findings").out
    assert kept.call("check", "--ruleset", "set.yaml", "--estate", "estate", "--as-of", "2024-04-23").code == 4
    assert kept.call("findings").out.count("  overdue since 2024-04-22  ") == 2
    assert waive(kept, *kept.ids("--group", "g1"), until="2024-05-20").code == 0
    assert kept.call("check", "--ruleset", "set.yaml", "--estate", "estate", "--as-of", "2024-04-23").code == 4
    (waived,) = (line for line in kept.call("findings", "--state", "waived").out.splitlines() if "LOCAL-1" in line)
    assert "overdue" not in waived, "nothing is to be done about it"


def test_exports_hold_what_the_filter_shows(kept: Any) -> None:
    data = json.loads(kept.call("findings", "--severity", "error", "--format", "json").out)
    assert [item["subject"]["id"] for item in data["findings"]] == ["g1", "g2"]
    rows = list(
        csv.DictReader(io.StringIO(kept.call("findings", "--group", "g2", "--format", "csv").out.lstrip("\ufeff")))
    )
    assert [row["subject_id"] for row in rows] == ["g2"]
    kept.call("findings", "--format", "html", "--output", "out.html")
    assert "工作二群" in (kept.folder / "out.html").read_text(encoding="utf-8")


def test_history_of_runs_and_of_a_finding(kept: Any) -> None:
    (finding,) = kept.ids("--group", "g2")
    kept.estate(16, groups=kept.groups_without().replace("d2,a3", "d2,a1"))
    kept.check()
    runs = [json.loads(line) for line in kept.call("history", "--json").out.splitlines()]
    assert [(run["id"], run["errors"], run["resolved"]) for run in runs] == [(2, 1, 1), (1, 2, 0)]
    life = json.loads(kept.call("history", finding, "--json").out)
    assert [item["state"] for item in life["happenings"]] == ["new", "resolved"]
    told = kept.call("history", finding[:14]).out
    assert "2024-04-16 00:00  resolved: no longer found" in told
    assert kept.call("history", "XYZ-none").code == 2


def test_diff(kept: Any) -> None:
    same = kept.check() and kept.call("diff")
    assert same.code == 0
    kept.estate(16, groups=kept.groups_without("g2").replace("工作三群,standing,d2,a1", "工作三群,standing,d2,a3"))
    kept.check()
    ran = kept.call("diff", "1", "latest", "--json")
    assert ran.code == 1
    data = json.loads(ran.out)
    assert [item["subject"]["id"] for item in data["new"]] == ["g3"]
    assert [item["subject"]["id"] for item in data["unknown"]] == ["g2"]
    assert data["fixed"] == []
    assert "no longer visible, not known: 1" in kept.call("diff", "1", "3").out
    assert kept.call("diff", "1", "77").code == 2


def test_hostile_names_do_not_reach_the_terminal(kept: Any) -> None:
    kept.estate(16, groups=kept.groups_without().replace("工作一群", "\x1b[31m坏\u202e群"))
    kept.check()
    for arguments in (("findings",), ("history", kept.ids("--group", "g1")[0]), ("diff",)):
        out = kept.call(*arguments).out
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_what_did_not_change_is_counted_and_snapshots_are_dated_like_runs(kept: Any) -> None:
    kept.check()
    assert kept.call("diff").out.splitlines()[-1] == "still there: 3"
    assert kept.call("diff", "--all").out.count("still there") == 1
    assert kept.call("snapshots").out.split()[1] == "2024-04-15T00:00:00+08:00"


ALTERATIONS = (
    "DELETE FROM findings WHERE subject_id = 'g1'",
    "UPDATE findings SET subject_name = 'x' WHERE subject_id = 'g1'",
    "UPDATE findings SET state = 'resolved', active = 0 WHERE subject_id = 'g1'",
    "UPDATE findings SET state = 'nonsense' WHERE subject_id = 'g1'",
    "UPDATE findings SET due = 'soon' WHERE subject_id = 'g1'",
    "UPDATE findings SET search = x'00ff' WHERE subject_id = 'g1'",
    "UPDATE findings SET assigned_to = 'x' WHERE subject_id = 'g1'",
    "UPDATE moves SET state = 'nonsense'",
    "UPDATE moves SET findings = x'00'",
    "UPDATE moves SET findings = 'x'",
    "UPDATE run_decisions SET until = 'x', status = 'nonsense'",
    "UPDATE runs SET as_of = 'x'",
)


def test_what_was_altered_past_this_program_is_named_and_not_listed(kept: Any) -> None:
    (kept.folder / ".policycore" / "waivers.yaml").write_text(ONE_WAIVER, encoding="utf-8")
    kept.check()
    for statement in kept.altered(ALTERATIONS):
        _named_and_not_listed(kept, statement)


def _named_and_not_listed(kept: Any, statement: str) -> None:
    for command in (("findings", "--all"), ("findings", "--count", "state"), ("audit", "verify")):
        ran = kept.call(*command)
        assert (ran.code, ran.out) == (3, ""), (statement, command)
        assert "internal" not in ran.err
    for command in (("history", "LOCAL-1"), ("diff", "previous", "latest"), ("waive", "--list"), ("notify",)):
        assert kept.call(*command).code in (0, 2, 3), (statement, command)
    # What a run finds is reported; it is not recorded over what was altered.
    if "findings SET s" in statement:
        assert kept.check().code == 3, statement
        assert kept.call("findings").code == 3, statement
