"""Work out in SQL who belongs in a group by the formulas of a rule set, as tables that rules read.

What a formula asks of a post is true, false or, where a value is missing, NULL, and AND and OR know all three: nobody
is expected, nor kept out, by what nobody knows. The tables hold few rows: formulas are about a handful of groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycore.engine.judging.needs import Knowledge, undecided
from policycore.engine.judging.reads import fields_of_condition
from policycore.language import Text
from policycore.rulesets.document import POSTS, PartEntry
from policycore.rulesets.membership_words import given_text, part_name
from policycore.rulesets.resolved import Membership

__all__ = ["EXPECTED_TABLES", "expected_tables"]

_EMPTY = {
    "formula_groups": "group_id VARCHAR, formula VARCHAR, uses VARCHAR[], asks VARCHAR[], undecided BOOLEAN",
    "replaced_groups": """group_id VARCHAR, formula VARCHAR, size INTEGER, size_on DATE, asks VARCHAR[],
        undecided BOOLEAN""",
    "formulas": "formula VARCHAR, title_zh VARCHAR, title_en VARCHAR, rebuilt BOOLEAN",
    "formula_claims": """formula VARCHAR, part INTEGER, person_id VARCHAR, department_id VARCHAR, department VARCHAR,
        post VARCHAR, since TIMESTAMPTZ, fits BOOLEAN, received BOOLEAN, serves BOOLEAN""",
    "formula_counts": """formula VARCHAR, part INTEGER, part_zh VARCHAR, part_en VARCHAR, least INTEGER, most INTEGER,
        exact BOOLEAN, department_id VARCHAR, department VARCHAR, people VARCHAR[], number INTEGER, possible VARCHAR[],
        received BOOLEAN, form VARCHAR, several BOOLEAN, state VARCHAR""",
    "expected_members": """group_id VARCHAR, formula VARCHAR, person_id VARCHAR, due BOOLEAN, since TIMESTAMPTZ,
        departments VARCHAR[], posts VARCHAR[]""",
    "formula_words": "formula VARCHAR, key VARCHAR, word VARCHAR, dead BOOLEAN",
}
EXPECTED_TABLES = tuple(_EMPTY)
"""Tables that `expected_tables` makes:

``formulas`` and the groups to which each applies (``formula_groups``) or for which those are made anew
(``replaced_groups``); ``formula_claims``: who meets what part by which post; ``formula_counts``: how many of a part
each department has, whose ``state`` is met, none, several, unreceived or open; ``expected_members``: who belongs, and
whether they are due (true), only may be there (false), or nobody knows (NULL); ``formula_words``: words of a formula
that nothing in the directory answers to, and whether nothing answers to any word beside them (``dead``).
"""

_IN_FORCE = """(CASE WHEN list_contains(t._unknown, 'since') THEN NULL
        WHEN t.since IS NULL OR has_come(t.since_latest) THEN true END)
    AND (CASE WHEN list_contains(t._unknown, 'until') THEN NULL WHEN t.until IS NULL OR NOT has_come(t.until) THEN true
        WHEN NOT has_come(t.until_latest) THEN NULL ELSE false END)"""
_SERVES = """CASE WHEN p.status IN ('active', 'leave') THEN true WHEN p.status IS NOT NULL THEN false END"""
_PRESENT = "coalesce(p.status, '') NOT IN ('retired', 'departed')"


def expected_tables(memberships: Sequence[Membership], knowledge: Knowledge) -> dict[str, str]:
    """Return the SELECT of each table that formulas make, by name; without formulas they have no rows."""
    return {
        name: " UNION ALL ".join(
            [
                f"SELECT {_nulls(columns)} WHERE false",
                *(sql for one in memberships for sql in _rows(name, one, knowledge)),
            ]
        )
        for name, columns in _EMPTY.items()
    }


def _nulls(columns: str) -> str:
    """Return the columns of a table without rows."""
    split = [column.split() for column in columns.split(",")]
    return ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in split)


def _rows(name: str, one: Membership, knowledge: Knowledge) -> Iterator[str]:
    """Yield the SELECTs of the rows that one formula puts into a table."""
    made = _Formula(one, knowledge)
    yield from {
        "formula_groups": made.groups,
        "replaced_groups": made.replaced,
        "formulas": made.formula,
        "formula_claims": made.claims,
        "formula_counts": made.counts,
        "expected_members": made.expected,
        "formula_words": made.words,
    }[name]()


class _Formula:
    """One formula on its way into SQL."""

    def __init__(self, membership: Membership, knowledge: Knowledge) -> None:
        self.entry = membership.entry
        self.knowledge = knowledge
        self.id = _text(membership.id)

    def formula(self) -> Iterator[str]:
        """Yield the formula itself."""
        title = _texts(given_text(self.entry.title))
        yield f"SELECT {self.id}, {title}, {self.entry.replaces is not None}"

    def groups(self) -> Iterator[str]:
        """Yield the groups to which it applies, or may apply."""
        parts = [*self.entry.members, *self.entry.minus]
        parts += [one for part in parts for one in part.minus]
        uses = {name for part in parts for name in (*POSTS, "form") if getattr(part, name)}
        if any(not part.designated or part.ranks or part.titles or part.duties for part in parts if not part.people):
            uses.add("posts")
        asks, open_here = self._asked(self.entry.groups)
        yield (
            f"SELECT id, {self.id}, {_list(sorted(uses))}, {asks}, {open_here} FROM all_groups "
            f"WHERE ({self.entry.groups}) OR {open_here}"
        )

    def replaced(self) -> Iterator[str]:
        """Yield the groups that are to be made anew."""
        old = self.entry.replaces
        if old is not None:
            size = "NULL" if old.size is None else str(old.size)
            on = f"DATE {_text(old.on)}" if old.on else "NULL"
            asks, open_here = self._asked(old.groups)
            yield (
                f"SELECT id, {self.id}, {size}, {on}, {asks}, {open_here} FROM all_groups "
                f"WHERE ({old.groups}) OR {open_here}"
            )

    def _asked(self, condition: str) -> tuple[str, str]:
        """Return the columns that a condition over groups names, and SQL that is true where it is not decided."""
        fields = fields_of_condition(condition, "groups") or ("groups.id",)
        open_here = undecided(condition, fields, self.knowledge, "all_groups", ("id",), frozenset())
        return _list([field.partition(".")[2] for field in fields]), open_here

    def claims(self) -> Iterator[str]:
        """Yield who meets which part."""
        for number, part in enumerate(self.entry.members):
            yield f"SELECT {self.id}, {number}, c.* FROM ({self._part(part)}) c"

    def _part(self, part: PartEntry) -> str:
        """Return SQL of those who meet a part, or may meet it, post by post."""
        named = "true"
        if part.people:
            alone = "(SELECT count(*) FROM people o WHERE o.name = p.name) = 1"
            named = f"(p.id IN {_in(part.people)} OR (p.name IN {_in(part.people)} AND {alone}))"
        columns = (
            "p.id AS person_id, {department} AS department_id, {name} AS department, {post} AS post, {since} AS since"
        )
        minus = self._without(part.minus)
        if not any(getattr(part, name) for name in POSTS):
            columns = columns.format(department="NULL", name="NULL", post="NULL", since="NULL")
            where = f"{named} AND {_PRESENT} AND {minus} IS NOT FALSE"
            return f"SELECT {columns}, {minus}, true, {_SERVES} FROM people p WHERE {where}"
        received = self._received(part.form) if part.form else "true"
        asked = [*self._post(part), self._department(part), minus]
        if part.designated:
            columns = columns.format(department="d.id", name="d.name", post="z.title", since="s.received_at")
            asked += self._designated(part)
            rows = """designations z JOIN submissions s ON s.id = z.submission_id
                JOIN departments d ON d.id = coalesce(z.department_id, s.department_id)
                JOIN people p ON p.id = z.person_id"""
            if part.ranks or part.titles or part.duties:
                rows += " JOIN appointment_history t ON t.person_id = p.id"
                asked.append(_IN_FORCE)
        else:
            columns = columns.format(department="d.id", name="d.name", post="t.title", since="t.since")
            asked.append(_IN_FORCE)
            rows = """appointment_history t JOIN people p ON p.id = t.person_id
                JOIN departments d ON d.id = t.department_id"""
        fits = " AND ".join(asked)
        return (
            f"SELECT {columns}, {fits} AS fits, {received}, {_SERVES} FROM {rows} "
            f"WHERE {named} AND {_PRESENT} AND ({fits}) IS NOT FALSE"
        )

    def _designated(self, part: PartEntry) -> Iterator[str]:
        """Yield what a part asks of the designation ``z`` in the submission ``s``; a later form takes its place."""
        yield self._known("designations", "role", "z", f"z.role IN {_in(part.designated or ())}")
        if part.form:
            yield self._known("submissions", "kind", "s", f"s.kind = {_text(part.form)}")
        yield _is_last(part)

    def _without(self, parts: Sequence[PartEntry]) -> str:
        """Return SQL that is true for who is in none of `parts`, NULL where nobody knows."""
        found = [
            f"CASE WHEN p.id NOT IN (SELECT person_id FROM ({sql})) THEN true "
            f"WHEN p.id NOT IN (SELECT person_id FROM ({sql}) WHERE fits) THEN NULL ELSE false END"
            for sql in map(self._fitting, parts)
        ]
        return f"({' AND '.join(found)})" if found else "true"

    def _fitting(self, part: PartEntry) -> str:
        """Return SQL of those who may meet a part, with whether they do."""
        return f"SELECT c.person_id, c.fits FROM ({self._part(part)}) c(person_id, a, b, e, f, fits, g, h)"

    def _post(self, part: PartEntry) -> Iterator[str]:
        """Yield what a part asks of the appointment ``t``."""
        for words, column in ((part.ranks, "rank"), (part.titles, "title")):
            if words:
                yield self._known("appointments", column, "t", f"coalesce(t.{column} IN {_in(words)}, false)")
        if part.duties:
            held = f"coalesce(list_has_any(t.duties, {_list(part.duties)}), false)"
            yield self._known("appointments", "duties", "t", held)

    def _department(self, part: PartEntry) -> str:
        """Return what a part asks of the department ``d``."""
        asked = ["true"]
        if part.departments:
            asked.append(_named("d", part.departments))
        if part.not_departments:
            asked.append(f"NOT {_named('d', part.not_departments)}")
        if part.kinds:
            asked.append(self._known("departments", "kind", "d", f"d.kind IN {_in(part.kinds)}"))
        if part.below:
            above = "SELECT * FROM department_tree x JOIN departments u ON u.department_key = x.ancestor_key"
            above += " WHERE x.department_key = d.department_key"
            lost = (
                "true" if self.knowledge.absent("departments.parent_id") else "list_contains(u._unknown, 'parent_id')"
            )
            asked.append(
                f"CASE WHEN EXISTS ({above} AND {_named('u', part.below)}) THEN true "
                f"WHEN EXISTS ({above} AND {lost}) THEN NULL ELSE false END"
            )
        return f"({' AND '.join(asked)})"

    def _received(self, form: str) -> str:
        """Return SQL that is true where the form of department ``d`` has been received."""
        if any(self.knowledge.absent(f"submissions.{name}") for name in ("kind", "department_id")):
            return "CAST(NULL AS BOOLEAN)"
        # Of one that could not be read it may be this one.
        maybe = f"coalesce(s.kind = {_text(form)}, true) AND coalesce(s.department_id = d.id, true)"
        return (
            f"CASE WHEN EXISTS (SELECT 1 FROM submissions s WHERE s.kind = {_text(form)} AND s.department_id = d.id) "
            f"THEN true WHEN EXISTS (SELECT 1 FROM submissions s WHERE {maybe}) THEN NULL ELSE false END"
        )

    def _known(self, table: str, column: str, alias: str, condition: str) -> str:
        """Return a condition over one column of a row, NULL where the value is not known."""
        if self.knowledge.absent(f"{table}.{column}"):
            return "CAST(NULL AS BOOLEAN)"
        return f"(CASE WHEN list_contains({alias}._unknown, '{column}') THEN NULL ELSE {condition} END)"

    def counts(self) -> Iterator[str]:
        """Yield how many of each counted part there are, in each department or in the group."""
        for number, part in enumerate(self.entry.members):
            least, most = part.exactly or part.at_least or 0, part.exactly or part.at_most
            if not least and not most:
                continue
            within = self._department(part)
            where = f"SELECT d.id, d.name, {within} AS within, {self._received(part.form) if part.form else 'true'}"
            where += f" AS received FROM departments d WHERE {within} IS NOT FALSE"
            if part.per == "group":
                where = "SELECT NULL AS id, NULL AS name, true AS within, true AS received"
            place = "NULL" if part.per == "group" else "department_id"
            mine = f"""SELECT {place} AS department_id, person_id, bool_or(fits AND serves) AS sure FROM formula_claims
                WHERE formula = {self.id} AND part = {number} AND serves IS NOT FALSE GROUP BY ALL"""
            if part.designated:
                # Somebody is named whom the directory does not know.
                mine += f""" UNION ALL SELECT {place.replace("department_id", "s.department_id")}, z.submission_id, NULL
                    FROM designations z JOIN submissions s ON s.id = z.submission_id
                    WHERE z.person_id IS NULL AND coalesce(z.role IN {_in(part.designated)}, true)
                    AND {_is_last(part)}"""
            most_sql = "NULL::INTEGER" if most is None else str(most)
            yield f"""SELECT {self.id}, {number}, {_texts(part_name(part))}, {least}, {most_sql}, {bool(part.exactly)},
                id, name, people, number, possible, received, {_text(part.form) if part.form else "NULL"},
                CASE WHEN number > most THEN true WHEN len(possible) > most THEN NULL ELSE false END AS several,
                CASE WHEN within IS NULL THEN 'open' WHEN received IS FALSE THEN 'unreceived'
                    WHEN number > most THEN 'several' WHEN len(possible) < {least} THEN 'none'
                    WHEN received AND number >= {least} AND (most IS NULL OR len(possible) <= most) THEN 'met'
                    ELSE 'open' END
                FROM (SELECT u.id, u.name, any_value(u.within) AS within, any_value(u.received) AS received,
                    coalesce(list(p.name ORDER BY p.name) FILTER (m.sure), []) AS people,
                    count(DISTINCT m.person_id) FILTER (m.sure) AS number,
                    coalesce(list(DISTINCT m.person_id) FILTER (m.person_id IS NOT NULL), []) AS possible,
                    {most_sql} AS most
                FROM ({where}) u LEFT JOIN ({mine}) m ON m.department_id IS NOT DISTINCT FROM u.id
                LEFT JOIN people p ON p.id = m.person_id GROUP BY u.id, u.name)"""

    def expected(self) -> Iterator[str]:
        """Yield who belongs in each group to which the formula applies."""
        minus = self._without(self.entry.minus)
        yield f"""SELECT g.group_id, {self.id}, e.person_id, e.due, e.since, e.departments, e.posts
            FROM formula_groups g, (
                SELECT p.id AS person_id, CASE WHEN bool_or(w.due) THEN true
                    WHEN bool_or(w.due IS NULL) THEN NULL ELSE false END AND {minus} AS due,
                    min(w.since) FILTER (w.fits) AS since,
                    list(DISTINCT w.department ORDER BY w.department) FILTER (w.department IS NOT NULL) AS departments,
                    list(DISTINCT concat(w.department, w.post) ORDER BY concat(w.department, w.post))
                        FILTER (w.department IS NOT NULL) AS posts
                FROM (
                    SELECT c.*, c.fits AND c.received AND c.serves
                        AND NOT CASE WHEN n.part IS NULL THEN false ELSE n.several END AS due
                    FROM formula_claims c LEFT JOIN formula_counts n ON n.formula = c.formula AND n.part = c.part
                        AND (n.department_id = c.department_id OR n.department_id IS NULL)
                    WHERE c.formula = {self.id}
                ) w JOIN people p ON p.id = w.person_id WHERE {minus} IS NOT FALSE GROUP BY p.id
            ) e WHERE g.formula = {self.id}"""

    def words(self) -> Iterator[str]:
        """Yield the words to which nothing in the directory answers."""
        parts = [*self.entry.members, *self.entry.minus]
        parts += [one for part in parts for one in part.minus]
        asked = {
            "ranks": "SELECT rank FROM appointment_history WHERE rank IS NOT NULL",
            "titles": "SELECT title FROM appointment_history WHERE title IS NOT NULL",
            "duties": "SELECT unnest(duties) FROM appointment_history",
            "kinds": "SELECT kind FROM departments WHERE kind IS NOT NULL",
            "departments": _DEPARTMENT_WORDS,
            "below": _DEPARTMENT_WORDS,
            "not_departments": _DEPARTMENT_WORDS,
            "people": "SELECT id FROM people UNION SELECT name FROM people GROUP BY name HAVING count(*) = 1",
        }
        for part in parts:
            for key, known in asked.items():
                if words := getattr(part, key):
                    dead = f"NOT list_has_any({_list(words)}, (SELECT coalesce(list(w), []) FROM ({known}) k(w)))"
                    listed = f"SELECT unnest({_list(words)}) AS word"
                    yield f"SELECT {self.id}, '{key}', word, {dead} FROM ({listed}) WHERE word NOT IN ({known})"


_DEPARTMENT_WORDS = """SELECT id FROM departments UNION SELECT name FROM departments
    UNION SELECT unnest(aliases) FROM departments"""


def _is_last(part: PartEntry) -> str:
    """Return SQL that is true where no later form of the same department takes the place of submission ``s``."""
    of_kind = f"v.kind = {_text(part.form)}" if part.form else "true"
    return f"""NOT EXISTS (SELECT 1 FROM submissions v WHERE v.id IN (SELECT submission_id FROM designations)
        AND v.department_id = s.department_id AND {of_kind} AND coalesce(v.received_at > s.received_at,
            CASE WHEN v.dated <> s.dated THEN v.dated > s.dated END))"""


def _named(alias: str, words: Sequence[str]) -> str:
    """Return SQL that is true for a department called by any of `words`: its id, name or another name."""
    others = f"coalesce(list_has_any({alias}.aliases, {_list(words)}), false)"
    return f"({alias}.id IN {_in(words)} OR {alias}.name IN {_in(words)} OR {others})"


def _texts(text: Text) -> str:
    """Return a text as two SQL literals, Chinese and English."""
    return f"{_text(text.zh)}, {_text(text.en)}"


def _in(words: Sequence[str]) -> str:
    return f"({', '.join(map(_text, words))})"


def _list(words: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, words))}]::VARCHAR[]"


def _text(word: str) -> str:
    """Return a text as a SQL literal."""
    return "'" + word.replace("'", "''") + "'"
