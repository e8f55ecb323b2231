"""Rule sets and import recipes that ship with policycore, as data beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence


@hookimpl
def policycore_recipes() -> Sequence[Path]:
    """Return the folder of the import recipes."""
    return (Path(__file__).parent / "recipes",)
