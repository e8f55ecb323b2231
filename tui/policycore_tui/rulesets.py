"""The rule sets behind findings: each is read once, in a thread, and what waited for it is shown then."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.rulesets.resolved import ResolvedRule, ResolvedRuleSet
from policycore.store.query import FindingRow

if TYPE_CHECKING:
    from policycore_tui.app import PolicycoreApp

__all__ = ["RuleSets"]


class RuleSets:
    """Hold the rule sets that were read, or why one could not be."""

    def __init__(self, app: PolicycoreApp) -> None:
        self.app = app
        self._read: dict[str, ResolvedRuleSet | str] = {}
        self._newest = ""
        self.look()

    def look(self) -> None:
        """Look which rule set the newest run was judged by."""
        run = self.app.office.latest()
        self._newest = run.ruleset if run else ""

    def get(self, name: str) -> ResolvedRuleSet | str:
        """Return a rule set, or why it is not at hand; it is read where nobody waits for it."""
        if name not in self._read:
            self._read[name] = say("tui.rule.reading" if self.app.services.ruleset else "tui.rule.no-sets")
            if self.app.services.ruleset is not None:
                self.app.run_worker(partial(self._load, name), thread=True, group="ruleset", exit_on_error=False)
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
        ruleset = self.get(self._newest) if self._newest else ""
        if isinstance(ruleset, str):
            return {}
        return {rule.id: rule.rule.title.in_language() for rule in ruleset.rules}

    def _load(self, name: str) -> None:
        """Read a rule set, in a worker's thread."""
        if self.app.services.ruleset is None:
            return
        try:
            found: ResolvedRuleSet | str = self.app.services.ruleset(name)
        except PolicycoreError as error:
            found = str(error.problems[0]) if error.problems else str(error)
        except Exception as error:  # a plugin's rule may fail in any way; the list must not
            found = type(error).__name__
        self.app.later(self._loaded, name, found)

    def _loaded(self, name: str, found: ResolvedRuleSet | str) -> None:
        """Show what waited for a rule set."""
        self._read[name] = found
        if self.app.section is not None:
            self.app.section.ruleset_arrived()
