"""Draw the pictures of a report as inline SVG: read before words, legible without colour and on paper.

Every bar has its number beside it, and kinds differ by how dense they are, not by hue alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from policycore.reports.words import safe
from policycore.text.width import fill_line

__all__ = ["bars", "trend"]

_ROW, _LABEL, _BAR = 26, 215, 260
_WIDTH = _LABEL + _BAR + 60
_HEIGHT = 120
_DASHES = ("", "7 4", "2 3")
"""How the lines of a trend are told apart in black and white."""


def bars(title: str, rows: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Yield a picture with one bar for each label and count, in the order that is given; nothing without rows."""
    if not rows:
        return
    most = max(1, *(count for _, count in rows))
    yield from _begin(title, len(rows) * _ROW)
    for number, (label, count) in enumerate(rows):
        top = number * _ROW
        long = count / most * _BAR
        words = escape(fill_line(safe(label, 80), 30).rstrip())
        yield f'<text x="{_LABEL - 8}" y="{top + 17}" text-anchor="end" fill="currentColor">{words}</text>'
        yield (
            f'<rect x="{_LABEL}" y="{top + 4}" width="{long:.1f}" height="{_ROW - 9}" fill="currentColor" '
            f'fill-opacity="{0.75 if number % 2 == 0 else 0.45}"></rect>'
        )
        yield f'<text x="{_LABEL + long + 6:.1f}" y="{top + 17}" fill="currentColor">{count}</text>'
    yield "</svg></figure>"


def trend(title: str, days: Sequence[str], lines: Sequence[tuple[str, Sequence[int]]]) -> Iterator[str]:
    """Yield a picture with one line for each name over the `days` of runs, oldest first; nothing for a single run."""
    if len(days) < 2:
        return
    most = max(1, *(count for _, counts in lines for count in counts))
    step = (_LABEL + _BAR - 90) / (len(days) - 1)
    yield from _begin(title, _HEIGHT + 40)
    yield f'<path d="M40 10V{_HEIGHT}H{_WIDTH - 120}" fill="none" stroke="currentColor" stroke-opacity="0.4"></path>'
    yield f'<text x="34" y="16" text-anchor="end" fill="currentColor">{most}</text>'
    ends: list[float] = []
    for number, (name, counts) in enumerate(lines):
        points = [(40 + place * step, _HEIGHT - count / most * (_HEIGHT - 14)) for place, count in enumerate(counts)]
        path = " ".join(f"{across:.1f},{up:.1f}" for across, up in points)
        dash = f' stroke-dasharray="{_DASHES[number % 3]}"' if _DASHES[number % 3] else ""
        yield f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="2"{dash}></polyline>'
        across, up = points[-1]
        while any(abs(up - other) < 16 for other in ends):
            up -= 16  # names of lines that end at one place stand above one another
        ends.append(up)
        words = escape(f"{safe(name, 40)} {counts[-1]}")
        yield f'<text x="{across + 8:.1f}" y="{up + 5:.1f}" fill="currentColor">{words}</text>'
    yield f'<text x="40" y="{_HEIGHT + 20}" fill="currentColor">{escape(days[0])}</text>'
    last = 40 + step * (len(days) - 1)
    yield f'<text x="{last:.1f}" y="{_HEIGHT + 20}" text-anchor="end" fill="currentColor">{escape(days[-1])}</text>'
    yield "</svg></figure>"


def _begin(title: str, height: int) -> Iterator[str]:
    """Yield the beginning of a picture with its caption, which is also what is read aloud."""
    words = escape(title, quote=True)
    yield f"<figure><figcaption>{words}</figcaption>"
    yield (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{words}" font-size="13" font-family="inherit">'
    )
