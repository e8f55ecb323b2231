"""Put mistakes of a rule set into words, with the nearest right word where there is one."""

from __future__ import annotations

from collections.abc import Iterable

from policycore.errors import Place, Problem
from policycore.language import say
from policycore.text.clean import clean

__all__ = ["Problems", "excerpt", "problem", "suggestion"]

_NEAR = 60
_LONGEST = 60
_MOST_CANDIDATES = 500
_LONGEST_PLACE = 400
# Values that name files: cut short they would lead nowhere.
_PLACES = frozenset({"chain", "first", "other", "path", "second"})


def problem(code: str, place: Place, *, fix: str = "", **values: object) -> Problem:
    """Return the problem ``ruleset.<code>`` at `place`; a code with a dot (``sql.syntax``) is whole already.

    `fix` replaces the catalogue's general advice.
    """
    key = f"rulesets.{code}"
    shown = {name: excerpt(value, _LONGEST_PLACE if name in _PLACES else _LONGEST) for name, value in values.items()}
    return Problem(
        code=code if "." in code else f"ruleset.{code}",
        what=say(key, **shown),
        why=say(f"{key}.why", **shown),
        fix=fix or say(f"{key}.fix", **shown),
        place=place,
    )


def excerpt(value: object, limit: int = _LONGEST) -> str:
    """Return a short, clean form of a foreign value; whole values never go into a message."""
    return clean(str(value)[: 4 * limit], limit=limit)


def suggestion(word: str, candidates: Iterable[str]) -> str:
    """Return "did you mean …" with the nearest of `candidates`, or "one of …", or nothing."""
    from rapidfuzz import fuzz, process

    listed = list(dict.fromkeys(candidates))[:_MOST_CANDIDATES]
    near = process.extract(word.casefold(), listed, scorer=fuzz.WRatio, processor=str.casefold, limit=3)
    best = [name for name, score, _ in near if score >= _NEAR]
    if best:
        return say("yaml.did-you-mean", names=", ".join(excerpt(name) for name in best[:2]))
    if 0 < len(listed) <= 12:
        return say("yaml.one-of", names=", ".join(excerpt(name) for name in listed))
    return ""


class Problems:
    """Collect problems, each once, however many ways lead to it."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, Place | None, str], Problem] = {}

    def add(self, found: Problem) -> None:
        """Keep `found` unless the same was found before."""
        self._seen.setdefault((found.code, found.place, found.what), found)

    def extend(self, found: Iterable[Problem]) -> None:
        """Keep each of `found`."""
        for one in found:
            self.add(one)

    def all(self) -> tuple[Problem, ...]:
        """Return every problem, sorted by place."""
        return tuple(sorted(self._seen.values(), key=lambda found: (found.place or Place(""), found.code, found.what)))

    def __len__(self) -> int:
        return len(self._seen)
