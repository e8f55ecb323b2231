"""Find plugins, load them one by one, and report what is broken while the rest goes on.

Plugins run in this process and are trusted code; isolation here means that a plugin that can't be
imported, raises in a hook or clashes with another becomes a problem with its name on it.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import Distribution, EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from policycore.errors import Problem
from policycore.language import say
from policycore.plugin_api.hookspecs import PROJECT, Hooks

if TYPE_CHECKING:
    from policycore.plugin_api.rule import Rule
    from policycore.plugin_api.rule_catalogue import RuleCatalogue
    from policycore.plugin_api.source import Source

__all__ = ["Plugin", "PluginSet", "load_plugins"]

HOOK_LIMIT = 10.0
"""Seconds after which a hook call is reported as slow; it can't be stopped, only named."""


@dataclass(slots=True)
class Plugin:
    """Describe one plugin as found: where it comes from, whether it loaded, what it brought."""

    name: str
    module: str
    distribution: str
    version: str
    ok: bool = True
    problem: Problem | None = None
    counts: dict[str, int] = field(default_factory=dict)


class PluginSet:
    """Hold the plugins of this process and what their hooks return, asked when first needed."""

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
        for entry in found:
            if wanted is None or entry.name in wanted:
                self._load_one(entry)
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
        name = f"{entry.name} ({plugin.distribution})"
        try:
            self.manager.register(entry.load(), name=name)
            self.manager.check_pending()
        except (Exception, SystemExit) as error:  # any plugin may fail in any way
            # Half registered, its unknown hook would be held against every plugin that follows.
            if self.manager.has_plugin(name):
                self.manager.unregister(name=name)
            self._break(plugin, "plugin.not-loaded", error)

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
        problem = Problem(
            code=code,
            what=say(code, **values),
            why=say(f"{code}.why", **values),
            fix=say(f"{code}.fix", **values),
        )
        self.problems.append(problem)
        return problem

    def _ask(self, hook: str) -> list[tuple[Plugin, Any]]:
        """Call `hook` in each plugin on its own; return every item with the plugin it came from."""
        items: list[tuple[Plugin, Any]] = []
        for implementation in getattr(self.manager.hook, hook).get_hookimpls():
            plugin = next(p for p in self.plugins if implementation.plugin_name == f"{p.name} ({p.distribution})")
            began = time.perf_counter()
            try:
                answer = list(implementation.function())
            except Exception as error:  # any plugin may fail in any way
                self._break(plugin, "plugin.hook-failed", error, hook=hook)
                continue
            seconds = time.perf_counter() - began
            if self._trace:
                print(f"{hook}  {plugin.name}  {len(answer)}  {seconds * 1000:.1f} ms", file=sys.stderr)  # noqa: T201 - asked for by the environment
            if seconds > HOOK_LIMIT:
                self._report("plugin.slow", name=plugin.name, hook=hook, seconds=f"{seconds:.0f}")
            plugin.counts[hook.removeprefix("policycore_")] = len(answer)
            items += [(plugin, item) for item in answer]
        return items

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
        return tuple(Path(folder) for _, folder in self._ask("policycore_rulesets"))

    @cached_property
    def recipe_folders(self) -> tuple[Path, ...]:
        """Return the folders in which import recipes are looked up by name."""
        return tuple(Path(folder) for _, folder in self._ask("policycore_recipes"))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Return the readers for foreign formats; what is no source becomes a problem."""
        from policycore.plugin_api.source import Source

        found: list[Source] = []
        for plugin, source in self._ask("policycore_sources"):
            if isinstance(source, type) and issubclass(source, Source) and source.name:
                found.append(source())
            else:
                shown = getattr(source, "__name__", type(source).__name__)
                self._report("plugin.bad-source", name=plugin.name, distribution=plugin.distribution, source=shown)
        return tuple(found)

    @cached_property
    def reports(self) -> tuple[Any, ...]:
        """Return the report formats that plugins add."""
        return tuple(item for _, item in self._ask("policycore_reports"))

    @cached_property
    def commands(self) -> tuple[Any, ...]:
        """Return the commands that plugins add."""
        return tuple(item for _, item in self._ask("policycore_commands"))

    @cached_property
    def panels(self) -> tuple[Any, ...]:
        """Return the panels that plugins add to the terminal interface."""
        return tuple(item for _, item in self._ask("policycore_panels"))

    def ask(self, hook: str) -> tuple[Any, ...]:
        """Return what any other hook returns, for example ``policycore_notifiers``."""
        return tuple(item for _, item in self._ask(hook))


def load_plugins(environment: Mapping[str, str] | None = None) -> PluginSet:
    """Return the installed plugins; ``POLICYCORE_PLUGINS=a,b`` limits them to exactly those."""
    chosen = (os.environ if environment is None else environment).get("POLICYCORE_PLUGINS")
    only = None if chosen is None else [name.strip() for name in chosen.split(",") if name.strip()]
    return PluginSet(only=only)
