"""The findings of a run: a sequence whose members become objects when somebody asks for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, overload
from zoneinfo import ZoneInfo

from policycore.model.found import FoundRows
from policycore.model.result import Decision, Finding, Kind
from policycore.model.verdict import Severity, Verdict

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Findings", "listing_order"]

_LOOSE = -1
_NEVER = datetime.min.replace(tzinfo=UTC)
_AT_ONCE = 1000
"""Findings that are objects at one time while a report is written."""


@dataclass(frozen=True, eq=False)
class Findings(Sequence[Finding]):
    """Findings in the order of rule, subject id and fingerprint: columns of most, a few `loose` ones beside them.

    Loose are those that no rule found in the data: statements that are asked for, rules that broke, the rest of
    a list too long. Deadlines count from `as_of`; what `decisions` (by fingerprint) settle is waived or attested.
    """

    rows: tuple[FoundRows, ...] = ()
    loose: tuple[Finding, ...] = ()
    as_of: datetime | None = None
    timezone: str = "UTC"
    decisions: Mapping[str, Decision] = field(default_factory=dict)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Findings:
        """Return `findings` as they are where they are such a sequence, others as loose ones."""
        return findings if isinstance(findings, Findings) else cls(loose=tuple(findings))

    def settled(self, decisions: Mapping[str, Decision]) -> Findings:
        """Return the findings with `decisions`, by fingerprint, beside those they have."""
        return replace(self, decisions={**self.decisions, **decisions}) if decisions else self

    def with_loose(self, *findings: Finding) -> Findings:
        """Return the findings and some more loose ones."""
        return replace(self, loose=(*self.loose, *findings))

    def __len__(self) -> int:
        return sum(map(len, self.rows)) + len(self.loose)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._all)

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Finding]: ...
    def __getitem__(self, place: int | slice) -> Finding | Sequence[Finding]:
        return self._all[place]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Findings):
            return self._all == other._all
        return self._all == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(rows.address for rows in self.rows))

    @cached_property
    def _all(self) -> tuple[Finding, ...]:
        return tuple(finding for part in self.parts() for finding in self.made(part))

    def parts(self) -> Iterator[FoundRows | list[Finding]]:
        """Yield what belongs together in order: the columns of a rule, or findings that are objects already."""
        columns = {rows.texts.rule: rows for rows in self.rows}
        loose = {
            rule: list(found)
            for rule, found in groupby(sorted(self._loose, key=listing_order), lambda found: found.rule)
        }
        for rule in sorted({*columns, *loose}):
            if rule in columns and rule in loose:
                yield sorted([*self.made(columns[rule]), *loose[rule]], key=listing_order)
            elif rule in columns:
                yield columns[rule]
            else:
                yield loose[rule]

    def made(self, part: FoundRows | list[Finding]) -> list[Finding]:
        """Return the findings of one of the `parts` as objects."""
        if isinstance(part, list):
            return part
        return part.findings(ZoneInfo(self.timezone), self.as_of or _NEVER, self.decisions)

    def at(self, part: int, places: Sequence[int]) -> list[Finding]:
        """Return some findings as objects: `part` and `places` as in `index`."""
        if part == _LOOSE:
            return [self._loose[place] for place in places]
        return self.made(self.rows[part].take(places))

    def each(self, places: Sequence[int]) -> Iterator[Finding]:
        """Yield the findings at `places` of the index, in that order; few of many are objects at one time."""
        import pyarrow

        index = self.index.select(["part", "place"])
        for begin in range(0, len(places), _AT_ONCE):
            some = index.take(pyarrow.array(places[begin : begin + _AT_ONCE], pyarrow.int64()))
            parts, wanted = some.column("part").to_pylist(), dict[int, list[int]]()
            for part, place in zip(parts, some.column("place").to_pylist(), strict=True):
                wanted.setdefault(part, []).append(place)
            made = {part: iter(self.at(part, held)) for part, held in wanted.items()}
            yield from (next(made[part]) for part in parts)

    @property
    def clauses(self) -> list[tuple[str, ...]]:
        """Return the clauses of each finding, in the order of the index."""
        places = zip(*(self.index.column(name).to_pylist() for name in ("part", "place")), strict=True)
        return [(self._loose[place] if part == _LOOSE else self.rows[part].texts).clauses for part, place in places]

    @property
    def names(self) -> dict[str, str]:
        """Return the name of each rule that found something."""
        return {one.rule: one.name for one in self.loose} | {one.texts.rule: one.texts.name for one in self.rows}

    @property
    def dues(self) -> list[datetime | None]:
        """Return when each finding is due, in the order of the index."""
        begins = (self.as_of or _NEVER).astimezone(ZoneInfo(self.timezone))
        columns = (self.index.column(name).to_pylist() for name in ("part", "place", "within_days"))
        days: dict[int | None, datetime | None] = {None: None}
        found = []
        for part, place, within in zip(*columns, strict=True):
            if part != _LOOSE and within not in days:
                days[within] = begins + timedelta(days=within)
            found.append(self._loose[place].due if part == _LOOSE else days[within])
        return found

    def only(self, places: Sequence[int]) -> Findings:
        """Return the findings at `places` of the index, in order, still without an object for each."""
        import pyarrow

        index = self.index.select(["part", "place"]).take(pyarrow.array(places, pyarrow.int64()))
        wanted: dict[int, list[int]] = {}
        for part, place in zip(index.column("part").to_pylist(), index.column("place").to_pylist(), strict=True):
            wanted.setdefault(part, []).append(place)
        rows = tuple(rows.take(wanted[part]) for part, rows in enumerate(self.rows) if part in wanted)
        return replace(self, rows=rows, loose=tuple(self.loose[place] for place in wanted.get(_LOOSE, ())))

    @cached_property
    def _loose(self) -> list[Finding]:
        """Return the loose findings, decisions applied."""
        return [
            finding if (decision := self.decisions.get(finding.fingerprint)) is None else settled(finding, decision)
            for finding in self.loose
        ]

    @cached_property
    def index(self) -> pyarrow.Table:
        """Return one row a finding, in order: what is counted, stored and compared, without an object for each.

        Columns: rule, rule_name, verdict (decisions applied), severity, enforcement, kind, subject_id, subject_name,
        group_id, group, department_id, department, platform, responsible_id, responsible, fingerprint, within_days,
        part (place in `rows`, -1 for loose ones) and place (row in its part).
        """
        import pyarrow

        tables = [self._index_of(number, rows) for number, rows in enumerate(self.rows)]
        if self.loose:
            tables.append(self._index_of_loose())
        if not tables:
            return _index_schema().empty_table()
        table = pyarrow.concat_tables(tables)
        rules = [rows.texts.rule for rows in self.rows]
        if self.loose or rules != sorted(rules):
            table = table.sort_by([(name, "ascending") for name in ("rule", "subject_id", "fingerprint")])
        return table

    def _index_of(self, number: int, rows: FoundRows) -> pyarrow.Table:
        """Return the index of the columns of one rule."""
        import pyarrow

        texts, table, count = rows.texts, rows.table, len(rows)
        same = {
            "rule": texts.rule,
            "rule_name": texts.name,
            "enforcement": texts.enforcement.value,
            "kind": texts.kind.value,
            "part": number,
        }
        schema = _index_schema()
        columns: list[Any] = []
        for entry in schema:
            if entry.name in same:
                columns.append(pyarrow.repeat(pyarrow.scalar(same[entry.name], entry.type), count))
            elif entry.name == "place":
                columns.append(pyarrow.array(range(count), entry.type))
            elif entry.name == "within_days":
                columns.append(pyarrow.array(rows.within_days, entry.type))
            elif entry.name == "severity":
                columns.append(pyarrow.array([one.value for one in rows.severities], entry.type))
            elif entry.name == "verdict":
                columns.append(self._verdicts(table))
            else:
                columns.append(table.column({"subject_name": "name"}.get(entry.name, entry.name)).cast(entry.type))
        return pyarrow.Table.from_arrays(columns, schema=schema)

    def _verdicts(self, table: pyarrow.Table) -> Any:
        """Return the verdicts of one rule's findings, decisions applied."""
        import pyarrow
        import pyarrow.compute

        verdicts = table.column("verdict")
        if not self.decisions:
            return verdicts
        asked = pyarrow.array(list(self.decisions), pyarrow.string())
        said = pyarrow.array(
            [decision.verdict and decision.verdict.value for decision in self.decisions.values()], pyarrow.string()
        )
        settled = said.take(pyarrow.compute.index_in(table.column("fingerprint"), asked).combine_chunks())
        return pyarrow.compute.coalesce(settled, verdicts.combine_chunks())

    def _index_of_loose(self) -> pyarrow.Table:
        """Return the index of the loose findings."""
        import pyarrow

        rows = []
        for place, finding in enumerate(self._loose):
            subject = finding.subject
            days = [
                (step.due - self.as_of).days
                for step in finding.remediation
                if step.due is not None and self.as_of is not None
            ]
            rows.append(
                {
                    "rule": finding.rule,
                    "rule_name": finding.name,
                    "verdict": finding.verdict.value,
                    "severity": finding.severity.value,
                    "enforcement": finding.enforcement.value,
                    "kind": subject.kind.value,
                    "subject_id": subject.id,
                    "subject_name": subject.name,
                    "group_id": subject.group_id,
                    "group": subject.group,
                    "department_id": subject.department_id,
                    "department": subject.department,
                    "platform": subject.platform,
                    "responsible_id": subject.responsible_id,
                    "responsible": subject.responsible,
                    "fingerprint": finding.fingerprint,
                    "within_days": min(days, default=None),
                    "part": _LOOSE,
                    "place": place,
                }
            )
        # Half a character, which only a finding made by hand can hold, is no text of Arrow's.
        whole = [{name: _whole(value) for name, value in row.items()} for row in rows]
        return pyarrow.Table.from_pylist(whole, schema=_index_schema())

    @cached_property
    def kinds(self) -> Counter[Kind]:
        """Return how many findings there are of each kind."""
        clauses = {rows.texts.rule: rows.texts.clauses for rows in self.rows}
        kinds: Counter[Kind] = Counter()
        for finding in self._loose:
            subject = finding.subject
            place = subject.department, subject.department_id
            kinds[Kind(finding.rule, finding.clauses, finding.verdict, finding.severity, *place)] += 1
        names = ["rule", "verdict", "severity", "department", "department_id", "part"]
        counted = self.index.group_by(names).aggregate([([], "count_all")])
        columns = (counted.column(name).to_pylist() for name in (*names, "count_all"))
        for rule, verdict, severity, department, number, part, count in zip(*columns, strict=True):
            if part != _LOOSE:
                kind = Kind(rule, clauses[rule], Verdict(verdict), Severity(severity), department, number)
                kinds[kind] += count
        return kinds


def settled(finding: Finding, decision: Decision) -> Finding:
    """Return a finding as `decision` settles it, or only disputes it."""
    return replace(finding, verdict=decision.verdict or finding.verdict, decision=decision)


def _whole(value: object) -> object:
    """Return `value`, a text without halves of characters."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def listing_order(finding: Finding) -> tuple[str, str, str]:
    """Return the key by which findings are listed."""
    return finding.rule, finding.subject.id, finding.fingerprint


def _index_schema() -> pyarrow.Schema:
    """Return the columns of `Findings.index`."""
    import pyarrow

    texts = (
        *("rule", "rule_name", "verdict", "severity", "enforcement", "kind", "subject_id", "subject_name", "group_id"),
        *("group", "department_id", "department", "platform", "responsible_id", "responsible", "fingerprint"),
    )
    numbers = [(name, pyarrow.int32()) for name in ("within_days", "part", "place")]
    return pyarrow.schema([*((name, pyarrow.string()) for name in texts), *numbers])
