"""The report as an XLSX workbook whose bytes depend on its content alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from policycore.language import Language, say, use_language
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Severity
from policycore.reports.gaps import MissingField, field_words, remedy_words
from policycore.reports.summary import Summary, most_urgent_first, summarize
from policycore.reports.words import (
    COLUMNS,
    clause_states,
    counts_words,
    decisions_words,
    defused,
    engine_words,
    listed,
    moment,
    next_step_words,
    row_of,
    severity_word,
    verdict_word,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

__all__ = ["SteadyZip", "XlsxReport", "add_sheet"]

ROWS_A_SHEET = 1_000_000
"""A sheet ends at 1,048,576 rows; what does not fit goes on in the next one."""

Cells = Iterable[str | int | float | None]
_FIRST = (
    *("verdict", "severity", "department", "group", "subject", "title", "message", "remediation", "responsible"),
    *("clause", "id"),
)
"""The columns of findings that people need, in their order; they are what is printed."""
_ORDER = tuple(map(COLUMNS.index, dict.fromkeys((*_FIRST, "facts", *COLUMNS))))
_widths = {"message": 50, "facts": 50, "remediation": 60, "title": 24, "subject": 28, "group": 28, "department": 18}
_WRAPPED = 20
"""Columns of at least this width break their lines."""


@dataclass(frozen=True, slots=True)
class XlsxReport:
    """A workbook whose sheets are written row by row; every foreign cell is defused."""

    name: str = "xlsx"
    suffix: str = ".xlsx"
    media_type: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    is_text: bool = False

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:
        """Write the report."""
        from openpyxl import Workbook
        from openpyxl.writer.excel import ExcelWriter

        book = Workbook(write_only=True)
        # The library would stamp the moment of writing; the same inputs give the same properties.
        book.properties.created = book.properties.modified = result.as_of.replace(tzinfo=None)
        with use_language(language):
            summary = summarize(result)
            add_sheet(
                book,
                say("reports.summary"),
                (say("reports.what"), say("reports.value")),
                _summary(result, summary),
                (24, 80),
            )
            names = [COLUMNS[place] for place in _ORDER]
            header = tuple(say(f"reports.column.{name}") for name in names)
            widths = tuple(_widths.get(name, 14) for name in names)
            rows = map(_in_order, summary.findings.each(most_urgent_first(summary.findings)))
            add_sheet(book, say("reports.findings"), header, rows, widths, len(_FIRST))
            if summary.missing:
                header = tuple(say(f"reports.gap.{name}") for name in _GAP_COLUMNS)
                add_sheet(
                    book, say("reports.gaps"), header, map(_missing_row, summary.missing), (40, 14, 12, 12, 60, 60)
                )
            if result.clauses:
                header = tuple(say(f"reports.{name}") for name in ("clause", "text", "covered-by", "outcome"))
                add_sheet(book, say("reports.ledger"), header, _ledger(result, summary), (12, 80, 24, 40))
            if result.problems:
                problems = ((defused(problem),) for problem in result.problems)
                add_sheet(book, say("reports.incomplete"), (say("reports.what"),), problems, (100,))
        # Saving through the book itself would stamp every part with the moment of writing.
        ExcelWriter(book, SteadyZip(stream)).save()


def _in_order(finding: Finding) -> Cells:
    """Return the cells of a finding, what people need first."""
    cells = list(row_of(finding, in_words=True))
    return [cells[place] for place in _ORDER]


def add_sheet(
    book: Workbook, title: str, header: Cells, rows: Iterable[Cells], widths: tuple[int, ...], printed: int = 0
) -> None:
    """Add a sheet with a frozen, filterable header; go on in another one when it is full.

    Long cells break their lines. On paper it is as wide as a page, with its header on each; the first `printed`
    columns, all where none is said.
    """
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    names = list(header)
    waiting = iter(rows)
    number = 1
    while True:
        sheet = book.create_sheet(title if number == 1 else f"{title} {number}")
        sheet.freeze_panes = "A2"
        for place, wide in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(place)].width = wide
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:1"
        head, body = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
        head.font, head.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
        body.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.append(_filled(head, names))
        written = 0
        for row in waiting:
            sheet.append(_filled(body, row, widths))
            written += 1
            if written == ROWS_A_SHEET:
                break
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{written + 1}"
        sheet.print_area = f"A1:{get_column_letter(printed or len(names))}{written + 1}"
        if written < ROWS_A_SHEET:
            return
        number += 1


def _filled(styled: WriteOnlyCell, row: Cells, widths: Sequence[int] = ()) -> Iterator[Any]:
    """Yield the cells of a row for the library, which writes each before it asks for the next: one does for all.

    Where `widths` are given only the cells of wide columns bear its style.
    """
    for place, value in enumerate(row):
        if widths and widths[place] < _WRAPPED:
            yield value
        else:
            styled.value = value
            yield styled


def _summary(result: RunResult, summary: Summary) -> Iterator[Cells]:
    """Yield the counts and the next steps."""
    yield (
        say("reports.ruleset"),
        defused(f"{result.ruleset_title.in_language()} ({result.ruleset}, {result.ruleset_hash[:12]})"),
    )
    yield say("reports.at"), defused(f"{moment(result.as_of)} ({result.timezone})")
    yield say("reports.size"), defused(counts_words(result))
    for number, step in enumerate(summary.next_steps, 1):
        text = next_step_words(step)
        yield f"{say('reports.next')} {number}", defused(text)
    for verdict, count in summary.by_verdict.items():
        yield verdict_word(verdict), count
    for severity, count in summary.by_severity.items():
        yield severity_word(Severity(severity)), count
    for name, counts in summary.by_department.items():
        yield defused(name) or say("reports.no-department"), sum(counts.values())
    for note in result.notes:
        yield say("reports.notes"), defused(note)
    yield say("reports.snapshot"), defused(result.snapshot)
    yield say("reports.decisions"), defused(decisions_words(result))
    yield say("reports.engine"), defused(engine_words(result))


def _ledger(result: RunResult, summary: Summary) -> Iterator[Cells]:
    """Yield one row a clause."""
    states = clause_states(result)
    for clause in result.clauses:
        counts = summary.by_clause.get(clause.id, {})
        outcome = listed([f"{verdict_word(verdict)} {count}" for verdict, count in counts.items()])
        yield defused(clause.id), defused(clause.text), states[clause.id], outcome


_GAP_COLUMNS = ("field", "source", "alone", "with-others", "rules", "remedy")


def _missing_row(item: MissingField) -> Cells:
    """Return one missing field as a row."""
    rules = [say("reports.gap.rule", title=rule.title.in_language(), count=rule.count) for rule in item.rules]
    texts = (field_words(item.field).in_language(), item.source or "")
    remedy = remedy_words(item.field, item.source).in_language()
    return (*map(defused, texts), item.settles, item.others, defused(listed(rules)), defused(remedy))


_EARLIEST = (1980, 1, 1, 0, 0, 0)
_MODE = 0o600 << 16


class SteadyZip(ZipFile):
    """An archive to write to whose members all carry the earliest time there is."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream, "w", ZIP_DEFLATED, allowZip64=True)

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_more: Any, **_named: Any) -> None:
        """Add a member from memory."""
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        super().writestr(_member(name), data)

    def write(
        self,
        filename: str | os.PathLike[str],
        arcname: str | os.PathLike[str] | None = None,
        *_more: Any,
        **_named: Any,
    ) -> None:
        """Add a member from a file, block by block."""
        member = _member(os.fspath(arcname if arcname is not None else filename))
        member.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self.open(member, "w") as target:
            shutil.copyfileobj(source, target, 1 << 16)


def _member(name: str) -> ZipInfo:
    """Return the head of a member."""
    member = ZipInfo(name, _EARLIEST)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = _MODE
    return member
