"""Write the SQL of the tables that rules see: every table as it stood at the as-of time.

One place moves every comparison of time: a rule never compares with "now", and a fact that lies
after the as-of time is not there yet.
"""

from __future__ import annotations

from collections.abc import Mapping

from policycore.model.schema import (
    UNKNOWN_COLUMN,
    ColumnSchema,
    TableSchema,
    all_schemas,
    key_columns,
    latest_of,
    table_schema,
)

__all__ = [
    "DERIVED",
    "ENDS",
    "PREPARED",
    "SELF_NAMED",
    "SHARED",
    "as_of_views",
    "begins",
    "history_of",
    "raw_view",
    "sql_type",
]

_TYPES = {
    "text": "VARCHAR",
    "enum": "VARCHAR",
    "time": "TIMESTAMPTZ",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "list": "VARCHAR[]",
    "scope": "STRUCT(departments VARCHAR[], ranks VARCHAR[], titles VARCHAR[], duties VARCHAR[], people VARCHAR[])",
}

_PLACES = (("_file", "VARCHAR"), ("_row", "INTEGER"))

# Tables whose rows begin and end; the name of the view that keeps the ended rows too.
_SPANS = {
    "memberships": ("joined_at", "left_at", "membership_history"),
    "appointments": ("since", "until", "appointment_history"),
}

_BEGINS = {
    "groups": "created_at",
    "events": "at",
    "messages": "sent_at",
    "receipts": "read_at",
    "approvals": "at",
    "submissions": "received_at",
}
_LISTED = " + ".join(
    f"coalesce(len(scope.{name}), 0)" for name in ("departments", "ranks", "titles", "duties", "people")
)
# Columns whose value depends on a second column that says since when.
_REWRITES = {
    # Who begins later is not there yet: a state that only a moment gives, no register holds it.
    ("people", "status"): """CASE WHEN status_since IS NULL OR status_since <= as_of() THEN status
        WHEN status = 'active' THEN 'not-yet' WHEN status IS NOT NULL THEN 'active' END""",
    # A scope without a word in it declares nothing.
    ("groups", "scope"): f"CASE WHEN {_LISTED} > 0 THEN scope END",
    ("tasks", "state"): "CASE WHEN state <> 'open' AND done_at > as_of() THEN 'open' ELSE state END",
    ("groups", "dissolved_at"): "CASE WHEN dissolved_at <= as_of() THEN dissolved_at END",
    ("groups", "registered_at"): "CASE WHEN registered_at <= as_of() THEN registered_at END",
    ("messages", "recalled_at"): "CASE WHEN recalled_at <= as_of() THEN recalled_at END",
    ("memberships", "left_at"): "CASE WHEN left_at <= as_of() THEN left_at END",
}

# When these ended decides who, or what, is still there: of a month or year in which the moment lies nobody knows.
ENDS = {"memberships": "left_at", "appointments": "until", "groups": "dissolved_at", "messages": "recalled_at"}

# Two plain groupings: three counts of distinct accounts in one pass cost more than three times as much.
_MEMBER_COUNTS = """SELECT group_key, count(*) AS member_count, count(*) FILTER (is_owner) AS owner_count,
    count(*) FILTER (is_admin) AS admin_count
    FROM (SELECT group_key, bool_or(role = 'owner') AS is_owner, bool_or(role = 'admin') AS is_admin
          FROM memberships GROUP BY group_key, account_key)
    GROUP BY group_key"""
_MESSAGE_COUNTS = """SELECT m.group_key, count(*) AS message_count, max(m.sent_at) AS last_message_at,
    max(m.sent_at) FILTER (m.type NOT IN ('system', 'recall') AND coalesce(a.kind, '') <> 'bot')
        AS last_human_message_at
    FROM messages m LEFT JOIN accounts a ON a.account_key = m.sender_key GROUP BY m.group_key"""
# People show the same name in most of their groups: what several rules read, they read once per spelling.
_DISPLAY_NAMES = """SELECT name_key, any_value(display_name) AS display_name
    FROM memberships WHERE name_key IS NOT NULL GROUP BY name_key"""
_SHOWN_NAMES = "SELECT DISTINCT account_key, name_key FROM memberships WHERE name_key IS NOT NULL"
_DEPARTMENT_TREE = """WITH RECURSIVE above AS (
        SELECT department_key, department_key AS ancestor_key FROM departments
        UNION SELECT above.department_key, d.parent_key FROM above JOIN departments d
            ON d.department_key = above.ancestor_key
        WHERE d.parent_key IS NOT NULL
    )
    SELECT * FROM above"""
# Groups of which the same sources supply the same are one class.
_KNOWN_BY = """SELECT *, CAST(dense_rank() OVER (ORDER BY sources, fields) AS VARCHAR) AS class
    FROM (SELECT group_id, list_sort(list(source)) AS sources, list_sort(list_distinct(flatten(list(fields)))) AS fields
          FROM group_sources GROUP BY group_id)"""

PREPARED = {
    "member_counts": _MEMBER_COUNTS,
    "message_counts": _MESSAGE_COUNTS,
    "display_names": _DISPLAY_NAMES,
    "shown_names": _SHOWN_NAMES,
    "department_tree": _DEPARTMENT_TREE,
    "known_by": _KNOWN_BY,
}
"""Tables that a session fills once, when SQL first names them."""

# The counts stand in tables of their own that the session fills when a rule first asks for them.
_GROUP_FACTS = """SELECT g.*, coalesce(m.member_count, 0) AS member_count, coalesce(m.owner_count, 0) AS owner_count,
    coalesce(m.admin_count, 0) AS admin_count, coalesce(c.message_count, 0) AS message_count,
    c.last_message_at, c.last_human_message_at
    FROM groups g LEFT JOIN member_counts m USING (group_key) LEFT JOIN message_counts c USING (group_key)"""

# What rules about people ask again and again. A person's status is the one of the moment (`_REWRITES`), and whoever
# has none is taken for one in service; somebody seconded elsewhere still is.
_ACCOUNT_PEOPLE = """SELECT a.id AS account_id, a.account_key, a.kind, a.person_id, a.person_key, p.name, p.status,
    p.status_since FROM accounts a LEFT JOIN people p USING (person_key)"""
_PEOPLE_IN_POST = """SELECT id AS person_id, person_key, name, status FROM people
    WHERE coalesce(status, '') NOT IN ('retired', 'departed')"""
_POSTS = """SELECT t.person_id, t.person_key, t.department_id, t.department_key, d.name AS department, t.title, t.rank,
    t.duties FROM appointments t JOIN departments d USING (department_key)"""

SHARED = {
    "groups": "SELECT * FROM all_groups WHERE dissolved_at IS NULL",
    "group_facts": _GROUP_FACTS,
    "account_people": _ACCOUNT_PEOPLE,
    "people_in_post": _PEOPLE_IN_POST,
    "posts": _POSTS,
}
"""Views over the tables; ``groups`` is another one under every scope."""

# Anybody may call an account by a colleague's name: beside what no register confirms stands the account itself.
SELF_NAMED = "'“' || left({name}, 60) || '” (' || {account} || ')'"
"""SQL of who an account is that belongs to nobody on record; `policycore.reports.words.named` says it in words."""

DERIVED = ("all_groups", "membership_history", "appointment_history", *SHARED, *PREPARED)


def sql_type(column: ColumnSchema) -> str:
    """Return the DuckDB type of `column`."""
    return _TYPES[column.type]


def raw_view(schema: TableSchema, relation: str | None, supplied: tuple[str, ...]) -> str:
    """Return a SELECT with every column of the table: from `relation`, or NULL where not supplied."""
    columns = [
        f'"{column.name}"'
        if relation is not None and column.name in supplied
        else f'CAST(NULL AS {sql_type(column)}) AS "{column.name}"'
        for column in schema.columns.values()
    ]
    # What is exact has no column of its own for the latest moment: the views offer the same one twice.
    columns += [latest_of(name) for name in schema.times if relation is not None and latest_of(name) in supplied]
    # Behind those of the model stand keys, unknown cells and places.
    keys = [(key, "INTEGER") for key, _ in key_columns().get(schema.name, {}).values()]
    columns += [
        f"CAST({name if relation is not None and name in supplied else 'NULL'} AS {kind}) AS {name}"
        for name, kind in (*keys, (UNKNOWN_COLUMN, "VARCHAR[]"), *_PLACES)
    ]
    return f"SELECT {', '.join(columns)} {'WHERE false' if relation is None else f'FROM {relation}'}"


def _select(table: str, supplied: tuple[str, ...]) -> str:
    """Return the column list of one table with the values that the as-of time changes."""
    parts = []
    end = ENDS.get(table, "")
    undecided = f'("{end}" <= as_of() AND {latest_of(end)} > as_of())' if latest_of(end) in supplied else ""
    for name in table_schema(table).columns:
        value = _REWRITES.get((table, name), f'"{name}"')
        if undecided and name == end:
            value = f"CASE WHEN {undecided} IS NOT TRUE THEN {value} END"
        parts.append(f'{value} AS "{name}"')
    for name in table_schema(table).times:
        latest = latest_of(name)
        value = f'coalesce({latest}, "{name}")' if latest in supplied else f'"{name}"'
        # Whether something has happened by the moment is asked of its earliest one.
        if (table, name) in _REWRITES:
            value = f'CASE WHEN "{name}" <= as_of() THEN {value} END'
        if undecided and name == end:
            value = f"CASE WHEN {undecided} IS NOT TRUE THEN {value} END"
        parts.append(f"{value} AS {latest}")
    keys = [key for key, _ in key_columns().get(table, {}).values()]
    marks = UNKNOWN_COLUMN
    if undecided:
        marks = f"""CASE WHEN {undecided} THEN list_append(coalesce({UNKNOWN_COLUMN}, []), '{end}')
            ELSE {UNKNOWN_COLUMN} END AS {UNKNOWN_COLUMN}"""
    return ", ".join([*parts, *keys, marks])


def begins(table: str) -> str:
    """Return the column that says since when a row of `table` is there; '' where rows are always there."""
    return _SPANS[table][0] if table in _SPANS else _BEGINS.get(table, "")


def history_of(table: str) -> str:
    """Return the view that keeps the rows of `table` that have ended; '' where none end."""
    return _SPANS[table][2] if table in _SPANS else ""


def as_of_views(supplied: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return SELECTs by view name for every table but ``groups``, whose scope changes from rule to rule.

    `supplied` says which columns the snapshot has, so that no filter is put on a column that is
    NULL throughout (it would cost a scan for nothing).
    """
    views: dict[str, str] = {}
    for table in all_schemas():
        has = supplied.get(table, ())
        source = f"SELECT {_select(table, has)} FROM raw.{table}"
        if table in _SPANS:
            begin, end, history = _SPANS[table]
            begun = f' WHERE ("{begin}" IS NULL OR "{begin}" <= as_of())' if begin in has else ""
            views[history] = source + begun
            ended = f'("{end}" IS NULL OR "{latest_of(end) if latest_of(end) in has else end}" > as_of())'
            joiner = " AND " if begun else " WHERE "
            views[table] = source + begun + (joiner + ended if end in has else "")
        else:
            begin = _BEGINS.get(table, "")
            begun = f' WHERE ("{begin}" IS NULL OR "{begin}" <= as_of())' if begin in has else ""
            views["all_groups" if table == "groups" else table] = source + begun
    return views
