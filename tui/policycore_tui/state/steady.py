"""Make text as wide on every terminal: what terminals measure differently is written in a plainer way."""

from __future__ import annotations

import re

from policycore.text.clean import clean

__all__ = ["steady"]

# Variation selectors and skin tones: some terminals join them to the emoji before, some do not.
_joined = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")
# Two regional indicators are a flag of two cells, or two letters of two cells each: letters are safe.
_indicator = re.compile("[\U0001f1e6-\U0001f1ff]")


def steady(text: str, limit: int) -> str:
    """Return foreign text cleaned, with nothing in it whose width terminals disagree about.

    ``…`` is one cell or two, so that what `clean` cut ends in two dots.
    """
    safe = clean(text, limit=limit)
    if safe.isascii():
        return safe
    safe = _joined.sub("", safe.replace("…", ".."))
    return _indicator.sub(lambda match: chr(ord(match[0]) - 0x1F1E6 + ord("A")), safe)
