"""The rule sets behind findings: each is read once, in a thread, and what waited for it is shown then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.rulesets.resolved import ResolvedRule, ResolvedRuleSet
from policycore.store.query import FindingRow

__all__ = ["RuleSets"]


@dataclass(slots=True)
class RuleSets:
    """The rule sets that were read, or why one could not be.

    `start` begins something in a thread, `later` calls something from there, `arrived` is called when one was read.
    """

    load: Callable[[str], ResolvedRuleSet] | None
    start: Callable[[Callable[[], object]], object]
    later: Callable[..., object]
    arrived: Callable[[], object]
    newest: str = ""
    """The name of the rule set that judged the newest run."""
    _read: dict[str, ResolvedRuleSet | str] = field(default_factory=dict)

    def get(self, name: str) -> ResolvedRuleSet | str:
        """Return a rule set, or why it is not at hand; it is read where nobody waits for it."""
        if name not in self._read:
            self._read[name] = say("tui.rule.reading" if self.load else "tui.rule.no-sets")
            if self.load is not None:
                self.start(partial(self._load, self.load, name))
        return self._read[name]

    def rule_of(self, row: FindingRow) -> tuple[ResolvedRule | None, str]:
        """Return the rule behind a finding, or why it is not at hand."""
        ruleset = self.get(row.ruleset)
        if isinstance(ruleset, str):
            return None, ruleset
        found = next((rule for rule in ruleset.rules if rule.id == row.rule), None)
        return found, "" if found else say("tui.rule.gone")

    def titles(self) -> Mapping[str, str]:
        """Return the titles of the newest run's rules by their id, none until they have been read."""
        ruleset = self.get(self.newest) if self.newest else ""
        rules = () if isinstance(ruleset, str) else ruleset.rules
        return {rule.id: rule.rule.title.in_language() for rule in rules}

    def _load(self, load: Callable[[str], ResolvedRuleSet], name: str) -> None:
        """Read a rule set, in a thread."""
        try:
            found: ResolvedRuleSet | str = load(name)
        except PolicycoreError as error:
            found = str(error.problems[0]) if error.problems else str(error)
        except Exception as error:  # a plugin's rule may fail in any way; the list must not
            found = type(error).__name__
        self.later(self._keep, name, found)

    def _keep(self, name: str, found: ResolvedRuleSet | str) -> None:
        """Show what waited for a rule set."""
        self._read[name] = found
        self.arrived()
