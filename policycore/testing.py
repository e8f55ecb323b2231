"""Run rule cases: for pytest, for ``policycore plugin test``, for plugin authors.

A rule's cases are its tests. `case_parameters` lists them for ``pytest.mark.parametrize``;
`check_case` runs one through the real engine; `policycore.needs_proof` proves that a rule needs exactly
what its verdicts hang on; `check_per_group` proves of a rule that says `Rule.per_group` that
groups judged together get the answers that they get apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from policycore.errors import Place
from policycore.language import Text, say
from policycore.model.result import Finding, RunResult
from policycore.model.schema import TableSchema, all_schemas, declared, latest_of, table_schema
from policycore.model.verdict import Enforcement, Verdict
from policycore.plugin_api.rule import Case, Rule
from policycore.rulesets.document import MembershipEntry
from policycore.rulesets.resolved import Membership, PolicyDocument, ResolvedRule, ResolvedRuleSet
from policycore.rulesets.written import WrittenRule

if TYPE_CHECKING:
    import pyarrow

    from policycore.engine.session import EstateData

__all__ = [
    "case_moment",
    "case_parameters",
    "case_span",
    "check_case",
    "check_per_group",
    "estate_of",
    "merged_case",
    "numbered",
    "own_rules",
    "per_group_rules",
    "ruleset_of",
    "run_rule",
]

TIMEZONE = "Asia/Shanghai"
SOURCE = "case"
_ORDINARY = {
    "people.status": "active",
    "accounts.kind": "internal",
    "memberships.role": "member",
    "messages.type": "text",
}


def case_parameters(rules: Iterable[Rule]) -> list[tuple[Rule, Case]]:
    """Return every (rule, case) pair, in the order of the rules."""
    return [(rule, case) for rule in rules for case in rule.cases]


def own_rules(rules: Iterable[ResolvedRule]) -> list[Rule]:
    """Return the rules that a rule set writes itself, in their order; `case_parameters` lists their cases.

    ``case_parameters(own_rules(load_ruleset("my.yaml").rules))`` is what a test of a rule set is parametrized with.
    """
    return [resolved.rule for resolved in rules if isinstance(resolved.rule, WrittenRule)]


def estate_of(case: Case, *, without: str = "") -> EstateData:
    """Return the case's tables as an estate; `without` is a ``table.column`` that is taken away.

    Raises ValueError for a table or column that the model does not have, and for a value of the
    wrong type, naming the case.
    """
    from policycore.engine.session import EstateData, SourceData
    from policycore.estate.keys import with_keys

    with declared(case.own):
        schemas = all_schemas()
    unknown = set(case.given) - set(schemas)
    if unknown:
        raise ValueError(f"case {case.name!r}: no table is called {', '.join(sorted(unknown))}")
    relations = {}
    for name, schema in schemas.items():
        relations[name] = _table(schema, case, case.given.get(name, ()), without)
    relations = with_keys(relations)
    columns = {name: tuple(table.column_names) for name, table in relations.items()}
    return EstateData(
        id=f"case:{case.name}",
        as_of=case_moment(case.as_of),
        timezone=TIMEZONE,
        sources=(SourceData(SOURCE, frozenset(case.lacks)),),
        relations={name: table for name, table in relations.items() if table.num_rows},
        columns=columns,
        rows={name: table.num_rows for name, table in relations.items()},
        own=case.own,
    )


def _table(schema: TableSchema, case: Case, rows: Sequence[Mapping[str, object]], without: str) -> pyarrow.Table:
    """Return one table of a case with every column of the model but the one taken away."""
    import pyarrow

    from policycore.estate.parts import arrow_type

    strange = {name for row in rows for name in row} - set(schema.columns) - {"_unknown"}
    if strange:
        raise ValueError(f"case {case.name!r}: {schema.name} has no column {', '.join(sorted(strange))}")
    columns = {}
    for name, column in schema.columns.items():
        if column.field == without:
            continue
        values = [row[name] if name in row else _ordinary(column.field, row) for row in rows]
        if column.field in case.lacks:
            values = [None] * len(rows)
        if name == "source":
            values = [value or SOURCE for value in values]
        if column.type == "time":
            spans = [(None, None) if value is None else case_span(str(value), column.field) for value in values]
            values = [first for first, _ in spans]
            columns[latest_of(name)] = pyarrow.array([last for _, last in spans], arrow_type(column))
        if column.type == "enum":
            wrong = [value for value in values if value is not None and value not in column.values]
            if wrong:
                raise ValueError(f"case {case.name!r}: {column.field} cannot be {wrong[0]!r}")
        columns[name] = pyarrow.array(values, arrow_type(column))
    if any("_unknown" in row for row in rows):
        columns["_unknown"] = pyarrow.array([row.get("_unknown") for row in rows], pyarrow.list_(pyarrow.string()))
    # As in a snapshot: where every time is exact, there is nothing beside it.
    exact = [name for name in schema.times if name in columns and columns[name] == columns[latest_of(name)]]
    columns = {name: values for name, values in columns.items() if name not in map(latest_of, exact)}
    columns["_file"] = pyarrow.array([f"{schema.name}.csv"] * len(rows), pyarrow.string())
    columns["_row"] = pyarrow.array(range(1, len(rows) + 1), pyarrow.int32())
    return pyarrow.table(columns)


def _ordinary(field: str, row: Mapping[str, object]) -> object:
    """Return what a row that leaves a column out holds there: cases show what is out of the ordinary."""
    if field in ("messages.text", "attachments.text"):
        return "" if row.get("type", "text") == "text" else None
    if field in ("groups.name", "attachments.name"):
        return row.get("id")
    return _ORDINARY.get(field)


def case_span(text: str, field: str = "") -> tuple[datetime, datetime]:
    """Return the earliest and the latest moment of a time in a case: 2024-03 is known to the month."""
    from policycore.estate.cells.times import BY_THE_CLOCK, parse_span

    span = parse_span(text, ZoneInfo(TIMEZONE), whole_day=field == BY_THE_CLOCK)
    return span or (case_moment(text),) * 2


def case_moment(text: str) -> datetime:
    """Return an ISO 8601 time; without an offset it is in the cases' zone."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(TIMEZONE))


def run_rule(rule: Rule, case: Case, *, without: str = "") -> RunResult:
    """Return what the real engine says of a case under this one rule."""
    from policycore.engine.run import evaluate

    return evaluate(estate_of(case, without=without), ruleset_of(rule, case))


def ruleset_of(rule: Rule, case: Case) -> ResolvedRuleSet:
    """Return a rule set of this one rule with the parameters of the case."""
    place = Place(f"<case: {case.name}>")
    return ResolvedRuleSet(
        name="case",
        title=Text("用例", "case"),
        document=PolicyDocument(),
        rules=(
            ResolvedRule(
                rule=rule,
                id=rule.id,
                name=rule.name,
                clauses=(),
                severity=rule.severity,
                enforcement=Enforcement.MANDATORY,
                params=rule.Params(**case.params),
                applies_to=None,
                place=place,
            ),
        ),
        attestations=(),
        parameters={},
        origins=(),
        files=(),
        hash="case",
        memberships=tuple(Membership(MembershipEntry.model_validate(one), place) for one in case.memberships),
    )


def check_case(rule: Rule, case: Case) -> None:
    """Run one case and raise AssertionError that says what was expected and what came out."""
    result = run_rule(rule, case)
    _no_errors(rule, case, result)
    found = result.findings
    unknown = sorted(subject for gap in result.gaps for subject in gap.subjects)
    _equal(
        rule, case, say("plugin_api.case.finds"), sorted(case.finds), sorted(finding.subject.id for finding in found)
    )
    _equal(rule, case, say("plugin_api.case.unknown"), sorted(case.unknown), unknown)
    for finding in found:
        _check_finding(rule, case, finding)
    names = {(finding.subject.id, finding.fingerprint) for finding in found}
    if len(names) != len(found):
        raise AssertionError(say("plugin_api.case.alike", case=_called(rule, case)))


def _check_finding(rule: Rule, case: Case, finding: Finding) -> None:
    """Raise AssertionError when a finding's words or facts are not what they should be."""
    for text in (finding.message, *(step.what for step in finding.remediation)):
        left = text.placeholders()
        if left:
            names, said = ", ".join(sorted(left)), text.in_language()
            raise AssertionError(say("plugin_api.case.unfilled", case=_called(rule, case), names=names, text=said))
    wanted: dict[str, Any] = dict(case.facts.get(finding.subject.id, {}))
    if finding.subject.id in case.reasons:
        wanted["reason"] = case.reasons[finding.subject.id]
    actual = {name: finding.facts.get(name) for name in wanted}
    _equal(rule, case, say("plugin_api.case.facts", subject=finding.subject.id), wanted, actual)


def merged_case(cases: Sequence[Case]) -> Case:
    """Return one case with the rows of all `cases`, ids kept apart by the case's number; parameters are the first's.

    Left out are cases of which the source lacks a field, and those of another moment than the first.
    """
    given: dict[str, list[dict[str, object]]] = {}
    for number, case in enumerate(cases):
        if case.as_of == cases[0].as_of and (case is cases[0] or not case.lacks):
            for table, rows in case.given.items():
                given.setdefault(table, []).extend(numbered(table, row, f"{number}.") for row in rows)
    return replace(cases[0], name="all cases put together", given=given)


def numbered(table: str, row: Mapping[str, object], number: str) -> dict[str, object]:
    """Return a row with `number` before every id in it."""
    schema, numbered = table_schema(table), dict(row)
    for name, value in row.items():
        column = schema.columns.get(name)
        if isinstance(value, str) and column and (name == "id" or column.references):
            numbered[name] = number + value
    scope = row.get("scope")
    if isinstance(scope, Mapping):
        ids = {name: [f"{number}{one}" for one in scope[name]] for name in ("departments", "people") if scope.get(name)}
        numbered["scope"] = {**scope, **ids}
    return numbered


def per_group_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules that say they judge group by group, in their order."""
    return [rule for rule in rules if rule.per_group]


def check_per_group(rule: Rule) -> None:
    """Judge the groups of the cases together and apart; AssertionError when a rule says something else of them.

    Every group stands there twice, with the same owner, members and messages: the likest neighbour that it can have.
    Each group is parted from its twin and from the next of its case; registers are the same in both parts.
    """
    alike: dict[str, list[Case]] = {}
    for case in rule.cases:
        alike.setdefault(repr((case.as_of, case.lacks, case.params)), []).append(case)
    for cases in alike.values():
        merged = merged_case(cases)
        own = {str(row["id"]): number for number, row in enumerate(merged.given.get("groups", ()))}
        twins = {_TWIN + group: number + 1 for group, number in own.items()}
        given = {table: [*rows, *_twins(table, rows)] for table, rows in merged.given.items()}
        whole = replace(merged, name="every group twice", given=given)
        together = _said_of_groups(rule, whole)
        every = own | twins
        apart: Counter[str] = Counter()
        for odd in (0, 1):
            part = frozenset(group for group, number in every.items() if number % 2 == odd)
            apart += _said_of_groups(rule, replace(whole, given=_only(whole.given, part)))
        _equal(rule, whole, "judged together, and apart", sorted(together - apart), sorted(apart - together))


_TWIN = "twin-"


def _said_of_groups(rule: Rule, case: Case) -> Counter[str]:
    """Return what a rule says of each subject, where its row stands aside, and how many pass or are not applicable."""
    if not case.given.get("groups"):
        return Counter()
    result = run_rule(rule, case)
    _no_errors(rule, case, result)
    said = Counter(repr(replace(finding, source=None)) for finding in result.findings)
    for verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE):
        said[verdict.value] = sum(outcome.verdicts.get(verdict, 0) for outcome in result.outcomes)
    return said


def _owner(table: str) -> str:
    """Return the column that leads from a row of `table` to its group, by way of a message or not; '' for registers."""
    if table == "groups":
        return "id"
    columns = table_schema(table).columns.values()
    return next((column.name for column in columns if column.references in ("groups", "messages")), "")


def _twins(table: str, rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return the rows of groups once more, under ids of their own; registers have no twins."""
    if not _owner(table):
        return []
    columns = table_schema(table).columns
    own = {name for name, column in columns.items() if name == "id" or _owner(column.references or "departments")}
    return [{name: f"{_TWIN}{row[name]}" if name in own and row[name] else row[name] for name in row} for row in rows]


def _only(
    given: Mapping[str, Sequence[Mapping[str, object]]], groups: frozenset[str]
) -> dict[str, list[Mapping[str, object]]]:
    """Return the rows of `groups`, and registers whole."""
    kept: dict[str, list[Mapping[str, object]]] = {}
    messages = {row["id"]: row.get("group_id") for row in given.get("messages", ())}
    for table, rows in given.items():
        owner = _owner(table)
        kept[table] = [row for row in rows if not owner or messages.get(row.get(owner), row.get(owner)) in groups]
    return kept


def _no_errors(rule: Rule, case: Case, result: RunResult) -> None:
    """Raise AssertionError when the rule broke, with the way to where it did."""
    for finding in result.findings:
        if finding.verdict is Verdict.ERROR:
            said = f"{_called(rule, case)}: {finding.message.in_language()}"
            raise AssertionError("\n".join((said, *_trace(rule, case))))


def _trace(rule: Rule, case: Case) -> list[str]:
    """Return file, line and source of each frame in which a rule broke, and its own words: a case is no secret."""
    from policycore.engine.run import Evaluation, RuleJudged

    with Evaluation(estate_of(case), ruleset_of(rule, case)) as evaluation:
        return [
            line for event in evaluation if isinstance(event, RuleJudged) for line in (*event.trace[:-1], event.raised)
        ]


def _called(rule: Rule, case: Case) -> str:
    """Return how a case is called in messages."""
    return f"{rule.name}: {case.title.in_language()}"


def _equal(rule: Rule, case: Case, what: str, expected: object, actual: object) -> None:
    """Raise AssertionError with both values when they differ."""
    if expected != actual:
        called = _called(rule, case)
        raise AssertionError(say("plugin_api.case.differs", case=called, what=what, expected=expected, actual=actual))
