"""Find the rule set that a command means: one of today, or the one that a stored run used (``NAME@RUN``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.errors import Problem, UsageError
from policycore.language import say

if TYPE_CHECKING:
    from policycore.plugin_api.plugins import PluginSet
    from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["ChosenRuleSet", "chosen_ruleset", "rules_of_then"]


@dataclass(frozen=True, slots=True)
class ChosenRuleSet:
    """Hold a rule set and, where a stored run used it, which run that was and what code judged then."""

    ruleset: ResolvedRuleSet
    run: int | None = None
    code: Mapping[str, str] | None = None

    def notes(self, code: Mapping[str, str]) -> tuple[Problem, ...]:
        """Return what to say where the rules of then are judged by another `code` than then."""
        from policycore.engine.code import changed_parts

        if self.run is None or self.code is None:
            return ()
        if not self.code:
            return (self._note("cli.code.unrecorded"),)
        changed = changed_parts(self.code, code)
        return (self._note("cli.code.other", parts=", ".join(changed)),) if changed else ()

    def _note(self, key: str, **values: object) -> Problem:
        """Return a note whose sentences stand under `key`."""
        return Problem(key, say(key, run=self.run, **values), say("cli.code.why"), say("cli.code.fix"))


def chosen_ruleset(text: str, plugins: PluginSet, folder: Path | None, store: str | None) -> ChosenRuleSet:
    """Return the rule set that `text` names; ``set.yaml@12`` is the one of run 12, whatever the file says now.

    Raises RuleSetError for a rule set that is wrong, UsageError for a run that used another one.
    """
    from policycore.rulesets.load import load_ruleset

    name, _, run = text.rpartition("@")
    if not rules_of_then(text):
        return ChosenRuleSet(load_ruleset(text, plugins.rules, plugins.ruleset_folders))
    from policycore.cli.in_workspace import needed_workspace
    from policycore.store.kept_rulesets import kept_ruleset
    from policycore.store.runs import find_run, load_header

    workspace = needed_workspace(folder, store)
    with workspace.open_store(read_only=True) as opened, opened.read() as connection:
        found = find_run(connection, run)
        code = load_header(connection, found).code
    kept = kept_ruleset(workspace, found.ruleset_hash, plugins.rules)
    if name not in ("", kept.name, *kept.files) and _set_name(Path(name)) != kept.name:
        key = "cli.ruleset.other"
        values = {"run": found.id, "used": kept.name, "name": name[:80]}
        raise UsageError(Problem(key, say(key, **values), say(f"{key}.why"), say(f"{key}.fix", **values)))
    return ChosenRuleSet(kept, found.id, code)


def rules_of_then(text: str) -> bool:
    """Return whether `text` names the rule set of a run, and no file or set that is called so."""
    return "@" in text and not Path(text).exists()


def _set_name(file: Path) -> str | None:
    """Return what the rule set in a file calls itself, None when that can't be told."""
    from policycore.errors import DataError
    from policycore.yaml.marked_yaml import read_yaml

    try:
        found = read_yaml(file)
    except (DataError, OSError):
        return None
    return str(found.get("ruleset")) if isinstance(found, dict) else None
