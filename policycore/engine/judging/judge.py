"""Judge one rule: whom it applies to, for whom a value that matters is missing, what it finds, what passes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyarrow

from policycore.engine.judging.hits import (
    YIELDED,
    Hits,
    rule_hits,
    undecided_by_others,
    undecided_days,
    undecided_values,
)
from policycore.engine.judging.judgement import Judgement, OpenSubjects
from policycore.engine.judging.needs import Knowledge, open_subjects, undecided
from policycore.engine.judging.reads import deciding_fields, fields_of_condition
from policycore.engine.judging.result_shape import UNTOLD
from policycore.engine.judging.subjects import SubjectTable, subject_table
from policycore.engine.judging.tried_values import Tried
from policycore.engine.session import EstateSession
from policycore.engine.texts import TextPass
from policycore.model.schema import table_schemas
from policycore.model.verdict import Subject
from policycore.model.workdays import CALENDAR
from policycore.plugin_api.paths import as_needs, need_fields, visible
from policycore.plugin_api.rule import Needs, TextRule
from policycore.rulesets.resolved import ResolvedRule
from policycore.rulesets.sql.rule import SqlRule

__all__ = ["judge"]

_not_null, _value = re.compile(r"(\w+) IS NOT NULL"), re.compile(r"\$(\w+)")
_REMEMBERED = 200_000
"""Rows up to which the subjects that one rule cannot judge are remembered for rules that need the same."""


def judge(session: EstateSession, knowledge: Knowledge, resolved: ResolvedRule, texts: TextPass) -> Judgement:
    """Return what `resolved` says of the estate in `session`; `texts` serves the text rules.

    Raises BrokenRuleError, PathError, and whatever the rule's own code or SQL raises.
    """
    rule = resolved.rule
    table = subject_table(rule.subject)
    if table is not None and table.register and not session.table_count(table.register):
        # Nothing to judge is no clean result: a register that came out empty must not look like one in order.
        absent = [name for need in as_needs(rule.requires) for name in need_fields(need.path) if knowledge.absent(name)]
        fields = tuple(sorted(set(absent))) or (f"{table.register.removeprefix('all_')}.id",)
        return Judgement(gaps=[OpenSubjects(Subject.ESTATE, fields, None, pyarrow.table({}))])
    session.memory[YIELDED] = 0
    judgement = _Judging(session, knowledge, resolved, texts, table).judge()
    judgement.yielded = session.memory[YIELDED]
    return judgement


class _Judging:
    """One rule on its way: its scope, the subjects that are open, its hits."""

    def __init__(
        self,
        session: EstateSession,
        knowledge: Knowledge,
        resolved: ResolvedRule,
        texts: TextPass,
        table: SubjectTable | None,
    ) -> None:
        self.session = session
        self.knowledge = knowledge
        self.resolved = resolved
        self.rule = resolved.rule
        self.texts = texts
        self.table = table
        self.judgement = Judgement()
        self.scope: list[str] = []
        self.widest: list[str] = []
        """What the groups meet that the rule means, and what those do too of which nobody knows whether it does."""
        self.undecided: list[str] = []
        """The fields that leave that open."""

    def judge(self) -> Judgement:
        """Narrow the scope, look for what is missing, run the rule, count."""
        judgement, session = self.judgement, self.session
        scope = self._scope()
        outside = session.table_count("all_groups") - session.cached_count(f"SELECT count(*) FROM {scope}")
        undecided = sum(gap.keys.num_rows for gap in judgement.gaps)
        subjects = self._subjects(scope)
        some_open = self._find_open(subjects, scope)
        hits = rule_hits(session, self.resolved, self.table, self._wanted(subjects), self.texts, some_open=some_open)
        judgement.hits, judgement.unlisted = hits.rows, hits.unlisted
        if hits.untold.num_rows:
            some_open = self._add_untold(hits.untold, some_open)
        found = self._add_gaps(hits, some_open)
        self._add_missing_lists(scope)
        if self.table is not None and self.table.in_groups:
            judgement.not_applicable = outside - undecided
        elif undecided:
            # Which groups count is not known: what was found in the others stands, what was not is no pass.
            return judgement
        total = self._total(subjects, scope) if subjects else 1
        judgement.passes = total - found
        return judgement

    def _add_missing_lists(self, scope: str) -> None:
        """Add the groups of whose members or messages not all are known: who is not listed can't be judged."""
        table = self.table
        if table is None or not table.in_groups or table.table == "groups":
            return
        (key,) = (column for column in table.keys.values() if column != "group_id")
        listed = f"SELECT id AS group_id, '{table.table}.{key}' AS field"
        if self.knowledge.absent(f"{table.table}.{key}"):
            self._gaps(Subject.GROUP, f"{listed} FROM {scope}")
            return
        partial = self.knowledge.partial(table.table)
        if partial:
            self._gaps(Subject.GROUP, f"{listed}, source FROM {scope} g WHERE {self.knowledge.of('g', partial)}")

    def _scope(self) -> str:
        """Return the table of the groups that the rule set and the rule mean; undecided ones become gaps."""
        conditions: list[str] = []
        judged = self._judged_nulls()
        wanted = ["" if self.rule.include_dissolved else "dissolved_at IS NULL", self.resolved.applies_to or ""]
        if self.rule.subject is Subject.GROUP:
            wanted.append(self.rule.applies_when)
        for condition in filter(None, wanted):
            fields = fields_of_condition(condition, "groups") or ("groups.id",)
            open_here = undecided(condition, fields, self.knowledge, "all_groups", ("id",), judged)
            # Asked once for all rules that share the condition: as a rule it is decided everywhere.
            if self.session.cached_count(f"SELECT count(*) FROM all_groups WHERE {open_here}"):
                open_scope = self.session.use_scope(*conditions, open_here)
                self._gaps(Subject.GROUP, f"SELECT id AS group_id, {_first_null(fields)} AS field FROM {open_scope}")
                conditions.append(f"NOT ({open_here})")
                self.undecided += fields
                condition = f"({condition}) OR ({open_here})"
            self.widest.append(f"({condition})")
            conditions.append(f"({condition})")
        self.scope = conditions
        return self.session.use_scope(*conditions)

    def _judged_nulls(self) -> frozenset[str]:
        """Return the fields of which it is the rule that judges a null."""
        return frozenset(need.path for need in as_needs(self.rule.requires) if need.null == "judged")

    def _known_in_scope(self) -> set[str]:
        """Return the fields that are known of every group to which the rule applies: it says ``x IS NOT NULL``."""
        condition = self.rule.applies_when
        if self.rule.subject is not Subject.GROUP or " or " in condition.lower():
            return set()
        found = [_not_null.fullmatch(part) for part in condition.split(" AND ")]
        return {f"groups.{one[1]}" for one in found if one}

    def _subjects(self, scope: str) -> str:
        """Return a SELECT of the keys of the subjects that the rule applies to; '' for the estate as a whole."""
        table, rule = self.table, self.rule
        if table is None:
            return ""
        if rule.subject is Subject.GROUP:
            return f"SELECT id AS group_id FROM {scope}"
        keys = ", ".join(f"{column} AS {key}" for key, column in table.keys.items())
        conditions = [f"group_id IN (SELECT id FROM {scope})"] if table.in_groups else []
        if rule.applies_when:
            fields = fields_of_condition(rule.applies_when, table.table)
            key = tuple(table.keys.values())
            open_here = undecided(rule.applies_when, fields, self.knowledge, table.table, key, self._judged_nulls())
            if open_here:
                where = " AND ".join([*conditions, open_here])
                self._gaps(
                    rule.subject,
                    f"SELECT DISTINCT {keys}, {_first_null(fields)} AS field FROM {table.table} WHERE {where}",
                )
                conditions.append(f"NOT ({open_here})")
            conditions.append(f"({rule.applies_when})")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        # A member who is owner and admin has two rows and is one subject.
        distinct = "DISTINCT " if rule.subject is Subject.MEMBERSHIP else ""
        return f"SELECT {distinct}{keys} FROM {table.table}{where}"

    def _total(self, subjects: str, scope: str) -> int:
        """Return how many subjects the rule applies to; members of whole groups are counted once for all rules."""
        if self.rule.subject is Subject.GROUP:
            subjects = f"SELECT count(*) FROM {scope}"
        elif self.rule.subject is Subject.MEMBERSHIP and not self.rule.applies_when:
            subjects = f"SELECT sum(member_count) FROM member_counts SEMI JOIN {scope} USING (group_key)"
        else:
            subjects = f"SELECT count(*) FROM ({subjects})"
        return self.session.cached_count(subjects)

    def _find_open(self, subjects: str, scope: str) -> bool:
        """Fill the table of subjects for which a need is open; return whether there are any."""
        selects = []
        needs = list(self._needs())
        paths = {need.path for need in needs if not need.via}
        known = self._known_in_scope()
        tried = self._tried(subjects)
        closed = {one.fields[0]: name for name, one in tried.items() if one.closed}
        for need in needs:
            sql = open_subjects(need, self.knowledge, self.table, subjects, (paths - {need.path}) | known)
            if sql is not None and self._decides(need.path):
                only = f"SEMI JOIN {closed[need.path]} USING ({self._keys()})" if need.path in closed else ""
                selects.append(f"SELECT *, '{need.stands}' AS stands FROM ({sql}) {only}")
        selects += [*self._unknown_days(subjects), *self._unknown_others(subjects)]
        selects += [self._lacking(name, one.fields, subjects) for name, one in tried.items()]
        if not selects:
            return False
        keys = self._keys()
        grouping = f"GROUP BY {keys}" if keys else ""
        # What a hit lacks, and what a pass lacks: a value that can only excuse leaves passes alone, and the reverse.
        doubts = ", ".join(
            f"list_sort(list_distinct(list(field) FILTER (stands <> '{answer}'))) AS {answer}, "
            f"max(source) FILTER (stands <> '{answer}') AS {answer}_source"
            for answer in ("hits", "passes")
        )
        rows = self._asked_once(
            f"SELECT {keys + ', ' if keys else ''}{doubts} FROM ({' UNION ALL '.join(selects)}) {grouping} "
            "HAVING count(*) > 0",
            scope,
        )
        self.session.offer("open_subjects", rows)
        return bool(rows.num_rows)

    def _asked_once(self, sql: str, scope: str) -> pyarrow.Table:
        """Return what `sql` says with the rule's parameters; where rules of one scope ask the same, the first answer.

        SQL may read ``groups``, which are those of the `scope`, without naming it.
        """
        values = self.resolved.params.model_dump()

        def asked() -> pyarrow.Table:
            return self.session.arrow(sql, values)

        if "undecided_" in sql:  # what was offered for this rule alone
            return asked()
        given = tuple((name, repr(values.get(name))) for name in dict.fromkeys(_value.findall(sql)))
        return self.session.once((sql, scope, given), asked, keep=lambda rows: rows.num_rows <= _REMEMBERED)

    def _add_untold(self, untold: pyarrow.Table, some_open: bool) -> bool:
        """Put the subjects whose verdict no text tells among the open ones: what was found of them stands."""
        with self.session.relation("untold", untold):
            said = f"SELECT DISTINCT {self._keys()}, NULL::VARCHAR[] AS hits, NULL::VARCHAR AS hits_source, "
            said += f"[{UNTOLD}] AS passes, NULL::VARCHAR AS passes_source FROM untold"
            if some_open:
                said = f"FROM open_subjects UNION ALL {said} WHERE ({self._keys()}) NOT IN (SELECT "
                said += f"({self._keys()}) FROM open_subjects)"
            rows = self.session.arrow(f"SELECT * FROM ({said})")
        self.session.offer("open_subjects", rows)
        return True

    def _unknown_days(self, subjects: str) -> Iterator[str]:
        """Yield a SELECT of the subjects that a calendar would decide which the rule set does not have."""
        undecided = undecided_days(self.session, self.resolved, self._wanted(subjects), self.texts)
        if undecided is None or not undecided.num_rows:
            return
        self.session.offer("undecided_days", undecided)
        yield self._lacking("undecided_days", self._unlisted_years(), subjects)

    def _tried(self, subjects: str) -> dict[str, Tried]:
        """Return what was tried by the table of those of whom the rule says something else with another value."""
        said = undecided_values(self.session, self.knowledge, self.resolved, self._wanted(subjects), self.texts)
        # A rule in Python that finds nothing returns a table without a column.
        tables = {f"undecided_{number}": one for number, one in enumerate(said) if one[0].closed or one[1].num_rows}
        for name, (_, rows) in tables.items():
            self.session.offer(name, rows)
        return {name: one for name, (one, _) in tables.items()}

    def _unknown_others(self, subjects: str) -> Iterator[str]:
        """Yield a SELECT of those of whom a rule over all groups says something else where it means the open ones."""
        table, rule = self.table, self.rule
        if not self.undecided or table is None or not table.in_groups or rule.per_group or isinstance(rule, TextRule):
            return
        scopes = self.widest, self.scope
        differing = undecided_by_others(self.session, self.resolved, self._wanted(subjects), self.texts, scopes)
        if differing.num_rows:
            self.session.offer("undecided_others", differing)
            yield self._lacking("undecided_others", self.undecided, subjects)

    def _decides(self, field: str) -> bool:
        """Return whether what the SQL of a rule set says hangs on a field: nobody misses what only a fact shows."""
        rule = self.rule
        return not isinstance(rule, SqlRule) or field in deciding_fields(rule, self.resolved.params)

    def _lacking(self, name: str, fields: Iterable[str], subjects: str) -> str:
        """Return a SELECT of the subjects in the table `name`, each with all `fields`."""
        keys, listed = self._keys(), ", ".join(f"('{field}')" for field in fields)
        if not keys:
            return f"SELECT field, NULL::VARCHAR AS source, '' AS stands FROM (VALUES {listed}) lacking(field)"
        return (
            f"SELECT {keys}, field, NULL::VARCHAR AS source, '' AS stands FROM {name} "
            f"SEMI JOIN ({subjects}) USING ({keys}), (VALUES {listed}) lacking(field)"
        )

    def _unlisted_years(self) -> list[str]:
        """Return the years in which something lies that the rule reads, and which its calendar does not have."""
        rule = self.rule
        assert isinstance(rule, SqlRule)  # noqa: S101 - tells the type checker what `undecided_days` looked up
        tables = table_schemas()
        split = [need.path.partition(".") for need in as_needs(rule.requires)]
        times = [(table, name) for table, _, name in split if tables[table].columns[name].type == "time"]
        years = " UNION ".join(f'SELECT year("{name}") AS year FROM {visible(table)}' for table, name in times)
        found = self.session.arrow(f"SELECT year FROM ({years}) ORDER BY 1").column(0).to_pylist() if times else []
        return [f"{CALENDAR}.{year}" for year in found if year and str(year) not in rule.parts.calendar] or [
            f"{CALENDAR}.year"
        ]

    def _needs(self) -> Iterator[Needs]:
        """Yield what the rule needs; of the texts that a text rule reads, what was found in the others stands."""
        declared = as_needs(self.rule.requires)
        yield from declared
        if isinstance(self.rule, TextRule):
            named = {need.path for need in declared}
            for name in self.rule.reads:
                about = "" if self.table is None else self.table.table
                path = name if name.partition(".")[0] == about else f"{about}.{name}"
                if path not in named:
                    yield Needs(path, stands="hits")

    def _keys(self) -> str:
        """Return the key columns of the subject, '' for the estate."""
        return ", ".join(self.table.keys) if self.table is not None else ""

    def _wanted(self, subjects: str) -> str:
        """Return the condition that a hit ``h`` meets where the rule does not apply to all: it speaks of a subject."""
        if self.table is None or (self.table.in_groups and not self.rule.applies_when):
            return ""
        on = " AND ".join(f"s.{key} = CAST(h.{key} AS VARCHAR)" for key in self.table.keys)
        return f"EXISTS (SELECT 1 FROM ({subjects}) s WHERE {on})"

    def _add_gaps(self, hits: Hits, some_open: bool) -> int:
        """Turn open subjects into gaps, unless what the rule says of them stands; return how many do not pass."""
        judgement, keys = self.judgement, self._keys()
        if not some_open:
            return hits.covered
        before = len(judgement.gaps)
        if hits.found.num_rows and keys:
            self.session.offer("found_subjects", hits.found)
        for answer, join in (("hits", "SEMI"), ("passes", "ANTI")):
            if not hits.found.num_rows:
                join = "" if answer == "passes" else "WHERE false"
            elif keys:
                join = f"{join} JOIN found_subjects USING ({keys})"
            else:
                join = "" if answer == "hits" else "WHERE false"
            named = f"{answer} AS fields, {answer}_source AS source"
            self._gaps(
                self.rule.subject,
                f"SELECT * FROM (SELECT {keys + ', ' if keys else ''}{named} FROM open_subjects {join}) "
                "WHERE fields IS NOT NULL",
            )
        not_passing = hits.covered + sum(int(gap.keys.num_rows) or 1 for gap in judgement.gaps[before:])
        if self.rule.key_facts and keys and hits.found.num_rows:
            # What was found stands, and more may be there: what was found before and is not among it is not solved.
            self._gaps(
                self.rule.subject,
                f"SELECT {keys}, passes AS fields, passes_source AS source FROM open_subjects "
                f"SEMI JOIN found_subjects USING ({keys}) WHERE hits IS NULL AND passes IS NOT NULL",
            )
        return not_passing

    def _gaps(self, kind: Subject, sql: str) -> None:
        """Add the subjects that `sql` lists as gaps, those together that lack the same fields of the same source."""
        rows = self.session.arrow(sql)
        if not rows.num_rows:
            return
        keys = [key for key in rows.column_names if key not in ("field", "fields", "source")]
        named = "fields" if "fields" in rows.column_names else "field"
        fields = [(one,) if named == "field" else tuple(one) for one in rows.column(named).to_pylist()]
        sources = rows.column("source").to_pylist() if "source" in rows.column_names else [None] * len(fields)
        same = list(zip(fields, sources, strict=True))
        for lacking in dict.fromkeys(same):
            chosen = rows.filter(pyarrow.array([one == lacking for one in same])).select(keys)
            self.judgement.gaps.append(OpenSubjects(kind, *lacking, chosen))


def _first_null(fields: tuple[str, ...]) -> str:
    """Return SQL for the first of `fields` that is null; for a condition that names none, the identity."""
    whens = " ".join(f"WHEN {name.partition('.')[2]} IS NULL THEN '{name}'" for name in fields)
    return f"CASE {whens} ELSE '{fields[0]}' END"
