"""Draw what the program shows on a terminal, on the demo's data: SVG, no fonts or addresses from elsewhere."""

from __future__ import annotations

import asyncio
import html
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

from bench.docs.outlines import Outlines
from policycore.language import Language, use_language
from policycore.text.width import width

__all__ = ["demo_picture", "interface_picture", "picture"]

_SIZE = (120, 34)
# What draws the screen asks for a font from elsewhere; a page that shows the picture must not.
_FOREIGN_FONT = re.compile(r"@font-face\s*\{[^}]*\}|<!--.*?-->", re.DOTALL)
_TEXT = re.compile(
    r'<text class="(?P<class>[^"]*)"[^>]*? x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)"(?P<more>[^>]*)>(?P<text>[^<]*)</text>'
)
_CLIP = re.compile(r' clip-path="[^"]*"')
_FILL = re.compile(r' fill="[^"]*"')
_BOLD = re.compile(r"\.([\w-]+) \{[^}]*font-weight: bold")
_CELL = 12.2
_LOWER = 2.4
"""How much lower the line stands on which this font's letters fit between the lines above and below."""


def picture(lines: list[str], title: str, cells: int) -> str:
    """Return an SVG of a terminal window with `lines`, which may carry colour codes."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=cells, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for line in lines:
        console.print(Text.from_ansi(line), soft_wrap=True)
    return _own(console.export_svg(title=title, unique_id="policycore"))


def _own(drawn: str) -> str:
    """Return a drawn screen that stands on its own: its words are outlines, and beside them for those who read them."""
    drawn = _FOREIGN_FONT.sub("", drawn)
    bold, outlines, lines = set(_BOLD.findall(drawn)), Outlines(_CELL), dict[str, list[tuple[float, str]]]()

    def outlined(piece: re.Match[str]) -> str:
        words = html.unescape(piece["text"]).replace("\N{NO-BREAK SPACE}", " ")
        x = float(piece["x"])
        if "text-anchor" in piece[0]:
            x -= width(words) * _CELL / 2
        else:
            lines.setdefault(piece["y"], []).append((x, words))
        clip = "".join(_CLIP.findall(piece[0]))
        look = f' class="{piece["class"]}"' + "".join(_FILL.findall(piece[0]))
        drawn_words = outlines.text(words, x, float(piece["y"]) + _LOWER, look, bold=piece["class"] in bold)
        # The place clips what is drawn: it must not be moved along with the glyphs.
        return f"<g{clip}>{drawn_words}</g>" if clip and drawn_words else drawn_words

    drawn = _TEXT.sub(outlined, drawn)
    read = "\n".join(_line(pieces) for _, pieces in sorted(lines.items(), key=lambda line: float(line[0])))
    words = f"<desc>{html.escape(read)}</desc><defs>{outlines.definitions()}</defs>"
    return re.sub(r"(<svg[^>]*>)", lambda begin: begin[1] + words, drawn, count=1)


def _line(pieces: list[tuple[float, str]]) -> str:
    """Return one line of a screen as text."""
    line = ""
    for x, words in sorted(pieces):
        line += " " * (round(x / _CELL) - width(line)) + words
    return line.rstrip()


@contextmanager
def _demo(language: Language) -> Iterator[tuple[Any, dict[str | None, Any]]]:
    """Stand in a folder with what ``policycore demo`` writes; yield the plugins and the command's defaults."""
    from policycore.cli.demo import command
    from policycore.demo.folder import write_demo
    from policycore.plugin_api.plugins import load_plugins

    settings: dict[str | None, Any] = {parameter.name: parameter.default for parameter in command.params}
    with tempfile.TemporaryDirectory() as place, chdir(place), use_language(language):
        write_demo(Path(settings["folder"]), seed=settings["seed"], groups=settings["groups"], force=False)
        yield load_plugins({}), settings


def demo_picture(language: Language, cells: int = 96) -> str:
    """Return a picture of what ``policycore demo`` prints."""
    from policycore.cli.demo import RULESET
    from policycore.demo.summary import DemoSummary
    from policycore.engine.run import evaluate
    from policycore.estate.importing import open_estate
    from policycore.rulesets.load import load_ruleset

    with _demo(language) as (plugins, settings):
        folder = Path(settings["folder"])
        with open_estate(folder / "estate") as snapshot:
            result = evaluate(snapshot, load_ruleset(RULESET, plugins.rules, plugins.ruleset_folders))
        lines = list(DemoSummary(result, folder, settings["seed"], RULESET, cells, True).lines())
    return picture(lines, "policycore demo", cells)


def interface_picture(language: Language) -> str:
    """Return a picture of the terminal interface on the demo's findings after a few keys were pressed."""
    from policycore.cli.demo import RULESET
    from policycore.store.workspace import init_workspace
    from policycore_tui.command import build, check_into, services_for

    with _demo(language) as (plugins, settings):
        estate = Path(settings["folder"], "estate").resolve()
        workspace = init_workspace(Path("workspace"))
        # The same picture every time: keyed hashes of what was found stand in it.
        (Path("workspace") / ".policycore" / "key").write_text("0" * 64 + "\n", encoding="ascii")
        check_into(workspace, RULESET, estate, plugins=plugins)
        app = build(workspace, services_for(workspace, plugins, ruleset=RULESET, estate=estate))
        return _own(asyncio.run(_drawn(app, "jjj")))


async def _drawn(app: Any, keys: str) -> str:
    """Return the screen of `app` after `keys`, once everything is at rest."""
    async with app.run_test(size=_SIZE) as pilot:
        for key in ("", *keys):
            if key:
                await pilot.press(key)
            for _ in range(3):
                await app.workers.wait_for_complete()
                await pilot.pause()
        drawn = str(app.export_screenshot(title="policycore tui"))
        app.repository.store.close()
    return drawn
