"""Reading display names: every fault by name, what SQL settles and Python reads agree, hostile input."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from policycore import Case, fold
from policycore.engine.session import EstateSession
from policycore.testing import estate_of
from policycore_admission.directory import NameParams, names_read
from policycore_admission.grammar import Grammar, form_text
from policycore_admission.parts import Person
from policycore_admission.reading import Reader, Reading
from policycore_admission.spelling import key, keys

ZHANG = Person(names=("张三",), units=("教务处", "教务"), titles=("处长",), characters=frozenset("张三教务处"))
UNITS = ("教务处", "教务", "学生处", "计算机学院", "软件系")
NAMES = ("张三", "李四", "王刚")


def read(display_name: str | None, person: Person = ZHANG, **grammar: object) -> Reading:
    return Reader(Grammar(**grammar), UNITS, NAMES).read(display_name, person)


@pytest.mark.parametrize(
    ("display_name", "fault"),
    [
        (None, "missing"),
        ("", "missing"),
        ("\u200b\u00a0\ufeff", "missing"),
        (".", "not-in-directory"),
        ("教务处-张三13812345678", "phone-number"),
        ("138 1234 5678", "phone-number"),
        ("１３８１２３４５６７８教务处", "phone-number"),
        ("教务处-张三 3040512", "phone-number"),
        ("教务处-张三 一三八〇〇一三八〇〇〇", "phone-number"),
        ("教务处-张三😀", "emoji"),
        ("★教务处-张三", "emoji"),
        ("教务处-张三👨‍👩‍👧", "emoji"),
        ("教务处-\ud800张三", "emoji"),
        ("开心就好", "not-in-directory"),
        ("教务处-张处长", "surname-only"),
        ("教务处-张", "surname-only"),
        ("张三", "part-missing"),
        ("-张三", "part-missing"),
        ("教务处", "part-missing"),
        ("教务处（）", "part-missing"),
        ("教务处(张三", "separator"),
        ("张三-教务处", "order"),
        ("张三（教务处）", "order"),
        ("教务处-张三8001", "number"),
        ("教务处-张三-值班", "rest"),
        ("教务处-张三~", "rest"),
        ("教务处-" + "张" * 200, "too-long"),
        ("教务处-" + "张" * 2000, "too-long"),
        ("教务处-张三", ""),
        ("教务处·张三", ""),
        ("教务处张三", ""),
        ("教务处-张三-", ""),
        ("教务处-张三处长", ""),
        ("教务处-张三（党总支副书记）", ""),
        ("教务处-赵六", ""),
        ("保卫处-张三", ""),
    ],
)
def test_names_the_fault(display_name: str | None, fault: str) -> None:
    assert read(display_name).fault == fault


@pytest.mark.parametrize(
    ("display_name", "kind", "how"),
    [
        ("教务处-张三", "name", "own"),
        ("教务处-李四", "name", "other"),
        ("教务处-张三的妈妈", "name", "free"),
        ("教务处张三丰", "name", "free"),
        ("学生处-张三", "unit", "other"),
        ("开心-张三", "unit", "free"),
        ("计算机学院软件系-张三", "unit", "other"),
    ],
)
def test_tells_the_own_part_from_another_and_from_what_nobody_knows(display_name: str, kind: str, how: str) -> None:
    piece = read(display_name).piece(kind)
    assert piece is not None
    assert piece.how == how


def test_a_name_that_is_right_is_never_too_long_or_of_the_wrong_width() -> None:
    unit, name = "国际合作与交流处（港澳台事务办公室）" * 3, "阿卜杜热合曼·麦麦提" * 2
    person = Person((key(name),), (key(unit),), characters=frozenset(unit + name + fold(unit)))
    shown = f"{unit}-{name}"
    assert len(shown) > 60
    assert Reader(Grammar(width="half"), person.units, person.names).read(shown, person).fault == ""


@pytest.mark.parametrize("forms", [[], [[]], [["unit"]], [["unit", "name", "unit?"]], [["unit", "nmae"]]])
def test_a_form_without_one_name_is_refused(forms: list[list[str]]) -> None:
    with pytest.raises(ValidationError):
        Grammar(forms=forms)


def test_the_wanted_form_is_told_in_words_and_never_with_an_invented_name() -> None:
    assert form_text(Grammar(), own=True).zh == "单位-本人姓名"
    assert form_text(Grammar(forms=[["company", "unit", "title", "name"]])).en == "company-unit-position-name"


def test_names_are_compared_without_spaces_dots_width_case_and_accents() -> None:
    assert key("張 三") == key("张三")
    assert key("古丽•买买提") == key("古丽·买买提") == key("古丽．买买提") == key("古丽 买买提")
    assert key("ＪＷＣ") == key("jwc")
    assert key("José García") == key("Jose\u0301 GARCIA")
    assert key("李\uf9dc") == key("李隆")
    assert key("王\ue123") != key("王\ue124")


@given(st.lists(st.text(max_size=6) | st.sampled_from(["张 三", "張三", "", "·", "A.B"])))
def test_names_made_ready_as_one_text_are_those_made_ready_one_by_one(listed: list[str]) -> None:
    listed = [name.replace("\n", "") for name in listed if len(fold(name).splitlines()) < 2]
    assert keys("\n".join(listed)) == {key(name) for name in listed} - {""}


pieces = st.sampled_from(
    (
        *UNITS,
        *NAMES,
        "-",
        "－",
        "——",
        " ",
        "\u00a0",
        "_",
        "·",
        "(",
        ")",
        "~",
        "*",
        "\u200b",
        "処",
        "1",
        "的妈妈",
        "處長",
    )
)
texts = st.lists(pieces, min_size=1, max_size=6).map("".join)
gap = st.sampled_from(("", "-", "－", " ", "——", "·", "（", "(", "）", "_"))
plainly = st.tuples(
    gap,
    st.sampled_from(("教务处", "教务", "某大学")),
    gap,
    st.just("张三"),
    gap,
    st.sampled_from(("", "处长", "副处长")),
    gap,
).map("".join)
forms = st.sampled_from(
    (
        [["unit", "name", "post?"]],
        [["unit", "name"]],
        [["name", "unit"]],
        [["unit", "name"], ["name", "unit"]],
        [["company", "unit", "title", "name"]],
        [["team", "name", "phone"]],
    )
)
grammars = st.builds(
    Grammar,
    forms=forms,
    separators=st.lists(st.sampled_from(("-", "－", "", " ", "·", "—", "*", "][")), min_size=1, max_size=4).map(tuple),
    brackets=st.lists(st.sampled_from(("()", "（）", "【】", "[", "")), max_size=3).map(tuple),
    width=st.sampled_from(("any", "half", "full")),
)


def handed_on(shown: list[str], grammar: Grammar) -> set[str]:
    """Return which of `shown` Python reads, all shown by one person of 教务处 in 某大学."""
    given_: dict[str, Any] = {
        "groups": [{"id": "g"}],
        "departments": [
            {"id": "d0", "name": "某大学"},
            {"id": "d1", "name": "教务处", "aliases": ["教务"], "parent_id": "d0"},
            {"id": "d2", "name": "学生处"},
        ],
        "people": [{"id": "p1", "name": "张三"}],
        "appointments": [{"person_id": "p1", "department_id": "d1"}],
        "accounts": [{"id": f"a{place}", "kind": "internal", "person_id": "p1"} for place in range(len(shown))],
        "memberships": [
            {"group_id": "g", "account_id": f"a{place}", "display_name": name} for place, name in enumerate(shown)
        ],
    }
    with EstateSession(estate_of(Case("names", given=given_))) as session:
        return {one.display_name for one in names_read(session, NameParams(**grammar.model_dump()))}


def test_plain_names_never_reach_python() -> None:
    plain = [
        "教务处-张三",
        "教务－张三",
        "教务处 张三",
        "教务处张三",
        "教务处（张三）",
        "【教务处】张三",
        "某大学-张三",
        "教务处-张三处长",
    ]
    assert handed_on(plain, Grammar()) == {"【教务处】张三"}


@settings(deadline=None, max_examples=40)
@given(st.lists(texts | plainly, min_size=1, max_size=80, unique=True), grammars)
@pytest.mark.long
def test_what_sql_settles_reads_as_right(shown: list[str], grammar: Grammar) -> None:
    person = Person(("张三",), ("教务处", "教务", "某大学"), ("某大学",), characters=frozenset("张三教务处某大学"))
    reader = Reader(grammar, (*person.units, "学生处"), ("张三",))
    for name in set(shown) - handed_on(shown, grammar):
        reading = reader.read(name, person)
        assert reading.fault == ""
        assert all(piece.how == "own" for piece in reading.pieces)


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=80) | texts, grammars)
def test_never_raises_and_every_piece_lies_in_the_text(text: str, grammar: Grammar) -> None:
    reading = Reader(grammar, UNITS, NAMES).read(text, ZHANG)
    assert reading.fault or reading.pieces
    assert [piece.begin for piece in reading.pieces[1:]] == [piece.end for piece in reading.pieces[:-1]]


@pytest.mark.timeout(120)  # takes seconds; a reading without bounds would take hours
@settings(max_examples=8)
@given(st.sampled_from(("教务处", "张三", "-", "1-", "( ", "·古", "张三-", "处长")), forms)
def test_a_long_hostile_name_is_read_to_its_end(piece: str, form: list[list[str]]) -> None:
    reader = Reader(Grammar(forms=form, longest=500), UNITS, NAMES)
    assert reader.read((piece * 500)[:500], ZHANG)
    assert reader.read(piece * 10_000, ZHANG).fault in ("too-long", "missing", "not-in-directory", "rest")
