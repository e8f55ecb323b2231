"""Mistakes in YAML files, put into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from policycore.errors import Place, Problem
from policycore.language import say
from policycore.text.clean import clean

__all__ = ["MOST", "Problems", "excerpt", "problem"]

MOST = 200
"""Mistakes of one file that are told apart; who made more should begin with these."""
_LONGEST = 60
_LONGEST_PLACE = 400
# Values that name files, and lists of the words that go: cut short they would lead nowhere.
_PLACES = frozenset({"chain", "first", "known", "other", "path", "second"})


def problem(code: str, place: Place, *, fix: str = "", **values: object) -> Problem:
    """Return the problem whose texts are ``yaml.<code>`` at `place`; a code with a dot is another package's.

    `fix` replaces the catalogue's general advice.
    """
    key = code if "." in code else f"yaml.{code}"
    shown = {name: excerpt(value, _LONGEST_PLACE if name in _PLACES else _LONGEST) for name, value in values.items()}
    return Problem(key, say(key, **shown), say(f"{key}.why", **shown), fix or say(f"{key}.fix", **shown), place)


def excerpt(value: object, limit: int = _LONGEST) -> str:
    """Return a short, clean, masked form of a foreign value; of an address only how it begins.

    Whole values never go into a message, and an address may hold a password.
    """
    # Few files have mistakes: the patterns take a while to be made.
    from policycore.text.shown import shown

    text = str(value)[: 4 * limit]
    before, address, _ = text.partition("://")
    if address:
        return f"{clean(shown(before), limit=limit)}://…"
    return clean(text if isinstance(value, (int, float)) else shown(text), limit=limit)


class Problems:
    """A collection of problems, each once, however many ways lead to it; their codes are those of `area`."""

    def __init__(self, area: str) -> None:
        self.area = area
        self._seen: dict[tuple[str, Place | None, str], Problem] = {}

    def add(self, found: Problem) -> None:
        """Keep `found` unless the same was found before."""
        package, _, name = found.code.partition(".")
        if package in ("yaml", f"{self.area}s"):
            found = replace(found, code=f"{self.area}.{name}")
        self._seen.setdefault((found.code, found.place, found.what), found)

    def extend(self, found: Iterable[Problem]) -> None:
        """Keep each of `found`."""
        for one in found:
            self.add(one)

    def told_at(self, place: Place | None) -> bool:
        """Return whether something is wrong at `place` by what was added before."""
        return any(found.place == place for found in self._seen.values())

    def all(self) -> tuple[Problem, ...]:
        """Return every problem, sorted by place."""
        return tuple(sorted(self._seen.values(), key=lambda found: (found.place or Place(""), found.code, found.what)))

    def __len__(self) -> int:
        return len(self._seen)
