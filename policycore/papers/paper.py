"""One paper before it is a file: paragraphs and tables, written as document, workbook or PDF."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from policycore.errors import DataError, Problem, UsageError
from policycore.system.refusals import refusal_words

__all__ = ["FORMATS", "Paper", "Table", "write_paper"]

FORMATS = ("docx", "xlsx", "pdf")
_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the widths of its columns in any one unit."""

    headers: Sequence[str]
    rows: Sequence[Sequence[object]]
    widths: Sequence[float]
    title: str = ""
    """What its sheet is called in a workbook."""


@dataclass(slots=True)
class Paper:
    """A paper: its title, its parts in order, what is signed at its end."""

    name: str
    """The stem of its file."""
    title: str
    parts: list[tuple[str, str | Table]] = field(default_factory=list)
    signature: Sequence[str] = ()
    landscape: bool = False

    def add(self, kind: str, part: str | Table) -> None:
        """Add a ``heading``, a ``text``, an ``addressee`` or a ``table``; one without rows is left out."""
        if isinstance(part, str) or part.rows:
            self.parts.append((kind, part))


def write_paper(paper: Paper, folder: Path, format_name: str, made: datetime) -> Path:
    """Write a paper into `folder` in one of `FORMATS`; return the file.

    Raises DataError where it cannot be written, UsageError for PDF where LibreOffice is not installed.
    """
    path = folder / f"{paper.name}.{format_name}"
    {"xlsx": _write_workbook, "docx": _write_document, "pdf": _write_pdf}[format_name](paper, path, made)
    return path


def _write_document(paper: Paper, path: Path, made: datetime) -> None:
    from policycore.papers.document import OfficialDocument

    document = OfficialDocument(landscape=paper.landscape)
    document.title(paper.title)
    for kind, part in paper.parts:
        if isinstance(part, Table):
            document.table(part.headers, part.rows, part.widths)
        else:
            document.paragraph(kind, part)
    if paper.signature:
        document.signature(paper.signature)
    document.save(path, made)


def _write_workbook(paper: Paper, path: Path, made: datetime) -> None:
    """Write the tables, each on its sheet; paragraphs stand above the first."""
    from openpyxl import Workbook

    from policycore.papers.workbook import prepare_page, save_workbook, set_table, set_title
    from policycore.reports.words import defused

    book = Workbook()
    book.remove(book.worksheets[0])
    tables = [part for _, part in paper.parts if isinstance(part, Table)] or [Table((paper.title,), (), (170,))]
    for number, table in enumerate(tables, 1):
        sheet = book.create_sheet((table.title or str(number))[:31])
        prepare_page(sheet, landscape=paper.landscape)
        set_title(sheet, paper.title, len(table.headers))
        rows = [
            [cell if isinstance(cell, int) else defused("" if cell is None else cell) for cell in row]
            for row in table.rows
        ]
        set_table(sheet, table.headers, table.widths, rows)
    for number, text in enumerate(paper.signature, int(sheet.max_row) + 2):
        sheet.cell(number, max(1, len(table.headers) - 1), text)
    save_workbook(book, path, made)


def _write_pdf(paper: Paper, path: Path, made: datetime) -> None:
    """Let LibreOffice turn the document into PDF, with a profile of its own."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UsageError(Problem.of("papers.no-office"))
    with tempfile.TemporaryDirectory(prefix="policycore-pdf-") as work:
        source = Path(work) / "paper.docx"
        _write_document(paper, source, made)
        profile = (Path(work) / "profile").as_uri()
        try:
            subprocess.run(  # noqa: S603 - the office program that is installed, on a file of our own
                [
                    program,
                    f"-env:UserInstallation={profile}",
                    "--headless",
                    "--convert-to",
                    "pdf",
                    "--outdir",
                    work,
                    str(source),
                ],
                check=True,
                capture_output=True,
                timeout=_SECONDS,
            )
            shutil.move(source.with_suffix(".pdf"), path)
        except (OSError, subprocess.SubprocessError) as error:
            raise DataError(Problem.of("papers.no-pdf", path=path, reason=refusal_words(error))) from None
