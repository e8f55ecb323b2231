"""Mistakes in rule sets, put into words."""

from __future__ import annotations

from dataclasses import replace

from policycore.errors import Place, Problem
from policycore.yaml import problems

__all__ = ["problem"]


def problem(code: str, place: Place, *, fix: str = "", **values: object) -> Problem:
    """Return the problem ``ruleset.<code>`` at `place`; a code with a dot (``sql.syntax``) is whole already."""
    found = problems.problem(code if code.startswith("yaml.") else f"rulesets.{code}", place, fix=fix, **values)
    return replace(found, code=code if "." in code else f"ruleset.{code}")
