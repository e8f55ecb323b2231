"""Turn what rules need into SQL that lists the subjects whose verdict a missing value could change.

A need names a value by the path that leads to it from the rule's subject, and a condition under which it matters
(`policycore.plugin_api.rule.Needs`). It is open for a subject where a cell along the path is unknown and the
condition is not false: that subject neither passes nor is found, it is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from policycore.engine.judging.subjects import SubjectTable
from policycore.estate.views import ENDS
from policycore.model.moments import with_latest
from policycore.model.schema import ColumnSchema, latest_of, table_schema, table_schemas
from policycore.plugin_api.paths import FieldPath, visible
from policycore.plugin_api.rule import Needs

if TYPE_CHECKING:
    from policycore.engine.session import EstateSession

__all__ = ["Knowledge", "open_subjects", "undecided", "unknown_in_row"]

# What stands for any value of a column that holds no closed set of words.
_SOME_VALUE = {
    "text": "''",
    "time": "TIMESTAMPTZ '1990-01-01 00:00:00+00'",
    "integer": "0::BIGINT",
    "number": "0::DOUBLE",
    "list": "[]::VARCHAR[]",
    "scope": "{'departments': [''], 'ranks': [''], 'titles': [''], 'duties': [''], 'people': ['']}",
}


class Knowledge:
    """What an estate knows: which columns it has, which of them some sources lack, where single cells are unknown."""

    def __init__(self, session: EstateSession) -> None:
        self._session = session
        self._columns = {name: frozenset(columns) for name, columns in session.data.columns.items()}
        self._lacks: Mapping[str, frozenset[str]] = {source.name: source.lacks for source in session.data.sources}
        self._classed = bool(session.data.rows.get("group_sources"))
        if self._classed:
            self._lacks = {name: self._lacked(*said) for name, said in self._classes()}
        self._holes: dict[str, bool] = {}

    def _classes(self) -> Iterator[tuple[str, tuple[frozenset[str], list[str]]]]:
        """Yield each class of groups of which the same sources supply the same, with those fields and sources."""
        sql = "SELECT class, any_value(fields) AS fields, any_value(sources) AS sources FROM known_by GROUP BY class"
        for row in self._session.rows(sql):
            yield row["class"], (frozenset(row["fields"]), row["sources"])

    def _lacked(self, supplied: frozenset[str], sources: Sequence[str]) -> frozenset[str]:
        """Return what none of `sources` has of a group: of its own rows what is not `supplied`, else what all lack."""
        declared = [self._lacks.get(source, frozenset()) for source in sources]
        lacked = set(frozenset.intersection(*declared)) if declared else set()
        for name, schema in table_schemas().items():
            if name == "groups" or {"group_id", "message_id"} & schema.columns.keys():
                fields = {column.field for column in schema.columns.values()}
                lacked |= {*fields - supplied, *(() if fields & supplied else (name,))}
        return frozenset(lacked)

    def of(self, group: str, names: Sequence[str]) -> str:
        """Return SQL that is true for the groups ``group`` that belong to one of the classes (or sources) `names`."""
        if self._classed:
            return f"{group}.id IN (SELECT group_id FROM known_by WHERE class IN ({_quoted(names)}))"
        return f"{group}.source IN ({_quoted(names)})"

    def absent(self, name: str) -> bool:
        """Return whether nobody supplies a ``table.column``, or a whole table."""
        table, _, column = name.partition(".")
        if column and table_schema(table).columns[column].ends:
            # A list without end dates is a list of what goes on.
            return self.absent(table)
        columns = self._columns.get(table)
        if columns is None or (column and column not in columns):
            return True
        return bool(self._lacks) and all(_among(lacks, name) for lacks in self._lacks.values())

    def has(self, name: str) -> bool:
        """Return whether the estate has the column, whatever its sources say of it."""
        table, _, column = name.partition(".")
        return column in self._columns.get(table, ())

    def lacking(self, name: str) -> list[str]:
        """Return the sources that cannot supply a ``table.column``, or a whole table.

        Where several sources know one group, the classes of groups of which none of theirs can.
        """
        table, _, column = name.partition(".")
        if column and table_schema(table).columns[column].ends:
            return []
        return sorted(source for source, lacks in self._lacks.items() if _among(lacks, name))

    def partial(self, table: str) -> list[str]:
        """Return the sources (or classes) of whose groups not every row of `table` is there: no key is supplied.

        A register that names owner and admins has their memberships, and not the member list.
        """
        keys = [name for name, column in table_schema(table).columns.items() if not column.nullable]
        found = {source for name in keys for source in self.lacking(f"{table}.{name}")}
        return sorted(found)

    def marks(self, table: str) -> bool:
        """Return whether rows of `table` name their unknown cells, or may come to by the moment."""
        return not {"_unknown", *map(latest_of, ENDS.values())}.isdisjoint(self._columns.get(table, ()))

    def is_rough(self, column: ColumnSchema) -> bool:
        """Return whether some times of a column are known to the month or year only."""
        return latest_of(column.name) in self._columns.get(column.table, ())

    def holes(self, column: ColumnSchema) -> bool:
        """Return whether single cells of a column that is supplied are unknown; counted once."""
        if column.field not in self._holes:
            counted = " OR ".join(_hole(column, column.table, self)) or "false"
            sql = f"SELECT count(*) FROM {visible(column.table)} {column.table} WHERE {counted}"
            self._holes[column.field] = counted != "false" and self._session.scalar(sql) > 0
        return self._holes[column.field]

    def nulls(self, column: ColumnSchema) -> bool:
        """Return whether a column holds a null anywhere; counted once."""
        return (
            self._session.cached_count(f"SELECT count(*) FROM {visible(column.table)} WHERE {column.name} IS NULL") > 0
        )


def _among(lacks: frozenset[str], name: str) -> bool:
    """Return whether `lacks` names the field `name` or its whole table."""
    return name in lacks or name.partition(".")[0] in lacks


def _hole(column: ColumnSchema, alias: str, knowledge: Knowledge, *, judged: bool = False) -> list[str]:
    """Return SQL conditions under which one cell of a column that is supplied is unknown; a `judged` null is none."""
    found = []
    if column.always and column.nullable and not judged:
        found.append(f"({alias}.{column.name} IS NULL AND ({column.always.format(row=alias)}) IS NOT FALSE)")
    if knowledge.marks(column.table):
        found.append(f"list_contains({alias}._unknown, '{column.name}')")
    return found


def undecided(
    condition: str,
    fields: tuple[str, ...],
    knowledge: Knowledge,
    table: str,
    key: tuple[str, ...],
    judged: frozenset[str],
) -> str:
    """Return SQL that is true for the rows of `table` for which `condition` is not decided; '' where it always is.

    It is not where it is null, nor where another value in the place of an unknown one would turn it: an owner that
    could not be read is no missing owner. `fields` are the columns that it names, `key` those that identify a row,
    `judged` those of which the rule itself judges a null.
    """
    parts = [f"(({condition}) IS NULL)"]
    keys = ", ".join(key)
    for name in fields:
        column = table_schema(name.partition(".")[0]).columns[name.partition(".")[2]]
        unknown = unknown_in_row(column, knowledge, table, judged=name in judged)
        latest = latest_of(column.name)
        if column.type == "time" and knowledge.is_rough(column):
            known = f"t.{latest} > t.{column.name}"
            ends = f"SELECT t.* FROM {table} t WHERE {known} UNION ALL SELECT t.* "
            ends += f"REPLACE (t.{latest} AS {column.name}) FROM {table} t WHERE {known}"
            parts.append(_turned(condition, ends, keys))
        if not unknown:
            continue
        values = [f"'{value}'" for value in column.values] or (
            ["true", "false"] if column.type == "boolean" else [_SOME_VALUE[column.type]]
        )
        if column.always != "true":
            values.append("NULL")
        tried = f"SELECT t.* REPLACE (tried.value AS {column.name}) FROM {table} t, "
        tried += f"(SELECT unnest([{', '.join(values)}]) AS value) tried WHERE {unknown}"
        parts.append(_turned(condition, tried, keys))
    return f"({' OR '.join(parts)})"


def _turned(condition: str, tried: str, keys: str) -> str:
    """Return SQL that is true for the rows of which `condition` does not say the same of all that `tried` makes."""
    decided = f"SELECT {keys}, ({condition}) AS decided FROM ({tried})"
    turned = "bool_or(decided) IS DISTINCT FROM bool_and(decided) OR bool_or(decided IS NULL)"
    return f"(({keys}) IN (SELECT {keys} FROM ({decided}) GROUP BY {keys} HAVING {turned}))"


def unknown_in_row(column: ColumnSchema, knowledge: Knowledge, table: str, *, judged: bool) -> str:
    """Return SQL that is true where the cell of this column in row ``t`` of `table` is unknown; '' where none is."""
    if knowledge.absent(column.field):
        return "true"
    found = _hole(column, "t", knowledge, judged=judged) if knowledge.holes(column) else []
    lacking = {*knowledge.lacking(column.field), *knowledge.lacking(column.table)}
    if lacking and table == "all_groups":
        found.append(knowledge.of("t", sorted(lacking)))
    elif lacking and "group_id" in table_schema(column.table).columns:
        found.append(f"t.group_id IN (SELECT g.id FROM all_groups g WHERE {knowledge.of('g', sorted(lacking))})")
    return " OR ".join(found)


def _quoted(names: Sequence[str]) -> str:
    """Return `names` as a list of SQL literals."""
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)


def open_subjects(
    need: Needs, knowledge: Knowledge, subject: SubjectTable | None, subjects: str, asked: Set[str] = frozenset()
) -> str | None:
    """Return SQL of the subjects for which `need` is open; None where nothing along its path is unknown.

    `subjects` is a SELECT of the keys of all subjects that are judged ('' for the estate as a whole), `asked` are the
    paths to cells about which the rule asks by itself, or which are known in all its scope. The SQL gives
    their keys with ``field``, the first unknown one on the path, and ``source``, which is null where everybody lacks
    it. Raises PathError.
    """
    path = FieldPath(need.path)
    anchor = _anchor(path, subject, need.via)
    grouped = subject is not None and subject.in_groups
    conditions = [
        condition
        for (column, alias), way in zip(path.columns, path.ways, strict=True)
        if way not in asked
        for condition in _unknown_cell(
            column,
            alias,
            path,
            knowledge,
            grouped=grouped and bool(anchor),
            sure=anchor.startswith("JOIN") and not need.via,
            judged=need.null == "judged" and column is path.columns[-1][0],
        )
    ]
    if need.null == "unknown":
        last, alias = path.columns[-1]
        # Where the row is always there, only a null that the column really holds can be found.
        if path.joins or not anchor.startswith("JOIN") or need.via or knowledge.nulls(last):
            conditions.append((f"({alias}.{last.name} IS NULL)", last.field, "NULL"))
    conditions += _rough(need, path, knowledge)
    if grouped and not anchor:
        missing = _lacked_elsewhere(need, path, knowledge, subject, subjects)
    else:
        missing = _missing_rows(need, path, knowledge, subject, subjects)
    if not conditions:
        return missing
    field = "CASE " + " ".join(f"WHEN {sql} THEN '{name}'" for sql, name, _ in conditions) + " END AS field"
    source = "CASE " + " ".join(f"WHEN {sql} THEN {source}" for sql, _, source in conditions) + " END AS source"
    unknown = "(" + " OR ".join(sql for sql, _, _ in conditions) + ")"
    along = " ".join(path.joins)
    where = f"({need.when}) IS NOT FALSE" if need.when else "true"
    # Of a table that nobody has there is no row, and yet something is unknown.
    somewhere = f"FROM (SELECT 1) LEFT JOIN {visible(path.first)} {path.first} ON true {along}"
    if subject is None:
        return f"SELECT {field}, {source} {somewhere} WHERE {unknown} AND {where}"
    keys = ", ".join(f"subject.{key}" for key in subject.keys)
    listed = f"({subjects}) subject"
    if not anchor:
        # What is unknown somewhere else in the estate, once and not for each subject; and how often, in scope.
        own = " AND ".join(f"{subject.table}.{column} = subject.{key}" for key, column in subject.keys.items())
        counts = f"{path.first}.id IN (SELECT id FROM groups)" if path.first == "groups" else "true"
        found = f"SELECT {field}, {source}, {counts} AS counts {somewhere} WHERE {unknown}"
        elsewhere = (
            "SELECT field, source, sum(count(*) FILTER (counts)) OVER () AS number "
            f"FROM ({found}) GROUP BY field, source"
        )
        there = (
            f"SELECT {keys}, elsewhere.field, elsewhere.source FROM {listed} "
            f"JOIN {visible(subject.table)} {subject.table} ON {own}, "
            f"({elsewhere}) elsewhere WHERE {where}"
        )
        return f"{there} UNION ALL {missing}" if missing else there
    if grouped:
        # Of a row elsewhere its own group's source says what it lacks.
        own = (
            "subject.group_id" if not need.via or not _in_group(path.first) else f"{path.first}.{_in_group(path.first)}"
        )
        anchor += f" JOIN all_groups of_subject ON of_subject.id = {own}"
    there = f"SELECT {keys}, {field}, {source} FROM {listed} {anchor} {along} WHERE {unknown} AND {where}"
    return f"{there} UNION ALL {missing}" if missing else there


def _lacked_elsewhere(
    need: Needs, path: FieldPath, knowledge: Knowledge, subject: SubjectTable | None, subjects: str
) -> str | None:
    """Return SQL of the subjects in groups of sources that lack a column of rows to which nothing leads."""
    selects = []
    for column, _ in path.columns if subject else ():
        lacking = sorted({*knowledge.lacking(column.table), *knowledge.lacking(column.field)})
        if lacking and subject:
            keys = ", ".join(f"subject.{key}" for key in subject.keys)
            own = " AND ".join(f"{subject.table}.{name} = subject.{key}" for key, name in subject.keys.items())
            selects.append(
                f"SELECT {keys}, '{column.field}' AS field, of_subject.source AS source FROM ({subjects}) subject "
                f"JOIN {visible(subject.table)} {subject.table} ON {own} "
                "JOIN all_groups of_subject ON of_subject.id = subject.group_id, "
                f"(SELECT count(*) AS number FROM {path.first}) elsewhere "
                f"WHERE {knowledge.of('of_subject', lacking)} AND ({need.when or 'true'}) IS NOT FALSE"
            )
    return " UNION ALL ".join(selects) or None


def _missing_rows(
    need: Needs, path: FieldPath, knowledge: Knowledge, subject: SubjectTable | None, subjects: str
) -> str | None:
    """Return SQL of the groups to which rows may belong that a need asks for and a source does not have."""
    first = path.first
    if need.via and first == "groups" and subject is not None:
        return _missing_lists(need, path, knowledge, subject, subjects)
    if subject is None or subject.table != "groups" or need.via or first == "groups":
        return None
    if "group_id" not in table_schema(first).columns:
        return None
    # A need that only passes through a row asks nothing of rows that are not there.
    column = path.columns[-1][0]
    lacking = sorted(set(knowledge.partial(first)) & set(knowledge.lacking(column.field)))
    if not lacking or column.table != first:
        return None
    keys = ", ".join(f"subject.{key}" for key in subject.keys)
    return (
        f"SELECT {keys}, '{column.field}' AS field, of_subject.source AS source FROM ({subjects}) subject "
        f"JOIN all_groups of_subject ON of_subject.id = subject.group_id LEFT JOIN {first} ON false "
        f"WHERE {knowledge.of('of_subject', lacking)} AND ({need.when or 'true'}) IS NOT FALSE"
    )


def _missing_lists(
    need: Needs, path: FieldPath, knowledge: Knowledge, subject: SubjectTable, subjects: str
) -> str | None:
    """Return SQL of the subjects to which a need leads by way of groups of whose rows a source does not have all."""
    column = path.columns[-1][0]
    lacking = knowledge.partial(column.table)
    if column.nullable or not lacking:
        return None
    keys = ", ".join(f"subject.{key}" for key in subject.keys)
    return (
        f"SELECT {keys}, '{column.field}' AS field, g.source AS source FROM ({subjects}) subject "
        f"JOIN ({need.via}) via ON {' AND '.join(f'via.{key} = subject.{key}' for key in subject.keys)} "
        f"JOIN all_groups g ON g.id = via.row_id WHERE {knowledge.of('g', lacking)}"
    )


def _in_group(table: str) -> str:
    """Return the column by which a row of `table` names its group; '' where it belongs to none."""
    return "id" if table == "groups" else "group_id" if "group_id" in table_schema(table).columns else ""


def _rough(need: Needs, path: FieldPath, knowledge: Knowledge) -> list[tuple[str, str, str]]:
    """Return what makes a time unknown that is known to the month or year only, where the need asks for both ends."""
    column, alias = path.columns[-1]
    latest = latest_of(column.name)
    asked = with_latest(need.when)
    if column.type != "time" or latest not in asked or not knowledge.is_rough(column):
        return []
    return [(f"({alias}.{latest} > {alias}.{column.name})", column.field, "NULL")]


def _anchor(path: FieldPath, subject: SubjectTable | None, via: str) -> str:
    """Return the join that leads from ``subject`` to the path's first table; '' where nothing does."""
    first = path.first
    if subject is None:
        return ""
    if via:
        path.reached_by[first] = "true"
        on = " AND ".join(f"via.{key} = subject.{key}" for key in subject.keys)
        return f"JOIN ({via}) via ON {on} LEFT JOIN {visible(first)} {first} ON {first}.id = via.row_id"
    if first == subject.table:
        on = " AND ".join(f"{first}.{column} = subject.{key}" for key, column in subject.keys.items())
        return f"JOIN {visible(first)} {first} ON {on}"
    if subject.in_groups and first == "groups":
        return "JOIN all_groups groups ON groups.id = subject.group_id"
    if subject.in_groups and "group_id" in table_schema(first).columns:
        return f"LEFT JOIN {first} ON {first}.group_id = subject.group_id"
    return ""


def _unknown_cell(
    column: ColumnSchema, alias: str, path: FieldPath, knowledge: Knowledge, *, grouped: bool, sure: bool, judged: bool
) -> list[tuple[str, str, str]]:
    """Return (SQL condition, field, SQL of the source) for every way in which this cell may be unknown."""
    table = column.table
    key = next(iter(table_schema(table).columns))
    reached = path.reached_by.get(alias, "true" if alias == path.first and sure else f"{alias}.{key} IS NOT NULL")
    if knowledge.absent(column.field) and (column.nullable or not knowledge.has(column.field)):
        # Of a table that nobody has, no row can be reached: whatever stands there is unknown. Nor does the lack of a
        # row say anything where what it would hold is known of nobody: a picture without its file was not read.
        whole = alias not in path.reached_by and (knowledge.absent(table) or alias != path.first)
        return [("true" if whole else reached, column.field, "NULL")]
    found: list[tuple[str, str, str]] = []
    group = "of_subject" if grouped else alias if table == "groups" else ""
    # Where a source lacks the whole table there is no row that could be reached.
    for lacked, there in ((table, "true"), (column.field, reached)):
        if lacked == column.field and not column.nullable:
            continue  # a row that is there says who it is; that others are missing is told by `_missing_rows`
        lacking = knowledge.lacking(lacked) if group else []
        if lacking:
            found.append((f"({knowledge.of(group, lacking)} AND {there})", column.field, f"{group}.source"))
    hole = " OR ".join(_hole(column, alias, knowledge, judged=judged))
    if hole and knowledge.holes(column):
        found.append((f"({alias}.{key} IS NOT NULL AND ({hole}))", column.field, "NULL"))
    return found
