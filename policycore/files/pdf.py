"""Read PDF: what its pages say, what is drawn on them as pictures, and the files that it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from policycore.files.taken import LimitError, Taking

__all__ = ["read_pdf"]

_SMALLEST = 0.004
"""Share of a page below which a picture on it holds no legible text."""
_LONG_SIDE = 1_754
"""Pixels of a page's longer side when it is looked at: A4 at 150 dots per inch."""
_unmapped = re.compile("[\ufffd\ufffe\uffff\ue000-\uf8ff\x00-\x08\x0e-\x1f]")


def read_pdf(data: bytes, taking: Taking) -> None:
    """Take the text of every page; a page without text, and pictures on the others, are looked at."""
    try:
        import pypdfium2
    except ImportError:
        raise LimitError("no-pdf") from None
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise LimitError("encrypted" if "assword" in str(error) else "broken") from None
    document.init_forms()  # what was filled in is drawn and read like anything else
    if not len(document):
        raise LimitError("broken")
    for number in range(len(document)):
        taking.page()
        try:
            _read_page(document[number], number + 1, taking)
        except pypdfium2.PdfiumError:
            taking.miss("broken", number + 1)
    taking.put("\n".join(map(document.get_metadata_value, ("Title", "Author", "Subject", "Keywords"))))
    for number in range(document.count_attachments()):
        carried = document.get_attachment(number)
        content = bytes(carried.get_data())
        taking.budget.unpacked -= len(content)
        if taking.budget.unpacked < 0:
            raise LimitError("large")
        taking.take(content, carried.get_name() or "attachment")


def _read_page(page: Any, number: int, taking: Taking) -> None:
    """Take the text of one page, and look at what is no text on it."""
    import pypdfium2.raw

    notes = list(_notes(page))
    pypdfium2.raw.FPDFPage_Flatten(page, 0)  # notes and fields become part of the page
    page = page.pdf[number - 1]
    text = page.get_textpage().get_text_range().replace("\r\n", "\n")
    taking.put(_unmapped.sub("\ufffd", text), number)
    taking.put("\n".join(note for note in notes if note not in text), number)
    seen = _to_look_at(page, text)
    if seen is None:
        return
    from policycore.files.picture import look_at

    width, height = page.get_size()
    picture = page.render(scale=_LONG_SIDE / max(width, height, 1)).to_pil()
    left, bottom, right, top = seen
    scale = picture.height / max(height, 1)
    box = (int(left * scale), int((height - top) * scale), int(right * scale) + 1, int((height - bottom) * scale) + 1)
    look_at(picture, taking, number, box)


def _notes(page: Any) -> Iterator[str]:
    """Yield what the notes on a page say, which need not be drawn on it."""
    from pypdfium2 import raw

    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, number)
        length = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0) // 2
        written = (raw.FPDF_WCHAR * length)()
        raw.FPDFAnnot_GetStringValue(note, b"Contents", written, 2 * length)
        raw.FPDFPage_CloseAnnot(note)
        yield bytes(written).decode("utf-16-le", "replace").rstrip("\0")


def _to_look_at(page: Any, text: str) -> tuple[float, float, float, float] | None:
    """Return the part of a page that has to be looked at: left, bottom, right, top in points; None for nothing."""
    import pypdfium2.raw

    width, height = page.get_size()
    whole = (0.0, 0.0, width, height)
    visible = "".join(text.split())
    objects = list(page.get_objects(max_depth=8))
    if not visible or len(_unmapped.findall(visible)) * 20 > len(visible):
        return whole if objects else None
    if page.get_rotation():
        pictures = [one for one in objects if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
        return whole if pictures else None
    boxes = []
    for one in objects:
        if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = one.get_bounds()
            left, bottom, right, top = max(left, 0), max(bottom, 0), min(right, width), min(top, height)
            if (right - left) * (top - bottom) > _SMALLEST * width * height:
                boxes.append((left, bottom, right, top))
    if not boxes:
        return None
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
