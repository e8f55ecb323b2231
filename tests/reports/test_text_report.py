from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from policycore.errors import Problem
from policycore.language import Language
from policycore.model.result import ClauseResult, Finding, RunResult
from policycore.reports import Presentation, formats
from policycore.text.width import width

Make = Callable[..., RunResult]


def written(result: RunResult, language: Language = "zh", **presentation: object) -> str:
    stream = io.BytesIO()
    formats(presentation=Presentation(**presentation))["text"].write(result, stream, language)  # type: ignore[arg-type]
    return stream.getvalue().decode()


def test_a_finding_says_what_who_why_which_clause_and_what_to_do(make_result: Make) -> None:
    text = written(make_result())
    for words in (
        "没有群主",
        "教务处通知群1 (g1)",
        "教务处 · 张三",
        "条款 一(一)-3",
        "所属部门（李四）：指定一名在职人员担任群主（2024-04-18前）",
    ):
        assert words in text


def test_severities_come_in_order_and_the_most_pressing_finding_first(make_result: Make) -> None:
    text = written(make_result(), "en")
    places = [
        text.index(words)
        for words in (
            "must-fix: 1",
            "should-fix: 1",
            "info: 1",
            "Missing data: 2",
            "Summary",
        )
    ]
    assert places == sorted(places)
    assert "add column owner_id of groups to source “register”" in text


def test_what_is_waived_is_counted_and_not_listed(make_result: Make) -> None:
    text = written(make_result(), "en")
    assert "waived 1" in text
    assert "g3" not in text


def test_clauses_that_nobody_checks_are_said_to_be_open(make_result: Make) -> None:
    assert "二(三)-1  未覆盖" in written(make_result())


def test_problems_are_shown_with_their_place(make_result: Make, broken_problem: Problem) -> None:
    text = written(make_result(problems=(broken_problem,)))
    assert "结果不完整" in text
    assert "rules.yaml:7:3: dormancy/quiet: ran too long，no result，mend it" in text


def test_a_clean_result_says_so_and_an_empty_estate_does_not_pretend_to_pass(make_result: Make) -> None:
    assert "没有待办问题" in written(make_result((), gaps=()))
    assert "没有可判断的对象" in written(make_result((), outcomes=()))


def test_the_ledger_and_the_rest_hold_no_colour_unless_asked(make_result: Make) -> None:
    assert "\x1b" not in written(make_result())
    coloured = written(make_result(), colour=True)
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == written(make_result())


@pytest.mark.parametrize("cells", [40, 80, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_is_wider_than_the_terminal(
    cells: int, language: Language, make_result: Make, make_finding: Callable[..., Finding]
) -> None:
    text = written(make_result(), language, width=cells)
    assert max(width(line) for line in text.splitlines()) <= cells


def test_timings_show_only_when_asked_for(make_result: Make) -> None:
    assert " ms " not in written(make_result())
    assert "500.0 ms" in written(make_result(), profile=True)


def test_hostile_names_cannot_act_on_a_terminal(hostile_result: RunResult) -> None:
    text = written(hostile_result)
    assert all(line.isprintable() for line in text.split("\n"))
    assert max(width(line) for line in text.split("\n")) <= 80
    assert len(text) < 5_000_000


def test_a_heading_refers_to_the_clauses_below_it(make_result: Make) -> None:
    clauses = (ClauseResult("二", "内容管理", None, (), 0, {}), ClauseResult("二(一)", "工作交流", "二", (), 0, {}))
    text = written(make_result(clauses=clauses))
    assert "二      见下级条款" in text
    assert "二(一)  未覆盖" in text


def test_groups_that_share_a_name_are_told_apart(make_result: Make, make_finding: Callable[..., Finding]) -> None:
    twins = [
        make_finding(number, subject=replace(make_finding(number).subject, group="同名群", name="同名群"))
        for number in (1, 2)
    ]
    text = written(make_result(tuple(twins)))
    assert "1. 同名群 (g1)" in text
    assert "2. 同名群 (g2)" in text


def test_nothing_is_called_clean_while_something_could_not_be_judged(make_result: Make) -> None:
    text = written(make_result(()), "en")
    assert "Nothing is open.\n" not in text
    assert "not judged for want of data: 2" in text
