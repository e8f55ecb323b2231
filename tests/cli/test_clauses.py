from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from policycore.errors import ExitCode

Run = Callable[..., Any]


def test_the_ledger_says_what_covers_a_clause_and_what_does_not(run: Run, ruleset: Path) -> None:
    ended = run("clauses", "--ruleset", ruleset)
    assert ended.code == ExitCode.CLEAN
    first, second = ended.out.index("一  群主负责"), ended.out.index("二  不得涉密")
    assert "ownership/owner-present" in ended.out[first:second]
    assert "not covered" not in ended.out[first:second]
    assert "not covered" in ended.out[second:]
    assert (
        "2 clauses: 1 checked by rules, 0 by attestation only, 0 made by the program only, 1 not covered" in ended.out
    )
    assert "未覆盖" in run("--lang", "zh", "clauses", "--ruleset", ruleset).out
    assert run("clauses", ruleset).out == ended.out
    assert run("clauses").code == run("clauses", ruleset, "--ruleset", ruleset).code == ExitCode.USAGE


def test_attestations_cover_too(run: Run, ruleset: Path) -> None:
    text = "attestations: [{clause: 二, asks: {en: nothing secret}, valid_days: 30}]\n"
    ruleset.write_text(ruleset.read_text(encoding="utf-8") + text, encoding="utf-8")
    ended = run("clauses", "--ruleset", ruleset)
    assert "nothing secret (valid for 30 days)" in ended.out
    assert "1 by attestation only, 0 made by the program only, 0 not covered" in ended.out


def test_with_an_estate_each_clause_has_its_result(run: Run, ruleset: Path, estate: Path) -> None:
    data = json.loads(run("clauses", "--ruleset", ruleset, "--estate", estate, "--format", "json").out)
    clauses = {clause["id"]: clause for clause in data["clauses"]}
    assert clauses["一"]["verdicts"] == {"pass": 1, "fail": 1}
    assert clauses["二"]["covered"] is False
    assert clauses["二"]["verdicts"] == {}
    assert data["as_of"].startswith("2024-04-15")


def test_an_estate_without_groups_ends_as_a_check_of_it_does(run: Run, ruleset: Path, estate: Path) -> None:
    (estate / "groups.csv").write_text("id,name\n", encoding="utf-8")
    for asked in (("check", "--no-store"), ("clauses",)):
        assert run(*asked, "--ruleset", ruleset, "--estate", estate).code == ExitCode.DATA


def test_without_an_estate_nothing_is_said_of_results(run: Run, ruleset: Path) -> None:
    data = json.loads(run("clauses", "--ruleset", ruleset, "--format", "json").out)
    assert all("verdicts" not in clause for clause in data["clauses"])
    assert [rule["name"] for rule in data["clauses"][0]["rules"]] == ["ownership/owner-present"]


def test_headings_are_neither_covered_nor_open(run: Run) -> None:
    data = json.loads(run("clauses", "--ruleset", "xxu-2024-wechat-groups", "--format", "json").out)
    headings = [clause["id"] for clause in data["clauses"] if clause["heading"]]
    assert headings == ["一", "一(一)", "一(三)", "二", "二(三)", "三", "三(二)", "三(二)2"]


def test_a_set_without_clauses_says_so(run: Run) -> None:
    ended = run("clauses", "--ruleset", "work-groups-base")
    assert "lists no clauses" in ended.out


def test_hostile_words_do_no_harm(run: Run, ruleset: Path) -> None:
    text = ruleset.read_text(encoding="utf-8").replace("不得涉密", '"\\e[31m\\u202e[/x]"')
    ruleset.write_text(text, encoding="utf-8")
    ended = run("clauses", "--ruleset", ruleset)
    assert "\x1b" not in ended.out
    assert "\u202e" not in ended.out


def test_an_estate_that_is_not_there(run: Run, ruleset: Path, tmp_path: Path) -> None:
    ended = run("clauses", "--ruleset", ruleset, "--estate", tmp_path / "none")
    assert ended.code == ExitCode.DATA
    assert ended.out == ""


def test_a_rule_set_without_clauses_says_where_they_come_from(run: Run) -> None:
    ended = run("clauses", "--ruleset", "work-groups-base")
    assert "document: {title: …, clauses:" in ended.out


def test_a_clause_whose_words_changed_flags_its_rules_until_they_are_reviewed(run: Run, ruleset: Path) -> None:
    def clause() -> dict[str, Any]:
        data = json.loads(run("clauses", "--ruleset", ruleset, "--format", "json").out)
        return dict(next(one for one in data["clauses"] if one["id"] == "一"))

    before, text = clause(), ruleset.read_text(encoding="utf-8")
    assert (before["reworded"], before["state"]) == (False, "checked")
    reviewed = text.replace("text: 群主负责", f"text: 群主负责, reviewed: '{before['wording']}'")
    assert reviewed != text
    ruleset.write_text(reviewed.replace("群主负责", "群主 负责。"), encoding="utf-8")
    assert clause()["reworded"] is False
    ruleset.write_text(reviewed.replace("群主负责", "群主不负责"), encoding="utf-8")
    assert clause()["reworded"] is True
    said = run("ruleset", "check", ruleset)
    assert "ownership/owner-present" in said.out + said.err
    assert "changed after its rules were reviewed" in said.out + said.err


def test_what_the_program_makes_covers_a_clause_and_states_follow_what_came_out(
    run: Run, ruleset: Path, estate: Path
) -> None:
    text = ruleset.read_text(encoding="utf-8").replace(
        "text: 不得涉密", "text: 不得涉密, derived: {zh: 名单, en: a list}"
    )
    ruleset.write_text(text, encoding="utf-8")
    data = json.loads(run("clauses", "--ruleset", ruleset, "--estate", estate, "--format", "json").out)
    assert [(one["state"], one["covered"]) for one in data["clauses"]] == [("violated", True), ("unjudged", True)]
    assert "a list" in run("clauses", "--ruleset", ruleset).out


def test_each_obligation_of_a_clause_has_its_state(run: Run, ruleset: Path, estate: Path) -> None:
    duties = "[{text: 有群主, rules: [ownership/owner-present]}, {text: 尽责, attested: true}, {text: 其他}]"
    text = ruleset.read_text(encoding="utf-8")
    ruleset.write_text(text.replace("text: 群主负责", f"text: 群主负责, obligations: {duties}"), encoding="utf-8")

    def states(*more: object) -> list[str]:
        data = json.loads(run("clauses", "--ruleset", ruleset, *more, "--format", "json").out)
        return [one["state"] for one in data["clauses"][0]["obligations"]]

    assert states() == ["checked", "attested", "open"]
    assert states("--estate", estate) == ["violated", "attested", "open"]
    assert "有群主" in run("clauses", "--ruleset", ruleset).out
    ruleset.write_text(ruleset.read_text(encoding="utf-8").replace("[ownership/", "[ownershp/"), encoding="utf-8")
    assert states()[0] == "open"
    told = run("ruleset", "check", ruleset)
    assert "ownershp/owner-present" in told.out + told.err
