"""What can be done about findings, the same from the list and from one finding's own screen."""

from __future__ import annotations

from policycore.findings.query import FindingRow
from policycore_tui.screens.section import Section

__all__ = ["FindingActions"]


class FindingActions(Section):
    """Carry out actions on the marked findings, or on the one that is shown."""

    @property
    def current(self) -> FindingRow | None:
        """Return the finding that is shown."""
        return None

    def chosen_numbers(self) -> tuple[int, ...]:
        """Return the numbers of the findings that an action is about."""
        return ()

    def after_action(self) -> None:
        """Show what an action changed."""

    def meets(self, condition: str) -> bool:
        """Return whether a condition of the key table holds."""
        if condition == "finding":
            return self.current is not None
        return super().meets(condition)

    def tick_step(self, position: int) -> None:
        """Tick or untick a step."""
