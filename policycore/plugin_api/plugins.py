"""What the installed plugins bring: checked before it is used, and used through what holds its calls against it.

Of two that claim one name neither is used: which of them was meant must not depend on the order of loading.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policycore.errors import PluginError, Problem, UsageError
from policycore.language import say
from policycore.plugin_api.loaded import LoadedPlugins, Offered
from policycore.plugin_api.lock import read_lock
from policycore.plugin_api.plugin import Plugin, kind_of

if TYPE_CHECKING:
    import click

    from policycore.plugin_api.held import HeldNotifier, HeldPanel, HeldReport, HeldSource
    from policycore.plugin_api.offers import LazyCommand
    from policycore.plugin_api.rule_catalogue import RuleCatalogue

__all__ = ["Plugin", "PluginSet", "load_plugins"]

_OFFERS = ("rules", "ruleset_folders", "recipe_folders", "sources", "reports", "notifiers", "commands", "panels")


class PluginSet(LoadedPlugins):
    """The plugins of this process and what their hooks return, asked when first needed."""

    def ask_all(self) -> None:
        """Call every hook, so that what plugins bring is counted and what is wrong with it known."""
        for name in _OFFERS:
            getattr(self, name)

    @cached_property
    def rules(self) -> RuleCatalogue:
        """Return every rule that is well made and whose names nobody else claims."""
        from policycore.plugin_api.rule_catalogue import RuleCatalogue
        from policycore.plugin_api.rule_contract import rule_faults

        made = self._ask("policycore_rules", rule_faults, lambda _, rule: rule())
        kept = self._unclaimed("rule", made, lambda rule: (rule.id, rule.name, *rule.aliases))
        failed = [plugin.problem.what for plugin in self.plugins if plugin.problem is not None]
        return RuleCatalogue((rule for _, rule in kept), absent=self._absent, failed=failed)

    @cached_property
    def ruleset_folders(self) -> tuple[Path, ...]:
        """Return the folders in which rule sets are looked up by name."""
        return self._folders("policycore_rulesets", "ruleset")

    @cached_property
    def recipe_folders(self) -> tuple[Path, ...]:
        """Return the folders in which import recipes are looked up by name."""
        return self._folders("policycore_recipes", "recipe")

    def _folders(self, hook: str, kind: str) -> tuple[Path, ...]:
        """Return the folders that plugins name; whoever looks up a name that stands in two of them is refused."""
        from policycore.plugin_api.offer_contract import folder_faults

        offered = self._ask(hook, folder_faults, lambda _, folder: Path(folder))
        files = [(plugin, file) for plugin, folder in offered for file in sorted(folder.glob("*.y*ml"))]
        self._unclaimed(kind, files, lambda file: (file.stem,))
        return tuple(folder for _, folder in offered)

    @cached_property
    def sources(self) -> tuple[HeldSource, ...]:
        """Return the readers for foreign formats."""
        from policycore.plugin_api.held import HeldSource
        from policycore.plugin_api.offer_contract import source_faults

        def hold(plugin: Plugin, source: Any) -> HeldSource:
            return HeldSource(plugin, source())

        return _items(self._unclaimed("source", self._ask("policycore_sources", source_faults, hold), _name))

    @cached_property
    def reports(self) -> tuple[HeldReport, ...]:
        """Return the report formats that plugins add."""
        from policycore.plugin_api.held import HeldReport
        from policycore.plugin_api.offer_contract import report_faults

        return _items(self._unclaimed("report", self._ask("policycore_reports", report_faults, HeldReport), _name))

    @cached_property
    def notifiers(self) -> tuple[HeldNotifier, ...]:
        """Return the ways to send notices that plugins add."""
        from policycore.plugin_api.held import HeldNotifier
        from policycore.plugin_api.offer_contract import notifier_faults

        return _items(self._ask("policycore_notifiers", notifier_faults, HeldNotifier))

    @cached_property
    def panels(self) -> tuple[HeldPanel, ...]:
        """Return the panels that plugins add to the terminal interface."""
        from policycore.plugin_api.held import HeldPanel
        from policycore.plugin_api.offer_contract import panel_faults

        return _items(self._ask("policycore_panels", panel_faults, HeldPanel))

    @cached_property
    def commands(self) -> Mapping[str, click.Command | LazyCommand]:
        """Return the commands that plugins add, by name; of two under one name neither is used."""
        return {name: offered for name, (_, offered) in self._commands.items()}

    @cached_property
    def _commands(self) -> dict[str, tuple[Plugin, click.Command | LazyCommand]]:
        """Return the commands with the plugins they come from."""
        from policycore.plugin_api.offer_contract import command_faults

        offered = self._ask("policycore_commands", command_faults, lambda _, command: command)
        return {command.name: (plugin, command) for plugin, command in self._unclaimed("command", offered, _name)}

    def refuse(self, kind: str, taken: Iterable[str]) -> None:
        """Say of each command or report under a name that is `taken` that it is not used: built-in ones stay."""
        offered = (
            {name: plugin for name, (plugin, _) in self._commands.items()}
            if kind == "command"
            else {report.name: report.plugin for report in self.reports}
        )
        for name in sorted(set(taken) & set(offered)):
            problem = offered[name].problem_of("plugin.taken", kind=say(f"plugin_api.kind.{kind}"), item=name)
            if problem not in self.problems:
                self.problems.append(problem)
                offered[name].dropped.append(name)

    def command(self, name: str) -> click.Command | None:
        """Return the command called `name`, imported; None where no plugin has one.

        Raises PluginError for one that cannot be imported.
        """
        import click

        if name not in self._commands:
            return None
        plugin, offered = self._commands[name]

        def work() -> click.Command:
            found = offered if isinstance(offered, click.Command) else offered.load()
            if not isinstance(found, click.Command):
                raise TypeError(f"{kind_of(found)} is no click command")
            return found

        return plugin.call(f"policycore {name}", work, kind="import")

    def command_line(self, name: str) -> str:
        """Return the line about a plugin's command that stands in the overview; why there is none where it fails."""
        from policycore.plugin_api.offers import LazyCommand

        plugin, offered = self._commands[name]
        if isinstance(offered, LazyCommand):
            return str(offered.short)
        try:
            return plugin.call(f"policycore {name}", lambda: str(offered.get_short_help_str(100)))
        except PluginError as error:
            self._break(plugin, error)
            return error.problems[0].what

    def command_owner(self, name: str) -> Plugin:
        """Return the plugin that brings the command called `name`; KeyError where none does."""
        return self._commands[name][0]


def _items(offered: Offered) -> tuple[Any, ...]:
    return tuple(item for _, item in offered)


def _name(item: Any) -> Iterator[str]:
    yield item.name


def load_plugins(environment: Mapping[str, str] | None = None, lock: Path | None = None) -> PluginSet:
    """Return the installed plugins; ``POLICYCORE_PLUGINS=a,b`` limits them to exactly those.

    ``POLICYCORE_PLUGIN_SECONDS`` is how long any call of a plugin may take. `lock`, or the file that
    ``POLICYCORE_PLUGINS_LOCK`` names, says which may be loaded at all. Raises UsageError for what is no number of
    seconds or no lock.
    """
    settings = os.environ if environment is None else environment
    chosen, limit = settings.get("POLICYCORE_PLUGINS"), settings.get("POLICYCORE_PLUGIN_SECONDS")
    only = None if chosen is None else [name.strip() for name in chosen.split(",") if name.strip()]
    try:
        seconds = float(limit) if limit else None
    except ValueError:
        seconds = 0
    if seconds is not None and not 0 < seconds < 1_000_000:
        raise UsageError(Problem.of("plugin_api.seconds", value=str(limit)[:60]))
    named = settings.get("POLICYCORE_PLUGINS_LOCK")
    file = lock or (Path(named) if named else None)
    return PluginSet(only=only, seconds=seconds, lock=None if file is None else read_lock(file))
