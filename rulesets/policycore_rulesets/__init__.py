"""Rule sets and import recipes that come with policycore, offered like any third party's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence


@hookimpl
def policycore_rulesets() -> Sequence[Path]:
    """Return the folder of rule sets."""
    return [Path(__file__).parent / "sets"]


@hookimpl
def policycore_recipes() -> Sequence[Path]:
    """Return the folder of import recipes."""
    return [Path(__file__).parent / "recipes"]
