"""Take long lists of plain words out of a text before the parser, which needs thirty microseconds for each of them.

What is left has the same lines, so that every place stays true; `parse` puts the words back where the first of a list
stands.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["LongList", "without_long_lists"]

LONG = 1_000
"""Items from which on a list is taken out."""
# Words that mean themselves in YAML and need no look at what stands around them.
_WORD = r"[A-Za-z0-9_\u3400-\u9fff][A-Za-z0-9_./@+\u3400-\u9fff-]*"
_block = re.compile(rf"^(?P<indent> *)- {_WORD}\n(?:(?P=indent)- {_WORD}\n){{{LONG},}}", re.MULTILINE)
_flow = re.compile(rf"\[ *{_WORD}(?:, *{_WORD}){{{LONG},}} *\](?=[ ]*$)", re.MULTILINE)
_word = re.compile(_WORD)


class LongList(NamedTuple):
    """The items of a list behind its first one: each word with its line and column, from 1."""

    items: tuple[tuple[str, int, int], ...]


def without_long_lists(text: str) -> tuple[str, dict[tuple[int, int], LongList]]:
    """Return `text` without the items of long lists but the first, and those by line and column of that first one."""
    taken: dict[tuple[int, int], LongList] = {}
    pieces, last, line = [], 0, 1
    for found in sorted((*_block.finditer(text), *_flow.finditer(text)), key=lambda one: one.start()):
        if found.start() < last:
            continue
        line += text.count("\n", last, found.start())
        begin = found.start() - text.rfind("\n", 0, found.start())
        pieces.append(text[last : found.start()])
        if found[0].startswith("["):
            words = [(one[0], line, begin + one.start()) for one in _word.finditer(found[0])]
            pieces.append(f"{found[0][: words[0][2] - begin]}{words[0][0]}]")
        else:
            column = begin + len(found["indent"]) + 2
            # The last line stays: what follows it may go on with it.
            written = found[0].splitlines()
            words = [(one[column - begin :], line + number, column) for number, one in enumerate(written[:-1])]
            pieces.append("\n".join((written[0], *[""] * (len(written) - 2), written[-1], "")))
        taken[words[0][1:]] = LongList(tuple(words[1:]))
        line += found[0].count("\n")
        last = found.end()
    return "".join([*pieces, text[last:]]), taken
