"""The terminal interface, a plugin like any other: it brings the command that opens it."""

from __future__ import annotations

from collections.abc import Sequence

from policycore import LazyCommand, hookimpl


@hookimpl
def policycore_commands() -> Sequence[LazyCommand]:
    """Return the command, which is imported when it is called."""
    from policycore.language import say_both

    return [LazyCommand("tui", say_both("tui.short"), "policycore_tui.command:command")]
