"""Turn the cells of one column into the model's type, whole arrays at a time."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from policycore.estate.cells.times import BY_THE_CLOCK, parse_span
from policycore.estate.cells.words import truth_of
from policycore.estate.parts import arrow_type
from policycore.files.taken import MAX_CHARACTERS
from policycore.language import current_language, say
from policycore.model.columns import LATEST
from policycore.model.schema import ColumnSchema
from policycore.model.tables import Scope
from policycore.model.words import enumeration_words, fold_word

__all__ = ["Converted", "convert", "expected", "read_scope"]

MAX_NAME = 1_000
_offset = re.compile(r":[0-9.]+(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)$")


@dataclass(frozen=True, slots=True)
class Converted:
    """A typed column; where `bad` is true the cell was not what was expected, and is null."""

    values: pa.ChunkedArray
    bad: pa.ChunkedArray
    latest: pa.ChunkedArray | None = None
    """Of times known to the month or year only, the latest moment that each may be; null for exact ones."""


def expected(column: ColumnSchema) -> str:
    """Return in words what a cell of this column must hold."""
    if column.type == "enum":
        return say("estate.expected-enum", words=("、" if current_language() == "zh" else ", ").join(_spelt(column)))
    if column.type == "text":
        return say("estate.expected-text", limit=_longest(column))
    if column.type == "time":
        return say("estate.expected-time", year=(_bounds(column)[0] + timedelta(days=1)).year)
    return say(f"estate.expected-{column.type}")


def _bounds(column: ColumnSchema) -> tuple[datetime, datetime]:
    """Return the first moment that can be true of a time in this column, and the first that cannot any more."""
    return datetime.fromisoformat(column.earliest), datetime.fromisoformat(LATEST)


def _spelt(column: ColumnSchema) -> list[str]:
    """Return the values of an enumeration as the reader writes them: 在职 for active in a Chinese sheet."""
    if current_language() == "en":
        return list(column.values)
    words = {value: word for word, value in reversed(enumeration_words(column).items()) if not word.isascii()}
    return [f"{words[value]}({value})" if value in words else value for value in column.values]


def _longest(column: ColumnSchema) -> int:
    """Return how long a text may be: an id is short, and of what people write the begin is kept."""
    return MAX_NAME if column.key or column.references else MAX_CHARACTERS


def convert(column: ColumnSchema, values: pa.ChunkedArray, zone: ZoneInfo, *, trim: bool = False) -> Converted:
    """Return `values` in the column's type, and where they could not be.

    `trim` drops outer spaces of texts. Works chunk by chunk, so that an odd value slows only its chunk.
    """
    kind = arrow_type(column)
    chunks, bads, ends = [], [], []
    for chunk in values.chunks:
        typed, bad, *end = _convert_chunk(column, _plain(chunk), zone, trim)
        chunks.append(typed)
        bads.append(bad)
        ends.append(end[0] if end and end[0].null_count < len(typed) else None)
    latest = None
    if any(end is not None for end in ends):
        whole = [pa.nulls(len(typed), kind) if end is None else end for typed, end in zip(chunks, ends, strict=True)]
        latest = pa.chunked_array(whole, kind)
    return Converted(pa.chunked_array(chunks, kind), pa.chunked_array(bads, pa.bool_()), latest)


def _plain(chunk: Any) -> Any:
    """Return an array without dictionary or large offsets."""
    if pa.types.is_dictionary(chunk.type):
        chunk = chunk.dictionary_decode()
    if pa.types.is_large_string(chunk.type) or pa.types.is_string_view(chunk.type):
        chunk = chunk.cast(pa.string())
    return chunk


def _convert_chunk(column: ColumnSchema, chunk: Any, zone: ZoneInfo, trim: bool) -> tuple[Any, ...]:
    """Return values and what is bad, and of times read one by one the latest moments as well."""
    if pa.types.is_null(chunk.type):
        return pa.nulls(len(chunk), arrow_type(column)), _no(len(chunk))
    if not pa.types.is_string(chunk.type):
        typed = _from_typed(column, chunk, zone)
        if typed is not None:
            return typed
        chunk = _as_text(chunk)
    if trim:
        chunk = pc.utf8_trim_whitespace(chunk)
    if trim or column.type != "text" or column.key or column.references or column.place or not column.nullable:
        chunk = _empty_is_null(chunk)
    if column.type == "text":
        return _text(column, chunk)
    fast = _fast(column, chunk, zone)
    if fast is not None:
        return fast
    if column.type == "time":
        return _times(column, chunk, zone, trim)
    return _by_value(column, chunk, _reader(column, in_sheet=trim))


def _no(length: int) -> Any:
    return pa.array(numpy.zeros(length, dtype=bool))


def _empty_is_null(chunk: Any) -> Any:
    empty = pc.equal(chunk, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), chunk) if pc.any(empty).as_py() else chunk


def _text(column: ColumnSchema, chunk: Any) -> tuple[Any, Any]:
    """Return texts, refusing ids that are too long and what holds NUL; see `policycore.estate.long_texts`."""
    limit, data = _longest(column), chunk.buffers()[2]
    # A quick first look at the bytes behind all of them.
    short = limit == MAX_CHARACTERS or (pc.max(pc.binary_length(chunk)).as_py() or 0) <= limit
    if data is None or (short and not (numpy.frombuffer(data, dtype="uint8") == 0).any()):
        return chunk, _no(len(chunk))
    wrong = pc.match_substring(chunk, "\0")
    if not short:
        wrong = pc.or_(pc.greater(pc.utf8_length(chunk), limit), wrong)
    bad = pc.fill_null(wrong, False)
    return pc.if_else(bad, pa.scalar(None, pa.string()), chunk), bad


def _fast(column: ColumnSchema, chunk: Any, zone: ZoneInfo) -> tuple[Any, Any] | None:
    """Convert a chunk of well-formed cells in one call; None when one of them is not."""
    if column.type == "integer":
        try:
            return chunk.cast(pa.int64()), _no(len(chunk))
        except pa.ArrowInvalid:
            return None
    if column.type != "time" or (column.field == BY_THE_CLOCK and pc.any(pc.less(pc.utf8_length(chunk), 12)).as_py()):
        return None
    # A cast that fails costs fifty times one that works: let the first value choose.
    first = next((value.as_py() for value in chunk if value.is_valid), "")
    try:
        utc = bool(_offset.search(first))
        moments = chunk.cast(pa.timestamp("us", "UTC")) if utc else _in_zone(chunk.cast(pa.timestamp("us")), zone)
    except pa.ArrowInvalid:
        return None
    within = pc.min_max(moments)
    low, high = (int(bound.timestamp()) * 1_000_000 for bound in _bounds(column))
    if within["min"].is_valid and not low <= within["min"].value <= within["max"].value < high:
        return None
    return moments, _no(len(chunk))


def _in_zone(local: Any, zone: ZoneInfo) -> Any:
    """Return local timestamps in UTC; a time that the clocks skip or repeat is its earliest reading."""
    moments = pc.assume_timezone(local, zone.key, ambiguous="earliest", nonexistent="earliest")
    return moments.cast(pa.timestamp("us", "UTC"))


def _by_value(column: ColumnSchema, chunk: Any, read: Callable[[str], Any]) -> tuple[Any, Any]:
    """Convert each distinct value once; what `read` refuses with ValueError is bad."""
    encoded = chunk.dictionary_encode()
    found, wrong = [], []
    for word in encoded.dictionary.to_pylist():
        try:
            found.append(read(word))
            wrong.append(False)
        except ValueError:
            found.append(None)
            wrong.append(True)
    values = pa.array(found, arrow_type(column)).take(encoded.indices)
    bad = pa.array(numpy.array(wrong, dtype=bool)).take(encoded.indices)
    return values, bad.fill_null(False)


def _times(column: ColumnSchema, chunk: Any, zone: ZoneInfo, in_sheet: bool) -> tuple[Any, Any, Any]:
    """Return the earliest moments of a chunk of times, where there are none, and the latest of those known roughly."""
    low, high = _bounds(column)

    def read(text: str, *, last: bool = False) -> Any:
        span = parse_span(text, zone, in_sheet=in_sheet, whole_day=column.field == BY_THE_CLOCK)
        if span is None or not low <= span[0] <= span[1] < high:
            raise ValueError
        return None if last and span[0] == span[1] else span[last]

    values, bad = _by_value(column, chunk, read)
    return values, bad, _by_value(column, chunk, partial(read, last=True))[0]


def _reader(column: ColumnSchema, *, in_sheet: bool = False) -> Callable[[str], Any]:
    """Return the function that reads one cell of this column; people add remarks, and part lists in any way."""
    words = enumeration_words(column)

    def read_enum(text: str) -> str:
        word = fold_word(text)
        found = words.get(word)
        if found is None and in_sheet:
            # 在职（借调）: what stands in brackets says it closer.
            said = [words[one.strip("()")] for one in _remark.findall(word) if one.strip("()") in words]
            found = said[0] if len(said) == 1 else words.get(_remark.sub("", word))
        if found is None and in_sheet and column.field == "groups.kind":
            # 临时专班, 常设工作群: only one of the words stands in it.
            held = {value for said, value in words.items() if said in word}
            found = held.pop() if len(held) == 1 else None
        if found is None:
            raise ValueError
        return found

    def read_truth(text: str) -> bool:
        truth = truth_of(text)
        if truth is None:
            raise ValueError
        return truth

    readers: dict[str, Callable[[str], Any]] = {
        "enum": read_enum,
        "boolean": read_truth,
        "integer": _read_integer,
        "number": _read_number,
        "list": _read_parts if in_sheet else _read_list,
        "scope": read_scope,
    }
    return readers[column.type]


def _read_integer(text: str) -> int:
    """Return a whole number; a spreadsheet's ``64.0`` is one."""
    text = text.strip()
    if len(text) > 20:
        raise ValueError
    number = int(text[:-2] if text.endswith(".0") else text)
    if not -(2**63) <= number < 2**63:
        raise ValueError
    return number


def _read_number(text: str) -> float:
    """Return a number; what is endless or no number is none."""
    number = float(text.strip().replace(",", ""))
    if not math.isfinite(number) or "_" in text:
        raise ValueError
    return number


def _read_list(text: str) -> list[str]:
    """Return the items between bars, or a JSON list (for items that hold a bar themselves)."""
    if text.lstrip().startswith("["):
        items = _json(text)
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ValueError
        return items
    return [item.strip() for item in text.split("|") if item.strip()]


_remark = re.compile(r"\([^()]*\)")
_between = re.compile(r"\s*[、，,;；|/\n]\s*")


def _read_parts(text: str) -> list[str]:
    """Return the items of a list as people part them."""
    if "|" in text or text.lstrip().startswith("["):
        return _read_list(text)
    return [item for item in _between.split(text.strip()) if item]


_scope_words = {"部门": "departments", "职级": "ranks", "职务": "titles", "分工": "duties", "人员": "people"}


def read_scope(text: str) -> dict[str, list[str]]:
    """Return who belongs in a group: JSON, or ``ranks=中层正职|中层副职; departments=D1``."""
    if text.lstrip().startswith("{"):
        found = _json(text)
        if not isinstance(found, dict):
            raise ValueError
    else:
        found = {}
        for piece in text.replace("\uff1b", ";").split(";"):
            if not piece.strip():
                continue
            name, sign, items = re.sub("[:\uff1a\uff1d]", "=", piece, count=1).partition("=")
            if not sign:
                raise ValueError
            found[_scope_words.get(name.strip(), name.strip())] = _read_parts(items)
    return Scope.model_validate(found).model_dump(mode="json")


def _json(text: str) -> Any:
    """Return the value of a JSON text; ValueError for any other."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError from None


def _from_typed(column: ColumnSchema, chunk: Any, zone: ZoneInfo) -> tuple[Any, Any] | None:
    """Convert a chunk that has a type of its own (Parquet); None when it must go through text."""
    kind, wanted = chunk.type, arrow_type(column)
    if column.type == "time" and pa.types.is_date(kind):
        chunk = chunk.cast(pa.timestamp("us"))
        kind = chunk.type
    if column.type == "time" and pa.types.is_timestamp(kind):
        moments = (
            chunk.cast(wanted, safe=False) if kind.tz else _in_zone(chunk.cast(pa.timestamp("us"), safe=False), zone)
        )
        low, high = (pa.scalar(bound).cast(wanted) for bound in _bounds(column))
        bad = pc.fill_null(pc.or_(pc.less(moments, low), pc.greater_equal(moments, high)), False)
        return pc.if_else(bad, pa.scalar(None, wanted), moments), bad
    if kind == wanted and column.type in ("integer", "boolean"):
        return chunk, _no(len(chunk))
    if column.type == "integer" and pa.types.is_integer(kind):
        try:
            return chunk.cast(wanted), _no(len(chunk))
        except pa.ArrowInvalid:
            return None
    if column.type == "number" and (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        bad = pc.fill_null(pc.invert(pc.is_finite(chunk)), False)
        return pc.if_else(bad, pa.scalar(None, wanted), chunk.cast(wanted)), bad
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    if column.type == "list" and is_list and str(kind.value_type) in ("string", "large_string"):
        return chunk.cast(wanted), _no(len(chunk))
    if column.type == "scope" and pa.types.is_struct(kind):
        return _by_value(column, _as_text(chunk), read_scope)
    return None


def _as_text(chunk: Any) -> Any:
    """Return typed cells as the texts that the readers of cells take."""
    if pa.types.is_nested(chunk.type):
        # Of structures the fields without a value mean "nothing said".
        said = (
            {key: value for key, value in item.items() if value is not None} if isinstance(item, dict) else item
            for item in chunk.to_pylist()
        )
        kept = (None if item is None else json.dumps(item, ensure_ascii=False, default=str) for item in said)
        return pa.array(kept, pa.string())
    if pa.types.is_binary(chunk.type) or pa.types.is_large_binary(chunk.type):
        return pa.array((None if item is None else repr(item) for item in chunk.to_pylist()), pa.string())
    try:
        return chunk.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array((None if item is None else str(item) for item in chunk.to_pylist()), pa.string())
