"""Turn what a run found into the columns by which the store searches, sorts and counts lives, column by column."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from policycore.language import Text, fill
from policycore.model.findings import Findings
from policycore.model.found import FACT, FoundRows
from policycore.model.result import Finding
from policycore.model.sentences import word
from policycore.model.verdict import Enforcement, Severity, Verdict, rank
from policycore.store.kept.loose import counted_from
from policycore.store.schema import microseconds
from policycore.text.fold import fold
from policycore.text.initials import initials, initials_of
from policycore.text.view import fold_array

if TYPE_CHECKING:
    import pyarrow

__all__ = ["COLUMNS", "Wording", "column_text", "life_rows", "searched_facts"]

_FROM_INDEX = {
    "rule": "rule",
    "rule_name": "rule_name",
    "subject_kind": "kind",
    "subject_id": "subject_id",
    "subject_name": "subject_name",
    "group_id": "group_id",
    "group_name": "group",
    "department_id": "department_id",
    "department": "department",
    "platform": "platform",
    "responsible_id": "responsible_id",
    "responsible": "responsible",
    "verdict": "verdict",
    "severity": "severity",
    "enforcement": "enforcement",
    "fingerprint": "fingerprint",
}
COLUMNS = (*_FROM_INDEX, "label", "wording_id", "search", "due", "urgency")
"""The columns of a life that follow from what was found, and from when it began."""
_INITIALS = "initials:"
_NAMES = ("subject_name", "group", "department", "responsible")

_may_be_word = re.compile(r"[a-z_]{1,15}\Z")
_unstorable = re.compile("[\x00\ud800-\udfff]")


def column_text(text: str | None) -> str | None:
    """Return `text` as every database takes it; the files keep the original."""
    return None if text is None else _unstorable.sub("\N{REPLACEMENT CHARACTER}", text)


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that many findings share, folded to be searched, and their clauses."""

    words: str
    clauses: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Return what the same wording always has."""
        return hashlib.sha256(json.dumps([self.words, sorted(set(self.clauses))]).encode()).hexdigest()


def life_rows(
    findings: Findings, places: Sequence[int], begun: Sequence[datetime], zone: ZoneInfo
) -> tuple[dict[str, Sequence[Any]], list[Wording]]:
    """Return `COLUMNS` but the wording's number for findings at `places` of the index, and the wording of each.

    Deadlines count from when each has `begun`.
    """
    import pyarrow

    index = findings.index
    if len(places) < index.num_rows:
        index = index.take(pyarrow.array(places, pyarrow.int64()))
    columns: dict[str, Sequence[Any]] = {
        name: _storable(index.column(source)).to_pylist() for name, source in _FROM_INDEX.items()
    }
    count = index.num_rows
    for name, column in _initials(index).items():
        index = index.append_column(name, column)
    words = [("", "", _NOTHING)] * count
    parts: dict[int, list[int]] = {}
    for row, part in enumerate(index.column("part").to_pylist()):
        parts.setdefault(part, []).append(row)
    for part, rows in sorted(parts.items()):
        some = index if len(rows) == count else index.take(rows)
        held = some.column("place").to_pylist()
        found = map(_of_loose, findings.at(part, held)) if part < 0 else _of_rule(findings.rows[part], held, some)
        for row, said in zip(rows, found, strict=True):
            words[row] = said
    labels, searched, wordings = map(list, zip(*words, strict=True)) if words else ([], [], [])
    columns["due"] = _dues(findings, index, begun, zone)
    columns["urgency"] = _urgencies(columns)
    return columns | {"label": labels, "search": searched}, wordings


_NOTHING = Wording("", ())


def _initials(index: pyarrow.Table) -> dict[str, Any]:
    """Return the initials of every name by column, each distinct name looked at once."""
    import pyarrow

    encoded = {name: _whole(index.column(name)).dictionary_encode() for name in _NAMES}
    texts = {name: column.dictionary.to_pylist() for name, column in encoded.items()}
    distinct = list(dict.fromkeys(text for listed in texts.values() for text in listed))
    known = dict(zip(distinct, initials_of(distinct), strict=True))
    return {
        _INITIALS + name: pyarrow.array([known[text] or None for text in texts[name]], pyarrow.string()).take(
            column.indices
        )
        for name, column in encoded.items()
    }


def _of_loose(finding: Finding) -> tuple[str, str, Wording]:
    """Return label, searched text and wording of a loose finding: its words are its own."""
    return column_text(finding.id) or "", _searched(finding), Wording("", tuple(dict.fromkeys(finding.clauses)))


def _of_rule(found: FoundRows, places: Sequence[int], index: pyarrow.Table) -> Iterator[tuple[str, str, Wording]]:
    """Yield label, searched text and wording of findings of one rule."""
    import pyarrow
    import pyarrow.compute

    some = found if len(places) == len(found) else found.take(places)
    shown = pyarrow.compute.utf8_slice_codeunits(some.table.column("fingerprint"), 0, 12)
    labels = pyarrow.compute.binary_join_element_wise(found.texts.rule, shown, "-")
    name, group = index.column("subject_name"), index.column("group")
    texts = [name, _null_where(pyarrow.compute.equal(name, group), group)]
    texts += [index.column("department"), index.column("responsible")]
    texts += [index.column(_INITIALS + column) for column in _NAMES]
    texts += [_as_text(some.table.column(FACT + fact)) for fact in searched_facts(some)]
    joined = pyarrow.compute.binary_join_element_wise(
        *(_whole(text).cast(pyarrow.string()) for text in texts), "\n", null_handling="skip"
    )
    searched = pyarrow.compute.utf8_lower(fold_array(_storable(_whole(joined))))
    yield from zip(labels.to_pylist(), searched.to_pylist(), _wordings(some), strict=True)


def searched_facts(found: FoundRows) -> list[str]:
    """Return the facts that stand in a rule's sentences as texts, by which its findings are searched."""
    import pyarrow

    named = frozenset[str]().union(*(message.placeholders() for message in found.texts.messages.values()))
    kinds = {field.name: field.type for field in found.table.schema}
    facts = (name for name in sorted(named) if FACT + name in kinds)
    return [
        name
        for name in facts
        if pyarrow.types.is_string(kinds[FACT + name]) or pyarrow.types.is_list(kinds[FACT + name])
    ]


def _wordings(found: FoundRows) -> list[Wording]:
    """Return the wording of each finding of one rule: that of its reason."""
    texts, messages = found.texts, found.texts.messages
    made = {
        reason: Wording(
            _folded(texts.name, texts.title.zh, texts.title.en, *_literal(message, texts.values)), texts.clauses
        )
        for reason, message in messages.items()
    }
    if "" in made:
        return [made[""]] * len(found)
    return [made[str(reason)] for reason in found.table.column(FACT + "reason").to_pylist()]


def _literal(message: Text, values: Mapping[str, Text]) -> Iterable[str]:
    """Yield the words of a message that are the same for all its findings, in both languages."""
    for language in ("zh", "en"):
        same = {name: values[name].in_language(language) if name in values else "\n" for name in message.placeholders()}
        yield fill(message.in_language(language), same)


def _searched(finding: Finding) -> str:
    """Return what a typed word is looked for in of a loose finding."""
    subject = finding.subject
    names = (subject.name, subject.group, subject.department, subject.responsible)
    said = (finding.name, finding.title.zh, finding.title.en, finding.message.zh, finding.message.en)
    return _folded(*names, *said, *(initials(name) for name in names if name))


def _folded(*parts: str | None) -> str:
    """Return what a typed word is looked for in: one spelling of each character, small letters."""
    return fold("\n".join(dict.fromkeys(part for part in map(column_text, parts) if part))).lower()


def _dues(findings: Findings, index: pyarrow.Table, begun: Sequence[datetime], zone: ZoneInfo) -> list[int | None]:
    """Return when each finding is due, in microseconds."""
    known: dict[tuple[datetime, int], int | None] = {}
    found: list[int | None] = []
    columns = (index.column(name).to_pylist() for name in ("part", "place", "within_days"))
    for since, part, place, days in zip(begun, *columns, strict=True):
        if part < 0:
            [finding] = findings.at(part, [place])
            if findings.as_of is not None:
                finding = counted_from(finding, findings.as_of, since.astimezone(zone))
            found.append(microseconds(finding.due))
        elif days is None:
            found.append(None)
        else:
            key = (since, days)
            if key not in known:
                known[key] = microseconds(since.astimezone(zone) + timedelta(days=days))
            found.append(known[key])
    return found


def _urgencies(columns: Mapping[str, Sequence[Any]]) -> list[int]:
    """Return the place of each finding among others."""
    known: dict[tuple[str, str, str], int] = {}
    found = []
    for *kind, due in zip(columns["verdict"], columns["severity"], columns["enforcement"], columns["due"], strict=True):
        key = tuple(kind)
        if key not in known:
            verdict, severity, enforcement = kind
            known[key] = 2 * rank(Verdict(verdict), Severity(severity), Enforcement(enforcement))
        found.append(known[key] + (due is None))
    return found


def _whole(column: Any) -> Any:
    """Return a column as one array."""
    import pyarrow

    return column.combine_chunks() if isinstance(column, pyarrow.ChunkedArray) else column


def _storable(column: Any) -> Any:
    """Return a column of texts as every database takes it."""
    import pyarrow.compute

    if not pyarrow.compute.any(pyarrow.compute.match_substring(column, "\x00")).as_py():
        return column
    return pyarrow.compute.replace_substring(column, "\x00", "\N{REPLACEMENT CHARACTER}")


def _null_where(condition: Any, column: Any) -> Any:
    """Return a column without the values where a condition holds."""
    import pyarrow
    import pyarrow.compute

    return pyarrow.compute.if_else(condition, pyarrow.scalar(None, pyarrow.string()), column)


def _each(column: Any, change: Callable[[Sequence[str]], Sequence[str]]) -> Any:
    """Return a column with its distinct texts changed, nothing where that leaves nothing."""
    import pyarrow

    encoded = _whole(column).dictionary_encode()
    changed = [text or None for text in change(encoded.dictionary.to_pylist())]
    return pyarrow.array(changed, pyarrow.string()).take(encoded.indices)


def _as_text(column: Any) -> Any:
    """Return a column of texts, or of lists of texts, as the words that a sentence shows."""
    import pyarrow
    import pyarrow.compute

    if pyarrow.types.is_list(column.type):
        listed = [None if value is None else "\n".join(map(str, value)) for value in column.to_pylist()]
        return pyarrow.array(listed, pyarrow.string())
    return _each(column, lambda texts: [*map(_in_both_languages, texts)])


def _in_both_languages(text: str) -> str:
    """Return what a sentence shows for a text: a word of the model, or the text itself."""
    return "\n".join(dict.fromkeys((word(text, "zh"), word(text, "en")))) if _may_be_word.match(text) else text
