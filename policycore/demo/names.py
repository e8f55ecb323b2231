"""Invent names of persons: common syllables put together by the seed; nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

__all__ = ["invented_names"]

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_FIRST = "建志文国海晓明春秋雨思嘉宏永立新玉佳美俊雅慧子梦若欣怡泽浩宇"
_SECOND = "平华军强伟涛峰磊斌鹏杰超辉宁静敏丽芳娟燕霞玲婷洁颖琳雪倩璐瑶"


def invented_names(random: Random) -> Iterator[str]:
    """Yield names of persons that never repeat, in an order that the seed decides."""
    total = len(_SURNAMES) * len(_FIRST) * len(_SECOND)
    # A step that shares no factor with the total visits every combination once.
    step = next(step for step in range(random.randrange(total // 3, total // 2), total) if _coprime(step, total))
    place = random.randrange(total)
    for _ in range(total):
        rest, surname = divmod(place, len(_SURNAMES))
        second, first = divmod(rest, len(_FIRST))
        yield _SURNAMES[surname] + _FIRST[first] + _SECOND[second]
        place = (place + step) % total


def _coprime(one: int, other: int) -> bool:
    """Return whether two numbers share no factor."""
    while other:
        one, other = other, one % other
    return one == 1
