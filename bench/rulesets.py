"""The rule sets that are measured: a selection of the shipped rules, and one of many small rules."""

from __future__ import annotations

from pathlib import Path

__all__ = ["FIVE", "SELECTIONS", "selected_rules", "write_large_ruleset", "write_ruleset"]

FIVE = (
    "ownership/owner-present",
    "ownership/owner-in-post",
    "ownership/admin-designated",
    "ownership/responsible-named",
    "admission/approval-on",
)
"""Five rules that other policy engines can express too."""

SELECTIONS = {
    "metadata": ("ownership/", "admission/", "dormancy/"),
    "ownership-admission-5": FIVE,
    "texts": ("content/", "secrecy/"),
    "all": ("",),
}
"""What the names of a selection's rules begin with."""

_HEAD = "policycore: 1\nruleset: bench\ntitle: {zh: 测速, en: Benchmark}\nrules:\n"

_SMALL = """  - id: LOCAL-100
    name: local/rule-100
    severity: warning
    sql: "SELECT id AS group_id, member_count FROM group_facts WHERE member_count > 100"
    message: {zh: "群成员{member_count}人，超过100人", en: "{member_count} members, more than 100"}
"""


def selected_rules(selection: str) -> tuple[str, ...]:
    """Return the names of the rules of a selection, but for those that need what only a unit can give them."""
    from policycore.plugin_api.plugins import load_plugins

    chosen = (rule for rule in load_plugins().rules.all() if rule.name.startswith(SELECTIONS[selection]))
    return tuple(
        rule.name for rule in chosen if not any(one.is_required() for one in rule.Params.model_fields.values())
    )


def write_ruleset(path: Path, rules: tuple[str, ...]) -> Path:
    """Write a rule set that uses `rules` with their defaults."""
    path.write_text(_HEAD + "".join(f"  - use: {rule}\n" for rule in rules), encoding="utf-8")
    return path


def write_large_ruleset(path: Path, rules: int) -> Path:
    """Write a rule set of many small YAML-SQL rules, each with its own limit."""
    text = "".join(_SMALL.replace("100", str(number)) for number in range(1, rules + 1))
    path.write_text(_HEAD + text, encoding="utf-8")
    return path
