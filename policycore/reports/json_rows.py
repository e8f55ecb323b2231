"""Write the findings of one rule as lines of JSON, column by column: no object for each finding."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import repeat
from typing import Any
from zoneinfo import ZoneInfo

from policycore.errors import located
from policycore.model.found import FoundRows, StepSentences
from policycore.model.result import Decision
from policycore.reports.schema import JsonDecision
from policycore.text.clean import clean

__all__ = ["decision_object", "encoded", "json_rows", "plain"]

# What is printable and free of what may be a combining mark needs no cleaning. Whole columns are asked at once; what is
# doubtful takes the slow way through clean(). The ranges hold every mark and much beside, such as emoji.
_may_be_mark = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u1fff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a"
    "\ua66f-\uabff\ufb1e\ufe00-\ufe2f\U00010000-\U0010ffff]"
)
_quoted = json.encoder.encode_basestring
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

_Column = Iterable[str]


def plain(value: Any) -> Any:
    """Return a fact as JSON has it: times in ISO 8601 with their offset, mappings with sorted keys."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    return str(value)


def encoded(value: object) -> str:
    """Return `value` as JSON in which every string has been cleaned."""
    text = _encode(value)
    # A backslash escapes a quotation mark at best, a control character at worst.
    return text if "\\" not in text and _is_clean(text) else _encode(_cleaned(value))


def _cleaned(value: Any) -> Any:
    """Return `value` with every string in it cleaned, keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value


def _is_clean(text: str) -> bool:
    """Return whether cleaning cannot change `text`, nor any part of it."""
    return text.isprintable() and (text.isascii() or not _may_be_mark.search(text))


def json_rows(rows: FoundRows, zone: ZoneInfo, as_of: datetime, decisions: Mapping[str, Decision]) -> Iterator[str]:
    """Yield one line of JSON for each finding: what encoding the report's object for it would give."""
    texts, columns, said = rows.texts, rows.columns, rows.sentences(zone)
    title = {"zh": texts.title.zh, "en": texts.title.en}
    same = {"rule": texts.rule, "name": texts.name, "title": title, "clause": list(texts.clauses)}
    shared = encoded(same)[1:-1]
    digests, settled = columns["fingerprint"], [decisions.get(digest) for digest in columns["fingerprint"]]
    verdicts = [
        verdict if decision is None or decision.verdict is None else decision.verdict.value
        for verdict, decision in zip(columns["verdict"], settled, strict=True)
    ]
    files = zip(columns["file"], _strings(columns["file"]), columns["row"], strict=True)
    pieces: list[_Column | str] = [
        *(f'{{"id":"{texts.rule}-', (digest[:12] for digest in digests), f'",{shared},"verdict":"', verdicts),
        '","severity":"',
        (one.value for one in rows.severities),
        f'","enforcement":"{texts.enforcement}","subject":{{"kind":"{texts.kind}","id":',
        *_between(
            [_strings(columns[name]) for name in _SUBJECT],
            [f',"{name}":' for name in ("name", *_SUBJECT[2:])],
        ),
        '},"message":{"zh":',
        *(_strings(said.zh), ',"en":', _strings(said.en), '},"facts":'),
        _facts(rows.facts(zone), len(rows)),
        ',"remediation":[',
        *_steps(said.steps, len(rows), as_of.astimezone(zone)),
        '],"fingerprint":"',
        *(digests, '","source":'),
        (_source(named, shown, row) for named, shown, row in files),
        ',"decision":',
        ("null" if decision is None else encoded(decision_object(decision)) for decision in settled),
        "}",
    ]
    yield from _lines(pieces, len(rows))


def _lines(pieces: Iterable[_Column | str], count: int) -> Iterator[str]:
    """Yield the pieces of each row put together."""
    whole = (repeat(piece, count) if isinstance(piece, str) else piece for piece in pieces)
    yield from map("".join, zip(*whole, strict=True))


def _source(file: str | None, shown: str, row: int | None) -> str:
    """Return where a subject stands; `shown` is the file as JSON."""
    if file is None:
        return "null"
    if "[*]" in file:
        name, inside = located(file, row or 0)
        return encoded({"file": clean(name), "row": None, "place": clean(inside)})
    return f'{{"file":{shown},"row":{row or "null"}}}'


_SUBJECT = (
    *("subject_id", "name", "group_id", "group", "department_id", "department", "platform", "responsible_id"),
    "responsible",
)


def decision_object(decision: Decision) -> JsonDecision:
    """Return what settled a finding as the report has it."""
    return {
        "kind": decision.kind,
        "id": decision.id,
        "reason": decision.reason,
        "text": decision.text,
        "decided_by": decision.decided_by,
        "until": None if decision.until is None else decision.until.isoformat(),
    }


def _between(columns: Sequence[_Column], names: Sequence[str]) -> Iterator[_Column | str]:
    """Yield columns with a piece of text between each and the next."""
    for number, column in enumerate(columns):
        if number:
            yield names[number - 1]
        yield column


def _steps(steps: Sequence[StepSentences], count: int, counted: datetime) -> Iterable[_Column | str]:
    """Return the pieces of all remediation steps."""
    if all(step.asked is None for step in steps):
        return (piece for number, step in enumerate(steps) for piece in _step(step, number, counted))
    written = [
        [text if asked else "" for text, asked in zip(_lines(_step(step, 0, counted), count), of, strict=True)]
        for step in steps
        for of in (step.asked or [True] * count,)
    ]
    return ([",".join(filter(None, row)) for row in zip(*written, strict=True)],)


def _step(step: StepSentences, number: int, counted: datetime) -> tuple[_Column | str, ...]:
    """Return the pieces of one remediation step."""
    days = step.within_days
    due = "null" if days is None else f'"{(counted + timedelta(days=days)).isoformat()}"'
    begins = f'{"," if number else ""}{{"who":"{step.who}","person":'
    end = f'}},"due":{due}}}'
    return begins, _strings(step.people), ',"what":{"zh":', _strings(step.zh), ',"en":', _strings(step.en), end


def _strings(values: Sequence[str | None]) -> list[str]:
    """Return texts as JSON, cleaned; null for None."""
    distinct = set(values)
    distinct.discard(None)
    if _is_clean("".join(text for text in distinct if text)):
        return ["null" if text is None else _quoted(text) for text in values]
    shown = {text: _quoted(clean(text)) for text in distinct if text is not None}
    return ["null" if text is None else shown[text] for text in values]


def _facts(facts: Mapping[str, Sequence[object]], count: int) -> _Column:
    """Return the facts of each finding as a JSON object, sorted by name; a finding without a reason names none."""
    columns = []
    for name in sorted(facts):
        quoted = encoded(name)
        values = _values(facts[name])
        if name == "reason":
            columns.append(["" if value == "null" else f",{quoted}:{value}" for value in values])
        else:
            columns.append([f",{quoted}:{value}" for value in values])
    if not columns:
        return repeat("{}", count)
    return (f"{{{''.join(row)[1:]}}}" for row in zip(*columns, strict=True))


def _values(values: Sequence[object]) -> list[str]:
    """Return facts as JSON."""
    kinds = {type(value) for value in values}
    if kinds <= {str, type(None)}:
        return _strings(values)  # type: ignore[arg-type] # it holds texts and None, as was just seen
    if kinds <= {int}:
        return [*map(str, values)]
    return [encoded(plain(value)) for value in values]
