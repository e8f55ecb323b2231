"""The whole plugin contract: eight hooks, one sentence each on when it is called and what it returns.

Every hook is named ``policycore_<what it returns>``, takes nothing and returns a list; import what
you return inside the hook, so that finding a plugin costs nothing. Register the module that holds
the hooks under the entry-point group ``policycore``. A hook wrapper sees the answers of one plugin at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from pathlib import Path

    import click

    from policycore.plugin_api.offers import LazyCommand, Notifier, Panel, ReportFormat
    from policycore.plugin_api.rule import Rule
    from policycore.plugin_api.source import Source

__all__ = ["PROJECT", "Hooks", "hookimpl", "hookspec"]

PROJECT = "policycore"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """The hooks; a plugin implements any of them as module-level functions."""

    @hookspec
    def policycore_rules(self) -> Sequence[type[Rule]]:
        """Called when a command needs rules; returns rule classes."""

    @hookspec
    def policycore_rulesets(self) -> Sequence[Path]:
        """Called when a rule set is looked up by name; returns folders of YAML rule sets."""

    @hookspec
    def policycore_sources(self) -> Sequence[type[Source]]:
        """Called when an import meets a file that is no table and no workbook; returns sources, which read it."""

    @hookspec
    def policycore_recipes(self) -> Sequence[Path]:
        """Called when an import looks up a recipe by name; returns folders of YAML recipes."""

    @hookspec
    def policycore_reports(self) -> Sequence[ReportFormat]:
        """Called when a report is to be written; returns formats, under names that no built-in one has."""

    @hookspec
    def policycore_notifiers(self) -> Sequence[Notifier]:
        """Called when a run has notices to send; returns notifiers, each of which gets them all."""

    @hookspec
    def policycore_commands(self) -> Sequence[click.Command | LazyCommand]:
        """Called when help lists the commands or a name is not built in; returns commands, best as `LazyCommand`."""

    @hookspec
    def policycore_panels(self) -> Sequence[Panel]:
        """Called when the terminal interface opens; returns panels, each shown in a frame of its own."""
