"""Let an option take how long something lasts: 60s, 5m, 24h, 7d."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from policycore.language import say

__all__ = ["Duration"]


class Duration(click.ParamType[Any]):
    """Be a duration on the command line; a bare number is seconds."""

    name = "duration"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the duration that `value` names."""
        from policycore.system.duration import duration

        if isinstance(value, timedelta):
            return value
        try:
            return duration(value)
        except ValueError:
            self.fail(say("cli.expected.duration"), param, ctx)
