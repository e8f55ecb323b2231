"""Draw the terminal interface on the demo's data, by starting it without a terminal."""

from __future__ import annotations

import asyncio
import html
import importlib
import re
import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from policycore.language import Language, use_language
from policycore.text.width import width

__all__ = ["interface_in_chinese", "interface_in_english", "interface_picture"]

SIZE = (120, 34)
# What Textual draws asks for a font from elsewhere; a page that shows the picture must not.
_foreign_font = re.compile(r"@font-face\s*\{[^}]*\}")
_text = re.compile(
    r'<text(?P<before>[^>]*) x="(?P<x>[\d.]+)"(?P<place>[^>]*)'
    r' textLength="[\d.]+"(?P<more>[^>]*)>(?P<text>[^<]*)</text>'
)
_CELL = 12.2
_fonts = "'Sarasa Mono SC','Noto Sans Mono CJK SC','Cascadia Mono',Menlo,Consolas,monospace"


def interface_picture(language: Language, keys: Sequence[str]) -> str:
    """Return an SVG of the terminal interface on the demo's findings after `keys` were pressed."""
    from policycore.cli.demo import RULESET, command
    from policycore.cli.tui import check_into, services_for
    from policycore.demo.folder import write_demo
    from policycore.plugin_api.plugins import load_plugins
    from policycore.store.workspace import init_workspace

    settings: dict[str | None, Any] = {parameter.name: parameter.default for parameter in command.params}
    with tempfile.TemporaryDirectory() as place, use_language(language):
        plugins = load_plugins({})
        write_demo(Path(place) / "demo", seed=settings["seed"], groups=settings["groups"], force=False)
        estate = Path(place) / "demo" / "estate"
        workspace = init_workspace(Path(place) / "workspace")
        check_into(workspace, RULESET, estate, plugins=plugins)
        # By name, as the command does: the interface can be left out, and nothing here depends on it.
        launch = importlib.import_module("policycore_tui.launch")
        app = launch.build(workspace, services_for(workspace, plugins, ruleset=RULESET, estate=estate))
        return asyncio.run(_drawn(app, keys))


async def _drawn(app: Any, keys: Sequence[str]) -> str:
    """Return the screen of `app` after `keys`, once everything is at rest."""
    async with app.run_test(size=SIZE) as pilot:
        for key in ("", *keys):
            if key:
                await pilot.press(key)
            for _ in range(3):
                await app.workers.wait_for_complete()
                await pilot.pause()
        drawn = str(app.export_screenshot(title="policycore tui"))
        app.office.store.close()
    drawn = _foreign_font.sub("", re.sub(r"<!--.*?-->", "", drawn, flags=re.DOTALL))
    drawn = _text.sub(_stretched, drawn)
    return re.sub(r"font-family:\s*(?:Fira Code, monospace|arial)", f"font-family: {_fonts}", drawn)


def _stretched(piece: re.Match[str]) -> str:
    """Return a piece of text with every character in its cells, whatever font draws it.

    What draws the screen counts characters, not cells; and a font is rarely twice as wide for Chinese.
    """
    found, cells = [], 0
    for _wide, run in groupby(html.unescape(piece["text"]), lambda character: width(character) == 2):
        text = "".join(run)
        taken = width(text)
        if text.strip("\N{NO-BREAK SPACE} "):
            x = float(piece["x"]) + cells * _CELL
            found.append(
                f'<text{piece["before"]} x="{x:g}"{piece["place"]} textLength="{taken * _CELL:g}"'
                f"{piece['more']}>{_escaped(text)}</text>"
            )
        cells += taken
    return "".join(found)


def _escaped(text: str) -> str:
    """Return text for SVG; spaces at the ends would be dropped."""
    return html.escape(text).replace(" ", "&#160;").replace("\N{NO-BREAK SPACE}", "&#160;")


def interface_in_chinese() -> str:
    """Return the picture for Chinese readers."""
    return interface_picture("zh", ["j", "j", "j"])


def interface_in_english() -> str:
    """Return the picture for English readers."""
    return interface_picture("en", ["j", "j", "j"])
