from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO

import pytest

from policycore.language import Language
from policycore.model.result import RunResult
from policycore.reports import ReportFormat, formats
from policycore.reports.formats import FORMAT_NAMES

Make = Callable[..., RunResult]


class Plugged:
    """A format as a third party writes it."""

    suffix = ".txt"
    media_type = "text/plain"
    is_text = True

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:
        stream.write(f"{result.ruleset} {language}".encode())


def test_the_contract_lists_these_formats() -> None:
    assert tuple(formats()) == FORMAT_NAMES


def test_a_plugin_adds_a_format_and_cannot_replace_one(make_result: Make) -> None:
    known = formats([Plugged("count"), Plugged("json")])
    stream = io.BytesIO()
    known["count"].write(make_result(), stream, "en")
    assert stream.getvalue() == b"xxu-2024-wechat-groups en"
    assert type(known["json"]).__name__ == "JsonReport"


@pytest.mark.parametrize("name", FORMAT_NAMES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_format_writes_every_kind_of_result(name: str, language: Language, make_result: Make) -> None:
    report = formats()[name]
    assert isinstance(report, ReportFormat)
    for result in (make_result(), make_result(()), make_result((), outcomes=(), clauses=(), counts={})):
        stream = io.BytesIO()
        report.write(result, stream, language)
        assert stream.getvalue()
        assert not stream.closed


@pytest.mark.parametrize("name", [name for name in FORMAT_NAMES if name != "xlsx"])
def test_every_text_format_ends_with_a_line_end_and_depends_on_nothing_but_the_result(
    name: str, make_result: Make
) -> None:
    streams = [io.BytesIO(), io.BytesIO()]
    for stream in streams:
        formats()[name].write(make_result(), stream, "zh")
    assert streams[0].getvalue() == streams[1].getvalue()
    assert streams[0].getvalue().endswith(b"\n")
