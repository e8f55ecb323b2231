"""Measure how many pages a minute are read off pictures, whole and only where the head of a paper stands."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["measure_ocr", "ocr_lines"]

_SIZE = (1240, 1754)
"""A page of A4 at 150 dots an inch."""
_LINE = "各部门要高度重视微信工作群规范管理工作，认真落实主体责任，按期报送规范清理情况。"


def measure_ocr(pages: int, font: Path) -> dict[str, dict[str, float]]:
    """Return for each mode seconds by the clock and by the processor, and how many pages gave up their mark."""
    from policycore.files.reading import read_files

    with tempfile.TemporaryDirectory() as folder:
        paths = [_page(Path(folder) / f"{number}.jpg", font, number) for number in range(pages)]
        answer = {}
        for mode in ("all", "header"):
            began, used = time.perf_counter(), _used()
            texts = [taken.text for taken in read_files(paths, mode)]
            answer[mode] = {
                "seconds": time.perf_counter() - began,
                "cpu_seconds": _used() - used,
                "marks": sum("机密" in text and "★" in text for text in texts),
            }
    return answer


def ocr_lines(answer: dict[str, dict[str, float]], pages: int) -> Iterator[str]:
    """Yield what was measured, for people."""
    yield f"{pages} pages of A4 at 150 dots an inch; {os.cpu_count()} processors, one thread of the models for each"
    for mode, one in answer.items():
        clock, processor = (60 * pages / one[name] for name in ("seconds", "cpu_seconds"))
        yield f"{mode:8} {clock:.0f} pages a minute, {processor:.0f} of processor time; {one['marks']:.0f} marks"


def _used() -> float:
    """Return the processor's seconds of this process and of the children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _page(path: Path, font: Path, number: int) -> Path:
    """Write a page of thirty lines with a mark in its head."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", _SIZE, "white")
    drawn = ImageDraw.Draw(image)
    small, large = (ImageFont.truetype(str(font), size) for size in (26, 44))
    drawn.text((110, 90), f"{number:06}", font=small, fill="black")
    drawn.text((110, 140), "机密★10年", font=small, fill="black")
    drawn.text((360, 260), "关于开展专项检查的通知", font=large, fill="red")
    for line in range(30):
        drawn.text((110, 380 + 44 * line), _LINE[: 36 - line % 5], font=small, fill="black")
    image.save(path, quality=75)
    return path
