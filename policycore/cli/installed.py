"""The plugins of one command: loaded once, and what is wrong with them told when it ends, whatever it did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from policycore.errors import Problem
    from policycore.plugin_api.plugins import PluginSet

__all__ = ["Installed", "installed_plugins"]


class Installed:
    """What a command line keeps for its commands: the plugins, once one of them asks."""

    def __init__(self) -> None:
        self._plugins: PluginSet | None = None

    def plugins(self, lock: Path | None) -> PluginSet:
        """Return the plugins, loaded when they are first asked for: those that `lock` allows."""
        if self._plugins is None:
            from policycore.plugin_api.plugins import load_plugins

            self._plugins = load_plugins(lock=lock)
        return self._plugins

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with them, each once; nothing where no command asked for any."""
        return [] if self._plugins is None else list(dict.fromkeys(self._plugins.problems))


def installed_plugins(lock: Path | None = None) -> PluginSet:
    """Return the plugins of the command line that runs, those that `lock` allows; their problems make exit code 4."""
    context = click.get_current_context(silent=True)
    kept = context.find_object(Installed) if context is not None else None
    return (kept or Installed()).plugins(lock)
