"""Say which rules a measurement runs, and write the rule set that names them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policycore.plugin_api.rule_catalogue import RuleCatalogue

__all__ = ["FIVE", "SELECTIONS", "selected_rules", "write_ruleset"]

FIVE = (
    "ownership/owner-present",
    "ownership/owner-in-post",
    "ownership/admin-designated",
    "ownership/responsible-named",
    "admission/approval-on",
)
"""Five rules that other policy engines can express too."""

SELECTIONS = ("metadata", "ownership-admission-5", "all")
_ABOUT_GROUPS = ("ownership/", "admission/", "dormancy/")


def selected_rules(selection: str, catalogue: RuleCatalogue) -> tuple[str, ...]:
    """Return the names of the rules of a selection; metadata is everything but what people wrote."""
    if selection == "ownership-admission-5":
        return FIVE
    names = tuple(rule.name for rule in catalogue.all())
    return names if selection == "all" else tuple(name for name in names if name.startswith(_ABOUT_GROUPS))


def write_ruleset(path: Path, rules: tuple[str, ...], name: str = "bench") -> Path:
    """Write a rule set that uses `rules` with their defaults."""
    lines = ["policycore: 1", f"ruleset: {name}", "title: {zh: 测速, en: Benchmark}", "rules:"]
    lines += [f"  - use: {rule}" for rule in rules]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
