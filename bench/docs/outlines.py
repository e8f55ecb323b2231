"""Draw words as the outlines of a terminal's font: a picture then looks the same in every browser.

The font is Noto Sans Mono CJK SC, of which only the glyphs that occur are drawn; its licence (OFL) allows that.
"""

from __future__ import annotations

import html
import re
import subprocess
from functools import cache, cached_property
from typing import Any

from policycore.text.width import width

__all__ = ["Outlines", "words_in"]

_FONT = "Noto Sans Mono CJK SC"
_WORDS = re.compile(r"<desc>(.*?)</desc>", re.DOTALL)


def words_in(drawn: str) -> str:
    """Return the words of a picture, a line each, as they stand in it for whoever can't see it."""
    found = _WORDS.search(drawn)
    return html.unescape(found[1]) if found else ""


@cache
def _font(style: str) -> Any:
    """Return the font in a style; RuntimeError where the machine has none."""
    from fontTools.ttLib import TTFont

    asked = ["fc-match", "-f", "%{file}\t%{index}\t%{family}", f"{_FONT}:style={style}"]
    file, number, family = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split("\t")  # noqa: S603 - words of our own
    if _FONT not in family:
        raise RuntimeError(f"pictures are drawn with {_FONT}: install the package fonts-noto-cjk")
    return TTFont(file, fontNumber=int(number))


class Outlines:
    """The glyphs that one picture uses, each drawn once."""

    def __init__(self, cell: float) -> None:
        self.cell = cell
        """How wide a cell is."""
        self._glyphs: dict[str, str] = {}

    @cached_property
    def _scale(self) -> float:
        # In this font a cell is half as wide as an em.
        return self.cell * 2 / int(_font("Regular")["head"].unitsPerEm)

    def text(self, words: str, x: float, y: float, attributes: str, *, bold: bool = False) -> str:
        """Return words as outlines from `x` on, on the line `y`; what the font lacks is left out."""
        used, at = [], 0
        for character in words:
            cells = width(character)
            name = self._named(character, "Bold" if bold else "Regular", cells) if character.strip() else ""
            if name:
                used.append(f'<use href="#{name}" x="{at * 500}"/>')
            at += cells
        place = f'transform="translate({x:g} {y:g}) scale({self._scale:g} -{self._scale:g})"'
        return f"<g{attributes} {place}>{''.join(used)}</g>" if used else ""

    def _named(self, character: str, style: str, cells: int) -> str:
        """Return the id of a character's glyph, '' where the font has none."""
        name = f"{style[0].lower()}{ord(character):x}"
        if name not in self._glyphs:
            self._glyphs[name] = self._drawn(name, character, style, cells)
        return name if self._glyphs[name] else ""

    def _drawn(self, name: str, character: str, style: str, cells: int) -> str:
        from fontTools.pens.svgPathPen import SVGPathPen
        from fontTools.pens.transformPen import TransformPen

        font = _font(style)
        glyph = font.getBestCmap().get(ord(character))
        if glyph is None:
            return ""
        pen, glyphs = SVGPathPen(None, ntos=lambda number: str(round(number))), font.getGlyphSet()
        # What is as wide as two cells here and as one in a terminal, as frames are, is drawn narrower.
        narrower = min(1.0, cells * 500 / glyphs[glyph].width)
        glyphs[glyph].draw(TransformPen(pen, (narrower, 0, 0, 1, 0, 0)))
        return f'<path id="{name}" d="{pen.getCommands()}"/>'

    def definitions(self) -> str:
        """Return the glyphs that were used, in the order of their names."""
        return "".join(drawn for _, drawn in sorted(self._glyphs.items()))
