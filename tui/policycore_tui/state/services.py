"""What the terminal interface is given by whoever starts it: things that only other layers can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policycore import Panel, ReportFormat
    from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["Runner", "Services"]

Runner = Callable[[str, Path, Callable[[int, int, str], None], Event], Sequence[str]]
"""Run a check of (rule set, estate), telling progress (done, all, rule), until the event is set.

Returns sentences about what was recorded; raises PolicycoreError, and InterruptedRunError when cancelled.
"""


@dataclass(frozen=True, slots=True)
class Services:
    """What the screens ask of other layers; an absent one disables its actions, with the reason shown."""

    ruleset: Callable[[str], ResolvedRuleSet] | None = None
    """Return a rule set by name or file."""
    run: Runner | None = None
    formats: Callable[[], Mapping[str, ReportFormat]] = dict
    panels: Callable[[], Sequence[Panel]] = tuple
    ruleset_name: str = ""
    """The rule set that was named on the command line, if any."""
    estate: Path | None = None
    problems: tuple[str, ...] = ()
    """What to say once when the screen opens."""
    keep_in: Path | None = None
    """Where a temporary workspace can be kept on leaving; None for one that stays anyway."""
