"""In which order the lines of a picture are read, however it was held."""

from __future__ import annotations

import numpy
import pytest

from policycore.files.picture import Line, _rows

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
