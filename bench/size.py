"""Count what has to be read and translated: statements without imports, and catalogue entries, outside the tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

__all__ = ["size_lines"]

_PARTS = ("policycore/*", "plugins/*", "rulesets/*", "tui/*", "bench", ".ci")


def size_lines(root: Path) -> Iterator[str]:
    """Yield statements and catalogue entries by part, and in all; an entry is a text of a table called TEXTS."""
    total = [0, 0]
    for part in sorted(path for pattern in _PARTS for path in root.glob(pattern)):
        statements = entries = 0
        for path in sorted(part.rglob("*")) if part.is_dir() else [part]:
            if path.suffix != ".py" and path.name != "pin":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                statements += isinstance(node, ast.stmt) and not isinstance(node, ast.Import | ast.ImportFrom)
                if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    named = any(isinstance(one, ast.Name) and one.id == "TEXTS" for one in targets)
                    entries += named * sum(key is not None for key in node.value.keys)
        if statements:
            yield f"{part.relative_to(root).as_posix():<36}{statements:>8,}{entries:>8,}"
        total = [total[0] + statements, total[1] + entries]
    yield f"{'statements, catalogue entries':<36}{total[0]:>8,}{total[1]:>8,}"
