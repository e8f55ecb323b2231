"""What the terminal interface is given by whoever starts it: things that only other layers can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from policycore.reports.formats import ReportFormat
    from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["PanelView", "Runner", "Services"]

Runner = Callable[[str, Path, Callable[[int, int, str], None], Event], Sequence[str]]
"""Run a check of (rule set, estate), telling progress (done, all, rule), until the event is set.

Returns sentences about what was recorded; raises PolicycoreError, and InterruptedRunError when cancelled.
"""


class PanelView(Protocol):
    """Be a panel that a plugin adds (hook ``policycore_panels``)."""

    title: Any
    """A `Text`, or a string."""

    def lines(self, store: Any, width: int) -> Sequence[str]:
        """Return the panel's lines for a screen of `width` cells; plain words, no markup."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Hold what the screens ask of other layers; an absent one disables its actions, with the reason shown."""

    ruleset: Callable[[str], ResolvedRuleSet] | None = None
    """Return a rule set by name or file."""
    run: Runner | None = None
    formats: Callable[[], Mapping[str, ReportFormat]] | None = None
    panels: Callable[[], Sequence[PanelView]] = field(default=lambda: ())
    ruleset_name: str = ""
    """The rule set that was named on the command line, if any."""
    estate: Path | None = None
    problems: tuple[str, ...] = ()
    """What to say once when the screen opens."""
