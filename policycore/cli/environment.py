"""Notice environment variables that are almost policycore's: a mistyped one would do nothing, in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from policycore.errors import Problem
from policycore.language import say

__all__ = ["KNOWN", "mistyped_variables"]

KNOWN = ("CACHE", "DEBUG", "LANG", "NOTIFY", "PLUGINS", "STORE", "TRACE", "WORKSPACE")
"""What follows ``POLICYCORE_`` in the names of the variables that are read."""
_PREFIX = "POLICYCORE_"


def mistyped_variables(environment: Mapping[str, str] | None = None) -> Iterator[Problem]:
    """Yield a problem for each variable whose name comes near one that is read; values are not looked at.

    Others that begin so may be a plugin's own.
    """
    for name in sorted(os.environ if environment is None else environment):
        word = name.removeprefix(_PREFIX)
        if word == name or word in KNOWN:
            continue
        import difflib

        for near in difflib.get_close_matches(word, KNOWN, 1, cutoff=0.65):
            yield Problem(
                "cli.unknown-variable",
                say("cli.unknown-variable", name=name),
                say("cli.unknown-variable.why"),
                say("cli.usage.did-you-mean", names=f"{_PREFIX}{near}"),
            )
