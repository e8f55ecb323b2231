"""Lay text out as lines of looks and words, for every page that is read rather than filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policycore.language import say
from policycore.text.width import width as cells_of
from policycore.text.width import wrap
from policycore_tui.state.cells import steady

__all__ = ["Line", "blank", "heading", "labelled", "one", "paragraph", "plain", "titled"]

_LONGEST = 4000
"""Characters of one foreign text that a page shows; more is what exports are for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line: words with a look each, and what Enter on it leads to."""

    spans: tuple[tuple[str, str], ...] = ()
    target: object = None

    @property
    def text(self) -> str:
        """Return the line without its looks."""
        return "".join(text for text, _look in self.spans)


def blank() -> Line:
    """Return an empty line."""
    return Line()


def heading(text: str) -> Line:
    """Return a title."""
    return Line(((text, "title"),))


def one(*spans: tuple[str, str] | str, target: object = None) -> Line:
    """Return one line of words, each a text or a (text, look)."""
    return Line(tuple((span, "") if isinstance(span, str) else span for span in spans), target)


def paragraph(text: str, width: int, look: str = "", *, indent: int = 0, target: object = None) -> list[Line]:
    """Return foreign text as lines of at most `width` cells; its line breaks are kept."""
    space = " " * indent
    lines = []
    for piece in text[: _LONGEST * 2].splitlines() or [""]:
        cleaned = steady(piece, _LONGEST)
        lines += [Line(((space + line, look),), target) for line in wrap(cleaned, max(8, width - indent))]
    return lines


def labelled(label: str, text: str, width: int, look: str = "", *, target: object = None) -> list[Line]:
    """Return a muted label and text wrapped beside it."""
    room = cells_of(label) + 1
    if room > width // 2:
        return [Line(((label, "muted"),), target), *paragraph(text, width, look, indent=2, target=target)]
    first, *rest = paragraph(text, width - room, look, target=target)
    return [
        Line(((label + " ", "muted"), *first.spans), target),
        *(Line(((" " * room, ""), *line.spans), target) for line in rest),
    ]


def titled(title: str, lines: Iterable[Line]) -> list[Line]:
    """Return lines below a title, and in the place of none a word that says so."""
    return [heading(title), *(list(lines) or [one((say("tui.none"), "muted"))])]


def plain(lines: Iterable[Line]) -> str:
    """Return lines as text for a file or a printer, without looks and with nothing in it that acts on a terminal."""
    return "".join(steady(line.text, _LONGEST).rstrip() + "\n" for line in lines)
