"""What a rule says it requires is what its SQL reads: asked of the query plan, not of the author."""

from __future__ import annotations

import re

import pytest

from policycore.engine.conditions import fields_of_condition
from policycore.engine.session import EstateSession, _plain
from policycore.engine.subjects import subject_table
from policycore.estate.views import PREPARED, SHARED
from policycore.model.schema import table_schema
from policycore.plugin_api.paths import as_needs, need_fields
from policycore.plugin_api.plugins import load_plugins
from policycore.plugin_api.rule import Query, Rule, TextRule
from policycore.rulesets.empty_schema import columns_read
from policycore.testing import estate_of

RULES = [rule for rule in load_plugins().rules.all() if not isinstance(rule, TextRule)]

# Columns that words or excuses come from: without them a rule says less, or finds more, and never passes more.
WORDS_OR_EXCUSES = {
    "ADM001": {"accounts.person_id": "the steps name the person's own form"},
    "ADM006": {"groups.dissolved_at": "the shared table leaves out groups that are no longer judged"},
    "ADM008": {"groups.dissolved_at": "the shared table leaves out groups that are no longer judged"},
    "CON001": {"accounts.person_id": "the sender's name", "messages.sender_id": "the sender's name"},
    "DOR003": {"groups.kind": "shown as a fact"},
    "DOR005": {"accounts.person_id": "an account of no known person counts as one person"},
    "DOR006": {
        "accounts.person_id": "an account of no known person counts as one person",
        "groups.successor_of": "a successor is excused",
    },
    "OWN001": {
        "accounts.person_id": "the name of the owner in the member list",
        "memberships.role": "the name of the owner in the member list",
    },
    "OWN009": {"accounts.person_id": "the names of the owners"},
}


def _reads(rule: Rule) -> frozenset[str]:
    with EstateSession(estate_of(rule.cases[0])) as session:
        query = rule.check(session, rule.Params())
    assert isinstance(query, Query)
    sql = query.sql
    behind = {**rule.shared, **{name: select for name, select in SHARED.items() if "group" not in name}, **PREPARED}
    for name, select in behind.items():
        sql = re.sub(rf"\b(FROM|JOIN) {name}\b", lambda found, select=select: f"{found[1]} ({select})", sql)
    return columns_read(sql, {name: _plain(value) for name, value in query.values.items()})


def _declared(rule: Rule) -> set[str]:
    table = subject_table(rule.subject)
    scope = fields_of_condition(rule.applies_when, table.table) if rule.applies_when and table else ()
    return {*scope, *(field for need in as_needs(rule.requires) for field in need_fields(need.path))}


def _always_there(field: str) -> bool:
    """Return whether a column is a row's identity, or only a name that facts show."""
    table, _, column = field.partition(".")
    return column in ("name", "title") or not table_schema(table).columns[column].nullable


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_requires_every_column_it_judges_by(rule):
    undeclared = {field for field in _reads(rule) - _declared(rule) if not _always_there(field)}
    assert undeclared <= set(WORDS_OR_EXCUSES.get(rule.id, {})), "declare it in `requires`, or give the reason here"
