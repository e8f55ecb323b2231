"""Look rules up by id, name or former name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from policycore.plugin_api.rule import Rule

__all__ = ["RuleCatalogue"]


class RuleCatalogue:
    """The rules that a process knows, each under its id, its name and its aliases, and why others are missing."""

    def __init__(
        self, rules: Iterable[Rule], *, absent: Mapping[str, str] | None = None, failed: Iterable[str] = ()
    ) -> None:
        self._absent = dict(absent or {})
        self._failed = tuple(failed)
        self._rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._by_name: dict[str, Rule] = {}
        for rule in self._rules:
            for name in (rule.id, rule.name, *rule.aliases):
                self._by_name[name] = rule

    def get(self, name: str) -> Rule | None:
        """Return the rule called `name` (id, name or alias), or None."""
        return self._by_name.get(name)

    def why_absent(self, name: str) -> str:
        """Return why a plugin's rule called `name` takes no part, else which plugins failed; '' where none did."""
        return self._absent.get(name, "") or "; ".join(self._failed)

    def all(self) -> Sequence[Rule]:
        """Return every rule, sorted by id."""
        return self._rules

    def names(self) -> Sequence[str]:
        """Return every word by which a rule can be called, sorted; for "did you mean"."""
        return sorted(self._by_name)
