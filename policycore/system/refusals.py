"""Say in the reader's language why the operating system refused to open, read or write something."""

from __future__ import annotations

import errno

from policycore.language import find_text, say

__all__ = ["refusal_words"]


def refusal_words(error: BaseException) -> str:
    """Return why something could not be read or written, never the text of what was read.

    The usual reasons are in the catalogue; others are said as the system says them, else by the kind of error.
    """
    if isinstance(error, UnicodeError):
        return say("system.refusal.no-text")
    inner = getattr(error, "reason", None)  # what `urllib` wraps
    if isinstance(inner, OSError):
        return refusal_words(inner)
    if not isinstance(error, OSError):
        return type(error).__name__
    known = find_text(f"system.refusal.{errno.errorcode.get(error.errno or 0, '')}")
    return known.in_language() if known else error.strerror or type(error).__name__
