"""Classification marks: their grammar, how people write around it, and what stands in their place.

Rules on marks take from here what to scan for and how to tell a mark from what only looks like one.
"""

from __future__ import annotations

from policycore.text.marks.disguise import ESCAPED_PATTERN
from policycore.text.marks.grammar import (
    HEADER_PATTERN,
    MARK_PATTERN,
    TAIL_PATTERN,
    WRITTEN_PATTERN,
    Mark,
    find_bare_words,
    find_marks,
    find_written_levels,
)

__all__ = [
    "ESCAPED_PATTERN",
    "HEADER_PATTERN",
    "MARK_PATTERN",
    "TAIL_PATTERN",
    "WRITTEN_PATTERN",
    "Mark",
    "find_bare_words",
    "find_marks",
    "find_written_levels",
]
