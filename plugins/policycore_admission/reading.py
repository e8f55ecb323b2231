"""Read a display name by a grammar and the directory, or say what is wrong with it.

The directory cuts the text; what remains must be what the grammar allows. Where no form fits as it
stands, the nearest one that does names the fault: its parts in another order, without one of them,
or with something beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations

from policycore import fold
from policycore_admission.grammar import Grammar, required
from policycore_admission.parts import REST, Cutter, Index, Person, Piece, post_index
from policycore_admission.spelling import DOTS, has_phone, has_symbol, is_word, spelled

__all__ = ["NOBODY", "Reader", "Reading"]

NOBODY = Person()
HOSTILE = 500
"""Characters beyond which a display name is not read at all."""
# What another reading costs: as much as it is worse than a part that is somebody else's.
_ORDER, _MISSING, _REST = 3, 5, 6
_full_width = re.compile("[\uff01-\uff5e\u3000]")
_half_width = re.compile(r"[!-/:-@\[-`{-~ 0-9]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A display name taken apart, and the fault of its form where it has one."""

    fault: str = ""
    pieces: tuple[Piece, ...] = ()
    letters: str = ""
    missing: str = ""
    """The part that is missing, for the fault ``part-missing``."""

    def piece(self, *kinds: str) -> Piece | None:
        """Return the first piece of one of `kinds` that is not the person's own, else the first one."""
        found = [piece for piece in self.pieces if piece.kind in kinds]
        return next((piece for piece in found if piece.how != "own"), found[0] if found else None)

    def text(self, piece: Piece | None) -> str:
        """Return the letters of `piece`."""
        return "" if piece is None else self.letters[piece.begin : piece.end]


class Reader:
    """A reader of display names by one grammar with the names and units of one directory."""

    def __init__(self, grammar: Grammar, units: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self.grammar = grammar
        self._units, self._names, self._posts = Index(units), Index(names), post_index(grammar)
        self._extra = "".join(fold("".join(grammar.separators + grammar.brackets)))
        self._joined = "" in grammar.separators
        self._between = frozenset(fold("".join(grammar.separators + grammar.brackets)))
        self._spaces = any(text and not text.strip() for text in grammar.separators)
        self._at_ends = frozenset(" -_.·'\"" + fold("".join(grammar.brackets)))
        self._attempts = tuple(_attempts(grammar))

    def read(self, shown: str | None, person: Person = NOBODY) -> Reading:
        """Return the parts of a display name that `person` shows, and what is wrong with its form."""
        dots = DOTS if "·" in person.characters else ""
        spelling = spelled((shown or "")[: HOSTILE + 1], self._extra + dots)
        if not spelling.letters and not spelling.gaps[0].strip():
            return Reading("missing")
        if len(shown or "") > HOSTILE:
            return Reading("too-long")
        cutter = Cutter(spelling, person, self._units, self._names, self._posts)
        reading = self._judged(self._nearest(cutter), cutter, shown or "")
        long = len((shown or "").strip()) > self.grammar.longest
        if long and not reading.fault and any(piece.how != "own" for piece in reading.pieces):
            return replace(reading, fault="too-long")
        return reading

    def _nearest(self, cutter: Cutter) -> Reading:
        """Return the cheapest reading of all forms and of what is near to them."""
        best: tuple[int, Reading] | None = None
        for price, fault, missing, form in self._attempts:
            if best is not None and best[0] <= price:
                break
            found = cutter.cut(form, free=not fault)
            if found is not None and (best is None or price + found[0] < best[0]):
                best = (price + found[0], Reading(fault, found[1], cutter.letters, missing))
        if best is not None:
            return best[1]
        own = any(
            piece.how == "own"
            for begin in range(len(cutter.letters))
            for kind in ("name", "unit")
            for piece in cutter.known(kind, begin)
        )
        return Reading("form" if own else "not-in-directory", letters=cutter.letters)

    def _judged(self, reading: Reading, cutter: Cutter, shown: str) -> Reading:
        """Return `reading` with the fault that its parts or the gaps between them have."""
        fault = self._foreign(reading) or reading.fault or self._gap_fault(reading, cutter)
        if not fault and self._wrong_width(shown, cutter.person):
            fault = "width"
        return replace(reading, fault=fault)

    def _foreign(self, reading: Reading) -> str:
        """Return what is wrong with the text that the directory does not account for."""
        unknown = [reading.text(piece) for piece in reading.pieces if piece.how == "free"]
        if not reading.pieces:
            unknown = [reading.letters]
        if any(piece.kind == "phone" and piece.how == "free" for piece in reading.pieces):
            return "phone-form"
        if has_phone("".join(unknown)):
            return "phone-number"
        if any(map(has_symbol, unknown)):
            return "emoji"
        if not all(map(is_word, unknown)):
            return "rest"
        return self._partly_wrong(reading)

    def _partly_wrong(self, reading: Reading) -> str:
        """Return what is wrong with a name that is no whole name, or a position that is somebody else's."""
        name = next((piece for piece in reading.pieces if piece.kind == "name" and piece.how == "free"), None)
        if name is not None and not reading.fault:
            if any(letter.isdigit() for letter in reading.text(name)):
                return "number"
            if name.end - name.begin == 1:
                return "surname-only"
        if any(piece.kind == "title" and piece.how != "own" for piece in reading.pieces):
            return "other-title"
        post = reading.text(next((piece for piece in reading.pieces if piece.kind in ("title", "post")), None))
        if reading.missing == "name" and post not in self._posts.keys and post[1:] in self._posts.keys:
            return "surname-only"
        return ""

    def _gap_fault(self, reading: Reading, cutter: Cutter) -> str:
        """Return what is wrong with what stands between the parts, and around them."""
        own = cutter.person.characters
        first, last = cutter.gaps[0], cutter.gaps[-1]
        if not self._at_ends.union(own).issuperset(first + last):
            return "rest"
        between = [cutter.gaps[piece.begin] for piece in reading.pieces[1:]]
        for gap in between:
            if not (self._joined if not gap else self._separates(gap, own)):
                return "separator"
        loose = [one for one in "".join(cutter.gaps) if one not in own]
        return "separator" if any(loose.count(a) != loose.count(b) for a, b in self._pairs()) else ""

    def _pairs(self) -> Iterator[tuple[str, str]]:
        return ((fold(pair[0]), fold(pair[-1])) for pair in self.grammar.brackets if len(pair) == 2)

    def _separates(self, gap: str, own: frozenset[str]) -> bool:
        """Return whether `gap` is one that the grammar allows, or that the directory's own spelling brings along."""
        visible = set(gap) - {" "} - own
        return visible <= self._between if visible or set(gap) - {" "} else self._spaces

    def _wrong_width(self, shown: str, person: Person) -> bool:
        """Return whether separators, brackets, digits or letters are of the wrong width."""
        if self.grammar.width == "any":
            return False
        wrong = _full_width if self.grammar.width == "half" else _half_width
        return any(character not in person.characters for character in wrong.findall(shown))


def _attempts(grammar: Grammar) -> Iterator[tuple[int, str, str, tuple[str, ...]]]:
    """Yield price, fault, missing part and form of every way to read, the cheapest first."""
    forms = grammar.forms
    # What no directory knows is rather a class or a region, which need be in none, than a unit.
    for form in sorted(forms, key=lambda form: "unit" in form):
        yield 0, "", "", form
    for form in forms:
        needed = required(form)
        # Every order of many parts would be too many to try.
        for other in permutations(needed) if len(needed) <= 4 else (needed[::-1],):
            if other != needed:
                yield _ORDER, "order", "", other
    for form in forms:
        for place, part in enumerate(form):
            if not part.endswith("?") and len(required(form)) > 1:
                yield _MISSING, "part-missing", part, form[:place] + form[place + 1 :]
    for form in forms:
        for place in range(len(form) + 1):
            yield _REST, "rest", "", (*form[:place], REST, *form[place:])
