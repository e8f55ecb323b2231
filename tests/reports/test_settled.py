"""Reports for people say who decided what is waived or attested, why and until when, and count what was dismissed."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from policycore.language import Text
from policycore.model.result import Decision, Finding, RunResult
from policycore.model.verdict import Verdict
from policycore.reports import formats


@pytest.mark.parametrize("name", ["html", "md", "csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_settled_stands_with_its_decision(
    make_finding: Callable[..., Finding], make_result: Callable[..., RunResult], name: str, language: str
) -> None:
    until = datetime(2024, 5, 15, tzinfo=UTC)
    waived = Decision("waiver", "W-7", "transition", "=换群主<b>", "李四", until)
    signed = Decision("attestation", "A-9", "attestation", "", "王五", until)
    found = (
        make_finding(1, verdict=Verdict.WAIVED, decision=waived),
        make_finding(2, verdict=Verdict.ATTESTED, decision=signed),
        make_finding(3),
    )
    stream = io.BytesIO()
    formats()[name].write(make_result(found), stream, language)
    if name == "xlsx":
        cells = [str(cell.value) for sheet in load_workbook(stream) for row in sheet.iter_rows() for cell in row]
        text = "\n".join(cells)
    else:
        text = html.unescape(re.sub(r"\\(.)", r"\1", stream.getvalue().decode("utf-8-sig")))
    reason = {"zh": "过渡期", "en": "transition"}[language]
    assert f"W-7 · {reason} · =换群主<b> · 李四 · " in text
    assert "A-9 · " in text
    assert " · 王五 · " in text
    assert (
        text.count({"zh": "有效至2024-05-14（含当日）", "en": "counts until 2024-05-14 (that day included)"}[language])
        == 2
    )
    assert name != "html" or "换群主<b>" not in stream.getvalue().decode(), "escaped"


@pytest.mark.parametrize("name", ["html", "md"])
def test_nothing_settled_is_no_part_of_a_report(
    make_finding: Callable[..., Finding], make_result: Callable[..., RunResult], name: str
) -> None:
    stream = io.BytesIO()
    formats()[name].write(make_result((make_finding(1),)), stream, "en")
    assert "Waived and attested" not in stream.getvalue().decode()


@pytest.mark.parametrize("name", ["text", "html", "md"])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "复核排除：3项（群长期无人发言 DOR002 1、工作群有群主 OWN001 2）"),
        ("en", "Dismissed in review: 3 (Group is quiet DOR002 1, Group has an owner OWN001 2)"),
    ],
)
def test_what_was_dismissed_in_review_is_counted_by_rule(
    make_finding: Callable[..., Finding], make_result: Callable[..., RunResult], name: str, language: str, words: str
) -> None:
    dismissed = {"verdict": Verdict.PASS, "decision": Decision("dismissal", "V-3", "dismissal", "", "李四", None)}
    quiet = {"rule": "DOR002", "title": Text("群长期无人发言", "Group is quiet")}
    found = (make_finding(1, **dismissed), make_finding(2, **dismissed, **quiet), make_finding(3, **dismissed))
    for findings, count in ((found, 1), ((), 0)):
        stream = io.BytesIO()
        formats()[name].write(make_result(findings), stream, language)
        text = re.sub(r"\\(.)", r"\1", html.unescape(stream.getvalue().decode()))
        assert re.sub(r"\s+", " ", text).count(words) == count
