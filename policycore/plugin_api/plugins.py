"""Find plugins, load them one by one, and report what is broken while the rest goes on.

Plugins run in this process and are trusted code; isolation here means that a plugin that can't be
imported, raises in a hook, exits in one or clashes with another becomes a problem with its name on it.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import Distribution, EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from policycore.errors import PluginError, Problem
from policycore.language import say
from policycore.plugin_api.hookspecs import PROJECT, Hooks
from policycore.system.process import Interruption

if TYPE_CHECKING:
    import click

    from policycore.plugin_api.offers import LazyCommand, Notifier, Panel, ReportFormat
    from policycore.plugin_api.rule import Rule
    from policycore.plugin_api.rule_catalogue import RuleCatalogue
    from policycore.plugin_api.source import Source

__all__ = ["Plugin", "PluginSet", "load_plugins"]

HOOK_LIMIT = 10.0
"""Seconds after which a hook call is reported as slow; it can't be stopped, only named."""


@dataclass(slots=True)
class Plugin:
    """One plugin as found: where it comes from, whether it loaded, what it brought."""

    name: str
    module: str
    distribution: str
    version: str
    ok: bool = True
    problem: Problem | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return the name under which pluggy knows the plugin."""
        return f"{self.name} ({self.distribution})"


class PluginSet:
    """The plugins of this process and what their hooks return, asked when first needed."""

    def __init__(self, entries: Iterable[EntryPoint] | None = None, only: Iterable[str] | None = None) -> None:
        self.manager = pluggy.PluginManager(PROJECT)
        self.manager.add_hookspecs(Hooks)
        self.problems: list[Problem] = []
        self.plugins: list[Plugin] = []
        self._distributions: dict[Distribution, tuple[str, str]] = {}
        self._trace = os.environ.get("POLICYCORE_TRACE") == "1"
        self._load(entry_points(group=PROJECT) if entries is None else entries, only)

    def _load(self, entries: Iterable[EntryPoint], only: Iterable[str] | None) -> None:
        """Import and register each entry point on its own."""
        wanted = None if only is None else list(only)
        found = sorted(entries, key=lambda entry: (entry.name, entry.value))
        # pluggy calls last what was registered first: backwards, so that plugins answer in alphabetical order.
        for entry in reversed(found):
            if wanted is None or entry.name in wanted:
                self._load_one(entry)
        self.plugins.reverse()
        self.problems.reverse()
        names = Counter(plugin.name for plugin in self.plugins)
        for name in sorted(name for name, count in names.items() if count > 1):
            sharing = [f"{plugin.distribution} ({plugin.module})" for plugin in self.plugins if plugin.name == name]
            self._report("plugin.same-name", name=name, distributions=", ".join(sharing))
        for name in wanted or ():
            if name not in {entry.name for entry in found}:
                self._report("plugin.not-found", name=name)

    def _load_one(self, entry: EntryPoint) -> None:
        """Import one entry point; what it raises becomes its problem."""
        distribution, version = self._distribution(entry)
        plugin = Plugin(name=entry.name, module=entry.value, distribution=distribution, version=version)
        self.plugins.append(plugin)
        with self._held_against(plugin, "plugin.not-loaded"):
            self.manager.register(entry.load(), name=plugin.key)
            self.manager.check_pending()
        # Half registered, its unknown hook would be held against every plugin that follows.
        if not plugin.ok and self.manager.has_plugin(plugin.key):
            self.manager.unregister(name=plugin.key)

    @contextmanager
    def _held_against(self, plugin: Plugin, code: str, **values: object) -> Iterator[None]:
        """Make whatever is raised in a ``with`` block the problem of `plugin`, but for a signal that came meanwhile."""
        interruption = Interruption()
        try:
            with interruption:
                yield
        except BaseException as error:  # any plugin may fail in any way, or end the process
            if not interruption.came:
                self._break(plugin, code, error, **values)
        interruption.halt()

    def _distribution(self, entry: EntryPoint) -> tuple[str, str]:
        """Return name and version of what an entry point belongs to; asking for each reads and parses a file."""
        if entry.dist is None:
            return "?", "?"
        if entry.dist not in self._distributions:
            metadata = entry.dist.metadata
            self._distributions[entry.dist] = metadata["Name"], metadata["Version"]
        return self._distributions[entry.dist]

    def _break(self, plugin: Plugin, code: str, error: BaseException, **values: object) -> None:
        """Mark `plugin` as broken by `error`."""
        plugin.ok = False
        first = (str(error).splitlines() or [""])[0]
        plugin.problem = self._report(
            code,
            name=plugin.name,
            distribution=plugin.distribution,
            error=f"{type(error).__name__}: {first}" if first else type(error).__name__,
            **values,
        )

    def _report(self, code: str, **values: object) -> Problem:
        """Add and return the problem called `code` with its three texts from the catalogue."""
        text = code.replace("plugin.", "plugin_api.", 1)
        problem = Problem(
            code=code,
            what=say(text, **values),
            why=say(f"{text}.why", **values),
            fix=say(f"{text}.fix", **values),
        )
        self.problems.append(problem)
        return problem

    def _ask(self, hook: str, fits: Callable[[Any], bool] = lambda _item: True) -> list[tuple[Plugin, Any]]:
        """Call `hook` in one plugin after the other; return every item that `fits` with the plugin it came from."""
        by_key = {plugin.key: plugin for plugin in self.plugins}
        found = list(reversed(getattr(self.manager.hook, hook).get_hookimpls()))
        wrappers = [by_key[one.plugin_name] for one in found if one.wrapper or one.hookwrapper]
        items: list[tuple[Plugin, Any]] = []
        for plugin in (by_key[one.plugin_name] for one in found if not (one.wrapper or one.hookwrapper)):
            began = time.perf_counter()
            answer = self._answer(hook, plugin, wrappers)
            seconds = time.perf_counter() - began
            if self._trace:
                print(f"{hook}  {plugin.name}  {len(answer)}  {seconds * 1000:.1f} ms", file=sys.stderr)  # noqa: T201 - asked for by the environment
            if seconds > HOOK_LIMIT:
                self._report("plugin.slow", name=plugin.name, hook=hook, seconds=f"{seconds:.0f}")
            plugin.counts[hook.removeprefix("policycore_")] = len(answer)
            for item in answer:
                fit = False
                with self._held_against(plugin, "plugin.hook-failed", hook=hook):
                    fit = fits(item)
                if fit:
                    items.append((plugin, item))
                elif plugin.ok:
                    shown = getattr(item, "__name__", type(item).__name__)
                    self._report(
                        "plugin.bad-offer", name=plugin.name, distribution=plugin.distribution, hook=hook, item=shown
                    )
        return items

    def _answer(self, hook: str, plugin: Plugin, wrappers: list[Plugin]) -> list[Any]:
        """Return what `hook` returns in `plugin` alone, inside those of the `wrappers` that do not raise themselves.

        Wrappers join one after the other, so that one that fails is found, left out from then on and named.
        """
        answer: list[Any] = []
        callers: list[Plugin] = []
        for caller in (plugin, *wrappers):
            names = {member.key for member in (*callers, caller)}
            others = [module for name, module in self.manager.list_name_plugin() if name not in names]
            well = False
            with self._held_against(caller, "plugin.hook-failed", hook=hook):
                returned = self.manager.subset_hook_caller(hook, others)()
                answer = [item for items in returned for item in items]
                well = True
            if well:
                callers.append(caller)
            elif caller is plugin:
                return []
            else:
                wrappers.remove(caller)
        return answer

    @cached_property
    def rules(self) -> RuleCatalogue:
        """Return every rule that is well made and whose names nobody else claims."""
        from policycore.plugin_api.rule_catalogue import RuleCatalogue
        from policycore.plugin_api.rule_contract import rule_faults

        owners: dict[str, list[tuple[Plugin, type[Rule]]]] = {}
        made: list[tuple[Plugin, type[Rule]]] = []
        for plugin, rule in self._ask("policycore_rules"):
            faults = rule_faults(rule)
            if faults:
                self._report(
                    "plugin.bad-rule",
                    name=plugin.name,
                    distribution=plugin.distribution,
                    rule=getattr(rule, "__name__", repr(type(rule))),
                    faults="; ".join(faults),
                )
                continue
            made.append((plugin, rule))
            for name in {rule.id, rule.name, *rule.aliases}:
                owners.setdefault(name, []).append((plugin, rule))
        clashing: set[type[Rule]] = set()
        for name, claims in sorted(owners.items()):
            if len(claims) > 1:
                clashing.update(rule for _, rule in claims)
                who = ", ".join(f"{plugin.distribution} ({rule.__module__})" for plugin, rule in claims)
                self._report("plugin.duplicate-rule", rule=name, distributions=who)
        # Which of two rules a name means must not depend on the order of loading: neither is used.
        return RuleCatalogue(rule() for _, rule in made if rule not in clashing)

    @cached_property
    def ruleset_folders(self) -> tuple[Path, ...]:
        """Return the folders in which rule sets are looked up by name."""
        return tuple(Path(folder) for _, folder in self._ask("policycore_rulesets", _is_path))

    @cached_property
    def recipe_folders(self) -> tuple[Path, ...]:
        """Return the folders in which import recipes are looked up by name."""
        return tuple(Path(folder) for _, folder in self._ask("policycore_recipes", _is_path))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Return the readers for foreign formats."""
        from policycore.plugin_api.source import Source

        def fits(item: Any) -> bool:
            return isinstance(item, type) and issubclass(item, Source) and bool(item.name)

        return tuple(source() for _, source in self._ask("policycore_sources", fits))

    @cached_property
    def reports(self) -> tuple[ReportFormat, ...]:
        """Return the report formats that plugins add."""
        from policycore.plugin_api.offers import ReportFormat

        return tuple(item for _, item in self._ask("policycore_reports", lambda item: isinstance(item, ReportFormat)))

    @cached_property
    def notifiers(self) -> tuple[Notifier, ...]:
        """Return the ways to send notices that plugins add."""
        from policycore.plugin_api.offers import Notifier

        return tuple(item for _, item in self._ask("policycore_notifiers", lambda item: isinstance(item, Notifier)))

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """Return the panels that plugins add to the terminal interface."""
        from policycore.plugin_api.offers import Panel

        return tuple(item for _, item in self._ask("policycore_panels", lambda item: isinstance(item, Panel)))

    @cached_property
    def commands(self) -> Mapping[str, click.Command | LazyCommand]:
        """Return the commands that plugins add, by name; of two under one name neither is used."""
        return {name: offered for name, (_, offered) in self._commands.items()}

    @cached_property
    def _commands(self) -> dict[str, tuple[Plugin, click.Command | LazyCommand]]:
        """Return the commands with the plugins they come from."""
        import click

        from policycore.plugin_api.offers import LazyCommand

        def fits(item: Any) -> bool:
            return isinstance(item, (click.Command, LazyCommand)) and bool(item.name)

        offered = self._ask("policycore_commands", fits)
        counts = Counter(command.name for _, command in offered)
        for name in sorted(name for name, count in counts.items() if count > 1):
            who = ", ".join(plugin.key for plugin, command in offered if command.name == name)
            self._report("plugin.duplicate-command", command=name, distributions=who)
        return {command.name: (plugin, command) for plugin, command in offered if counts[command.name] == 1}

    def command(self, name: str) -> click.Command | None:
        """Return the command called `name`, imported; None where no plugin has one.

        Raises PluginError for one that cannot be imported.
        """
        import click

        if name not in self._commands:
            return None
        plugin, offered = self._commands[name]
        if isinstance(offered, click.Command):
            return offered
        found: click.Command | None = None
        with self._held_against(plugin, "plugin.hook-failed", hook="policycore_commands"):
            found = offered.load()
            if not isinstance(found, click.Command):
                raise TypeError(f"{offered.target} is no click command")
        if plugin.problem is not None:
            raise PluginError(plugin.problem)
        return found


def _is_path(item: Any) -> bool:
    """Return whether `item` names a folder."""
    return isinstance(item, (str, os.PathLike))


def load_plugins(environment: Mapping[str, str] | None = None) -> PluginSet:
    """Return the installed plugins; ``POLICYCORE_PLUGINS=a,b`` limits them to exactly those."""
    chosen = (os.environ if environment is None else environment).get("POLICYCORE_PLUGINS")
    only = None if chosen is None else [name.strip() for name in chosen.split(",") if name.strip()]
    return PluginSet(only=only)
