"""Keep what a rule found as bytes, and give it back by the ten thousand without reading what nobody asks for.

Of a finding that is recalled a run needs its identity, its subject and its verdict. Its words lie in the same file
and are decoded one by one for those that are shown; its line of JSON and its hash need no words at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any

import msgspec

from policycore.language import Text
from policycore.model.result import Finding, RemediationStep, Source, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Verdict
from policycore.store.bodies import WORDS, plain_value, rich_value, words_hash
from policycore.store.deadlines import span
from policycore.store.json_line import is_clean, line_start

__all__ = ["KeptFindings"]

_PLAIN, _TIMED, _MARKED = range(3)
"""Facts that the form holds as they are, with times among them, and what it has no word for."""

_BYTES = WORDS // 2


class _Kind(msgspec.Struct, array_like=True, frozen=True):
    """Be what the findings of one rule have in common."""

    rule: str
    name: str
    title: Text
    clauses: tuple[str, ...]
    severity: Severity
    enforcement: Enforcement


class _Heads(msgspec.Struct, array_like=True):
    """Hold what a run needs of every finding, column by column."""

    kinds: list[_Kind]
    kind: list[int]
    verdicts: list[Verdict]
    fingerprints: list[str]
    subjects: list[SubjectRef]
    said: bytes


class _Step(msgspec.Struct, array_like=True):
    """Be a step, with what is left until its deadline."""

    who: str
    person: str | None
    what: Text
    left: timedelta | None


class _Words(msgspec.Struct, array_like=True):
    """Hold what one finding says."""

    id: str
    message: Text
    facts: dict[str, Any]
    remediation: list[_Step]
    former: tuple[str, ...]
    form: int


class _File(msgspec.Struct, array_like=True):
    """Be a file: each part compressed by itself, with its size before.

    `spans` are the seconds from the as-of time to each deadline that occurs in `lines`, where its number stands for it.
    """

    spans: list[float]
    heads: tuple[int, bytes]
    words: tuple[int, bytes]
    lines: tuple[int, bytes]


class KeptFindings:
    """Hold findings of one rule as a run as of `as_of` (in its zone) has them; where their rows stand is no part of it.

    The run may be another than the one that found them: their deadlines are counted anew.
    """

    def __init__(self, file: _File, as_of: datetime) -> None:
        self._file = file
        self.as_of = as_of
        self.name = ""
        """What the file is called that holds them, once it is written."""

    @classmethod
    def read(cls, content: bytes, as_of: datetime) -> KeptFindings:
        """Return what `packed` wrote, for a run as of `as_of`. Raises ValueError for anything else."""
        return cls(_decoder(_File).decode(content), as_of)

    @classmethod
    def of(cls, findings: Sequence[Finding], as_of: datetime) -> KeptFindings:
        """Return the `findings` of a run as of `as_of` (in its zone) in the form to keep; they know it from now on.

        Raises TypeError, OverflowError and UnicodeEncodeError for a fact that the form cannot hold.
        """
        spans: dict[timedelta, int] = {}
        lines = [_line(finding, as_of, spans) for finding in findings]
        words = [_words(finding, as_of) for finding in findings]
        seconds = [left.total_seconds() for left in spans]
        file = _File(seconds, _packed(_heads(findings, as_of)), _packed(words), _packed(lines))
        kept = cls(file, as_of)
        for place, finding in enumerate(findings):
            # Nobody compares or shows by these two: they only say where the rest can be found as bytes.
            object.__setattr__(finding, "kept", kept)
            object.__setattr__(finding, "place", place)
        return kept

    def packed(self) -> bytes:
        """Return the bytes to write."""
        return msgspec.msgpack.encode(self._file)

    def __len__(self) -> int:
        return len(self._heads.kind)

    def findings(self, places: Iterable[int], sources: Iterable[Source | None]) -> list[Finding]:
        """Return the findings at `places`, whose rows stand at `sources`. Raises ValueError for damaged columns."""
        heads = self._heads
        if len({len(heads.kind), len(heads.verdicts), len(heads.fingerprints), len(heads.subjects)}) != 1:
            raise ValueError("columns of different lengths")
        rule, name, title, clauses, verdict, severity, enforcement, subject, fingerprint, source, *rest = _SETTERS
        decision, set_kept, set_place = rest
        found = []
        for place, stands in zip(places, sources, strict=True):
            kind = heads.kinds[heads.kind[place]]
            finding = Finding.__new__(Finding)
            rule(finding, kind.rule)
            name(finding, kind.name)
            title(finding, kind.title)
            clauses(finding, kind.clauses)
            verdict(finding, heads.verdicts[place])
            severity(finding, kind.severity)
            enforcement(finding, kind.enforcement)
            subject(finding, heads.subjects[place])
            fingerprint(finding, heads.fingerprints[place])
            source(finding, stands)
            decision(finding, None)
            set_kept(finding, self)
            set_place(finding, place)
            found.append(finding)
        return found

    def fill(self, finding: Finding) -> None:
        """Give a finding its words. Raises ValueError where they are damaged, which the seal excludes."""
        words = _decoder(_Words).decode(self._words[finding.place])
        facts: Any = words.facts
        if words.form == _TIMED:
            facts = {name: self._here(value) for name, value in facts.items()}
        elif words.form == _MARKED:
            facts = rich_value(facts, self.as_of.tzinfo)
        steps = tuple(
            RemediationStep(step.who, step.person, step.what, None if step.left is None else self.as_of + step.left)
            for step in words.remediation
        )
        values = (words.id, words.message, facts, steps, words.former)
        for field, value in zip(("id", "message", "facts", "remediation", "former"), values, strict=True):
            object.__setattr__(finding, field, value)

    def said(self, place: int) -> str:
        """Return the digits of the finding's hash that stand for what it says."""
        return self._said[place * WORDS : (place + 1) * WORDS]

    def line(self, place: int) -> bytes:
        """Return the finding's line in a JSON report up to where its row stands; empty where it takes cleaning."""
        line = self._lines[place]
        for mark, due in self._dues:
            line = line.replace(mark, due)
        return line

    def marked_line(self, place: int) -> tuple[bytes, Sequence[timedelta]]:
        """Return the line with numbers in the places of its deadlines, and what the numbers stand for."""
        return self._lines[place], self._spans

    def words(self, place: int) -> msgspec.Raw:
        """Return a finding's words as they lie in the file."""
        return self._words[place]

    def _here(self, value: Any) -> Any:
        """Return a time in the zone of the run, and anything else as it is."""
        return value.astimezone(self.as_of.tzinfo) if type(value) is datetime else value

    @cached_property
    def _spans(self) -> list[timedelta]:
        return [timedelta(seconds=seconds) for seconds in self._file.spans]

    @cached_property
    def _dues(self) -> list[tuple[bytes, bytes]]:
        """Return what stands in the lines for each deadline, and the deadline as JSON."""
        return [
            (_mark(number).encode(), f'"{(self.as_of + left).isoformat()}"'.encode())
            for number, left in enumerate(self._spans)
        ]

    @cached_property
    def _heads(self) -> _Heads:
        heads: _Heads = _decoder(_Heads).decode(_unpacked(self._file.heads))
        return heads

    @cached_property
    def _said(self) -> str:
        return self._heads.said.hex()

    @cached_property
    def _words(self) -> list[msgspec.Raw]:
        words: list[msgspec.Raw] = _decoder(list[msgspec.Raw]).decode(_unpacked(self._file.words))
        return words

    @cached_property
    def _lines(self) -> list[bytes]:
        lines: list[bytes] = _decoder(list[bytes]).decode(_unpacked(self._file.lines))
        return lines


_SETTERS = tuple(
    getattr(Finding, name).__set__
    for name in (
        *("rule", "name", "title", "clauses", "verdict", "severity", "enforcement", "subject", "fingerprint"),
        *("source", "decision", "kept", "place"),
    )
)
"""Of the fields' slots, in the order of `KeptFindings.findings`: the class refuses to set them, being frozen."""


def _heads(findings: Sequence[Finding], as_of: datetime) -> _Heads:
    """Return the columns of `findings`."""
    kinds: dict[_Kind, int] = {}
    by_identity: dict[tuple[int, ...], int] = {}
    kind = []
    for item in findings:
        # Thousands share these: to hash those each time would cost more than all else here.
        key = id(item.title), id(item.clauses), id(item.severity)
        if key not in by_identity:
            made = _Kind(item.rule, item.name, item.title, item.clauses, item.severity, item.enforcement)
            by_identity[key] = kinds.setdefault(made, len(kinds))
        kind.append(by_identity[key])
    return _Heads(
        list(kinds),
        kind,
        [item.verdict for item in findings],
        [item.fingerprint for item in findings],
        [item.subject for item in findings],
        bytes.fromhex("".join(_said(item, as_of) for item in findings)),
    )


def _said(finding: Finding, as_of: datetime) -> str:
    """Return the digits that stand for what a finding says."""
    return words_hash(finding, as_of) if finding.kept is None else finding.kept.said(finding.place)


def _line(finding: Finding, as_of: datetime, spans: dict[timedelta, int]) -> bytes:
    """Return a finding's line up to where its row stands, deadlines as their numbers in `spans`.

    Empty where a character in it takes cleaning.
    """
    kept = finding.kept
    if isinstance(kept, KeptFindings):
        line, known = kept.marked_line(finding.place)
        numbers = [spans.setdefault(left, len(spans)) for left in known]
        if any(number != before for before, number in enumerate(numbers)):
            line = _mark_in.sub(lambda match: _mark(numbers[int(match[1])]).encode(), line)
        return line
    dues = [
        "null" if left is None else _mark(spans.setdefault(left, len(spans)))
        for left in (span(step.due, as_of) for step in finding.remediation)
    ]
    text = line_start(finding, dues)
    # The marks themselves are no text, and nothing that is clean holds one.
    return text.encode() if is_clean(text.replace(_MARK, "")) else b""


_MARK = "\x00"
_mark_in = re.compile(rb"\x00([0-9]+)\x00")


def _mark(number: int) -> str:
    """Return what stands in a line for the deadline with a number."""
    return f"{_MARK}{number}{_MARK}"


def _words(finding: Finding, as_of: datetime) -> msgspec.Raw:
    """Return what a finding says as bytes."""
    if isinstance(finding.kept, KeptFindings):
        return finding.kept.words(finding.place)
    facts, form = finding.facts, _PLAIN
    kinds = {type(value) for value in facts.values()} - _SIMPLE
    if list in kinds and all(_is_simple(value) for value in facts.values() if type(value) is list):
        kinds.remove(list)
    if kinds == {datetime} and all(_is_aware(value) for value in facts.values()):
        form = _TIMED
    elif kinds:
        facts, form = plain_value(facts), _MARKED
    steps = [_Step(step.who, step.person, step.what, span(step.due, as_of)) for step in finding.remediation]
    words = _Words(finding.id, finding.message, dict(facts), steps, finding.former, form)
    return msgspec.Raw(msgspec.msgpack.encode(words))


_SIMPLE = frozenset({str, int, float, bool, type(None)})


def _is_simple(values: list[object]) -> bool:
    """Return whether a list holds only what the form has words for."""
    return all(type(value) in _SIMPLE for value in values)


def _is_aware(value: object) -> bool:
    """Return whether a value is no time, or one that says its offset."""
    return type(value) is not datetime or value.tzinfo is not None


def _packed(value: object) -> tuple[int, bytes]:
    """Return a part of the file: its size, and its bytes compressed."""
    import pyarrow

    content = msgspec.msgpack.encode(value)
    return len(content), pyarrow.compress(content, codec="lz4", asbytes=True)


def _unpacked(part: tuple[int, bytes]) -> bytes:
    """Return the bytes of a part. Raises ValueError for one that is damaged."""
    import pyarrow

    size, content = part
    try:
        plain: bytes = pyarrow.decompress(content, decompressed_size=size, codec="lz4", asbytes=True)
    except (OSError, pyarrow.ArrowException) as error:
        raise ValueError("damaged") from error
    return plain


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    """Return a decoder; making it costs as much as reading a thousand findings."""
    return msgspec.msgpack.Decoder(kind)
