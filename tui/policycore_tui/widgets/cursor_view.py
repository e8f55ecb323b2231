"""What tables and pages share: lines drawn one by one, and a cursor that is always in view."""

from __future__ import annotations

from textual.reactive import reactive
from textual.scroll_view import ScrollView

__all__ = ["CursorView"]


class CursorView(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines of which one is under the cursor; the first `header` lines of the screen stay in place."""

    header = 0
    cursor: reactive[int] = reactive(0, init=False)

    @property
    def line_count(self) -> int:
        """Return how many lines there are."""
        return 0

    @property
    def page_rows(self) -> int:
        """Return how many lines a screen shows."""
        return max(1, self.size.height - self.header)

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a line that exists."""
        return max(0, min(cursor, self.line_count - 1))

    def watch_cursor(self) -> None:
        """Keep the cursor in view."""
        self.keep_in_view()

    def move(self, step: int) -> None:
        """Move the cursor by some lines."""
        self.cursor += step

    def line_at(self, y: int) -> int:
        """Return the number of the line that is drawn at `y`."""
        return round(self.scroll_y) + y - self.header

    def keep_in_view(self) -> None:
        """Scroll so that the cursor's line is visible."""
        top = self.line_at(self.header)
        if not top <= self.cursor < top + self.page_rows:
            first = self.cursor if self.cursor < top else self.cursor - self.page_rows + 1
            self.scroll_to(y=first, animate=False, force=True)

    def choose(self) -> None:
        """Follow the line under the cursor."""
