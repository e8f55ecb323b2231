"""What SQL lets pass unread, the reader lets pass as well; and the common case never reaches Python."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore_admission.display_name import Grammar, Reader, Reading, plain_name
from policycore_admission.fast_path import beside_separator, quoted, simple_form
from policycore_admission.words import POSTS

PIECES = (
    "教务处",
    "張處長",
    "小李",
    "李师",
    "张三",
    "开心",
    "软件2201班",
    "软件22班",
    "机关",
    "长",
    "記",
    "老",
    "-",
    "－",
    "—",
    "_",
    "处",
    "员",
    "13812345678",
)
texts = st.one_of(
    st.lists(st.sampled_from((*PIECES, *POSTS[:6])), min_size=2, max_size=5).map("".join),
    st.builds(
        lambda unit, joint, name: unit + joint + name,
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6).map(
            lambda text: text + "处"
        ),
        st.sampled_from("-－—_"),
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=4),
    ),
)
grammars = st.builds(
    Grammar,
    order=st.sampled_from(("unit-name", "name-unit", "either")),
    width=st.sampled_from(("any", "half", "full")),
    post_suffix=st.sampled_from(("allowed", "forbidden", "required")),
    unit_form=st.sampled_from(("unit", "class", "either")),
    separators=st.sampled_from((("-",), ("-", "—"), ("－",), ("_", "-", " "), ("", "·"))),
)


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@given(st.lists(texts, min_size=1, max_size=200), grammars)
def test_what_sql_passes_the_reader_passes(
    database: duckdb.DuckDBPyConnection, names: list[str], grammar: Grammar
) -> None:
    pattern = simple_form(grammar)
    if not pattern:
        return
    sql = f"SELECT name FROM (SELECT unnest($names) AS name) WHERE regexp_full_match(name, {quoted(pattern)})"
    reader = Reader(grammar)
    for (name,) in database.execute(sql, {"names": names}).fetchall():
        assert isinstance(reader.read(name), Reading), name


@given(
    st.lists(texts, min_size=1, max_size=100),
    st.sampled_from(("张三", "李师", "教务处")),
    st.sampled_from(("unit-name", "name-unit")),
)
def test_a_name_beside_a_separator_is_the_name_that_is_read(
    database: duckdb.DuckDBPyConnection, names: list[str], person: str, order: str
) -> None:
    grammar = Grammar(order=order)
    condition = beside_separator(grammar, quoted(person), at_end=order == "unit-name")
    sql = f"SELECT display_name FROM (SELECT unnest($names) AS display_name) m WHERE {condition}"
    reader = Reader(grammar)
    for (name,) in database.execute(sql, {"names": names}).fetchall():
        reading = reader.read(name, person)
        if isinstance(reading, Reading) and not reading.post:
            assert plain_name(reading.shown) == plain_name(person)


def test_ordinary_names_never_reach_python(database: duckdb.DuckDBPyConnection) -> None:
    pattern = quoted(simple_form(Grammar()))
    for name in ("教务处-张三", "计算机学院—欧阳锋", "党委办公室_李明", "纪检处-張華"):
        assert database.execute(f"SELECT regexp_full_match({quoted(name)}, {pattern})").fetchall() == [(True,)]


def test_a_pattern_is_no_way_into_sql() -> None:
    assert quoted("a'b") == "'a''b'"
    assert "'" not in simple_form(Grammar(separators=("'", "-"))).replace("\\x{27}", "")
