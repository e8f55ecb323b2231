"""Write what a rule said as bytes and read it back: which kept findings, where their rows stand, what was counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from policycore.model.result import Finding, Source
from policycore.store.kept_findings import KeptFindings

if TYPE_CHECKING:
    import numpy

__all__ = ["KeptAnswer", "arrange", "read_answer", "write_answer"]

MOST_FILES = 8
MOST_UNUSED = 1.0
"""Findings that lie in the files and are not said any more, as a share of those that are; beyond it, all are written
anew."""


class _Part(msgspec.Struct, array_like=True):
    """Name a file of findings and those of it that the answer has, by their places (int32)."""

    file: str
    places: bytes


class KeptAnswer(msgspec.Struct, array_like=True):
    """Hold a rule's findings, where their rows stand (file -1: nowhere), and by group what it counted.

    `passes` are int32 and `outside` bits, one for each group in the order of the ids, both empty where nothing was
    counted by group.
    """

    parts: list[_Part]
    files: list[str]
    file: list[int]
    row: list[int]
    passes: bytes = b""
    outside: bytes = b""

    def findings(self, opened: Callable[[str], KeptFindings]) -> list[Finding]:
        """Return the findings; `opened` returns what lies in a file. Raises ValueError where anything is damaged."""
        import numpy

        stands = zip(self.file, self.row, strict=True)
        sources = [None if file < 0 else Source(self.files[file], row) for file, row in stands]
        found: list[Finding] = []
        for part in self.parts:
            places = numpy.frombuffer(part.places, dtype="<i4").tolist()
            found += opened(part.file).findings(places, sources[len(found) : len(found) + len(places)])
        return found

    def counted(self, groups: int) -> tuple[numpy.ndarray, numpy.ndarray] | None:
        """Return passes and whether the rule does not apply, by group; None unless it was counted over `groups`."""
        import numpy

        passes = numpy.frombuffer(self.passes, dtype="<i4")
        if len(passes) != groups or len(self.outside) != (groups + 7) // 8:
            return None
        bits = numpy.frombuffer(self.outside, dtype="uint8")
        return passes, numpy.unpackbits(bits, count=groups).astype(bool)


def arrange(findings: Sequence[Finding], as_of: datetime) -> tuple[list[KeptFindings], list[Finding]]:
    """Return what holds the `findings` of a run as of `as_of` (in its zone), and these in the order in which it does.

    What is kept already stays where it is; the others are put into one more. A chain that has become long, or holds
    much that is said no more, becomes one. Raises what `KeptFindings.of` raises.
    """
    held: dict[int, KeptFindings] = {}
    by_holder: dict[int, list[Finding]] = {}
    fresh: list[Finding] = []
    for finding in findings:
        kept = finding.kept
        if isinstance(kept, KeptFindings) and kept.name:
            held[id(kept)] = kept
            by_holder.setdefault(id(kept), []).append(finding)
        else:
            fresh.append(finding)
    stored = sum(map(len, held.values()))
    unused = stored - (len(findings) - len(fresh))
    if len(held) + bool(fresh) > MOST_FILES or unused > MOST_UNUSED * len(findings):
        return [KeptFindings.of(findings, as_of)], list(findings)
    holders = list(held.values())
    listed = [finding for number in held for finding in by_holder[number]]
    if fresh:
        holders.append(KeptFindings.of(fresh, as_of))
    return holders, listed + fresh


def write_answer(
    listed: Sequence[Finding], passes: numpy.ndarray | None = None, outside: numpy.ndarray | None = None
) -> bytes:
    """Return the bytes of an answer whose findings `arrange` listed, each in a named file by now."""
    import numpy

    parts: dict[str, list[int]] = {}
    files: dict[str, int] = {}
    file, row = [], []
    for finding in listed:
        assert isinstance(finding.kept, KeptFindings)  # noqa: S101 - what `arrange` sees to
        parts.setdefault(finding.kept.name, []).append(finding.place)
        source = finding.source
        file.append(-1 if source is None else files.setdefault(source.file, len(files)))
        row.append(0 if source is None else source.row)
    answer = KeptAnswer(
        [_Part(name, numpy.array(places, dtype="<i4").tobytes()) for name, places in parts.items()],
        list(files),
        file,
        row,
    )
    if passes is not None and outside is not None:
        answer.passes = passes.astype("<i4").tobytes()
        answer.outside = numpy.packbits(outside).tobytes()
    return msgspec.msgpack.encode(answer)


def read_answer(content: bytes) -> KeptAnswer:
    """Return what was written. Raises ValueError for anything else."""
    return _decoder().decode(content)


@cache
def _decoder() -> msgspec.msgpack.Decoder[KeptAnswer]:
    """Return the decoder; making it costs as much as reading a thousand findings."""
    return msgspec.msgpack.Decoder(KeptAnswer)
