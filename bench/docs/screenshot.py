"""Draw what a command prints as a picture that a page can show: SVG, no fonts or addresses from elsewhere."""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

from policycore.language import Language, use_language
from policycore.text.width import width

__all__ = ["demo_in_chinese", "demo_in_english", "demo_picture", "picture"]

CELL, LINE, MARGIN, BAR = 8.4, 19, 16, 34
FONTS = "'Sarasa Mono SC','Noto Sans Mono CJK SC','Cascadia Mono',Menlo,Consolas,monospace"
COLOURS = dict(
    enumerate(["#5c6370", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#76e3ea", "#e6edf3"]),
)
_escape = re.compile(r"\x1b\[([0-9;]*)m")
# Blocks of one width keep their columns when each block is stretched to its cells.
_blocks = re.compile(r" {2,}|[^ ]+(?: [^ ]+)*| ")


def picture(lines: list[str], title: str, cells: int) -> str:
    """Return an SVG of a terminal window with `lines`, which may carry colour codes."""
    across = round(cells * CELL + 2 * MARGIN)
    down = BAR + len(lines) * LINE + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" width="{across}" height="{down}" '
        f'role="img" aria-label="{html.escape(title, quote=True)}">',
        f'<rect width="{across}" height="{down}" rx="8" fill="#0d1117"/>',
        *(f'<circle cx="{18 + 18 * place}" cy="17" r="5" fill="#484f58"/>' for place in range(3)),
        f'<g font-family="{FONTS}" font-size="14" fill="#e6edf3" xml:space="preserve">',
        f'<text x="{across / 2:.0f}" y="22" text-anchor="middle" fill="#8b949e">{html.escape(title)}</text>',
    ]
    for number, line in enumerate(lines):
        base = BAR + (number + 1) * LINE - 5
        parts += [_block(text, start, base, style) for text, start, style in _placed(line)]
    return "\n".join([*parts, "</g>", "</svg>"]) + "\n"


def _placed(line: str) -> Iterator[tuple[str, int, str]]:
    """Yield each block of a line that shows something, with its first cell and its style."""
    start, style = 0, ""
    for place, piece in enumerate(_escape.split(line)):
        if place % 2:
            style = _style(piece)
            continue
        for block in _blocks.findall(piece):
            if block.strip():
                yield block, start, style
            start += width(block)


def _style(codes: str) -> str:
    """Return the SVG attributes for a colour code."""
    attributes = ""
    for code in codes.split(";"):
        if code == "1":
            attributes += ' font-weight="bold"'
        elif code == "2":
            attributes += ' fill-opacity="0.7"'
        elif len(code) == 2 and code[0] in "39" and int(code[1]) in COLOURS:
            attributes += f' fill="{COLOURS[int(code[1])]}"'
    return attributes


def _block(text: str, start: int, base: int, style: str) -> str:
    """Return one block, stretched to the cells that it takes on a terminal."""
    left, length = MARGIN + start * CELL, width(text) * CELL
    return (
        f'<text x="{left:.1f}" y="{base}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"{style}>'
        f"{html.escape(text, quote=False)}</text>"
    )


def demo_picture(language: Language, cells: int = 96) -> str:
    """Return a picture of what ``policycore demo`` prints."""
    from policycore.cli.demo import RULESET, command
    from policycore.demo.folder import write_demo
    from policycore.demo.summary import DemoSummary
    from policycore.engine.run import evaluate
    from policycore.estate.snapshot import open_estate
    from policycore.plugin_api.plugins import load_plugins
    from policycore.rulesets.load import load_ruleset

    settings: dict[str | None, Any] = {parameter.name: parameter.default for parameter in command.params}
    folder = Path(settings["folder"])
    with tempfile.TemporaryDirectory() as place, chdir(place), use_language(language):
        plugins = load_plugins({})
        write_demo(folder, seed=settings["seed"], groups=settings["groups"], force=False)
        ruleset = load_ruleset(RULESET, plugins.rules, plugins.ruleset_folders)
        with open_estate(folder / "estate") as snapshot:
            result = evaluate(snapshot, ruleset)
        lines = list(DemoSummary(result, folder, settings["seed"], RULESET, cells, True).lines())
    return picture(lines, "policycore demo", cells)


def demo_in_chinese() -> str:
    """Return the picture for Chinese readers."""
    return demo_picture("zh")


def demo_in_english() -> str:
    """Return the picture for English readers."""
    return demo_picture("en")
