"""Judge one rule: whom it applies to, for whom a value that matters is missing, what it finds, what passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow

from policycore.engine.conditions import fields_of_condition
from policycore.engine.hits import Hits, rule_hits
from policycore.engine.needs import Knowledge, open_subjects
from policycore.engine.session import EstateSession
from policycore.engine.subjects import SubjectTable, subject_table
from policycore.engine.texts import TextPass
from policycore.model.verdict import Subject
from policycore.plugin_api.paths import as_needs, need_fields
from policycore.plugin_api.rule import Needs, TextRule
from policycore.rulesets.resolved import ResolvedRule

__all__ = ["Judgement", "OpenSubjects", "judge"]


@dataclass(frozen=True, slots=True)
class OpenSubjects:
    """Subjects of one kind that cannot be judged because the same fields are missing from the same source."""

    kind: Subject
    fields: tuple[str, ...]
    source: str | None
    keys: pyarrow.Table
    """One row a subject, its key columns; no column for the estate as a whole."""


@dataclass(slots=True)
class Judgement:
    """What one rule said before it is put into words."""

    hits: list[dict[str, Any]] = field(default_factory=list)
    """Rows of the rule's result with ``__…`` columns that say where each subject belongs."""
    gaps: list[OpenSubjects] = field(default_factory=list)
    passes: int = 0
    not_applicable: int = 0
    unlisted: int = 0
    """Hits beyond `MOST_FINDINGS`: counted, named as a number, not listed one by one."""

    @property
    def rows(self) -> int:
        """Return how many hits there are."""
        return len(self.hits) + self.unlisted


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
    return _Judging(session, knowledge, resolved, texts, table).judge()


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

    def judge(self) -> Judgement:
        """Narrow the scope, look for what is missing, run the rule, count."""
        judgement, session = self.judgement, self.session
        scope = self._scope()
        outside = session.table_count("all_groups") - session.cached_count(f"SELECT count(*) FROM {scope}")
        undecided = sum(gap.keys.num_rows for gap in judgement.gaps)
        subjects = self._subjects(scope)
        some_open = self._find_open(subjects)
        hits = rule_hits(session, self.resolved, self.table, self._wanted(subjects, some_open), self.texts)
        judgement.hits, judgement.unlisted = hits.rows, hits.unlisted
        found = self._add_gaps(hits, some_open)
        if self.table is not None and self.table.in_groups:
            judgement.not_applicable = outside - undecided
        elif undecided:
            # Which groups count is not known: what was found in the others stands, what was not is no pass.
            return judgement
        total = session.cached_count(f"SELECT count(*) FROM ({subjects})") if subjects else 1
        judgement.passes = max(0, total - found)
        return judgement

    def _scope(self) -> str:
        """Return the table of the groups that the rule set and the rule mean; undecided ones become gaps."""
        conditions = [] if self.rule.include_dissolved else ["dissolved_at IS NULL"]
        wanted = [self.resolved.applies_to or ""]
        if self.rule.subject is Subject.GROUP:
            wanted.append(self.rule.applies_when)
        for condition in filter(None, wanted):
            fields = fields_of_condition(condition, "groups") or ("groups.id",)
            open_scope = self.session.use_scope(*conditions, f"({condition}) IS NULL")
            self._gaps(Subject.GROUP, f"SELECT id AS group_id, {_first_null(fields)} AS field FROM {open_scope}")
            conditions.append(f"({condition})")
        return self.session.use_scope(*conditions)

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
            undecided = " AND ".join([*conditions, f"({rule.applies_when}) IS NULL"])
            self._gaps(
                rule.subject,
                f"SELECT DISTINCT {keys}, {_first_null(fields)} AS field FROM {table.table} WHERE {undecided}",
            )
            conditions.append(f"({rule.applies_when})")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        # A member who is owner and admin has two rows and is one subject.
        distinct = "DISTINCT " if rule.subject is Subject.MEMBERSHIP else ""
        return f"SELECT {distinct}{keys} FROM {table.table}{where}"

    def _find_open(self, subjects: str) -> bool:
        """Fill the table of subjects for which a need is open; return whether there are any."""
        selects = []
        for need in self._needs():
            sql = open_subjects(need, self.knowledge, self.table, subjects)
            if sql is not None:
                selects.append((sql, need.hits_stand))
        if not selects:
            return False
        keys = self._keys()
        united = " UNION ALL ".join(
            f"SELECT *, {str(stands).lower()} AS stands FROM ({sql})" for sql, stands in selects
        )
        grouping = f"GROUP BY {keys}" if keys else ""
        rows = self.session.arrow(
            f"SELECT {keys + ', ' if keys else ''}list_sort(list_distinct(list(field))) AS fields, "
            f"max(source) AS source, bool_and(stands) AS stands FROM ({united}) {grouping} HAVING count(*) > 0",
            self.resolved.params.model_dump(),
        )
        self.session.offer("open_subjects", rows)
        return bool(rows.num_rows)

    def _needs(self) -> Iterator[Needs]:
        """Yield what the rule needs; of the texts that a text rule reads, what was found in the others stands."""
        yield from as_needs(self.rule.requires)
        if isinstance(self.rule, TextRule):
            for name in self.rule.reads:
                about = "" if self.table is None else self.table.table
                inside = name.partition(".")[0] == about
                yield Needs(name if inside else f"{about}.{name}", hits_stand=True)

    def _keys(self) -> str:
        """Return the key columns of the subject, '' for the estate."""
        return ", ".join(self.table.keys) if self.table is not None else ""

    def _wanted(self, subjects: str, some_open: bool) -> str:
        """Return the condition that a hit ``h`` meets: it speaks of a subject that is judged and not open."""
        conditions = []
        on = " AND ".join(f"s.{key} = h.{key}" for key in (self.table.keys if self.table is not None else ()))
        if self.table is not None and (self.rule.applies_when or not self.table.in_groups):
            conditions.append(f"EXISTS (SELECT 1 FROM ({subjects}) s WHERE {on})")
        if some_open:
            closed = f"NOT EXISTS (SELECT 1 FROM open_subjects s WHERE NOT s.stands{' AND ' + on if on else ''})"
            conditions.append(closed)
        return " AND ".join(conditions)

    def _add_gaps(self, hits: Hits, some_open: bool) -> int:
        """Turn the open subjects that nothing was found about into gaps; return how many subjects do not pass."""
        judgement, keys = self.judgement, self._keys()
        judged = hits.covered
        if not some_open:
            return judged
        if not keys:
            self._gaps(Subject.ESTATE, "SELECT fields, source FROM open_subjects WHERE NOT stands OR $hit = 0", judged)
            return max(judged, 1)
        before = len(judgement.gaps)
        if hits.subjects.num_rows:
            self.session.offer("found_subjects", hits.subjects)
        unfound = f" ANTI JOIN found_subjects USING ({keys})" if hits.subjects.num_rows else ""
        self._gaps(self.rule.subject, f"SELECT {keys}, fields, source FROM open_subjects{unfound}")
        return judged + sum(int(gap.keys.num_rows) for gap in judgement.gaps[before:])

    def _gaps(self, kind: Subject, sql: str, hit: int = 0) -> None:
        """Add the subjects that `sql` lists as gaps, those together that lack the same fields of the same source."""
        rows = self.session.arrow(sql, {"hit": hit})
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
