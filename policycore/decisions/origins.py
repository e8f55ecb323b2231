"""Tell which rule sets a decision was made for: a check of another one has nothing to say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, select

from policycore.decisions.records import Granted, kind_of
from policycore.decisions.waiver_context import stored_context
from policycore.decisions.waivers import Waiver
from policycore.store import schema
from policycore.store.kept.runs import find_run, load_header

__all__ = ["Key", "origins"]

Key = tuple[str, str]
"""Kind and id of a decision."""


def origins(connection: Connection, items: Iterable[Granted], given: Mapping[Key, str]) -> dict[Key, frozenset[str]]:
    """Return by decision the rule sets that it was made for; none where nobody can tell.

    It is the one whose run it was made on (`given`), else those whose runs it settled findings of, else those that
    have the rule or clause that it names.
    """
    runs, seen = schema.runs.c, schema.run_decisions.c
    query = select(seen.kind, seen.id, runs.ruleset).join_from(schema.runs, schema.run_decisions)
    settled: dict[Key, set[str]] = {}
    for kind, name, ruleset in connection.execute(query.where(seen.findings > 0).distinct()):
        settled.setdefault((kind, name), set()).add(ruleset)
    known = _known_words(connection)
    found = {}
    for item in items:
        key = kind_of(item), item.id
        word = (item.rule or item.clause) if isinstance(item, Waiver) else item.clause
        named = {ruleset for ruleset, words in known.items() if word in words}
        found[key] = frozenset({given[key]} if given.get(key) else settled.get(key) or named)
    return found


def _known_words(connection: Connection) -> dict[str, set[str]]:
    """Return by rule set the names of rules, and the clauses, that its newest run knew; nothing where there is one."""
    runs = schema.runs.c
    query = select(runs.ruleset, func.max(runs.id).label("newest")).group_by(runs.ruleset)
    newest = {row.ruleset: row.newest for row in connection.execute(query)}
    if len(newest) < 2:
        return {}
    found = {}
    for ruleset, number in newest.items():
        clauses = {clause.id for clause in load_header(connection, find_run(connection, str(number))).clauses}
        found[ruleset] = clauses | set(stored_context(connection, number).get("names", {}))
    return found
