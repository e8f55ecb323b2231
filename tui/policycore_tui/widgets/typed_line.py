"""A line to type into that holds nothing that acts on a terminal, whatever was pasted."""

from __future__ import annotations

from textual.widgets import Input

from policycore.text.clean import clean

__all__ = ["TypedLine"]

_LONGEST = 4000
"""Characters of one line; more is a paste by mistake."""


class TypedLine(Input):
    """Be the library's line, with pasted and given text cleaned: it draws control characters as they are."""

    def validate_value(self, value: str) -> str:
        """Return the value as it may be drawn."""
        return clean(value[:_LONGEST])

    def insert_text_at_cursor(self, text: str) -> None:
        """Insert text as it may be drawn, so that the cursor stands behind what is left of it."""
        super().insert_text_at_cursor(clean(text[:_LONGEST]))
