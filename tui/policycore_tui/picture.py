"""Draw screens of a workspace as SVG: ``python -m policycore_tui.picture WORKSPACE FOLDER``."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.findings.workspace import find_workspace
from policycore.language import Language
from policycore_tui.services import Services

if TYPE_CHECKING:
    from policycore_tui.app import PolicycoreApp

__all__ = ["draw_screens", "without_addresses"]

_SIZE = (132, 38)
_FONTS = "'Sarasa Mono SC','Noto Sans Mono CJK SC','Cascadia Mono',Menlo,Consolas,monospace"
_SHOWN = {"tui": ("f3", "down"), "tui-overview": ("f2",)}
"""Pictures by name, and the keys that lead to each."""


def without_addresses(picture: str) -> str:
    """Return an SVG that loads nothing from anywhere, with fonts that have Chinese characters."""
    picture = re.sub(r"@font-face\s*\{.*?\}", "", picture, flags=re.DOTALL)
    picture = re.sub(r"<!--.*?-->", "", picture, flags=re.DOTALL)
    return re.sub(r"font-family: (?:Fira Code|arial)[^;]*;", f"font-family: {_FONTS};", picture)


def draw_screens(workspace: Path, folder: Path, language: Language, services: Services | None = None) -> list[Path]:
    """Write the pictures of one workspace in one language; return their files."""
    from policycore_tui.launch import build

    found = find_workspace(workspace)
    if found is None:
        raise FileNotFoundError(workspace)
    os.environ["POLICYCORE_LANG"] = language
    drawn: list[Path] = []

    async def draw() -> None:
        app = build(found, services or Services())
        async with app.run_test(size=_SIZE) as pilot:
            for name, keys in _SHOWN.items():
                await pilot.press(*keys)
                await _settled(app)
                await pilot.pause(0.5)
                file = folder / f"{name}.{language}.svg"
                file.write_text(without_addresses(app.export_screenshot(title="policycore tui")), encoding="utf-8")
                drawn.append(file)

    asyncio.run(draw())
    return drawn


async def _settled(app: PolicycoreApp) -> None:
    """Wait until nothing is being read any more."""
    for _ in range(3):
        await app.workers.wait_for_complete()
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    import importlib

    from policycore.plugins import load_plugins

    place, into = Path(sys.argv[1]), Path(sys.argv[2])
    opened = find_workspace(place)
    if opened is None:
        raise SystemExit(2)
    # The command line's module, named only here: it is what gives the screens rule sets and formats.
    offered = importlib.import_module("policycore.cli.tui").services_for(opened, load_plugins())
    for chosen in ("zh", "en"):
        draw_screens(place, into, "en" if chosen == "en" else "zh", offered)
