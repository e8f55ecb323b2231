"""The table of findings: its columns, what a row shows, which order a column stands for."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from policycore.language import say
from policycore.store.bodies import finding_from
from policycore.store.query import FindingRow
from policycore_tui.pages.words import LOOK_OF, date_word, severity_word, state_word
from policycore_tui.widgets.line_table import Cells, Column

__all__ = ["SORT_OF", "finding_cells", "finding_columns"]

SORT_OF: Mapping[str, str] = {
    "symbol": "severity",
    "word": "severity",
    "rule": "rule",
    "subject": "subject",
    "message": "message",
    "department": "department",
    "responsible": "responsible",
    "since": "since",
    "state": "state",
}
"""The order that a click on a column's title asks for."""


def finding_columns(sort: str, *, descending: bool) -> list[Column]:
    """Return the columns in the language in force; the one that the list is ordered by bears a sign."""
    signed = {"severity": "symbol", "oldest": "since"}.get(sort, sort)
    columns = [
        Column("mark", " ", 1),
        Column("symbol", " ", 2),
        Column("word", say("tui.column.severity"), 9, from_width=84),
        Column("rule", say("tui.column.rule"), 7),
        Column("subject", say("tui.column.subject"), 0),
        Column("message", say("tui.column.message"), 0),
        Column("department", say("tui.column.department"), 12, from_width=100),
        Column("responsible", say("tui.column.responsible"), 8, from_width=90),
        Column("since", say("tui.column.since"), 10, from_width=70),
        Column("state", say("tui.column.state"), 9, from_width=56),
    ]
    sign = "v" if descending else "^"
    return [
        Column(one.key, f"{one.title} {sign}".strip(), one.cells, one.from_width, one.right)
        if one.key == signed
        else one
        for one in columns
    ]


def finding_cells(row: FindingRow, zone: ZoneInfo, *, marked: bool) -> Cells:
    """Return what one row shows."""
    finding = finding_from(row.body, zone)
    symbol, _, word = severity_word(row.severity).partition("  " if row.severity != "error" else " ")
    look = LOOK_OF.get(row.severity, "")
    subject = row.subject_name
    if row.group_name and row.group_name != subject:
        subject = f"{subject} @ {row.group_name}"
    return (
        ("*" if marked else " ", ""),
        (symbol, look),
        (word.strip(), look),
        (row.rule, ""),
        (subject, ""),
        (str(finding.message), ""),
        (row.department or "-", ""),
        (row.responsible or "-", ""),
        (date_word(row.first_seen, zone), "muted"),
        (state_word(row.state.value), ""),
    )
