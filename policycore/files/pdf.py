"""Read PDF: what its pages say, what is drawn on them as pictures, and the files that it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from policycore.files.taken import LimitError, Taking

__all__ = ["read_pdf"]

_Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""

_SMALLEST = 0.004
"""Share of a page below which a picture on it holds no legible text."""
_STEPS, _SMALLEST_DRAWN = 16, 0.001
"""Of how many steps a letter that is drawn is at least, and which share of a page makes a word of such."""
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


def _to_look_at(page: Any, text: str) -> _Box | None:
    """Return the part of a page that has to be looked at: left, bottom, right, top in points; None for nothing."""
    from pypdfium2 import raw

    width, height = page.get_size()
    whole = (0.0, 0.0, width, height)
    visible = "".join(text.split())
    objects = list(page.get_objects(max_depth=8))
    if not visible or len(_unmapped.findall(visible)) * 20 > len(visible):
        return whole if objects else None
    if page.get_rotation():
        return whole if any(one.type == raw.FPDF_PAGEOBJ_IMAGE or _is_drawn(one) for one in objects) else None
    share = width * height
    pictures = [_bounds(one, width, height) for one in objects if one.type == raw.FPDF_PAGEOBJ_IMAGE]
    boxes = [box for box in pictures if _area(box) > _SMALLEST * share]
    word = _around([_bounds(one, width, height) for one in objects if _is_drawn(one)])
    if word is not None and _area(word) > _SMALLEST_DRAWN * share:
        boxes.append(word)
    return _around(boxes)


def _is_drawn(one: Any) -> bool:
    """Return whether an object is drawn by as many steps as a letter whose font was made into lines."""
    from pypdfium2 import raw

    return bool(one.type == raw.FPDF_PAGEOBJ_PATH and raw.FPDFPath_CountSegments(one) >= _STEPS)


def _bounds(one: Any, width: float, height: float) -> _Box:
    """Return where an object stands on its page; of what is part of a form, where the form stands."""
    while one.container is not None:
        one = one.container
    left, bottom, right, top = one.get_bounds()
    return max(left, 0.0), max(bottom, 0.0), min(right, width), min(top, height)


def _area(box: _Box) -> float:
    """Return how large a box is."""
    return (box[2] - box[0]) * (box[3] - box[1])


def _around(boxes: list[_Box]) -> _Box | None:
    """Return the box around some; None where there are none."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True) if boxes else ((), (), (), ())
    return (min(lefts), min(bottoms), max(rights), max(tops)) if boxes else None
