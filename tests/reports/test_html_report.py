from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from policycore.errors import Problem
from policycore.language import Language, Text
from policycore.model.result import Finding, RunResult
from policycore.reports import Presentation, formats

Make = Callable[..., RunResult]
VOID = {"meta", "input", "br"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "section", "article", "h1", "h2", "h3", "p", "b", "span",
    "ul", "ol", "li", "table", "tr", "th", "td", "label", "input",
    "div", "figure", "figcaption", "svg", "text", "rect", "path", "polyline",
}  # fmt: skip
ATTRIBUTES = {"lang", "charset", "name", "content", "http-equiv", "class", "id", "type", "for", "checked"} | {
    *("viewbox", "role", "aria-label", "font-size", "font-family", "x", "y", "width", "height", "d", "points"),
    *("text-anchor", "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray"),
}


class Reader(HTMLParser):
    """Read a page strictly: every tag closed in order, tags and attributes from the known sets only."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.text: list[str] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert {name for name, _ in attributes} <= ATTRIBUTES, attributes
        found = dict(attributes)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.labels += [found["for"] or ""] if "for" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def written(result: RunResult, language: Language = "zh") -> str:
    stream = io.BytesIO()
    formats()["html"].write(result, stream, language)
    return stream.getvalue().decode()


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def test_facts_stand_beside_what_they_mean_and_are_text(
    make_result: Make, make_finding: Callable[..., Finding]
) -> None:
    facts = {"owner": "<b>张三", "seats": ["一", "二"]}
    page = written(make_result((make_finding(1, facts=facts, labels={"seats": Text("席位", "seats")}),)))
    assert "事实：群主：&lt;b&gt;张三；席位：一、二" in page
    read(page)


@pytest.mark.parametrize(
    ("language", "tag", "words"), [("zh", "zh-CN", "没有群主"), ("en", "en", "the group has no owner")]
)
def test_a_page_is_in_one_language(language: Language, tag: str, words: str, make_result: Make) -> None:
    page = written(make_result(), language)
    assert f'<html lang="{tag}">' in page
    assert words in "".join(read(page).text)


def test_a_page_shows_summary_ledger_findings_and_problems(make_result: Make, broken_problem: Problem) -> None:
    text = "".join(read(written(make_result(problems=(broken_problem,)))).text)
    for words in (
        "汇总",
        "条款台账",
        "未覆盖",
        "教务处通知群1 (g1)",
        "groups.csv 第1行",
        "dormancy/quiet: ran too long",
    ):
        assert words in text


def test_a_page_needs_nothing_from_outside_and_runs_no_script(make_result: Make) -> None:
    page = written(make_result())
    assert not re.search(r"https?:|//[a-z]|@import|url\(|<script|javascript:|\son\w+=", page)
    assert "default-src 'none'" in page


def test_the_policy_lets_in_exactly_the_style_sheet_that_is_there(make_result: Make) -> None:
    page = written(make_result())
    style = re.search(r"<style>(.*?)</style>", page, re.S)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page


def test_every_filter_has_its_box_its_label_and_its_rule(make_result: Make) -> None:
    page = written(make_result())
    boxes = set(re.findall(r'<input class="filter" type="checkbox" id="([\w-]+)" checked>', page))
    assert boxes == {
        "show-error", "show-warning", "show-info", "show-verdict-fail", "show-verdict-suspect",
    }  # fmt: skip
    assert set(read(page).labels) == boxes
    for box in boxes:
        assert f"#{box}:not(:checked) ~ main .{box}" in page
        assert re.search(rf'<article class="[^"]*\b{box}\b', page)
    # The sibling selector reaches only a <main> that comes after the boxes in the same parent.
    assert page.index('id="show-error"') < page.index("<main>")


def test_no_hostile_name_gets_out_of_its_place(hostile_result: RunResult, hostile_names: list[str]) -> None:
    page = written(hostile_result)
    reader = read(page)
    assert reader.comments == []
    assert len([name for name in reader.ids if name.startswith("OWN001-")]) == 1000
    assert len(set(reader.ids)) == len(reader.ids)
    assert "<script>alert(1)</script>" in "".join(reader.text)
    assert all(character.isprintable() or character == "\n" for character in page)


def test_an_empty_result_is_a_whole_page(make_result: Make) -> None:
    assert "没有待办问题" in "".join(read(written(make_result((), clauses=(), gaps=()))).text)


def test_a_page_has_pictures_before_words_and_room_to_sign(make_result: Make) -> None:
    runs = (("2024-04-01", (5, 3, 1)), ("2024-04-08", (2, 3, 1)))
    stream = io.BytesIO()
    formats(presentation=Presentation(runs=runs))["html"].write(make_result(), stream, "zh")
    page = stream.getvalue().decode()
    read(page)
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page)
    assert captions == ["条款状况", "历次检查发现的问题", "补上后能判定最多的数据"]
    assert page.index("<svg") < page.index("<main>")
    assert "部门负责人（签字、盖章）" in page
    assert written(make_result()).count("<svg") == 2, "a trend needs two runs"


def test_findings_stand_by_department_and_clause(make_result: Make) -> None:
    page = written(make_result())
    headings = re.findall(r"<h([23])>(.*?)</h", page)
    (department,) = [place for place, (_, words) in enumerate(headings) if words.startswith("教务处")]
    level, clause = headings[department + 1]
    assert (level, clause[:2]) == ("3", "一(")
