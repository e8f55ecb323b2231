"""The command that lists what is missing, over stored runs and over an estate at hand."""

from __future__ import annotations

import json
from typing import Any

import pytest


@pytest.fixture
def lacking(kept: Any) -> Any:
    """Give a workspace whose newest run could judge nothing for want of a column."""
    kept.estate(16, people="id,name,status_since\np1,张三,\np2,李四,\np3,王五,2024-01-01\n")
    text = (kept.folder / "set.yaml").read_text(encoding="utf-8")
    use = "rules:\n  - {use: ownership/owner-in-post, clause: [一-1], severity: error}\n"
    (kept.folder / "set.yaml").write_text(text.replace("rules:\n", use), encoding="utf-8")
    kept.check()
    return kept


def test_what_is_missing_is_listed_by_worth_with_how_to_supply_it(lacking: Any) -> None:
    ran = lacking.call("gaps", "--lang", "en")
    assert ran.code == 0
    assert "column status of people" in ran.out
    assert "supply column status of people for every row" in ran.out
    data = json.loads(lacking.call("gaps", "--format", "json").out)
    [status] = [item for item in data["missing"] if item["field"] == "people.status"]
    assert (status["source"], status["settles"]) == (None, 6)
    assert "OWN002" in [rule["rule"] for rule in status["rules"]]
    assert data["unknown"] >= 3


def test_the_subjects_of_one_rule_are_listed(lacking: Any) -> None:
    ran = lacking.call("gaps", "--subjects", "ownership/owner-in-post")
    assert [line.split("\t")[:3] for line in ran.out.splitlines()] == [
        ["group", name, "people.status"] for name in ("g1", "g2", "g3")
    ]
    [gap] = json.loads(lacking.call("gaps", "--subjects", "OWN002", "--format", "json").out)
    assert gap["subjects"] == ["g1", "g2", "g3"]
    wrong = lacking.call("gaps", "--subjects", "ownership/owner-in-pots")
    assert wrong.code == 2
    assert "ownership/owner-in-post" in wrong.err


def test_an_earlier_run_says_what_was_missing_then_and_an_estate_what_is_missing_now(lacking: Any) -> None:
    assert lacking.call("gaps", "--run", "1", "--lang", "en").out.startswith("Nothing is missing")
    ran = lacking.call("gaps", "--ruleset", "set.yaml", "--estate", "estate", "--format", "json")
    assert json.loads(ran.out) == json.loads(lacking.call("gaps", "--format", "json").out)
    assert lacking.call("gaps", "--estate", "estate").code == 2
    assert lacking.call("gaps", "--estate", "estate", "--ruleset", "set.yaml", "--run", "1").code == 2


def test_an_old_run_is_reported_again_byte_for_byte(lacking: Any) -> None:
    for options in ((), ("--gap-subjects",)):
        shown = json.loads(lacking.check("--format", "json", *options).out)
        again = lacking.call("report", "--format", "json", *options)
        assert json.loads(again.out) == shown
        assert again.out == lacking.call("report", "latest", "--format", "json", *options).out
