"""Learn from texts that people judged which are of a kind, as weights of pieces of words that everybody can read.

A text is the characters in it and every two in a row; a piece that fewer than three texts hold is not kept, and any
number stands as 0, any Latin word as a, so that what is written down gives nobody's text away. The weights are those of
a logistic regression, both sides counted alike; what they add up to is made a probability by texts that it was not
trained on. The same texts give the same weights, in whatever order.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from policycore.text.fold import spread

if TYPE_CHECKING:
    import numpy

__all__ = ["FEWEST_OF_EACH", "Kinds", "Learned", "learn"]

FEWEST_OF_EACH = 20
"""Texts of either side below which there is nothing to learn."""
_BIAS = "bias"
_HELD_BY, _MOST_PIECES, _MOST_TEXTS = 3, 5_000, 10_000
_FOLDS, _STEPS, _PENALTY = 5, 300, 1e-4
_LONGEST = 1_000
"""Characters of a text that is learned from; how a longer one is judged hangs on how much of it speaks for a kind."""
_AT_A_TIME = 2_048
_MOST_ALIKE = 3
"""Times that a piece counts in one text that is learned from."""
_alike = {
    **dict.fromkeys(map(ord, "0123456789"), "0"),
    **{place: "a" for letter in range(26) for place in (65 + letter, 97 + letter)},
    **dict.fromkeys(map(ord, " \t\n"), "_"),
}
_runs = re.compile("0+(?=0)|a+(?=a)|_+(?=_)")
_told = re.compile("[^\x00-\x7f]{2}")
"""Pieces that tell a reader something."""


def _units(text: str) -> numpy.ndarray:
    """Return a text as it is read, in 16-bit units, with what is no character at either end."""
    import numpy

    bare = f"\uffff{spread(text)}\uffff"
    return numpy.frombuffer(bare.encode("utf-16-be", "surrogatepass"), ">u2")


def _pieces(text: str) -> Counter[str]:
    """Return how often each unit and every two in a row stand in a text; of numbers and Latin words the end counts."""
    bare = "".join(map(chr, _units(text[:_LONGEST])[1:-1][:_LONGEST].tolist())).translate(_alike)
    bare = _runs.sub(lambda one: "\uffff" * len(one[0]), bare)
    return Counter(bare) + Counter(map("".join, pairwise(bare)))


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned: a weight for each piece."""

    weights: dict[str, float]
    bias: float

    @classmethod
    def read(cls, lines: Iterable[str]) -> Learned:
        """Return what stands in lines of a piece and its weight. Raises ValueError where one says something else."""
        weights = {piece: float(weight) for piece, weight in (line.rsplit(" ", 1) for line in lines)}
        return cls(weights, weights.pop(_BIAS, 0.0))

    def lines(self) -> list[str]:
        """Return the weights as `read` reads them, what speaks most for the kind first."""
        ordered = sorted(self.weights.items(), key=lambda one: (-one[1], one[0]))
        return [f"{_BIAS} {self.bias:.4f}", *(f"{piece} {weight:.4f}" for piece, weight in ordered)]

    def percent(self, text: str) -> int:
        """Return how probable it is that a text is of the kind, in percent."""
        import numpy

        units = _units(text)
        return int(_alone(self).percents(units, numpy.array([0, len(units) - 1]))[0, 0])

    def strongest(self, text: str) -> tuple[str, ...]:
        """Return the three pieces of a text that speak most for the kind, none across another one."""
        kept: list[str] = []
        left = spread(text)
        found = {left[at : at + 2] for at in range(len(left) - 1)} & self.weights.keys()
        for one in sorted(filter(_told.fullmatch, found), key=lambda one: (-self.weights[one], one)):
            if len(kept) < 3 and self.weights[one] > 0 and one in left:
                kept.append(one)
                left = left.replace(one, "\n")
        return tuple(kept)

    def hint(self, text: str) -> dict[str, object]:
        """Return what to say of a text that may be of the kind: how probably in percent, and by which pieces."""
        return {"percent": self.percent(text), "signs": "、".join(self.strongest(text))}


class Kinds:
    """Several kinds that texts are judged by together, a whole column at once."""

    def __init__(self, kinds: Sequence[Learned]) -> None:
        import numpy

        pieces = sorted({piece for one in kinds for piece in one.weights})
        marks = sorted(set(_alike.values()))
        others = sorted(set("".join(map(_halves, pieces))) - {*marks})
        letters = {letter: number for number, letter in enumerate((*marks, *others), 1)}
        self._alike = len(marks)
        self._letters = numpy.zeros(1 << 16, numpy.int32)
        self._letters[[*map(ord, letters)]] = [*letters.values()]
        for place, letter in _alike.items():
            self._letters[place] = letters.get(letter, 0)
        self._rows = len(letters) + 1
        # Which row of the weights two letters in a row have: what the first weighs alone, and what both do.
        alone = numpy.zeros((self._rows, len(kinds)), numpy.float32)
        pairs = []
        for piece in pieces:
            worth = [one.weights.get(piece, 0.0) for one in kinds]
            first, *second = (letters[half] for half in _halves(piece))
            if second:
                pairs.append((first, second[0], worth))
            else:
                alone[first] = worth
        self._both = numpy.repeat(numpy.arange(self._rows, dtype=numpy.uint16), self._rows)
        firsts = [first for first, _, _ in pairs]
        both = (
            numpy.array([worth for _, _, worth in pairs], numpy.float32).reshape(len(pairs), len(kinds)) + alone[firsts]
        )
        self._both[[first * self._rows + second for first, second, _ in pairs]] = self._rows + numpy.arange(len(pairs))
        self._weights = numpy.concatenate((alone, both))
        self._bias = numpy.array([one.bias for one in kinds])

    def percents(self, units: numpy.ndarray, edges: numpy.ndarray) -> numpy.ndarray:
        """Return for each text and kind how probable it is, in percent.

        Texts stand between `edges` in a buffer of 16-bit units, as `policycore.text.view` has them.
        """
        import numpy

        # Of more texts at once what is looked up fits no cache.
        starts = range(0, len(edges) - 1, _AT_A_TIME)
        parts = [edges[start : start + _AT_A_TIME + 1] for start in starts]
        found = [self._percents(units[mine[0] : mine[-1] + 1], mine - mine[0]) for mine in parts]
        return numpy.concatenate(found) if found else numpy.empty((0, len(self._bias)))

    def _percents(self, units: numpy.ndarray, edges: numpy.ndarray) -> numpy.ndarray:
        """Return them for a few texts, whose buffer begins and ends at an edge."""
        import numpy

        lengths = numpy.diff(edges) - 1
        read = self._letters.take(units)
        read[:-1][(read[:-1] == read[1:]) & (read[:-1] <= self._alike)] = 0
        worth = self._weights.take(self._both.take(read[:-1] * self._rows + read[1:]), axis=0)
        summed = numpy.add.reduceat(worth, edges[:-1])
        pieces = numpy.maximum(2 * lengths - 1, 1)
        weighed = numpy.sqrt(numpy.minimum(pieces, 2 * _LONGEST - 1)) / pieces
        score = self._bias + summed * weighed[:, None]
        found: numpy.ndarray = numpy.round(100 / (1 + numpy.exp(-score.clip(-50, 50))))
        return found


@lru_cache(8)
def _alone(learned: Learned) -> Kinds:
    """Return what judges texts by one kind alone."""
    return Kinds((learned,))


def _halves(piece: str) -> str:
    """Return a piece unit by unit, so that a character of two units has two."""
    data = piece.encode("utf-16-be", "surrogatepass")
    return "".join(chr(data[at] << 8 | data[at + 1]) for at in range(0, len(data), 2))


def learn(texts: Sequence[str], of_kind: Sequence[bool]) -> tuple[Learned, int]:
    """Return what texts teach, and how many percent of either side, on average, it tells right without training on it.

    Raises ValueError where there are fewer than `FEWEST_OF_EACH` of either side.
    """
    import numpy

    known = dict(zip(texts, of_kind, strict=True))
    ordered = sorted(known, key=lambda text: sha256(text.encode("utf-8", "replace")).digest())[:_MOST_TEXTS]
    truth = numpy.array([known[text] for text in ordered], float)
    if min(truth.sum(), len(truth) - truth.sum()) < FEWEST_OF_EACH:
        raise ValueError(f"fewer than {FEWEST_OF_EACH} of either side")
    held = [_pieces(text) for text in ordered]
    counts = Counter(piece for one in held for piece in one)
    yes = sum(known.values())
    lean: dict[str, float] = defaultdict(float)
    for pieces, kind in zip(held, truth, strict=True):
        for piece in pieces:
            lean[piece] += 1 / yes if kind else -1 / (len(known) - yes)
    often = (one for one, count in counts.items() if count >= _HELD_BY and _writable(one))
    told = sorted(often, key=lambda one: (-abs(lean[one]), one))[:_MOST_PIECES]
    columns = {piece: number for number, piece in enumerate(told)}
    found = [(row, piece) for row, pieces in enumerate(held) for piece in sorted(pieces.keys() & columns.keys())]
    worth = [min(held[row][piece], _MOST_ALIKE) / math.sqrt(held[row].total()) for row, piece in found]
    rows = _Rows(
        numpy.array([row for row, _ in found]),
        numpy.array([columns[piece] for _, piece in found]),
        numpy.array(worth),
        len(held),
        len(columns),
    )
    apart = numpy.empty(len(truth))
    for fold in range(_FOLDS):
        out = numpy.arange(len(truth)) % _FOLDS == fold
        weights, bias = _fitted(rows, truth, _balanced(truth, ~out))
        apart[out] = rows.sums(weights)[out] + bias
    scale = max(1.0, float(numpy.abs(apart).max()))
    # A few texts that are all told right make nothing certain: one more of either side would be told wrong (Platt).
    no = len(truth) - yes
    hoped = numpy.where(truth > 0.5, (yes + 1) / (yes + 2), 1 / (no + 2))
    each = numpy.arange(len(truth))
    alone = _Rows(each, each * 0, apart / scale, len(truth), 1)
    # Of what people write the kind is never the greater part, however many of those that were judged are of it.
    weighed = numpy.where(truth > 0.5, min(1.0, no / yes), 1.0)
    slope, shift = _fitted(alone, hoped, weighed / weighed.sum(), penalty=0.0)
    factor = float(slope[0]) / scale
    told_right = (apart * factor + shift > 0) == (truth > 0.5)
    # Both sides count alike: whoever calls everything of the kind is right of nearly all where few were dismissed.
    right = round(50 * float(told_right[truth > 0.5].mean() + told_right[truth < 0.5].mean()))
    weights, bias = _fitted(rows, truth, _balanced(truth, truth >= 0))
    said = {_whole(piece): round(float(weights[number]) * factor, 4) for piece, number in columns.items()}
    return Learned({piece: weight for piece, weight in said.items() if weight}, bias * factor + shift), right


def _writable(piece: str) -> bool:
    """Return whether a piece of units is text: half a character is none, and one mark tells nothing."""
    odd = any("\ud800" <= one <= "\udfff" or one == "\uffff" for one in _whole(piece))
    return not odd and piece[0] != "#" and (len(piece) > 1 or not piece.isascii())


def _whole(piece: str) -> str:
    """Return a piece of units as text."""
    return piece.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


class _Rows(NamedTuple):
    """Texts by pieces, of which all but a few values are 0: in which row and column the others stand."""

    at: numpy.ndarray
    which: numpy.ndarray
    worth: numpy.ndarray
    texts: int
    pieces: int

    def sums(self, weights: numpy.ndarray) -> numpy.ndarray:
        """Return what the weights of each text's pieces add up to."""
        import numpy

        return numpy.bincount(self.at, self.worth * weights[self.which], self.texts)

    def shares(self, errors: numpy.ndarray) -> numpy.ndarray:
        """Return what the errors of each piece's texts add up to."""
        import numpy

        return numpy.bincount(self.which, self.worth * errors[self.at], self.pieces)


def _balanced(truth: numpy.ndarray, among: numpy.ndarray) -> numpy.ndarray:
    """Return for each text how much it counts, so that both sides among some count alike and the others not at all."""
    yes = (truth * among).sum()
    found: numpy.ndarray = among * (truth / (2 * yes) + (1 - truth) / (2 * (among.sum() - yes)))
    return found


def _fitted(
    rows: _Rows, truth: numpy.ndarray, counts: numpy.ndarray, penalty: float = _PENALTY
) -> tuple[numpy.ndarray, float]:
    """Return the weights and the bias of a logistic regression, by accelerated descent with a fixed step."""
    import numpy

    # With its bias no row is longer than 2, so that the loss bends by no more than 1.
    step = 1 / (1 + penalty)
    weights = ahead = numpy.zeros(rows.pieces)
    bias = bias_ahead = 0.0
    for number in range(1, _STEPS + 1):
        error = counts * (1 / (1 + numpy.exp(-(rows.sums(ahead) + bias_ahead))) - truth)
        after, bias_after = ahead - step * (rows.shares(error) + penalty * ahead), bias_ahead - step * error.sum()
        gained = (number - 1) / (number + 2)
        ahead, bias_ahead = after + gained * (after - weights), bias_after + gained * (bias_after - bias)
        weights, bias = after, bias_after
    return weights, float(bias)
