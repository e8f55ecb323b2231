"""Measure what every command pays first: the start of the program, and a large rule set."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

__all__ = ["measure_ruleset", "measure_version", "write_large_ruleset"]


def measure_version(times: int = 5) -> dict[str, Any]:
    """Return the CPU seconds of ``policycore --version``: the least and the median of several starts."""
    used = []
    for _ in range(times):
        before = os.times()
        subprocess.run([sys.executable, "-m", "policycore", "--version"], check=True, capture_output=True)
        after = os.times()
        used.append(after.children_user + after.children_system - before.children_user - before.children_system)
    used.sort()
    return {"name": "policycore --version", "cpu_seconds": used[0], "median": used[len(used) // 2], "times": times}


def write_large_ruleset(path: Path, rules: int) -> Path:
    """Write a rule set of many small YAML-SQL rules, each with its own limit."""
    lines = ["policycore: 1", "ruleset: large", "title: {zh: 大规则集, en: Large rule set}", "rules:"]
    query = "SELECT id AS group_id, member_count FROM group_facts WHERE member_count >"
    for number in range(1, rules + 1):
        lines += [
            f"  - id: LOCAL-{number}",
            f"    name: local/rule-{number}",
            "    severity: warning",
            f'    sql: "{query} {number}"',
            "    message:",
            f'      zh: "群成员{{member_count}}人，超过{number}人"',
            f'      en: "{{member_count}} members, more than {number}"',
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def measure_ruleset(path: Path) -> dict[str, Any]:
    """Load a rule set, parsed and checked; the least CPU seconds of three times."""
    from policycore.plugin_api.plugins import load_plugins
    from policycore.rulesets.load import load_ruleset

    plugins = load_plugins()
    seconds = []
    for _ in range(3):
        began = time.process_time()
        resolved = load_ruleset(path, plugins.rules, plugins.ruleset_folders)
        seconds.append(time.process_time() - began)
    return {"name": "rule set", "rules": len(resolved.rules), "cpu_seconds": min(seconds)}


if __name__ == "__main__":
    print(json.dumps(measure_ruleset(Path(sys.argv[1]))))  # noqa: T201 - read by the parent process
