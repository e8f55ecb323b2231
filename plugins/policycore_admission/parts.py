"""Find where each part of a display name may end: as the person's own, as the directory's, or as anything.

How surely a part is known is a cost: 0 for the person's own, more for somebody else's, most for what
the directory does not know. The cheapest way to cut a whole text into the parts of a form is how it
is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from policycore_admission.grammar import POST_PREFIXES, UNITS, Grammar
from policycore_admission.spelling import Spelling, key

__all__ = ["REST", "Cutter", "Index", "Person", "Piece"]

How = Literal["own", "other", "free"]
COST: dict[How, int] = {"own": 0, "other": 4, "free": 8}
_COMPANY = 5
"""What a company costs that the directory does not know: a list of departments need not name what they belong to."""
REST = "rest"
"""Stands in a form for what belongs to none of its parts."""
_LONGEST_POST = 12
_mobile = re.compile(r"(?:86)?1[3-9][0-9]{9}(?![0-9])")
_number = re.compile(r"[0-9]{5,}")


@dataclass(frozen=True, slots=True)
class Person:
    """What the directory has on whom an account belongs to, as keys; empty where it belongs to nobody."""

    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """Departments with their aliases: where the person holds a post, and those above and below."""
    tops: tuple[str, ...] = ()
    """The topmost of them, which have others below."""
    titles: tuple[str, ...] = ()
    characters: frozenset[str] = frozenset()
    """Every character with which the directory itself writes these names and units."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a display name as it was read."""

    kind: str
    begin: int
    end: int
    how: How
    units: tuple[str, ...] = ()
    """The units that the piece is made of, from left to right."""


class Index:
    """Keys that are found at a place in a text without trying them all."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = keys if isinstance(keys, (set, frozenset)) else set(keys)
        lengths: dict[str, set[int]] = {}
        for one in self.keys:
            lengths.setdefault(one[0], set()).add(len(one))
        self._lengths = {first: sorted(found) for first, found in lengths.items()}

    def at(self, letters: str, begin: int) -> Iterator[str]:
        """Yield the keys that begin at `begin`, the shortest first."""
        for length in self._lengths.get(letters[begin], ()):
            if begin + length > len(letters):
                return
            if letters[begin : begin + length] in self.keys:
                yield letters[begin : begin + length]


class Cutter:
    """One display name that is cut into the parts of forms."""

    def __init__(self, spelling: Spelling, person: Person, units: Index, names: Index, posts: Index) -> None:
        self.letters, self.gaps = spelling.letters, spelling.gaps
        self.person = person
        self._own_units, self._tops, self._own_names = Index(person.units), Index(person.tops), Index(person.names)
        self._units, self._names, self._posts = units, names, posts
        self._known: dict[tuple[str, int], list[Piece]] = {}

    def cut(self, form: Sequence[str], *, free: bool = True) -> tuple[int, tuple[Piece, ...]] | None:
        """Return the cost and the pieces of the cheapest way to read the whole text as `form`, None without one.

        Unless `free`, every part but `REST` must be known to the directory.
        """
        return self._best(tuple(form), 0, free, {})

    def _best(
        self,
        form: tuple[str, ...],
        begin: int,
        free: bool,
        seen: dict[tuple[int, int], tuple[int, tuple[Piece, ...]] | None],
    ) -> tuple[int, tuple[Piece, ...]] | None:
        """Return the cheapest way to read the text from `begin` as `form`."""
        if not form:
            return (0, ()) if begin == len(self.letters) else None
        place = (len(form), begin)
        if place in seen:
            return seen[place]
        best = self._best(form[1:], begin, free, seen) if form[0].endswith("?") else None
        if begin < len(self.letters):
            for cost, piece in self._pieces(form, begin, free):
                if best is not None and cost >= best[0]:
                    continue
                tail = self._best(form[1:], piece.end, free, seen)
                if tail is not None and (best is None or cost + tail[0] < best[0]):
                    best = (cost + tail[0], (piece, *tail[1]))
        seen[place] = best
        return best

    def _pieces(self, form: tuple[str, ...], begin: int, free: bool) -> Iterator[tuple[int, Piece]]:
        """Yield what may stand at `begin` for the first part of `form`, with its cost."""
        kind = form[0].removesuffix("?")
        if kind == REST:
            if begin == 0 or self.gaps[begin]:
                yield from ((0, Piece(REST, begin, end, "free")) for end in self._ends(begin) if self._closed(end))
            yield from ((0, Piece(REST, piece.begin, piece.end, "free")) for piece in self.known("post", begin))
            return
        for piece in self.known(kind, begin):
            yield COST[piece.how], piece
        if free and kind not in ("post", "phone"):
            yield from self._free(kind, form[1:], begin)

    def _free(self, kind: str, following: tuple[str, ...], begin: int) -> Iterator[tuple[int, Piece]]:
        """Yield what the directory does not know: up to a gap, or up to a part that it knows."""
        soon = []
        for part in following:
            soon.append(part.removesuffix("?"))
            if not part.endswith("?"):
                break
        ends = self._ends(begin)
        cost = _COMPANY if kind == "company" else COST["free"]
        for end in reversed(ends) if kind in UNITS else ends:
            gap = self.gaps[end]
            if end == len(self.letters) or gap.strip(" ·."):
                extra = 0
            elif gap:
                extra = 1
            elif any(self.known(one, end) for one in soon if one != REST):
                extra = 2
            else:
                continue
            yield cost + extra, Piece(kind, begin, end, "free")

    def _ends(self, begin: int) -> range:
        return range(begin + 1, len(self.letters) + 1)

    def _closed(self, end: int) -> bool:
        """Return whether a gap, or the text's end, follows what ends at `end`."""
        return end == len(self.letters) or self.gaps[end] != ""

    def known(self, kind: str, begin: int) -> list[Piece]:
        """Return what the directory knows of `kind` at `begin`."""
        if (kind, begin) not in self._known:
            self._known[kind, begin] = list(self._look(kind, begin)) if begin < len(self.letters) else []
        return self._known[kind, begin]

    def _look(self, kind: str, begin: int) -> Iterator[Piece]:
        if kind in UNITS:
            yield from self._chains(kind, begin, self._tops if kind == "company" else self._own_units, "own")
            yield from self._chains(kind, begin, self._units, "other")
        elif kind == "name":
            yield from (Piece(kind, begin, begin + len(one), "own") for one in self._own_names.at(self.letters, begin))
            yield from (Piece(kind, begin, begin + len(one), "other") for one in self._names.at(self.letters, begin))
        elif kind == "phone":
            found = _mobile.match(self.letters, begin) or _number.match(self.letters, begin)
            if found:
                yield Piece(kind, begin, found.end(), "own" if found.re is _mobile else "free")
        else:
            yield from self._titles(kind, begin)

    def _chains(self, kind: str, begin: int, index: Index, how: How) -> Iterator[Piece]:
        """Yield units that follow one another: 某大学教务处 is one piece of two units."""
        chains: dict[int, tuple[str, ...]] = {begin: ()}
        todo = [begin]
        while todo:
            at = todo.pop()
            if at == len(self.letters):
                continue
            for unit in index.at(self.letters, at):
                if at + len(unit) not in chains:
                    chains[at + len(unit)] = (*chains[at], unit)
                    todo.append(at + len(unit))
        # The longest first: of two readings of one cost the first is taken (教务处 rather than 教务).
        yield from (Piece(kind, begin, end, how, chains[end]) for end in sorted(chains, reverse=True) if end > begin)

    def _titles(self, kind: str, begin: int) -> Iterator[Piece]:
        """Yield posts: the person's own, then any word that is one."""
        own_needed = kind == "title" and self.person.titles
        for end in self._ends(begin):
            text = self.letters[begin:end]
            if len(text) > 1 and any(title.endswith(text) for title in self.person.titles):
                yield Piece(kind, begin, end, "own")
            elif text in self._posts.keys or (
                len(text) <= _LONGEST_POST and self.gaps[begin] and self._closed(end) and self._ends_like_post(text)
            ):
                yield Piece(kind, begin, end, "other" if own_needed else "own")

    def _ends_like_post(self, text: str) -> bool:
        """Return whether `text` ends with a post, whatever stands before it (机关党委专职副书记)."""
        return any(text[place:] in self._posts.keys for place in range(1, len(text) - 1))


def post_index(grammar: Grammar) -> Index:
    """Return every post of the grammar, with and without what may stand before it."""
    words = {key(post) for post in grammar.posts} - {""}
    return Index(words | {prefix + word for prefix in POST_PREFIXES for word in words})
