"""Look rules up by id, name or former name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policycore.plugin_api.rule import Rule

__all__ = ["RuleCatalogue"]


class RuleCatalogue:
    """The rules that a process knows, each under its id, its name and its aliases."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._by_name: dict[str, Rule] = {}
        for rule in self._rules:
            for name in (rule.id, rule.name, *rule.aliases):
                self._by_name[name] = rule

    def get(self, name: str) -> Rule | None:
        """Return the rule called `name` (id, name or alias), or None."""
        return self._by_name.get(name)

    def all(self) -> Sequence[Rule]:
        """Return every rule, sorted by id."""
        return self._rules

    def names(self) -> Sequence[str]:
        """Return every word by which a rule can be called, sorted; for "did you mean"."""
        return sorted(self._by_name)
