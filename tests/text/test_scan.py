from __future__ import annotations

import re

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.plugin_api.rule import Pattern, TextMatch
from policycore.text import scan as scan_module
from policycore.text.fold import fold
from policycore.text.scan import Candidate, Wanted, pattern_problem, scan


def wanted(rule, expression, *reads):
    return Wanted(rule, Pattern(f"{rule}-pattern", expression), reads or ("messages.text",))


def test_a_candidate_carries_row_text_and_folded_text():
    texts = {"messages.text": [pyarrow.array(["无", None, "标着機密★１０年"])]}
    assert list(scan(texts, [wanted("SEC", "机密★[0-9]+年")])) == [
        Candidate("SEC", "messages.text", 2, TextMatch("SEC-pattern", "标着機密★１０年", "标着机密★10年"))
    ]


def test_rows_count_through_all_arrays_of_a_column_and_slices():
    chunks = [*pyarrow.chunked_array([["a", "x"], [], ["x"]]).chunks, pyarrow.array(["x", "a", "x"]).slice(1)]
    assert [one.row for one in scan({"messages.text": chunks}, [wanted("R", "x")])] == [1, 2, 4]


def test_a_rule_sees_only_the_columns_it_reads():
    texts = {"messages.text": [pyarrow.array(["秘密"])], "attachments.name": [pyarrow.array(["秘密"])]}
    found = scan(
        texts, [wanted("A", "秘密", "attachments.name"), wanted("B", "秘密"), wanted("C", "秘密", "groups.name")]
    )
    assert [(one.rule, one.column) for one in found] == [("B", "messages.text"), ("A", "attachments.name")]


def test_dictionary_columns_are_read_too():
    texts = {"attachments.name": [pyarrow.array(["a.txt", "b.txt", "a.txt"]).dictionary_encode()]}
    assert [one.row for one in scan(texts, [wanted("R", r"a\.", "attachments.name")])] == [0, 2]


@pytest.mark.parametrize("expression", ["(a)\\1", "(?<!a)b", "(?=a)", "("])
def test_an_expression_outside_the_linear_dialect_is_named(expression):
    assert pattern_problem(Pattern("p", expression))


def test_a_linear_expression_has_no_problem():
    assert pattern_problem(Pattern("p", r"机[ \x{200B}]{0,3}密(?:★|\*)")) is None


@given(
    st.lists(st.none() | st.text(alphabet="ab１1機机密 \u200b\n", max_size=8), max_size=40),
    st.lists(st.sampled_from(["ab", "^a", "机.?密", "1+$", "[ \n]b", "b|1"]), min_size=1, max_size=4),
    st.integers(1, 7),
)
def test_the_joined_pass_agrees_with_one_expression_at_a_time(texts, expressions, rows):
    original, scan_module.ROWS_AT_A_TIME = scan_module.ROWS_AT_A_TIME, rows
    try:
        asked = [wanted(str(number), expression) for number, expression in enumerate(expressions)]
        found = list(scan({"messages.text": [pyarrow.array(texts, pyarrow.string())]}, asked))
    finally:
        scan_module.ROWS_AT_A_TIME = original
    assert [(one.row, one.rule) for one in found] == [
        (row, str(number))
        for row, text in enumerate(texts)
        if text is not None
        for number, expression in enumerate(expressions)
        if re.search(expression.replace("$", r"\Z"), fold(text))
    ]
    assert all(one.match.text == texts[one.row] and one.match.folded == fold(texts[one.row]) for one in found)
