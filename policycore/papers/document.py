"""Write official documents as DOCX: title, headings, body, tables, signature block, page numbers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from policycore.papers.typography import (
    BODY,
    FONTS,
    HEADING,
    LATIN,
    LINE_POINTS,
    MARGINS_MM,
    PAGE_MM,
    PAGE_NUMBER,
    TITLE,
    Typeface,
)
from policycore.system.atomic_files import write_atomically
from policycore.text.clean import clean
from policycore.text.shown import shown

__all__ = ["OfficialDocument"]

_PARAGRAPHS = {
    "attachment": (HEADING, 0),
    "heading": (HEADING, 2),
    "line": (BODY, 0),
    "addressee": (BODY, 0),
    "text": (BODY, 2),
}
"""How kinds of paragraphs look, and how many characters their first lines are in."""
_TABLE_POINTS = 12.0
"""小四: what stands in tables of many columns."""


class OfficialDocument:
    """A document in the making; foreign text goes through `clean`, so that no control character breaks the file."""

    def __init__(self, *, landscape: bool = False) -> None:
        self._document: Any = Document()
        section = self._document.sections[0]
        width, height = PAGE_MM
        if landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            width, height = height, width
        section.page_width, section.page_height = Mm(width), Mm(height)
        for side, wide in MARGINS_MM.items():
            setattr(section, f"{side}_margin", Mm(wide))
        self._width_mm = width - MARGINS_MM["left"] - MARGINS_MM["right"]
        _set_font(self._document.styles["Normal"], BODY)
        self._number_pages(section)
        self._name_stand_ins()

    def title(self, text: str) -> None:
        """Write the title, centred, with an empty line below it."""
        paragraph = self._paragraph(text, TITLE, indent=0)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(LINE_POINTS)
        paragraph.paragraph_format.line_spacing = Pt(34)

    def paragraph(self, kind: str, text: str) -> None:
        """Write a paragraph: an ``attachment`` (附件1), a ``heading``, a ``line``, an ``addressee``, a ``text``."""
        face, indent = _PARAGRAPHS[kind]
        paragraph = self._paragraph(f"{text}：" if kind == "addressee" else text, face, indent=indent)
        if kind == "heading":
            paragraph.paragraph_format.keep_with_next = True

    def line(self, text: str, *, right: float = 0) -> None:
        """Write a line at the right, so many characters from the margin: a signature, a seal, a date."""
        paragraph = self._paragraph(text, BODY, indent=0)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(right * BODY.points)
        paragraph.paragraph_format.keep_together = True

    def signature(self, lines: Sequence[str]) -> None:
        """Write the block that is signed and sealed; it is not torn apart."""
        self._paragraph("", BODY, indent=0).paragraph_format.keep_with_next = True
        for number, text in enumerate(lines):
            self.line(text, right=4)
            self._document.paragraphs[-1].paragraph_format.keep_with_next = number < len(lines) - 1

    def table(
        self,
        headers: Sequence[str],
        rows: Iterable[Sequence[object]],
        widths: Sequence[float],
        *,
        row_mm: float | None = None,
    ) -> None:
        """Write a table over the whole width; its header stands again on every page, no row is torn apart.

        Rows are at least `row_mm` high, where somebody writes into them by hand.
        """
        listed = [list(map(_shown, headers)), *([_shown(cell) for cell in row] for row in rows)]
        table = self._document.add_table(len(listed), len(headers), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        scale = self._width_mm / sum(widths)
        # A table asks for its cells anew each time; taken once, a long one takes no minutes.
        for number, (row, cells) in enumerate(zip(table.rows, listed, strict=True)):
            if row_mm is not None:
                row.height = Mm(row_mm)
            properties = row._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if number == 0:
                mark = OxmlElement("w:tblHeader")
                mark.set(qn("w:val"), "true")
                properties.append(mark)
            for cell, text, wide in zip(row.cells, cells, widths, strict=True):
                cell.width = Mm(wide * scale)
                self._fill(cell, text, heading=number == 0)
        for column, wide in zip(table.columns, widths, strict=True):
            column.width = Mm(wide * scale)

    def save(self, path: Path, made: datetime, keywords: str = "") -> None:
        """Save the document so that its bytes depend on its content and the moment `made` alone."""
        from zipfile import ZipFile

        from policycore.reports.xlsx_report import SteadyZip

        properties = self._document.core_properties
        properties.author = properties.last_modified_by = "policycore"
        properties.created = properties.modified = made.replace(tzinfo=None)
        properties.keywords, properties.comments, properties.title = keywords, "", ""
        written, steady = io.BytesIO(), io.BytesIO()
        self._document.save(written)
        with ZipFile(written) as source, SteadyZip(steady) as target:
            for name in source.namelist():
                target.writestr(name, source.read(name))
        write_atomically(path, steady.getvalue())

    def _paragraph(self, text: str, face: Typeface, *, indent: int) -> Paragraph:
        paragraph: Paragraph = self._document.add_paragraph()
        form = paragraph.paragraph_format
        form.line_spacing, form.space_before, form.space_after = Pt(LINE_POINTS), Pt(0), Pt(0)
        form.first_line_indent = Pt(indent * face.points)
        _set_font(paragraph.add_run(_shown(text)), face)
        return paragraph

    def _fill(self, cell: Any, text: str, *, heading: bool) -> None:
        """Write one cell of a table, centred in its height."""
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        paragraph = cell.paragraphs[0]
        form = paragraph.paragraph_format
        form.line_spacing, form.space_before, form.space_after = 1.1, Pt(3), Pt(3)
        if len(text) <= 12:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        face = HEADING if heading else BODY
        _set_font(paragraph.add_run(text), Typeface(face.name, _TABLE_POINTS))

    def _number_pages(self, section: Any) -> None:
        """Write — 1 — below every page."""
        paragraph = section.footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _set_font(paragraph.add_run("— "), PAGE_NUMBER)
        run = paragraph.add_run()
        _set_font(run, PAGE_NUMBER)
        for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            element.text = code
            run._r.append(element)
        _set_font(paragraph.add_run(" —"), PAGE_NUMBER)

    def _name_stand_ins(self) -> None:
        """Say in the document's table of fonts what stands in for those that a computer does not have."""
        main = self._document.part
        part = next(relation.target_part for relation in main.rels.values() if relation.reltype.endswith("/fontTable"))
        fonts = "".join(
            f"<w:font w:name={quoteattr(face.name)}><w:altName w:val={quoteattr(','.join(face.instead))}/>"
            '<w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
            for face in FONTS
        )
        part._blob = part.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def _set_font(of: Any, face: Typeface) -> None:
    """Set the font of a run or style: Chinese in the face, Latin letters and digits beside it."""
    of.font.name = LATIN.name
    of.font.size = Pt(face.points)
    of.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face.name)


def _shown(value: object) -> str:
    return "" if value is None else shown(clean(str(value)))
