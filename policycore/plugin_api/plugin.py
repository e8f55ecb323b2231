"""A plugin as it was found, and the one way in which its code is called: held to time, output and exit.

Plugins run in this process and are trusted code. Whatever their code raises, prints or never ends becomes a problem
with the plugin's name, and the rest goes on. Only a signal is no fault of theirs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from policycore.errors import PluginError, Problem
from policycore.language import say
from policycore.system.deadline import Overrun, deadline
from policycore.system.one_process import RefusedError
from policycore.system.process import Interruption
from policycore.system.speech import LOGGER, captured
from policycore.system.traces import code_place, trace_lines, words_of

__all__ = ["LIMITS", "Plugin", "kind_of"]

Answer = TypeVar("Answer")

LIMITS: Mapping[str, float] = {"import": 30, "hook": 30, "source": 600, "report": 300, "notifier": 120, "panel": 10}
"""Seconds that each kind of code may take, unless POLICYCORE_PLUGIN_SECONDS gives another number for all."""


@dataclass(slots=True)
class Plugin:
    """One plugin as found: where it comes from, whether it loaded, what it brought, what of it was dropped."""

    name: str
    module: str
    distribution: str
    version: str
    seconds: float | None = None
    """The limit for all kinds of its code, where one was set."""
    ok: bool = True
    problem: Problem | None = None
    """Why it takes no part, or why the last of its offers failed."""
    counts: dict[str, int] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    """What it offers and nobody can use, by name."""

    @property
    def key(self) -> str:
        """Return the name under which pluggy knows the plugin."""
        return f"{self.name} ({self.distribution})"

    @property
    def package(self) -> str:
        """Return the top-level package of its code."""
        return self.module.partition(":")[0].partition(".")[0]

    def call(
        self,
        part: str,
        work: Callable[[], Answer],
        *,
        kind: str = "hook",
        code: str = "plugin.hook-failed",
        quotes: bool = True,
        passes: tuple[type[Exception], ...] = (),
    ) -> Answer:
        """Return what `work` returns, which is code of this plugin that its messages call `part`.

        Raises PluginError for whatever `work` raises and for work without end, but leaves what `passes`; its message
        quotes the error's words unless they may hold data. Raises KeyboardInterrupt for a signal.
        """
        seconds = self.seconds or LIMITS[kind]
        names = {"name": self.name, "distribution": self.distribution, "hook": part}
        interruption = Interruption()
        try:
            with (
                interruption,
                captured(self.key),
                deadline(seconds, say("plugin_api.hung", seconds=f"{seconds:g}", **names)),
            ):
                return work()
        except BaseException as error:  # any plugin may fail in any way, or end the process
            if interruption.came:
                raise KeyboardInterrupt from None
            if isinstance(error, passes):
                raise
            raise self.failure(error, part, code=code, quotes=quotes, seconds=seconds) from error

    def failure(
        self,
        error: BaseException,
        part: str,
        *,
        code: str = "plugin.hook-failed",
        quotes: bool = False,
        seconds: float = 0,
    ) -> PluginError:
        """Return what `error`, raised by the `part` of this plugin, means to whoever called it."""
        if os.environ.get("POLICYCORE_DEBUG") == "1":
            import logging

            for line in trace_lines(error):
                logging.getLogger(LOGGER).info("%s: %s", self.key, line)
        what = words_of(error) if quotes or isinstance(error, RefusedError) else type(error).__name__
        if isinstance(error, Overrun):
            what = say("plugin_api.overran", seconds=f"{seconds:g}")
        place = code_place(error, self.package)
        return PluginError(self.problem_of(code, hook=part, error=f"{what} ({place})" if place else what))

    def problem_of(self, code: str, **values: Any) -> Problem:
        """Return the problem called ``plugin.…`` of this plugin, from the catalogue's three texts."""
        key = code.replace("plugin.", "plugin_api.", 1)
        return Problem.of(key, code=code, name=self.name, distribution=self.distribution, **values)


def kind_of(item: object) -> str:
    """Return what an object that may be anything is called in messages."""
    name = item.__name__ if isinstance(item, type) else type(item).__name__
    return name[:80]
