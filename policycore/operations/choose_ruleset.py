"""Find the rule set that a person means: one of today, or the one that a stored run used (``NAME@RUN``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.plugin_api.plugins import PluginSet, load_plugins
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.store.workspace import Workspace, needed_workspace

__all__ = ["ChosenRuleSet", "choose_ruleset", "load_ruleset"]


@dataclass(frozen=True, slots=True)
class ChosenRuleSet:
    """A rule set and, where a stored run used it, which run that was and what code judged then.

    A check by the rules of an earlier run answers a question, no more.
    """

    ruleset: ResolvedRuleSet
    run: int | None = None
    code: Mapping[str, str] | None = None

    def notes(self) -> tuple[Problem, ...]:
        """Return what to say where the rules of then are judged by another code than then."""
        from policycore.engine.code import changed_parts, code_parts

        changed = [] if self.code is None else changed_parts(self.code, code_parts(self.ruleset))
        if not changed:
            return ()
        key = "operations.code.other"
        what = say(key, run=self.run, parts=", ".join(changed))
        return (Problem(key, what, say("operations.code.why"), say("operations.code.fix")),)


def load_ruleset(name: str | Path, *, plugins: PluginSet | None = None) -> ResolvedRuleSet:
    """Return the rule set of that name, or in that file, checked and composed with all that it extends.

    Raises RuleSetError with every mistake in it, each with its place.
    """
    from policycore.rulesets.load import load_ruleset as load

    plugins = plugins or load_plugins()
    return load(name, plugins.rules, plugins.ruleset_folders)


def choose_ruleset(
    name: str | Path | ResolvedRuleSet, *, plugins: PluginSet, workspace: Workspace | None = None
) -> ChosenRuleSet:
    """Return the rule set that `name` means; ``set.yaml@12`` is the one of run 12, whatever the file says now.

    Raises RuleSetError for a rule set that is wrong, UsageError for a run that used another one. Without `workspace`
    the run is looked up in the one at hand.
    """
    if isinstance(name, ResolvedRuleSet):
        return ChosenRuleSet(name)
    # A file or a set may be called so itself.
    if "@" not in str(name) or Path(name).exists():
        return ChosenRuleSet(load_ruleset(name, plugins=plugins))
    from policycore.store.kept.runs import find_run, load_header
    from policycore.store.kept_rulesets import kept_ruleset

    word, _, run = str(name).rpartition("@")
    workspace = workspace or needed_workspace()
    with workspace.open_store(read_only=True) as opened, opened.read() as connection:
        found = find_run(connection, run)
        code = load_header(connection, found).code
    kept = kept_ruleset(workspace, found.ruleset_hash, plugins.rules)
    if word not in ("", kept.name, *kept.files) and _set_name(Path(word)) != kept.name:
        raise UsageError(Problem.of("operations.other-ruleset", run=found.id, used=kept.name, name=word[:80]))
    return ChosenRuleSet(kept, found.id, code)


def _set_name(file: Path) -> str | None:
    """Return what the rule set in a file calls itself, None when that can't be told."""
    from policycore.yaml.read import document
    from policycore.yaml.scan import WRITTEN

    node, _ = document(file, str(file), WRITTEN, includes=True)
    name = node.get("ruleset") if node is not None else None
    return None if name is None else str(name.value)
