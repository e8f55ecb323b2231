"""Show where every effective value comes from: the place that won and the places that lost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from policycore.errors import Place, Problem, UsageError
from policycore.language import say
from policycore.rulesets.resolved import Origin, ResolvedRule, ResolvedRuleSet
from policycore.text.clean import clean
from policycore.text.suggest import suggestion
from policycore.yaml.problems import excerpt

__all__ = ["as_json", "as_text", "chosen_origins", "chosen_rules"]


def chosen_rules(ruleset: ResolvedRuleSet, name: str | None) -> list[ResolvedRule]:
    """Return the rule of a set that `name` means (id or name), or all where there is none.

    Raises UsageError for a rule that the set does not hold.
    """
    if name is None:
        return list(ruleset.rules)
    chosen_origins(ruleset, [name])
    return [rule for rule in ruleset.rules if name in (rule.id, rule.name)]


def chosen_origins(ruleset: ResolvedRuleSet, names: Sequence[str]) -> list[Origin]:
    """Return the origins of the rule that any of `names` (id, name, alias) is, or all without names.

    Raises UsageError for a rule that the set does not hold.
    """
    if not names:
        return list(ruleset.origins)
    heads = {f"{kind}.{name}." for name in names for kind in ("rules", "memberships")}
    heads |= {f"rules.{rule.name}." for rule in ruleset.rules if rule.id in names or rule.name in names}
    found = [origin for origin in ruleset.origins if any(origin.path.startswith(head) for head in heads)]
    if not found:
        known = [word for rule in ruleset.rules for word in (rule.id, rule.name)]
        raise UsageError(
            Problem(
                "ruleset.no-such-rule",
                say("rulesets.no-such-rule", ruleset=ruleset.name, rule=excerpt(names[0])),
                say("rulesets.no-such-rule.why"),
                suggestion(names[0], known) or say("rulesets.no-such-rule.fix"),
            )
        )
    return found


def as_text(origins: Sequence[Origin]) -> Iterator[str]:
    """Yield lines for a person: the value, where it won, what lost."""
    for origin in origins:
        yield f"{clean(origin.path)} = {_shown(origin.value)}"
        if origin.words is not None:
            yield f"    {clean(origin.words.in_language())}"
        yield f"    {say('cli.rulesets.won')}  {_place(origin.won)}"
        for place, value in origin.lost:
            yield f"    {say('cli.rulesets.lost')}  {_place(place)}  {_shown(value)}"


def _place(place: Place) -> str:
    """Return a place; one without a line is a rule's default."""
    return str(place) if place.line else f"{place.file} ({say('cli.rulesets.default')})"


def _shown(value: object) -> str:
    return clean(json.dumps(value, ensure_ascii=False, default=str), limit=200)


def as_json(ruleset: ResolvedRuleSet, origins: Sequence[Origin]) -> dict[str, Any]:
    """Return the same as data."""
    return {
        "policycore": 1,
        "ruleset": ruleset.name,
        "hash": ruleset.hash,
        "files": list(ruleset.files),
        "values": [
            {
                "path": origin.path,
                "value": origin.value,
                **({"words": {"zh": origin.words.zh, "en": origin.words.en}} if origin.words else {}),
                "won": _place_data(origin.won),
                "lost": [{**_place_data(place), "value": value} for place, value in origin.lost],
            }
            for origin in origins
        ],
    }


def _place_data(place: Place) -> dict[str, Any]:
    """Return a place as data; a rule's default has the rule instead of a file."""
    own = {"file": place.file, "line": place.line, "column": place.column}
    return own if place.line else {"default_of": place.file}
