"""Write what a rule said as bytes and read it back by the ten thousand, exactly as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from policycore.findings.bodies import plain_value, rich_value
from policycore.model.result import Finding

if TYPE_CHECKING:
    import numpy

__all__ = ["KeptAnswer", "read_answer", "write_answer"]


class KeptAnswer(msgspec.Struct, array_like=True):
    """Hold a rule's findings and, by group, what it counted.

    `marked` lists the findings whose facts hold more than JSON has words for; `passes` are int32 and `outside` bits,
    one for each group in the order of the ids, both empty where nothing was counted by group.
    """

    findings: list[Finding]
    marked: list[int]
    passes: bytes = b""
    outside: bytes = b""

    def counted(self, groups: int) -> tuple[numpy.ndarray, numpy.ndarray] | None:
        """Return passes and whether the rule does not apply, by group; None unless it was counted over `groups`."""
        import numpy

        passes = numpy.frombuffer(self.passes, dtype="<i4")
        if len(passes) != groups or len(self.outside) != (groups + 7) // 8:
            return None
        bits = numpy.frombuffer(self.outside, dtype="uint8")
        return passes, numpy.unpackbits(bits, count=groups).astype(bool)


def write_answer(
    findings: Iterable[Finding], passes: numpy.ndarray | None = None, outside: numpy.ndarray | None = None
) -> bytes:
    """Return the bytes. Raises OverflowError and UnicodeEncodeError for what the form cannot hold."""
    import numpy

    listed, marked = [], []
    for place, finding in enumerate(findings):
        if all(type(value) in _SIMPLE for value in finding.facts.values()):
            listed.append(finding)
        else:
            marked.append(place)
            listed.append(replace(finding, facts=plain_value(finding.facts)))
    answer = KeptAnswer(listed, marked)
    if passes is not None and outside is not None:
        answer.passes = passes.astype("<i4").tobytes()
        answer.outside = numpy.packbits(outside).tobytes()
    return msgspec.msgpack.encode(answer)


def read_answer(content: bytes, timezone: ZoneInfo) -> KeptAnswer:
    """Return what was written; times are in `timezone` again. Raises ValueError for anything else."""
    answer = _decoder().decode(content)
    moments: dict[datetime, datetime] = {}
    for finding in answer.findings:
        for step in finding.remediation:
            due = step.due
            if due is not None:
                if due not in moments:
                    moments[due] = due.astimezone(timezone)
                # Made a moment ago and held by nobody else: to make fifty thousand anew would cost ten times as much.
                object.__setattr__(step, "due", moments[due])
    for place in answer.marked:
        finding = answer.findings[place]
        object.__setattr__(finding, "facts", rich_value(finding.facts, timezone))
    return answer


_SIMPLE = (str, int, float, bool, type(None))


@cache
def _decoder() -> msgspec.msgpack.Decoder[KeptAnswer]:
    """Return the decoder; making it costs as much as reading a thousand findings."""
    return msgspec.msgpack.Decoder(KeptAnswer)
