"""Every screen as plain text in three sizes and two languages.

After a wanted change: ``POLICYCORE_REWRITE_SCREENS=1 python -m pytest -m '' tests/tui/test_screens.py`` writes the
expectations anew; read the difference before committing it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

EXPECTED = Path(__file__).parent / "screens"
STEPS = {
    "violations": ("f3",),
    "detail": ("f3", "home", "enter"),
    "overview": ("escape", "f2"),
    "groups": ("f4",),
    "rules": ("f5",),
    "runs": ("f6",),
    "runs-compared": ("f6", "home", "enter"),
    "plan": ("f7",),
    "gaps": ("f8", "home"),
    "gap": ("f8", "home", "enter", "end", "enter"),
}


@pytest.mark.parametrize(
    ("size", "language"),
    [
        ((80, 24), "zh"),
        ((80, 24), "en"),
        ((120, 40), "zh"),
        ((60, 20), "en"),
        pytest.param((120, 40), "en", marks=pytest.mark.long),
        pytest.param((60, 20), "zh", marks=pytest.mark.long),
    ],
)
def test_screens_read_as_expected(world, screen, rest, size, language):
    seen: dict[str, str] = {}

    async def visit(app, pilot):
        for name, keys in STEPS.items():
            for key in keys:
                await pilot.press(key)
                await rest(app, pilot)
            # A snapshot's id follows the format of snapshots, which is no matter of the screens.
            seen[name] = re.sub(r"\b[0-9a-f]{16}\b", "0" * 16, screen(app))
            seen[name] = re.sub(r"(距今|are )[0-9]+", r"\g<1>N", seen[name])
        for name, text in seen.items():
            assert len(text.splitlines()) <= size[1], name

    world.drive(visit, size, language)
    differing = []
    for name, text in seen.items():
        file = EXPECTED / f"{name}.{size[0]}x{size[1]}.{language}.txt"
        if os.environ.get("POLICYCORE_REWRITE_SCREENS"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        elif file.read_text(encoding="utf-8") != text.replace(str(world.folder), ""):
            differing.append(f"--- {file.name}\n{text}")
    assert not differing, "\n".join(differing)
