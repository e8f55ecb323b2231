"""The look of official documents (GB/T 9704): fonts with stand-ins, sizes, lines, margins."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BODY",
    "FONTS",
    "HEADING",
    "LATIN",
    "LINE_POINTS",
    "MARGINS_MM",
    "PAGE_MM",
    "SUBHEADING",
    "TITLE",
    "Typeface",
]


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font with its size and what stands in for it where it is not installed."""

    name: str
    points: float
    instead: tuple[str, ...] = ()


TITLE = Typeface("方正小标宋简体", 22, ("方正小标宋_GBK", "华文中宋", "STZhongsong", "Noto Serif CJK SC", "SimSun"))
"""二号."""
HEADING = Typeface("黑体", 16, ("SimHei", "Noto Sans CJK SC", "Source Han Sans SC"))
SUBHEADING = Typeface("楷体_GB2312", 16, ("楷体", "KaiTi", "AR PL UKai CN", "Noto Serif CJK SC"))
BODY = Typeface("仿宋_GB2312", 16, ("仿宋", "FangSong", "华文仿宋", "Noto Serif CJK SC"))
"""三号."""
LATIN = Typeface("Times New Roman", 16, ("Liberation Serif", "DejaVu Serif"))
PAGE_NUMBER = Typeface("宋体", 14, ("SimSun", "Noto Serif CJK SC"))
"""四号."""
FONTS = (TITLE, HEADING, SUBHEADING, BODY, LATIN, PAGE_NUMBER)

LINE_POINTS = 28
PAGE_MM = (210, 297)
MARGINS_MM = {"top": 37, "bottom": 35, "left": 28, "right": 26}
