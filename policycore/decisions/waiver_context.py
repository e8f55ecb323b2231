"""Gather what the judgement of decisions rests on: from a rule set at hand, or as a stored run knew it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from policycore.decisions.policy import WaiverPolicy, policy_mistakes
from policycore.decisions.standing import Directory
from policycore.decisions.tightening import tighter_of
from policycore.decisions.waivers import WaiverContext
from policycore.errors import RuleSetError
from policycore.model.facts import plain
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.store import schema
from policycore.store.lives.previous_state import RuleNames

__all__ = ["context_from", "names_from", "ruleset_context", "stored_context"]


def ruleset_context(ruleset: ResolvedRuleSet) -> dict[str, Any]:
    """Return what of `ruleset` decisions rest on, as JSON can hold it.

    Raises RuleSetError when its parameters for waivers are wrong.
    """
    mistakes = tuple(policy_mistakes(ruleset))
    if mistakes:
        raise RuleSetError(*mistakes)
    return {
        "set": plain(ruleset.parameters),
        "rules": {rule.id: rule.params.model_dump(mode="json") for rule in ruleset.rules},
        "tighter": {rule.id: told for rule in ruleset.rules if (told := tighter_of(rule))},
        "names": {name: rule.id for rule in ruleset.rules for name in (rule.id, rule.name, *rule.rule.aliases)},
    }


def context_from(data: Mapping[str, Any], directory: Directory) -> WaiverContext:
    """Return the context that `ruleset_context` wrote down, with a directory."""
    return WaiverContext(
        policy=WaiverPolicy.of(data.get("set", {})),
        directory=directory,
        parameters=data.get("rules", {}),
        tighter=data.get("tighter", {}),
        names=names_from(data),
    )


def names_from(data: Mapping[str, Any]) -> RuleNames:
    """Return the names of rules that `ruleset_context` wrote down."""
    return RuleNames(data.get("names", {}))


def stored_context(connection: Connection, run: int) -> dict[str, Any]:
    """Return the context that was recorded with a run."""
    text = connection.scalar(select(schema.run_bodies.c.parameters).where(schema.run_bodies.c.run_id == run))
    found: dict[str, Any] = json.loads(text or "{}")
    return found
