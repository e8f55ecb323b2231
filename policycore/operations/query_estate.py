"""Answer one SELECT over an estate, on the locked connection that rules have; texts only as they may be shown."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from policycore.engine.expected import EXPECTED_TABLES, expected_tables
from policycore.engine.judging.hits import without_keys
from policycore.engine.judging.needs import Knowledge
from policycore.engine.limit import RuleTimeoutError, run_limited
from policycore.engine.session import EstateData, EstateSession
from policycore.errors import DataError, Problem, UsageError
from policycore.estate.views import DERIVED
from policycore.language import say
from policycore.model.schema import declared
from policycore.operations.choose_ruleset import choose_ruleset
from policycore.operations.import_estate import open_estate
from policycore.operations.moments import moment_of
from policycore.plugin_api.plugins import PluginSet
from policycore.rulesets.sql.check import SqlChecker
from policycore.rulesets.sql.empty_schema import tables_and_columns
from policycore.system.memory import memory_bounded, memory_limit
from policycore.text.clean import clean
from policycore.text.shown import shown, shown_id
from policycore.text.suggest import suggestion

__all__ = ["Answer", "Cell", "cell_of", "query_estate"]

_no_column = re.compile(r'Referenced column "([^"]+)" not found|does not have a column named "([^"]+)"')

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a SELECT returned."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: bool
    """Whether there are more rows than were asked for."""


def query_estate(
    estate: str | Path,
    sql: str,
    *,
    plugins: PluginSet,
    ruleset: str | None = None,
    as_of: datetime | str | None = None,
    limit: int = 1000,
    seconds: float = 60.0,
) -> Answer:
    """Return the first `limit` rows of one SELECT over `estate`; with a `ruleset` its formulas' tables are there too.

    Raises UsageError for SQL that is wrong, reaches for anything but the tables, or takes longer than `seconds`.
    """
    bare = sql.strip().rstrip(";").rstrip()
    memberships = choose_ruleset(ruleset, plugins=plugins).ruleset.memberships if ruleset else ()
    with open_estate(estate, plugins=plugins) as snapshot:
        with declared(snapshot.own):
            _refuse_harmful(bare)
        moment = moment_of(as_of, snapshot.timezone)
        with EstateSession(EstateData.from_snapshot(snapshot), moment) as session:
            session.offer_expected(expected_tables(memberships, Knowledge(session)))
            # Only within one answer: no key of a workspace is at hand, and ids that bear marks stay apart.
            key = secrets.token_bytes(32)
            session.show_only(lambda text: shown(text), lambda number: shown_id(number, key))
            try:
                with memory_bounded(memory_limit()):
                    table = run_limited(lambda: session.arrow(f"FROM (\n{bare}\n) LIMIT {limit + 1}"), session, seconds)
            except (duckdb.Error, ValueError) as error:
                words = clean(shown(str(error)).partition("\n")[0], limit=400)
                column = _no_column.search(words)
                if column:
                    word = column[1] or column[2]
                    tables = tables_and_columns()
                    having = [table for table, names in tables.items() if word in names]
                    fix = (
                        say("operations.query.no-column.elsewhere", tables=say("text.and").join(having))
                        if having
                        else suggestion(word, [name for names in tables.values() for name in names])
                    )
                    raise UsageError(Problem.of("operations.query.no-column", word=word, fix=fix)) from None
                raise UsageError(Problem.of("operations.query.wrong", words=words)) from None
            except (RuleTimeoutError, MemoryError):
                raise DataError(Problem.of("operations.query.too-much", seconds=f"{seconds:g}")) from None
            told = without_keys(table)
            if not told.column_names:
                word = clean(table.column_names[0], limit=80)
                fix = suggestion(word, [name for names in tables_and_columns().values() for name in names])
                raise UsageError(Problem.of("operations.query.no-column", word=word, fix=fix))
            names = tuple(clean(shown(name), limit=80) for name in told.column_names)
            values = zip(*(column.to_pylist() for column in told.columns), strict=True)
            rows = tuple(tuple(map(cell_of, row)) for row in values)
    return Answer(names, rows[:limit], len(rows) > limit)


_IN_VAIN = ("sql.unknown-word", "sql.null", "sql.out-of-range")
"""What is wrong with a comparison that no row fits."""


def _refuse_harmful(sql: str) -> None:
    """Raise UsageError for SQL that a rule set could not bear either, naming every word that is refused."""
    with closing(SqlChecker()) as checker:
        faults = checker.harmless(sql, (*EXPECTED_TABLES, *DERIVED))
        # An answer without rows would say that there are none.
        faults = faults or [
            one
            for one in checker.select(sql, {})[1]
            if one.code in _IN_VAIN or any(word.startswith("'") for word in one.candidates)
        ]
    if faults:
        raise UsageError(
            *(
                Problem.of(
                    f"rulesets.{fault.code}",
                    word=clean(fault.word or "SQL", limit=80),
                    column=fault.column,
                    known=say("text.and").join(fault.known),
                    fix=fault.fix,
                )
                for fault in faults
            )
        )


def cell_of(value: object) -> Cell:
    """Return a value of the estate as it may be shown: texts masked, those that bear a mark withheld."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return say("operations.query.and").join(str(cell_of(item)) for item in value)
    if isinstance(value, Mapping):
        return json.dumps({key: cell_of(item) for key, item in value.items() if item}, ensure_ascii=False)
    return shown(clean(str(value), limit=2000))
