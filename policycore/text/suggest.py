"""Say which word was probably meant: the one "did you mean" of every message."""

from __future__ import annotations

from collections.abc import Iterable, KeysView
from collections.abc import Set as AbstractSet

from policycore.language import say
from policycore.text.clean import clean

__all__ = ["nearest", "suggestion"]

_LIKE_ENOUGH = 0.55
_LONGEST = 100
_MOST_LISTED = 12
_MOST_CANDIDATES = 2000


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `word` was probably meant to be, None where none comes near.

    Letters left out, doubled or swapped; else a part of a longer name (``in-post`` of ``ownership/owner-in-post``).
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    choices = _in_order(known)[:_MOST_CANDIDATES]
    asked = word[:_LONGEST].casefold()
    found = process.extractOne(
        asked, choices, scorer=OSA.normalized_similarity, processor=str.casefold, score_cutoff=_LIKE_ENOUGH
    )
    if found:
        return str(found[0])
    return next((choice for choice in choices if len(asked) > 2 and asked in choice.casefold()), None)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "did you mean …", else the first words that are known, "" where there are none."""
    choices = _in_order(known)
    best = nearest(word, choices)
    if best is not None:
        return say("text.did-you-mean", name=clean(best, limit=_LONGEST))
    listed = say("text.and").join(clean(choice, limit=_LONGEST) for choice in choices[:_MOST_LISTED])
    return say("text.one-of", names=listed + ("…" if len(choices) > _MOST_LISTED else "")) if listed else ""


def _in_order(known: Iterable[str]) -> list[str]:
    """Return each word once, in its order; a set has none of its own, and messages must not differ from run to run."""
    return (
        sorted(known) if isinstance(known, AbstractSet) and not isinstance(known, KeysView) else [*dict.fromkeys(known)]
    )
