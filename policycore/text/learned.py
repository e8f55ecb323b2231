"""Learn from texts that people judged which are of a kind, as weights of pieces of words that everybody can read.

A text is the Chinese characters in it, two and three in a row; a piece that fewer than three texts hold is not kept,
nor is any figure or Latin letter, so that what is written down gives nobody's text away. The weights are those of a
logistic regression, both sides counted alike; what they add up to is made a probability by texts that it was not
trained on. The same texts give the same weights, in whatever order.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from policycore.text.fold import spread

if TYPE_CHECKING:
    import numpy

__all__ = ["FEWEST_OF_EACH", "Learned", "learn"]

FEWEST_OF_EACH = 20
"""Texts of either side below which there is nothing to learn."""
_BIAS = "bias"
_HELD_BY, _MOST_PIECES, _MOST_TEXTS = 3, 3_000, 5_000
_FOLDS, _STEPS, _PENALTY = 5, 300, 1e-3
_LONGEST = 2_000
_han = re.compile("[\u3400-\u9fff]+")


def _pieces(text: str) -> frozenset[str]:
    """Return every two and three Chinese characters in a row."""
    runs = _han.findall(spread(text[:_LONGEST]))
    return frozenset(run[at : at + size] for run in runs for size in (2, 3) for at in range(len(run) - size + 1))


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned: a weight for each piece."""

    weights: dict[str, float]
    bias: float

    @classmethod
    def read(cls, lines: Iterable[str]) -> Learned:
        """Return what stands in lines of a piece and its weight. Raises ValueError where one says something else."""
        weights = {piece: float(weight) for piece, weight in (line.split() for line in lines)}
        return cls(weights, weights.pop(_BIAS, 0.0))

    def lines(self) -> list[str]:
        """Return the weights as `read` reads them, what speaks most for the kind first."""
        ordered = sorted(self.weights.items(), key=lambda one: (-one[1], one[0]))
        return [f"{_BIAS} {self.bias:.4f}", *(f"{piece} {weight:.4f}" for piece, weight in ordered)]

    def signs(self, most: int) -> tuple[str, ...]:
        """Return the pieces that speak most for the kind: a text without any of them is not judged."""
        return tuple(line.split()[0] for line in self.lines()[1 : most + 1] if not line.split()[1].startswith("-"))

    def percent(self, text: str) -> int:
        """Return how probable it is that a text is of the kind, in percent."""
        pieces = _pieces(text)
        score = self.bias + sum(self.weights.get(one, 0.0) for one in pieces) / math.sqrt(max(1, len(pieces)))
        return round(100 / (1 + math.exp(-max(-50.0, min(50.0, score)))))

    def strongest(self, text: str) -> tuple[str, ...]:
        """Return the three pieces of a text that speak most for the kind, the longer first, none across another one."""
        found = sorted(_pieces(text) & self.weights.keys(), key=lambda one: (-self.weights[one], -len(one), one))
        kept: list[str] = []
        left = spread(text[:_LONGEST])
        for one in found:
            if len(kept) < 3 and self.weights[one] > 0 and one in left:
                kept.append(one)
                left = left.replace(one, "\n")
        return tuple(kept)


def learn(texts: Sequence[str], of_kind: Sequence[bool]) -> tuple[Learned, int]:
    """Return what texts teach, and how many percent of them it tells right that it was not trained on.

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
    often = sorted((one for one, count in counts.items() if count >= _HELD_BY), key=lambda one: (-counts[one], one))
    columns = {piece: number for number, piece in enumerate(often[:_MOST_PIECES])}
    rows = numpy.zeros((len(held), len(columns)))
    for row, pieces in enumerate(held):
        for piece in pieces & columns.keys():
            rows[row, columns[piece]] = 1 / math.sqrt(len(pieces))
    apart = numpy.empty(len(truth))
    for fold in range(_FOLDS):
        out = numpy.arange(len(truth)) % _FOLDS == fold
        weights, bias = _fitted(rows[~out], truth[~out], _balanced(truth[~out]))
        apart[out] = rows[out] @ weights + bias
    scale = max(1.0, float(numpy.abs(apart).max()))
    # A few texts that are all told right make nothing certain: one more of either side would be told wrong (Platt).
    yes, no = truth.sum(), len(truth) - truth.sum()
    hoped = numpy.where(truth > 0.5, (yes + 1) / (yes + 2), 1 / (no + 2))
    slope, shift = _fitted(apart[:, None] / scale, hoped, numpy.full(len(truth), 1 / len(truth)), penalty=0.0)
    factor = float(slope[0]) / scale
    right = round(100 * float(((apart * factor + shift > 0) == (truth > 0.5)).mean()))
    weights, bias = _fitted(rows, truth, _balanced(truth))
    said = {piece: round(float(weights[number]) * factor, 4) for piece, number in columns.items()}
    return Learned({piece: weight for piece, weight in said.items() if weight}, bias * factor + shift), right


def _balanced(truth: numpy.ndarray) -> numpy.ndarray:
    """Return for each text how much it counts, so that both sides count alike."""
    yes = truth.sum()
    found: numpy.ndarray = truth / (2 * yes) + (1 - truth) / (2 * (len(truth) - yes))
    return found


def _fitted(
    rows: numpy.ndarray, truth: numpy.ndarray, counts: numpy.ndarray, penalty: float = _PENALTY
) -> tuple[numpy.ndarray, float]:
    """Return the weights and the bias of a logistic regression, by accelerated descent with a fixed step."""
    import numpy

    whole = numpy.hstack([rows, numpy.ones((len(rows), 1))])
    held = numpy.append(numpy.full(rows.shape[1], penalty), 0.0)
    # No row is longer than the root of two, so that the loss bends by no more than a half.
    step = 1 / (0.5 + penalty)
    weights = ahead = numpy.zeros(whole.shape[1])
    for number in range(1, _STEPS + 1):
        error = 1 / (1 + numpy.exp(-(whole @ ahead))) - truth
        after = ahead - step * (whole.T @ (counts * error) + held * ahead)
        ahead = after + (number - 1) / (number + 2) * (after - weights)
        weights = after
    return weights[:-1], float(weights[-1])
