"""Find plugins, load them one by one, and report what is broken while the rest goes on.

What a plugin offers is checked before it is used, and used through what holds its calls against it. Of two that claim
one name neither is used: which of them was meant must not depend on the order of loading.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from importlib.metadata import Distribution, EntryPoint, entry_points
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

from policycore.errors import PluginError, Problem, UsageError
from policycore.language import say
from policycore.plugin_api.hookspecs import PROJECT, Hooks
from policycore.plugin_api.plugin import Plugin, kind_of

if TYPE_CHECKING:
    import click

    from policycore.plugin_api.held import HeldNotifier, HeldPanel, HeldReport, HeldSource
    from policycore.plugin_api.offers import LazyCommand
    from policycore.plugin_api.rule_catalogue import RuleCatalogue

__all__ = ["Plugin", "PluginSet", "load_plugins"]

Item = TypeVar("Item")
Offered = list[tuple[Plugin, Any]]

SLOW = 10.0
"""Seconds after which a hook call is reported as slow, though it came to an end."""
MOST_OFFERS = 10_000
_OFFERS = ("rules", "ruleset_folders", "recipe_folders", "sources", "reports", "notifiers", "commands", "panels")


class PluginSet:
    """The plugins of this process and what their hooks return, asked when first needed."""

    def __init__(
        self,
        entries: Iterable[EntryPoint] | None = None,
        only: Iterable[str] | None = None,
        seconds: float | None = None,
    ) -> None:
        self.manager = pluggy.PluginManager(PROJECT)
        self.manager.add_hookspecs(Hooks)
        self.problems: list[Problem] = []
        self.plugins: list[Plugin] = []
        self._seconds = seconds
        self._absent: dict[str, str] = {}
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
        named: dict[str, list[Plugin]] = {}
        for plugin in self.plugins:
            named.setdefault(plugin.name, []).append(plugin)
        for name, sharing in sorted(named.items()):
            if len(sharing) > 1:
                who = ", ".join(f"{plugin.distribution} ({plugin.module})" for plugin in sharing)
                self._report("plugin.same-name", name=name, distributions=who)
        for name in wanted or ():
            if name not in {entry.name for entry in found}:
                self._report("plugin.not-found", name=name)

    def _load_one(self, entry: EntryPoint) -> None:
        """Import one entry point; what it raises becomes its problem."""
        distribution, version = self._distribution(entry)
        plugin = Plugin(entry.name, entry.value, distribution, version, self._seconds)
        self.plugins.append(plugin)

        def work() -> None:
            self.manager.register(entry.load(), name=plugin.key)
            self.manager.check_pending()

        try:
            plugin.call(entry.value, work, kind="import", code="plugin.not-loaded")
        except PluginError as error:
            self._break(plugin, error)
            # Half registered, its unknown hook would be held against every plugin that follows.
            if self.manager.has_plugin(plugin.key):
                self.manager.unregister(name=plugin.key)

    def _distribution(self, entry: EntryPoint) -> tuple[str, str]:
        """Return name and version of what an entry point belongs to; asking for each reads and parses a file."""
        if entry.dist is None:
            return "?", "?"
        if entry.dist not in self._distributions:
            metadata = entry.dist.metadata
            self._distributions[entry.dist] = metadata["Name"] or "?", metadata["Version"] or "?"
        return self._distributions[entry.dist]

    def _break(self, plugin: Plugin, error: PluginError) -> None:
        """Mark `plugin` as broken by `error`."""
        plugin.ok = False
        plugin.problem = error.problems[0]
        self.problems.append(plugin.problem)

    def _report(self, code: str, **values: Any) -> Problem:
        """Add and return the problem called `code` with its three texts from the catalogue."""
        problem = Problem.of(code.replace("plugin.", "plugin_api.", 1), code=code, **values)
        self.problems.append(problem)
        return problem

    def _drop(self, plugin: Plugin, hook: str, words: Sequence[str], faults: Iterable[str]) -> None:
        """Leave out one thing that `plugin` offers, known by `words`, and say why."""
        code = "plugin.bad-rule" if hook == "policycore_rules" else "plugin.bad-offer"
        problem = plugin.problem_of(code, hook=hook, item=words[0], faults="; ".join(faults))
        self.problems.append(problem)
        plugin.dropped.append(words[-1])
        if hook == "policycore_rules":
            self._absent |= dict.fromkeys(words, problem.what)

    def _ask(self, hook: str, faults: Callable[[Any], list[str]], hold: Callable[[Plugin, Any], Any]) -> Offered:
        """Call `hook` in one plugin after the other; return what `hold` makes of every item without `faults`."""
        by_key = {plugin.key: plugin for plugin in self.plugins}
        found = list(reversed(getattr(self.manager.hook, hook).get_hookimpls()))
        wrappers = [by_key[one.plugin_name] for one in found if one.wrapper or one.hookwrapper]
        items: Offered = []
        for plugin in (by_key[one.plugin_name] for one in found if not (one.wrapper or one.hookwrapper)):
            began = time.perf_counter()
            answer = self._answer(hook, plugin, wrappers)
            seconds = time.perf_counter() - began
            if self._trace:
                print(f"{hook}  {plugin.name}  {len(answer)}  {seconds * 1000:.1f} ms", file=sys.stderr)  # noqa: T201 - asked for by the environment
            if seconds > SLOW:
                self._report("plugin.slow", name=plugin.name, hook=hook, seconds=f"{seconds:.0f}")
            plugin.counts[hook.removeprefix("policycore_")] = len(answer)
            for item in answer:
                try:
                    # Properties, metaclasses and constructors are the plugin's code as well.
                    found, wrong, words = plugin.call(hook, partial(_held, item, plugin, faults, hold))
                except PluginError as error:
                    plugin.dropped.append(type(item).__name__)
                    self._break(plugin, error)
                    continue
                if wrong:
                    self._drop(plugin, hook, words, wrong)
                else:
                    items.append((plugin, found))
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
            alone = caller is plugin
            try:
                answer = caller.call(hook, partial(self._call, hook, others, alone=alone))
                callers.append(caller)
            except PluginError as error:
                self._break(caller, error)
                if alone:
                    return []
                wrappers.remove(caller)
        return answer

    def _call(self, hook: str, others: list[Any], *, alone: bool) -> list[Any]:
        """Return the items that `hook` returns in all plugins but the `others`."""
        returned = self.manager.subset_hook_caller(hook, others)()
        if alone and not returned:
            raise TypeError("returns None")
        if any(isinstance(items, (str, bytes)) for items in returned):
            raise TypeError("returns no list")
        answer = list(islice((item for items in returned for item in items), MOST_OFFERS + 1))
        if len(answer) > MOST_OFFERS:
            raise TypeError(f"returns more than {MOST_OFFERS} items")
        return answer

    def _unclaimed(self, kind: str, offered: Offered, names: Callable[[Any], Iterable[str]]) -> Offered:
        """Return the offers whose `names` nobody else claims, whatever their case; name all who claim the others."""
        claims: dict[str, Offered] = {}
        for plugin, item in offered:
            for name in dict.fromkeys(word.casefold() for word in names(item)):
                claims.setdefault(name, []).append((plugin, item))
        clashing: set[int] = set()
        for name, claiming in sorted(claims.items()):
            if len(claiming) > 1:
                clashing.update(id(item) for _, item in claiming)
                shown = next(word for word in names(claiming[0][1]) if word.casefold() == name)
                who = ", ".join(f"{plugin.distribution} ({_home(kind, plugin, item)})" for plugin, item in claiming)
                what = say(f"plugin_api.kind.{kind}")
                problem = Problem.of(
                    "plugin_api.duplicate", code=f"plugin.duplicate-{kind}", kind=what, item=shown, distributions=who
                )
                self.problems.append(problem)
                for plugin, item in claiming:
                    plugin.dropped.append(shown)
                    if kind == "rule":
                        self._absent |= dict.fromkeys(names(item), problem.what)
        return [(plugin, item) for plugin, item in offered if id(item) not in clashing]

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


def _held(
    item: Any, plugin: Plugin, faults: Callable[[Any], list[str]], hold: Callable[[Plugin, Any], Any]
) -> tuple[Any, list[str], list[str]]:
    """Return what is used in the place of an item, or what is wrong with it and the words by which it is known."""
    wrong = faults(item)
    if not wrong:
        return hold(plugin, item), [], []
    named = (getattr(item, name, None) for name in ("id", "name"))
    return None, wrong, [kind_of(item), *(word[:80] for word in named if isinstance(word, str) and word)]


def _items(offered: Offered) -> tuple[Any, ...]:
    return tuple(item for _, item in offered)


def _name(item: Any) -> Iterator[str]:
    yield item.name


def _home(kind: str, plugin: Plugin, item: Any) -> str:
    """Return where an item is defined, as far as that is known."""
    if isinstance(item, Path):
        return str(item)
    return type(item).__module__ if kind == "rule" else plugin.module


def load_plugins(environment: Mapping[str, str] | None = None) -> PluginSet:
    """Return the installed plugins; ``POLICYCORE_PLUGINS=a,b`` limits them to exactly those.

    ``POLICYCORE_PLUGIN_SECONDS`` is how long any call of a plugin may take; UsageError for what is no such number.
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
    return PluginSet(only=only, seconds=seconds)
