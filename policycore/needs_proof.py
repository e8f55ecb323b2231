"""Prove on a rule's own cases that what it says it needs is what its verdicts hang on.

In every case each field that the rule needs is filled: a closed column (words, yes or no) with each of its values, an
open one with several. A subject whose verdict varies must be a gap when the value is taken away, the whole column, a
single cell that could not be read or one that is empty though there must be something; one whose verdict does not vary
must be judged, and judged the same.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from policycore.engine.expected import expected_tables
from policycore.engine.judging.needs import Knowledge, open_subjects
from policycore.engine.judging.reads import fields_of_condition, undeclared_reads
from policycore.engine.judging.subjects import subject_table
from policycore.engine.session import EstateSession
from policycore.language import say
from policycore.model.result import RunResult
from policycore.model.schema import ColumnSchema, table_schema
from policycore.model.verdict import Verdict
from policycore.plugin_api.paths import as_needs, need_fields
from policycore.plugin_api.rule import Case, Query, Rule, TextRule
from policycore.testing import case_moment, case_span, estate_of, numbered, run_rule

__all__ = ["Proof", "check_conditions", "check_needs", "check_reads", "must_be_tried"]

_MOST_CELLS = 6
_MOST_VALUES = 4
_MIXES, _MOST_MIXES = 6, 64
_MOST_ALONE = 1
_SOMETHING: Mapping[str, Sequence[object]] = {"time": ("2024-03-01",), "text": ("某", "某某"), "list": (["某"],)}
_FINE, _GAP = "in order", "a gap"
ABSENT, EMPTY, UNREADABLE = ("nobody supplies", "is empty", "could not be read")
"""How the values of a column may be missing: of all, of a row that must have one, of any row."""


@dataclass(frozen=True)
class _Variant:
    """One case of which one column is filled, or could not be read, in some rows."""

    case: Case
    column: ColumnSchema
    rows: tuple[int, ...]
    values: tuple[object, ...] = ()
    """What the rows hold; empty where that is not known."""
    empty: bool = False
    """Whether what is not known is an empty cell, and not one that could not be read."""

    @property
    def place(self) -> _Place:
        """Return which cells of which case are meant."""
        return self.case.name, self.column.field, self.rows

    def given(self, prefix: str) -> Iterator[tuple[str, dict[str, object]]]:
        """Yield the table and each row of the case, with `prefix` before its ids."""
        for table, rows in self.case.given.items():
            for number, row in enumerate(rows):
                changed = dict(row)
                if table == self.column.table and number in self.rows:
                    known = bool(self.values)
                    changed[self.column.name] = self.values[self.rows.index(number)] if known else None
                    changed |= {} if known or self.empty else {"_unknown": [self.column.name]}
                yield table, _apart(table, numbered(table, changed, prefix), prefix)


_Said = Mapping[str, str]
_Place = tuple[str, str, tuple[int, ...]]


def _apart(table: str, row: dict[str, object], prefix: str) -> dict[str, object]:
    """Return a row with `prefix` before the words by which scopes find posts: they would find those of all variants."""
    holder = row if table == "appointments" else row.get("scope")
    if isinstance(holder, dict):
        for name in ("rank", "title", "duties", "ranks", "titles"):
            words = holder.get(name)
            if words:
                holder[name] = f"{prefix}{words}" if isinstance(words, str) else [f"{prefix}{one}" for one in words]
    return row


@dataclass(frozen=True, slots=True)
class Proof:
    """What was tried with a rule, and what of that speaks for nothing."""

    tried: frozenset[tuple[str, str]]
    """Field, and how its values were missing."""
    warnings: tuple[str, ...]
    """Subjects that are gaps although no value that was tried changed their verdict: of an open column others might."""


def check_needs(rule: Rule, *, columns: bool = True) -> Proof:
    """Prove what `rule` needs; AssertionError names the subjects of which it says too much or too little.

    Without `columns` nothing is taken away for which an estate of its own must be judged: no column as a whole, and no
    cell of rows that nothing leads to.
    """
    mistakes: list[str] = []
    warnings: list[str] = []
    tried: set[tuple[str, str]] = set()
    together: dict[str, list[Case]] = {}
    for case in rule.cases:
        if not case.lacks:
            together.setdefault(repr((case.as_of, case.params)), []).append(case)
    for cases in together.values():
        _Proving(rule, cases, mistakes, warnings, tried).prove(absent=columns)
    if mistakes:
        raise AssertionError("\n".join(mistakes))
    return Proof(frozenset(tried), tuple(warnings))


class _NothingKnown(Knowledge):
    """What an estate knows whose every cell is missing: whatever a need asks matters."""

    def absent(self, _name: str) -> bool:
        """Return True."""
        return True

    def has(self, _name: str) -> bool:
        """Return False."""
        return False


def check_conditions(rules: Iterable[Rule]) -> None:
    """Raise AssertionError where DuckDB cannot read when a rule needs a value, even if no case ever asks that."""
    mistakes = []
    with EstateSession(estate_of(Case("", given={}))) as session:
        nothing = _NothingKnown(session)
        session.offer_expected(expected_tables((), nothing))
        for rule in rules:
            table = subject_table(rule.subject)
            values = rule.Params(**(rule.cases[0].params if rule.cases else {})).model_dump()
            keys = ", ".join(f"{column} AS {key}" for key, column in table.keys.items()) if table else ""
            subjects = f"SELECT {keys} FROM {table.table}" if table else ""  # noqa: S608 - names of our own
            for need in as_needs(rule.requires):
                sql = open_subjects(need, nothing, table, subjects) if need.when or need.via else None
                try:
                    if sql:
                        session.arrow(f"SELECT * FROM ({sql}) LIMIT 0", values)  # noqa: S608
                except (duckdb.Error, ValueError) as error:
                    mistakes.append(f"{rule.id}: {need.path}: {str(error).splitlines()[0]}")
    if mistakes:
        raise AssertionError("\n".join(mistakes))


def check_reads(rule: Rule) -> None:
    """Raise AssertionError where the SQL of a rule judges by columns that it neither requires nor says it only reads.

    Python and text rules are left to `check_needs`: what they read need not decide.
    """
    if isinstance(rule, TextRule):
        return
    for case in rule.cases[:1]:
        with EstateSession(estate_of(case)) as session:
            answer = rule.check(session, rule.Params(**case.params))
        read = undeclared_reads(rule, answer) if isinstance(answer, Query) else ()
        if read:
            raise AssertionError(say("plugin_api.case.undeclared", rule=rule.name, names=", ".join(sorted(read))))


class _Proving:
    """The cases of one rule that share moment and parameters."""

    def __init__(
        self,
        rule: Rule,
        cases: Sequence[Case],
        mistakes: list[str],
        warnings: list[str],
        tried: set[tuple[str, str]],
    ) -> None:
        self.rule = rule
        self.cases = cases
        self.mistakes = mistakes
        self.warnings = warnings
        self.tried = tried
        self.random = random.Random(0)  # noqa: S311 - the same mixes every time
        self.fillings: dict[tuple[str, str, tuple[int, ...]], list[_Said]] = {}

    def prove(self, *, absent: bool) -> None:
        """Fill and take away, and compare; `absent` also takes away what needs an estate of its own."""
        columns = _columns(self.rule)
        filled = [variant for column in columns for case in self.cases for variant in self._filled(column, case)]
        if self.cases[0].memberships:
            # Judged one by one, all of them would take half an hour: some places of each column speak for the rest.
            places = sorted({variant.place for variant in filled})
            chosen = {place for column in columns for place in self._some(column, places)}
            filled = [variant for variant in filled if variant.place in chosen]
        for variant, said in zip(filled, self._said(filled), strict=True):
            self.fillings.setdefault(variant.place, []).append(said)
        taken = list({variant.place: replace(variant, values=()) for variant in filled}.values())
        emptied = [replace(one, empty=True) for one in taken if _must_hold(self.rule, one.column)]
        # What is needed of rows that nothing leads to is missing for all: such fields are taken away one by one.
        closed = [*taken, *emptied]
        apart = [one for one in closed if _elsewhere(self.rule, one.column) and one.rows == _rows(one)]
        together = [one for one in closed if not _elsewhere(self.rule, one.column)]
        for batch in [together, *([one] for one in apart if absent)]:
            for variant, said in zip(batch, self._said(batch), strict=True):
                self._compare(variant, said, EMPTY if variant.empty else UNREADABLE)
        # One estate for each column: what the cases before have shown is not shown again.
        for column in [one for one in columns if absent and (one.field, ABSENT) not in self.tried]:
            whole = [variant for variant in taken if variant.column == column and variant.rows == _rows(variant)]
            if not column.ends:
                for variant, said in zip(whole, self._said(whole, without=column.field), strict=True):
                    self._compare(variant, said, ABSENT)

    def _some(self, column: ColumnSchema, places: Sequence[_Place]) -> list[_Place]:
        """Return a few of the places of one column, the same every time."""
        own = [place for place in places if place[1] == column.field]
        return self.random.sample(own, min(_MOST_ALONE, len(own)))

    def _filled(self, column: ColumnSchema, case: Case) -> Iterator[_Variant]:
        """Yield the case with the column filled, cell by cell and as a whole."""
        rows = tuple(range(len(case.given.get(column.table, ()))))
        values = self._values(column, case)
        if not rows or len(values) < 2:
            return
        for cell in rows[:_MOST_CELLS] if len(rows) > 1 else ():
            yield from (_Variant(case, column, (cell,), (value,)) for value in values)
        yield from (_Variant(case, column, rows, (value,) * len(rows)) for value in values)
        if len(rows) > 1:
            mixes = (
                itertools.product(values, repeat=len(rows)) if _all_mixed(values, rows) else self._mixes(values, rows)
            )
            yield from (_Variant(case, column, rows, mix) for mix in mixes)

    def _mixes(self, values: Sequence[object], rows: tuple[int, ...]) -> Iterator[tuple[object, ...]]:
        """Yield a few of the ways to fill the rows with different values."""
        for _ in range(_MIXES):
            yield tuple(self.random.choice(values) for _ in rows)

    def _values(self, column: ColumnSchema, case: Case) -> list[object]:
        """Return what a column is filled with: its words, or what this rule's cases hold there."""
        none: list[object] = [] if column.always and not _judges(self.rule, column) else [None]
        if column.values:
            return [*column.values, *none]
        if column.type == "boolean":
            return [True, False, *none]
        if column.references:
            register = [row["id"] for row in case.given.get(column.references, ())]
            named = [row.get(column.name) for row in case.given.get(column.table, ())]
            return [*(register or sorted({str(one) for one in named if one}))[:_MOST_VALUES], *none]
        seen: dict[str, object] = {}
        for one in self.rule.cases:
            for row in one.given.get(column.table, ()):
                value = row.get(column.name)
                later = column.type == "time" and value and case_span(str(value))[0] > case_moment(case.as_of)
                if value is not None and not later:
                    seen.setdefault(repr(value), value)
        values = [*list(seen.values())[:: max(1, len(seen) // _MOST_VALUES)][:_MOST_VALUES], *none]
        # Where no case holds two values, anything is better than nothing.
        return (
            values
            if len(values) > 1
            else [*values, *(one for one in _SOMETHING.get(column.type, ()) if one not in values)]
        )

    def _said(self, variants: Sequence[_Variant], without: str = "") -> Sequence[_Said]:
        """Judge all variants in one estate, ids kept apart, and return what was said of each one's subjects."""
        if not variants:
            return []
        if self.cases[0].memberships:
            # A formula means whatever it names wherever it stands: each variant is an estate of its own.
            return [self._alone(variant, without) for variant in variants]
        given: dict[str, list[dict[str, object]]] = {}
        for number, variant in enumerate(variants):
            for table, row in variant.given(f"{number}."):
                given.setdefault(table, []).append(row)
        case = replace(self.cases[0], name="every value", given=given)
        said: list[dict[str, str]] = [{} for _ in variants]
        for subject, verdict in _verdicts(run_rule(self.rule, case, without=without)):
            prefix, _, rest = subject.partition(".")
            own = rest.replace(f"/{prefix}.", "/")
            # One subject may have several findings: the gravest says what it is.
            if said[int(prefix)].get(own) != Verdict.FAIL.value:
                said[int(prefix)][own] = verdict
        return said

    def _alone(self, variant: _Variant, without: str) -> _Said:
        """Return what is said of one variant judged by itself."""
        given: dict[str, list[dict[str, object]]] = {}
        for table, row in variant.given(""):
            given.setdefault(table, []).append(row)
        said: dict[str, str] = {}
        result = run_rule(self.rule, replace(variant.case, given=given), without=without)
        for subject, verdict in _verdicts(result):
            if said.get(subject) != Verdict.FAIL.value:
                said[subject] = verdict
        if any(not gap.subjects for gap in result.gaps):
            said.setdefault("estate", _GAP)
        return said

    def _compare(self, variant: _Variant, taken: _Said, how: str) -> None:
        """Note every subject that is a gap without need, or is judged without what its verdict hangs on."""
        column, filled = variant.column, self.fillings[variant.place]
        self.tried.add((column.field, how))
        closed = bool(column.values) or column.type == "boolean"
        for subject in sorted({subject for said in (*filled, taken) for subject in said}):
            known = {_of(said, subject) for said in filled}
            said = _of(taken, subject)
            if _GAP in known:
                continue
            here = (
                f"{self.rule.id}: {variant.case.name}: {column.field} {how} (rows {variant.rows}): {subject} is {said}"
            )
            if said != _GAP and known != {said}:
                self.mistakes.append(f"{here}, but with a value {' or '.join(sorted(known))}")
            elif said == _GAP and len(known) == 1 and not _decides_scope(self.rule, column):
                every = closed and _all_mixed(self._values(column, variant.case), variant.rows)
                worst = self.mistakes if every else self.warnings
                worst.append(f"{here}, but with every value {' '.join(known)}")


def _all_mixed(values: Sequence[object], rows: tuple[int, ...]) -> bool:
    """Return whether the rows are filled in every way there is."""
    return len(rows) == 1 or len(values) ** len(rows) <= _MOST_MIXES


def _rows(variant: _Variant) -> tuple[int, ...]:
    """Return all rows of the table that the variant fills."""
    return tuple(range(len(variant.case.given[variant.column.table])))


def _of(said: _Said, subject: str) -> str:
    """Return what was said of a subject; where its group could not be judged, neither could it."""
    return _GAP if said.get(subject.partition("/")[0]) == _GAP else said.get(subject, _FINE)


def _verdicts(result: RunResult) -> Iterator[tuple[str, str]]:
    """Yield each subject that does not pass, and the verdict; what is found stands, whatever else may be there."""
    found = {finding.subject.id for finding in result.findings}
    for finding in result.findings:
        if finding.verdict is Verdict.ERROR:
            raise AssertionError(finding.message.in_language())
        yield finding.subject.id, finding.verdict.value
    for gap in result.gaps:
        yield from ((subject, _GAP) for subject in gap.subjects if subject not in found)


def must_be_tried(rule: Rule) -> frozenset[tuple[str, str]]:
    """Return every field that `rule` needs with every way in which its values may be missing."""
    wanted = set()
    for column in _columns(rule):
        wanted.add((column.field, UNREADABLE))
        wanted |= set() if column.ends else {(column.field, ABSENT)}
        wanted |= {(column.field, EMPTY)} if _must_hold(rule, column) else set()
    return frozenset(wanted)


def _judges(rule: Rule, column: ColumnSchema) -> bool:
    """Return whether it is the rule that judges an empty cell of the column."""
    needs = as_needs(rule.requires)
    return any(need_fields(need.path)[-1] == column.field and need.null == "judged" for need in needs)


def _must_hold(rule: Rule, column: ColumnSchema) -> bool:
    """Return whether a cell of the column is never empty for want of anything to hold."""
    return column.always == "true" and not _judges(rule, column)


def _columns(rule: Rule) -> list[ColumnSchema]:
    """Return the columns that the rule needs and that can be empty."""
    named = [name for need in as_needs(rule.requires) for name in need_fields(need.path)]
    named += rule.reads if isinstance(rule, TextRule) else ()
    columns = [table_schema(name.partition(".")[0]).columns[name.partition(".")[2]] for name in dict.fromkeys(named)]
    return [column for column in columns if column.nullable]


def _elsewhere(rule: Rule, column: ColumnSchema) -> bool:
    """Return whether the rule needs a column of rows to which nothing leads from its subjects, or of its other ones."""
    table = subject_table(rule.subject)
    for need in as_needs(rule.requires):
        first = need.path.partition(".")[0]
        leads = table is not None and (first == table.table or (table.in_groups and _in_groups(first)))
        others = need.via and table is not None and need.path == f"{table.table}.{column.name}"
        if column.field in need_fields(need.path) and (others or not (leads or need.via)):
            return True
    return False


def _in_groups(table: str) -> bool:
    """Return whether rows of `table` belong to groups."""
    return table == "groups" or "group_id" in table_schema(table).columns


def _decides_scope(rule: Rule, column: ColumnSchema) -> bool:
    """Return whether the column decides whether the rule applies: to pass and to be left aside look the same here."""
    table = subject_table(rule.subject)
    if table is None or not rule.applies_when:
        return False
    return column.field in fields_of_condition(rule.applies_when, table.table)
