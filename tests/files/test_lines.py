"""In which order the lines of a picture are read, however it was held, and which part of it is looked at."""

from __future__ import annotations

from types import SimpleNamespace

import numpy
import pytest

from policycore.files import picture
from policycore.files.kinds import take_into
from policycore.files.picture import Line, _held, _rows, look_at
from policycore.files.taken import Taking, Unread

PAGE = (
    ("000123", 0, 0, 6),
    ("机密★", 0, 1, 4),
    ("特急", 20, 1, 2),
    ("关于会议的通知", 8, 3, 7),
    ("各部门要高度重视", 2, 4, 28),
)


def held(angle: float) -> list[Line]:
    """Return the lines of a page that was turned by so many degrees, in an order that says nothing."""
    turn = numpy.radians(angle)
    turning = numpy.array(((numpy.cos(turn), numpy.sin(turn)), (-numpy.sin(turn), numpy.cos(turn))))
    lines = []
    for text, left, row, length in reversed(PAGE):
        corners = numpy.array(((left, row), (left + length, row), (left + length, row + 0.9), (left, row + 0.9))) * 30.0
        lines.append(Line(text, corners @ turning + 2000))
    return lines


@pytest.mark.parametrize("angle", [0, 3, -12, 30, 90, 180, 187, -95])
def test_lines_are_read_as_they_were_written(angle):
    assert [line.text for line in _rows(held(angle))] == ["000123", "机密★ 特急", "关于会议的通知", "各部门要高度重视"]


def test_a_character_on_which_two_lines_meet_is_read_once():
    first = numpy.array(((32.0, 40), (124, 42), (122, 96), (31, 94)))
    second = numpy.array(((92.0, 41), (233, 37), (234, 97), (94, 101)))
    (line,) = _rows([Line("密★10年", second), Line("机密", first)])
    assert line.text == "机密★10年"


def test_a_picture_without_a_line_has_no_rows():
    assert list(_rows([])) == []


@pytest.mark.parametrize(
    ("angle", "box"),
    [(3, None), (90, (650, 0, 1000, 1400)), (180, (0, 910, 1000, 1400)), (-95, (0, 0, 350, 1400))],
)
def test_the_head_of_a_page_is_looked_for_where_it_is_held(monkeypatch, angle, box):
    looked = []
    turned = _held(held(angle))[1]
    monkeypatch.setattr(picture, "_look_within", lambda part, *_rest: (looked.append(part), turned)[1])
    taking = Taking(take_into, "header")
    look_at(SimpleNamespace(width=1000, height=1400, size=(1000, 1400)), taking)
    assert looked == [(0, 0, 1000, 490), *([box] if box else [])]
    assert taking.unread == [Unread("not-asked")]


@pytest.mark.parametrize(("kind", "most"), [("uint16", 65_535), ("uint16", 1_023), (">u2", 4_095), ("float32", 1)])
def test_what_is_drawn_is_seen_however_many_shades_a_picture_has(kind, most):
    pillow = pytest.importorskip("PIL.Image", reason="the extra policycore[ocr] is not installed")
    drawn = pillow.fromarray((numpy.eye(16) * most).astype(kind))
    assert picture._flat(drawn).getextrema() == ((0, 255),) * 3
