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

    `timed` lists the findings with times among their facts, `marked` those whose facts hold anything else that the
    form has no word for; `passes` are int32 and `outside` bits,
    one for each group in the order of the ids, both empty where nothing was counted by group.
    """

    findings: list[Finding]
    timed: list[int]
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

    listed: list[Finding] = []
    timed: list[int] = []
    marked: list[int] = []
    for place, finding in enumerate(findings):
        kinds = {type(value) for value in finding.facts.values()} - _SIMPLE
        if list in kinds and all(_is_simple(value) for value in finding.facts.values() if type(value) is list):
            kinds.remove(list)
        if kinds == {datetime} and all(_is_aware(value) for value in finding.facts.values()):
            timed.append(place)
        elif kinds:
            marked.append(place)
            finding = replace(finding, facts=plain_value(finding.facts))
        listed.append(finding)
    answer = KeptAnswer(listed, timed, marked)
    if passes is not None and outside is not None:
        answer.passes = passes.astype("<i4").tobytes()
        answer.outside = numpy.packbits(outside).tobytes()
    return msgspec.msgpack.encode(answer)


def read_answer(content: bytes, timezone: ZoneInfo) -> KeptAnswer:
    """Return what was written; times are in `timezone` again. Raises ValueError for anything else."""
    answer = _decoder().decode(content)
    moments: dict[datetime, datetime] = {}
    # What was made a moment ago is held by nobody else: to make fifty thousand anew would cost ten times as much.
    for finding in answer.findings:
        for step in finding.remediation:
            due = step.due
            if due is not None:
                if due not in moments:
                    moments[due] = due.astimezone(timezone)
                object.__setattr__(step, "due", moments[due])
    for place in answer.timed:
        facts = answer.findings[place].facts
        assert isinstance(facts, dict)  # noqa: S101 - what the decoder makes
        for name, value in facts.items():
            if type(value) is datetime:
                facts[name] = value.astimezone(timezone)
    for place in answer.marked:
        finding = answer.findings[place]
        object.__setattr__(finding, "facts", rich_value(finding.facts, timezone))
    return answer


_SIMPLE = frozenset({str, int, float, bool, type(None)})


def _is_simple(values: list[object]) -> bool:
    """Return whether a list holds only what the form has words for."""
    return all(type(value) in _SIMPLE for value in values)


def _is_aware(value: object) -> bool:
    """Return whether a value is no time, or one that says its offset."""
    return type(value) is not datetime or value.tzinfo is not None


@cache
def _decoder() -> msgspec.msgpack.Decoder[KeptAnswer]:
    """Return the decoder; making it costs as much as reading a thousand findings."""
    return msgspec.msgpack.Decoder(KeptAnswer)
