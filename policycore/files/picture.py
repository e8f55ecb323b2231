"""Look at pictures and scanned pages: read what is written there, line by line, with its box."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from policycore.files.taken import LimitError, Picture, Taking

__all__ = ["look_at", "read_picture"]

_SMALLEST = 16
"""Pixels of a side below which nothing can be read."""
_MAX_PIXELS = 80_000_000
_SHORT_SIDE, _LONG_SIDE, _OVERLAP = 1_300, 1_800, 120
"""To this size pictures are made smaller; what is longer still, as screenshots of a whole chat, is read in pieces."""
_HEADER = 0.35
"""The share of a page in which the head of a paper stands."""
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "MPO")


class Line(NamedTuple):
    """A line that was read: its text, and left, top, right, bottom in pixels of the whole picture."""

    text: str
    box: tuple[float, float, float, float]


def read_picture(data: bytes, taking: Taking) -> None:
    """Look at a picture; of several in one file at each page, of a moving one at its first, middle and last."""
    try:
        from PIL import Image, ImageOps
    except ImportError:
        raise LimitError("no-ocr") from None
    taking.picture = Picture()  # until it is decoded
    Image.MAX_IMAGE_PIXELS = None  # which only warns up to twice as much: the size is looked at below
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            width, height = image.size
            taking.picture = Picture(width, height)
            if max(image.size) < _SMALLEST or min(image.size) < _SMALLEST // 2:
                return
            image.draft("RGB", (_LONG_SIDE, _LONG_SIDE))  # a large photograph is decoded small
            if image.width * image.height > _MAX_PIXELS:
                raise LimitError("large")
            count = getattr(image, "n_frames", 1)
            frames = list(range(count)) if image.format == "TIFF" else sorted({0, count // 2, count - 1})
            if len(frames) < count:
                taking.miss("large")  # what the frames between them show was not read
            for number in frames:
                image.seek(number)
                if image.width * image.height > _MAX_PIXELS:
                    raise LimitError("large")
                whole = ImageOps.exif_transpose(image)
                if number == 0:
                    taking.picture = Picture(width, height, _sharpness(whole))
                taking.page()
                look_at(_flat(whole), taking, number + 1 if count > 1 else None)
    except (OSError, ValueError, SyntaxError, EOFError):
        taking.picture = Picture()
        raise LimitError("broken") from None


def _sharpness(image: Any) -> int | None:
    """Return how much pixels differ from those around them, in percent of how much all differ; None where none do.

    By the contrast, so that a dim picture is no blurred one. Printed text gives about 200, a
    photograph of it 20 and more, a blurred one below 4.
    """
    import numpy

    grey = _flat(image).convert("L")
    grey.thumbnail((_LONG_SIDE, _LONG_SIDE))
    seen = numpy.asarray(grey, numpy.float32)
    around = seen[:-2, 1:-1] + seen[2:, 1:-1] + seen[1:-1, :-2] + seen[1:-1, 2:]
    contrast = float(seen.var())
    return round(100 * float((around - 4 * seen[1:-1, 1:-1]).var()) / contrast) if contrast >= 1 else None


def _flat(image: Any) -> Any:
    """Return a picture without what shines through: on grey both black and white can be read."""
    from PIL import Image

    if image.mode in ("I", "I;16", "F"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, (128, 128, 128, 255))
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")


def look_at(image: Any, taking: Taking, page: int | None = None, part: tuple[int, int, int, int] | None = None) -> None:
    """Read what is written in a picture, or in a `part` of it, as far as the taking asks for it."""
    if taking.ocr == "no" or (taking.ocr != "all" and (page or 1) > 1):
        taking.miss("not-asked", page)
        return
    left, top, right, bottom = part or (0, 0, *image.size)
    left, top, right, bottom = max(0, left), max(0, top), min(image.width, right), min(image.height, bottom)
    if taking.ocr == "header" and bottom > image.height * _HEADER:
        taking.miss("not-asked", page)
        bottom = int(image.height * _HEADER)
    if right - left < _SMALLEST or bottom - top < _SMALLEST // 2:
        return
    width, height = image.size
    seen = image.convert("RGB").crop((left, top, right, bottom))
    for line in _lines(seen, taking):
        x0, y0, x1, y1 = line.box
        taking.put(
            line.text,
            page,
            (
                round((left + x0) / width * 1000),
                round((top + y0) / height * 1000),
                round((x1 - x0) / width * 1000),
                round((y1 - y0) / height * 1000),
            ),
        )


def _lines(image: Any, taking: Taking) -> list[Line]:
    """Return the lines of a picture from top to bottom, those beside one another as one."""
    factor = min(1.0, _SHORT_SIDE / min(image.size))
    small = image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))))
    found: list[Line] = []
    across = small.width > small.height
    length, step = max(small.size), _LONG_SIDE - _OVERLAP
    for start in range(0, max(1, length - _OVERLAP), step):
        end = min(length, start + _LONG_SIDE)
        if start:
            taking.page()
        box = (start, 0, end, small.height) if across else (0, start, small.width, end)
        for line in _read(small.crop(box)):
            x0, y0, x1, y1 = line.box
            centre = (x0 + x1 if across else y0 + y1) / 2
            # A line in what two pieces share is of the one that shows more of it.
            if (start and centre < _OVERLAP / 2) or (end < length and centre >= end - start - _OVERLAP / 2):
                continue
            dx, dy = (start, 0) if across else (0, start)
            box_here = ((x0 + dx) / factor, (y0 + dy) / factor, (x1 + dx) / factor, (y1 + dy) / factor)
            found.append(Line(line.text, box_here))
    return _rows(found)


def _rows(lines: list[Line]) -> list[Line]:
    """Return lines that stand beside one another as one, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box[1] + one.box[3]):
        middle = (line.box[1] + line.box[3]) / 2
        if rows and rows[-1][0].box[1] < middle < rows[-1][0].box[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    found = []
    for row in rows:
        row.sort(key=lambda one: one.box[0])
        lefts, tops, rights, bottoms = zip(*(one.box for one in row), strict=True)
        found.append(Line(" ".join(one.text for one in row), (min(lefts), min(tops), max(rights), max(bottoms))))
    return found


def _read(image: Any) -> list[Line]:
    """Return what the models read in a picture of bounded size."""
    import numpy

    found = _engine()(numpy.asarray(image)[:, :, ::-1].copy())
    if found.txts is None or found.boxes is None:
        return []
    lines = []
    for text, points in zip(found.txts, found.boxes, strict=True):
        (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        lines.append(Line(text, (x0, y0, x1, y1)))
    return lines


@cache
def _engine() -> Any:
    """Return the reader with the models that lie in its wheel; LimitError where they are not installed."""
    try:
        import onnxruntime  # noqa: F401 - what the models run on, an extra of its own
        import rapidocr
    except ImportError:
        raise LimitError("no-ocr") from None
    models = Path(rapidocr.__file__).parent / "models"
    named = {part: next(models.glob(pattern), None) for part, pattern in _MODELS.items()}
    if None in named.values():
        raise LimitError("no-ocr")  # it would look for them on the internet
    threads = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            **{f"{part}.model_path": str(path) for part, path in named.items()},
            **{f"EngineConfig.onnxruntime.{name}": value for name, value in threads.items()},
        }
    )


_MODELS = {"Det": "*_det_*.onnx", "Rec": "*_rec_*.onnx", "Cls": "*_cls_*.onnx"}
