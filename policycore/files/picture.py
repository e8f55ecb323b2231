"""Look at pictures and scanned pages: read what is written there, line by line, with its box."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
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
    """A line that was read: its text, and its corners in pixels, clockwise from where the text begins."""

    text: str
    corners: Any


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
    """Return a picture without what shines through: on white or black, whichever is unlike all that is drawn."""
    import numpy
    from PIL import Image

    if image.mode[0] in "IF":  # how bright its brightest point is differs, so that what is there is spread
        bright = numpy.nan_to_num(numpy.asarray(image, numpy.float32))
        image = Image.fromarray(((bright - bright.min()) * (255 / max(float(numpy.ptp(bright)), 1e-9))).astype("uint8"))
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    image = image.convert("RGBA")
    small = image.resize([min(side, _LONG_SIDE) for side in image.size], Image.Resampling.NEAREST)
    bright, shown = (numpy.asarray(part, numpy.float32) for part in (small.convert("L"), small.getchannel("A")))
    light, dark = (float(shown[where].sum()) > shown.sum() / 50 for where in (bright > 170, bright < 85))
    grey = 128 if light and dark else 0 if (bright * shown).sum() > 128 * shown.sum() else 255
    ground = Image.new("RGBA", image.size, (grey, grey, grey, 255))
    ground.alpha_composite(image)
    return ground.convert("RGB")


def look_at(image: Any, taking: Taking, page: int | None = None, part: tuple[int, int, int, int] | None = None) -> None:
    """Read what is written in a picture, or in a `part` of it, as far as the taking asks for it."""
    if taking.ocr == "no" or (taking.ocr != "all" and (page or 1) > 1):
        taking.miss("not-asked", page)
        return
    left, top, right, bottom = part or (0, 0, *image.size)
    box = max(0, left), max(0, top), min(image.width, right), min(image.height, bottom)
    if taking.ocr != "header" or box[3] <= image.height * _HEADER:
        _look_within(box, image, taking, page)
        return
    taking.miss("not-asked", page)
    held = _look_within(_head(box, image, 0), image, taking, page)
    if held:
        _look_within(_head(box, image, held), image, taking, page)


def _head(box: tuple[int, int, int, int], image: Any, held: int) -> tuple[int, int, int, int]:
    """Return of a box what lies in the head of a paper that was so many quarters turned, clockwise."""
    left, top, right, bottom = box
    width, height = round(image.width * _HEADER), round(image.height * _HEADER)
    return (
        max(left, image.width - width) if held == 1 else left,
        max(top, image.height - height) if held == 2 else top,
        min(right, width) if held == 3 else right,
        min(bottom, height) if held == 0 else bottom,
    )


def _look_within(box: tuple[int, int, int, int], image: Any, taking: Taking, page: int | None) -> int:
    """Read what is written in a box; return by how many quarters its lines are turned, by two where there are none."""
    left, top, right, bottom = box
    if right - left < _SMALLEST or bottom - top < _SMALLEST // 2:
        return 0
    width, height = image.size
    lines = _lines(image.convert("RGB").crop(box), taking)
    for text, corners in _rows(lines):
        (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        taking.put(
            text,
            page,
            (
                round((left + x0) / width * 1000),
                round((top + y0) / height * 1000),
                round((x1 - x0) / width * 1000),
                round((y1 - y0) / height * 1000),
            ),
        )
    return _held(lines)[1] if lines else 2


def _lines(image: Any, taking: Taking) -> list[Line]:
    """Return the lines of a picture."""
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
            centre = line.corners[:, 0 if across else 1].mean()
            # A line in what two pieces share is of the one that shows more of it.
            if (start and centre < _OVERLAP / 2) or (end < length and centre >= end - start - _OVERLAP / 2):
                continue
            found.append(Line(line.text, (line.corners + box[:2]) / factor))
    return found


def _rows(lines: list[Line]) -> Iterator[Line]:
    """Yield lines from top to bottom as they were written, however the picture was held; those side by side as one."""
    import numpy

    if not lines:
        return
    corners = numpy.array([line.corners for line in lines])
    ways = corners[:, 1] - corners[:, 0]
    lengths = numpy.hypot(*ways.T)
    quarters, most = _held(lines)
    on = ways[quarters == most].sum(axis=0)
    on = on / max(numpy.hypot(*on), 1)
    down = numpy.array((-on[1], on[0]))
    alongs, middles = corners.mean(axis=1) @ on, corners.mean(axis=1) @ down
    heights = numpy.hypot(*(corners[:, 3] - corners[:, 0]).T)
    rows: list[list[int]] = []
    for one in numpy.argsort(middles).tolist():
        if rows:
            first = rows[-1][0]
            # Lines of a page that was taken from the side do not all run the same way.
            slope = (ways[first] @ down) / max(ways[first] @ on, 1) if lengths[first] > 4 * heights[first] else 0
            if abs(middles[one] - middles[first] - slope * (alongs[one] - alongs[first])) < heights[first] / 2:
                rows[-1].append(one)
                continue
        rows.append([one])
    for row in rows:
        row.sort(key=alongs.__getitem__)
        text = lines[row[0]].text
        for before, one in pairwise(row):
            shared = alongs[before] + lengths[before] / 2 - alongs[one] + lengths[one] / 2
            # A character on which two lines meet was read with both.
            twice = shared > heights[one] / 4 and text[-1:] == lines[one].text[:1]
            text += lines[one].text[1:] if twice else f" {lines[one].text}"
        yield Line(text, numpy.concatenate([corners[one] for one in row]))


def _held(lines: list[Line]) -> tuple[Any, int]:
    """Return by how many quarters each line is turned, clockwise, and by how many the most of what is written."""
    import numpy

    ways = numpy.array([line.corners[1] - line.corners[0] for line in lines])
    quarters = numpy.rint(numpy.arctan2(ways[:, 1], ways[:, 0]) / (numpy.pi / 2)).astype(int) % 4
    return quarters, int(numpy.bincount(quarters, weights=numpy.hypot(*ways.T)).argmax())


def _read(image: Any) -> list[Line]:
    """Return what the models read in a picture of bounded size."""
    import numpy

    engine, pixels = _engine(), numpy.asarray(image)[:, :, ::-1].copy()
    seen, record = engine.preprocess_img(pixels)
    steps = engine.run_ocr_steps(seen, record)
    # Each line is turned before it is read; how most of them were is how the picture was held.
    turned = sum(("180" in label) - 0.5 for label, _ in steps[1].cls_res or ()) > 0
    found = engine.build_final_output(pixels, *steps, record)
    if found.txts is None or found.boxes is None:
        return []
    lines = []
    for text, corners in zip(found.txts, found.boxes, strict=True):
        across, upright = numpy.hypot(*(corners[1] - corners[0])), numpy.hypot(*(corners[3] - corners[0]))
        begins = (upright >= 1.5 * across) + 2 * turned
        lines.append(Line(text, numpy.roll(corners, -begins, axis=0)))
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
