"""The whole plugin contract: ten hooks, one sentence each on when it is called and what it returns.

Every hook is named ``policycore_<what it returns>``, takes nothing and returns a list; import what
you return inside the hook, so that finding a plugin costs nothing. Register the module that holds
the hooks under the entry-point group ``policycore``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from pathlib import Path

    from policycore.plugin_api.rule import Rule
    from policycore.plugin_api.source import Source

__all__ = ["PROJECT", "Hooks", "hookimpl", "hookspec"]

PROJECT = "policycore"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """List the hooks; a plugin implements any of them as module-level functions."""

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
    def policycore_reports(self) -> Sequence[Any]:
        """Called when a format is named; returns report formats."""

    @hookspec
    def policycore_notifiers(self) -> Sequence[Any]:
        """Called when a run has notices to send; returns notifiers."""

    @hookspec
    def policycore_remediators(self) -> Sequence[Any]:
        """Called when a person asks for a step to be carried out; returns remediators."""

    @hookspec
    def policycore_text_detectors(self) -> Sequence[Any]:
        """Called before texts are scanned; returns detectors that text rules can name."""

    @hookspec
    def policycore_commands(self) -> Sequence[Any]:
        """Called when the command line is built; returns click commands."""

    @hookspec
    def policycore_panels(self) -> Sequence[Any]:
        """Called when the terminal interface opens; returns panels: a `title` and `lines(store, width)` each."""
