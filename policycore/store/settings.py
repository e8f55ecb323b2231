"""The settings of a workspace, ``workspace.yaml``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from policycore.system.duration import duration
from policycore.yaml.read import read
from policycore.yaml.scan import WRITTEN
from policycore.yaml.written import Mistake, Whole, Word, Written

__all__ = ["Duration", "Settings", "read_settings"]


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return duration(value)
    except ValueError:
        raise Mistake("store.not-a-duration", values={"value": value}).error() from None


Duration = Annotated[timedelta, BeforeValidator(_duration)]
"""How long something lasts: 60s, 5m, 24h, 7d."""


class Settings(Written):
    """Where the store is, how often a check is due, and whether texts of chats are kept."""

    may_be_empty: ClassVar = frozenset({"store", "expected_every", "keep_text", "precision_floor"})
    policycore: Literal["1"]
    store: Word = "store.sqlite3"
    expected_every: Duration | None = None
    keep_text: Literal["yes", "no"] = "yes"
    precision_floor: Annotated[Whole, Field(ge=0, le=100)] = 50


def read_settings(file: Path) -> Settings:
    """Return the settings in `file`; DataError with every mistake."""
    return read(file, Settings, "workspace", bounds=WRITTEN)
