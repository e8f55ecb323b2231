"""Demands in whatever words, and work that sounds like them: written before the rule was looked at."""

from __future__ import annotations

from pathlib import Path

from policycore import Case
from policycore.engine.run import evaluate
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset
from policycore.testing import estate_of


def written(name: str) -> list[str]:
    """Return the texts of one sort, each in a line."""
    lines = (Path(__file__).parent / f"demand_{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def verdicts(texts: list[str]) -> dict[str, str]:
    """Return what the shipped set against formalism says of `texts`: those that it finds, and how surely."""
    sent = [{"id": f"m{row}", "group_id": "g", "type": "text", "text": text} for row, text in enumerate(texts)]
    estate = estate_of(Case("", given={"groups": [{"id": "g"}], "messages": sent}))
    plugins = load_plugins()
    result = evaluate(estate, load_ruleset("fingertip-formalism", plugins.rules, plugins.ruleset_folders))
    assert result.problems == ()
    return {
        texts[int(one.subject.id[1:])]: one.verdict.value
        for one in result.findings
        if one.name == "channels/no-instant-replies"
    }


def test_most_demands_are_found_in_whatever_words() -> None:
    texts = written("evasions")
    found = verdicts(texts)
    assert len(found) >= 0.8 * len(texts), set(texts) - set(found)


def test_nobody_is_suspected_for_work_that_sounds_like_a_demand() -> None:
    assert verdicts(written("lookalikes")) == {}


def test_what_only_its_context_makes_a_demand_waits_for_a_person() -> None:
    assert verdicts(["请各位在群内接龙", "头像还没换的，我挨个截给主任"]) == {
        "请各位在群内接龙": "fail",
        "头像还没换的，我挨个截给主任": "suspect",
    }
