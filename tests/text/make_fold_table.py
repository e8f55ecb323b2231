"""Write policycore/text/fold_table.txt; run by hand when OpenCC's data or Unicode's moves on.

    python tests/text/make_fold_table.py PATH/TO/TSCharacters.txt

The argument is OpenCC's table of single characters (Apache-2.0), for example the copy inside the
PyPI package ``opencc-python-reimplemented`` (``opencc/dictionary/TSCharacters.txt``).
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

ZERO_WIDTH = 0x200B
INVISIBLE = (
    *range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0),
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0,
    *range(0xFFF9, 0xFFFC), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0),
)  # fmt: skip
SIGNS = {
    "★": "☆⭐🌟✩✪✫✬✭✮✯✰⋆✦✧✡⚝⛤🔯✴✵✶✷✸✹✺❂❋⍟⭑⭒⛥🟉🟊🌠💫",
    "*": "∗⁎✱✲✳✻✼✽❇❈❉❊※٭",
    "-": "‐‑‒–—―⁃−⸺⸻─━➖",
    "·": "•‧・∙⋅ᐧ▪ㆍ˙●᛫⸱⸳◦⦁⬤ꞏ𐄁",
    "'": "‘’ʼ‛ʹ′",
    "~": "〜∼",
    "〇": "○◯",
    "密": "宻",
    "一": "ㄧ",
    **{digit: chr(0x3020 + int(digit)) for digit in "123456789"},
}
"""What people write for a sign, or for a character of the same shape, and the one form it gets."""
LINE_ENDS = (0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)


def folds(traditional: Path) -> dict[int, int]:
    """Return the table: every code point that changes, and what it becomes."""
    table: dict[int, int] = {}
    for code in range(0x80, 0x110000):
        form = unicodedata.normalize("NFKC", chr(code))
        if len(form) == 1 and form != chr(code):
            table[code] = ord(form)
        digit = unicodedata.digit(chr(code), None)
        if digit is not None:
            table[code] = 0x30 + digit
    for first, count in ((0x2160, 9), (0x2170, 9)):  # Roman numerals one to nine stand for digits
        table.update({first + step: 0x31 + step for step in range(count)})
    for line in traditional.read_text(encoding="utf-8").splitlines():
        old, _, new = line.partition("\t")
        if len(old) == 1 and new and new.split()[0] != old and len(new.split()[0]) == 1:
            table[ord(old)] = ord(new.split()[0])
    for code in range(0x80, 0x110000):
        if unicodedata.category(chr(code)) == "Zs":
            table[code] = 0x20
    for sign, forms in SIGNS.items():
        table.update({ord(form): ord(sign) for form in forms})
    table[0x09] = 0x20
    table.update(dict.fromkeys(LINE_ENDS, 0x0A))
    table.update(dict.fromkeys(INVISIBLE, ZERO_WIDTH))
    table.pop(ZERO_WIDTH, None)
    return {code: _end(table, code) for code in table if _end(table, code) != code}


def _end(table: dict[int, int], code: int) -> int:
    """Follow `code` through the table until it stays, so that folding twice changes nothing."""
    seen = {code}
    while code in table and table[code] not in seen:
        code = table[code]
        seen.add(code)
    return code


def main(traditional: Path) -> None:
    """Write the table beside the module that reads it, runs of equal distance on one line."""
    table = sorted(folds(traditional).items())
    lines, index = [], 0
    while index < len(table):
        first, target = table[index]
        length = 1
        while index + length < len(table) and table[index + length] == (first + length, target + length):
            length += 1
        same = 1
        while index + same < len(table) and table[index + same] == (first + same, target):
            same += 1
        kind, length = ("=", same) if same > length else ("+", length)
        lines.append(f"{first:X} {length:X} {kind}{target:X}")
        index += length
    head = (
        "# One-to-one folds of code points: first, count, target (hex); + the target moves along, = it stays.\n"
        "# Made by tests/text/make_fold_table.py from Unicode "
        f"{unicodedata.unidata_version} (NFKC, digits, spaces, signs; Unicode licence) and\n"
        "# OpenCC's TSCharacters.txt (traditional to simplified, first choice; Apache-2.0,"
        " https://github.com/BYVoid/OpenCC).\n"
    )
    place = Path(__file__).parents[2] / "policycore" / "text" / "fold_table.txt"
    place.write_text(head + "\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
