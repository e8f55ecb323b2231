"""Import plugins and call their hooks one by one, and report what is broken while the rest goes on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import Distribution, EntryPoint, entry_points
from itertools import islice
from pathlib import Path
from typing import Any

import pluggy

from policycore.errors import PluginError, Problem
from policycore.language import say
from policycore.plugin_api.hookspecs import PROJECT, Hooks
from policycore.plugin_api.lock import Lock, locked
from policycore.plugin_api.plugin import Plugin, kind_of

__all__ = ["LoadedPlugins", "Offered"]

Offered = list[tuple[Plugin, Any]]
_Held = tuple[Any, list[str], list[str]]

SLOW = 10.0
"""Seconds after which a hook call is reported as slow, though it came to an end."""
MOST_OFFERS = 10_000


class LoadedPlugins:
    """The plugins of this process, each imported on its own, and their hooks, each called on its own."""

    def __init__(
        self,
        entries: Iterable[EntryPoint] | None = None,
        only: Iterable[str] | None = None,
        seconds: float | None = None,
        lock: Lock | None = None,
    ) -> None:
        self.manager = pluggy.PluginManager(PROJECT)
        self.manager.add_hookspecs(Hooks)
        self.problems: list[Problem] = []
        self.plugins: list[Plugin] = []
        self._seconds = seconds
        self._lock = lock
        self._absent: dict[str, str] = {}
        self._distributions: dict[Distribution, tuple[str, str]] = {}
        self._trace = os.environ.get("POLICYCORE_TRACE") == "1"
        self._load(entry_points(group=PROJECT) if entries is None else entries, only)

    def _load(self, entries: Iterable[EntryPoint], only: Iterable[str] | None) -> None:
        """Import and register each entry point on its own."""
        wanted = None if only is None else list(only)
        found = sorted(entries, key=lambda entry: (entry.name, entry.value))
        chosen = [entry for entry in found if wanted is None or entry.name in wanted]
        installed = locked(found) if self._lock is not None else {}
        # pluggy calls last what was registered first: backwards, so that plugins answer in alphabetical order.
        for entry in reversed(chosen):
            self._load_one(entry, self._lock.refusal(entry, installed) if self._lock is not None else "")
        self.plugins.reverse()
        self.problems.reverse()
        named: dict[str, list[Plugin]] = {}
        for plugin in self.plugins:
            named.setdefault(plugin.name, []).append(plugin)
        for name, sharing in sorted(named.items()):
            if len(sharing) > 1:
                who = ", ".join(f"{plugin.distribution} ({plugin.module})" for plugin in sharing)
                self._report("plugin.same-name", name=name, distributions=who)
        if self._lock is not None and wanted is None and (missing := self._lock.missing(found)):
            self._report("plugin.lock-missing", plugins=", ".join(missing), place=self._lock.place)
        for name in wanted or ():
            if name not in {entry.name for entry in found}:
                self._report("plugin.not-found", name=name)

    def _load_one(self, entry: EntryPoint, refusal: str) -> None:
        """Import one entry point, unless the lock has a reason for `refusal`; what it raises becomes its problem."""
        distribution, version = self._distribution(entry)
        plugin = Plugin(entry.name, entry.value, distribution, version, self._seconds)
        self.plugins.append(plugin)
        if refusal and self._lock is not None:
            problem = replace(plugin.problem_of(refusal, version=version), place=self._lock.place)
            self._break(plugin, PluginError(problem))
            return

        def work() -> None:
            loaded = entry.load()
            self.manager.register(loaded, name=plugin.key)
            self.manager.check_pending()
            # pluggy passes over a hook without its mark, and whatever it offers would be missed without a word.
            for name in (one for one in vars(Hooks) if one.startswith(f"{PROJECT}_")):
                if callable(hook := getattr(loaded, name, None)) and not hasattr(hook, f"{PROJECT}_impl"):
                    raise TypeError(f"{name} lacks @hookimpl")

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
            held: list[_Held | PluginError] = []
            while len(held) < len(answer):
                try:
                    # Properties, metaclasses and constructors are the plugin's code as well; one call for all of them.
                    plugin.call(hook, partial(_hold_rest, held, answer, partial(_held, plugin, faults, hold)))
                except PluginError as error:
                    held.append(error)
            for item, one in zip(answer, held, strict=True):
                if isinstance(one, PluginError):
                    plugin.dropped.append(type(item).__name__)
                    self._break(plugin, one)
                elif one[1]:
                    self._drop(plugin, hook, one[2], one[1])
                else:
                    items.append((plugin, one[0]))
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


def _hold_rest(held: list[_Held | PluginError], answer: list[Any], hold: Callable[[Any], _Held]) -> None:
    """Add to what is `held` all the items behind it, as far as they go."""
    held.extend(map(hold, answer[len(held) :]))


def _held(plugin: Plugin, faults: Callable[[Any], list[str]], hold: Callable[[Plugin, Any], Any], item: Any) -> _Held:
    """Return what is used in the place of an item, or what is wrong with it and the words by which it is known."""
    wrong = faults(item)
    if not wrong:
        return hold(plugin, item), [], []
    named = (getattr(item, name, None) for name in ("id", "name"))
    return None, wrong, [kind_of(item), *(word[:80] for word in named if isinstance(word, str) and word)]


def _home(kind: str, plugin: Plugin, item: Any) -> str:
    """Return where an item is defined, as far as that is known."""
    if isinstance(item, Path):
        return str(item)
    return type(item).__module__ if kind == "rule" else plugin.module
