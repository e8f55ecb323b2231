from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from policycore.errors import Problem
from policycore.language import Language
from policycore.model.result import RunResult
from policycore.reports import formats
from policycore.reports.markdown_report import escaped
from policycore.text.clean import clean

Make = Callable[..., RunResult]
# A renderer that would let raw HTML through and make links of bare addresses.
RENDERER = MarkdownIt("gfm-like", {"html": True})
RENDERER.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # type: ignore[union-attr]


def written(result: RunResult, language: Language = "zh") -> str:
    stream = io.BytesIO()
    formats()["md"].write(result, stream, language)
    return stream.getvalue().decode()


def flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from flat(token.children or [])


def test_findings_are_checklists_under_their_rule(make_result: Make) -> None:
    text = written(make_result())
    assert "- **不合规** 教务处通知群1 (g1)：没有群主" in text
    assert "  - [ ] 所属部门（李四）：指定一名在职人员担任群主（2024-04-18前）" in text


def test_the_ledger_is_a_table_and_shows_what_is_not_covered(make_result: Make) -> None:
    html = RENDERER.render(written(make_result()))
    assert html.count("<table>") == 1
    assert "<td>未覆盖</td>" in html


def test_problems_are_shown(make_result: Make, broken_problem: Problem) -> None:
    assert "rules.yaml:7:3: dormancy/quiet: ran too long" in written(make_result(problems=(broken_problem,)))


@pytest.mark.parametrize(
    "text",
    ["<b>", "[a](b)", "![a](b)", "`a`", "*a*", "_a_", "# a", "> a", "- a", "+ a",
     "1. a", "1) a", "a | b", "~~a~~", "$a$",
     "http://a.example/x", "www.a.example", "&lt;", "***", "===", "\\", "a@b.example", ":---", "| --- |"],
)  # fmt: skip
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    tokens = list(flat(RENDERER.parse(escaped(text))))
    kinds = {token.type for token in tokens} - {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
    assert kinds == set()
    assert "".join(token.content for token in tokens if token.type in ("text", "text_special")) == text


def test_no_hostile_name_becomes_markup(hostile_result: RunResult, hostile_names: list[str]) -> None:
    text = written(hostile_result)
    kinds = {token.type for token in flat(RENDERER.parse(text))}
    assert not kinds & {
        "html_inline",
        "html_block",
        "link_open",
        "image",
        "code_inline",
        "code_block",
        "fence",
        "em_open",
    }
    assert all(line == clean(line) for line in text.split("\n"))
    assert text.count("\n- **") == 1000
