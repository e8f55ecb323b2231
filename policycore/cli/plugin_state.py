"""Say of the installed plugins what they bring, what works and what of it nobody can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore.cli.commands import COMMANDS
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.plugin_api.plugins import Plugin, PluginSet

__all__ = ["state_of", "whole"]


def whole(plugins: PluginSet) -> PluginSet:
    """Return `plugins` with everything asked that they could bring: counts, and what is wrong, are complete."""
    from policycore.reports.formats import FORMAT_NAMES

    plugins.ask_all()
    plugins.refuse("command", dict(COMMANDS))
    plugins.refuse("report", FORMAT_NAMES)
    return plugins


def state_of(plugin: Plugin) -> str:
    """Return in a few words whether a plugin works, and what of it nobody can use."""
    state = say("cli.doctor.fine" if plugin.ok else "cli.doctor.broken-plugin")
    dropped = ", ".join(clean(name, limit=80) for name in dict.fromkeys(plugin.dropped))
    return f"{state}  {say('cli.doctor.dropped', items=dropped)}" if dropped else state
