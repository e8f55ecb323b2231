"""Reading display names: every fault by name, every spelling that must be let pass, hostile input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore import Case
from policycore.engine.session import EstateSession
from policycore.testing import estate_of
from policycore_admission.display_name import Fault, Grammar, Reader, Reading, plain, plain_name, plain_names

UNITS = ("教务处", "计算机学院", "党委办公室", "纪委", "教务", "JWC", "软件2201班", "開心", "张三")
NAMES = ("张三", "欧阳锋", "古丽·买买提", "John Smith", "小李", "张处长", "開華", "教务处", "张三处长", "张三8001")
JOINTS = ("-", "－", "——", " ", "\u00a0", "_", "·", "(", "~", "*", "", "-\u200b", "  ")


def read(display_name: str | None, **grammar: object) -> str:
    """Return unit|name|post, or the reason why there is none."""
    reading = Reader(Grammar(**grammar)).read(display_name)
    return reading.reason if isinstance(reading, Fault) else f"{reading.unit}|{reading.name}|{reading.post}"


@pytest.mark.parametrize(
    ("display_name", "expected"),
    [
        ("教务处-张三", "教务处|张三|"),
        ("  教务处 － 张三 ", "教务处|张三|"),
        ("教务处——张三", "教务处|张三|"),
        ("教务处\u3000张\u3000三", "教务处|张三|"),
        ("教务处\u200b-\u2066张三\u2069", "教务处|张三|"),
        ("教務處-張三", "教务处|张三|"),
        ("教务处（张三）", "教务处|张三|"),
        ("【教务处】张三", "教务处|张三|"),
        ("计算机学院-软件系-李四", "计算机学院-软件系|李四|"),
        ("教务处·张三", "教务处|张三|"),
        ("教务处 古丽·买买提", "教务处|古丽·买买提|"),
        ("教务处-古丽・买买提", "教务处|古丽·买买提|"),
        ("国际处-John Smith", "国际处|John Smith|"),
        ("教务处-张三处长", "教务处|张三|处长"),
        ("教务处-张三（党总支副书记）", "教务处|张三|党总支副书记"),
        ("高教-李科", "高教|李科|"),
        ("纪委-李明", "纪委|李明|"),
        ("教务处-张三-", "教务处|张三|"),
    ],
)
def test_reads_unit_name_and_post(display_name: str, expected: str) -> None:
    assert read(display_name) == expected


@pytest.mark.parametrize(
    ("display_name", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        ("\u200b\u00a0\ufeff", "missing"),
        ("教务处-张三13812345678", "phone-number"),
        ("138 1234 5678", "phone-number"),
        ("１３８１２３４５６７８教务处", "phone-number"),
        ("教务处-张三 3040512", "phone-number"),
        ("教务处-张三😀", "emoji"),
        ("★教务处-张三", "emoji"),
        ("教务处-张三👨‍👩‍👧", "emoji"),
        ("开心就好", "nickname"),
        ("李老师", "nickname"),
        ("教务处-小李", "nickname"),
        ("教务处-开心每一天", "nickname"),
        ("教务处-张处长", "surname-only"),
        ("张三", "unit-missing"),
        ("张三-处长", "unit-missing"),
        ("-张三", "unit-missing"),
        ("教务处", "name-missing"),
        ("教务处-", "name-missing"),
        ("教务处张三", "separator"),
        ("教务处*张三", "separator"),
        ("教务处(张三", "separator"),
        ("张三-教务处", "order"),
        ("张三（教务处）", "order"),
        ("教务处-张三8001", "number"),
        ("单-张三", "unit-form"),
        ("教务处-" + "张" * 200, "too-long"),
    ],
)
def test_names_the_fault(display_name: str | None, reason: str) -> None:
    assert read(display_name) == reason


def test_order_post_width_and_class_are_parameters() -> None:
    assert read("张三-教务处", order="name-unit") == "教务处|张三|"
    assert read("教务处-张三", order="name-unit") == "order"
    assert read("张三-教务处", order="either") == read("教务处-张三", order="either") == "教务处|张三|"
    assert read("教务处-张三处长", post_suffix="forbidden") == "post-suffix"
    assert read("教务处-张三", post_suffix="required") == "post-missing"
    assert read("教务处－张三", width="half") == "width"
    assert read("教务处-张三", width="full") == "width"
    assert read("教务处－张三", width="full") == "教务处|张三|"
    assert read("软件工程2022级1班-李四", unit_form="class") == "软件工程2022级1班|李四|"
    assert read("教务处-李四", unit_form="class") == "unit-form"
    assert read("教务处-张三", separators=("+",), brackets=()) == "separator"


def test_without_a_separator_the_known_name_ends_the_text() -> None:
    reader = Reader(Grammar(separators=("", "-")))
    assert reader.read("教务处张三", "张三") == Reading("教务处", "张三", "", "张三")
    assert reader.read("教务处张三", "李四") == Fault("separator")


def test_names_are_compared_without_spaces_dots_width_and_case() -> None:
    assert plain_name("張 三") == plain_name("张三")
    assert plain_name("古丽•买买提") == plain_name("古丽·买买提") == plain_name("古丽 买买提")
    assert plain_name("ＪＷＣ") == plain_name("jwc")


hostile = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from([*UNITS, *NAMES, *JOINTS, ")", "1", "\ud800", "\x1b[2J", "é", "e\u0301"]), max_size=12
    ).map("".join),
)
grammars = st.builds(
    Grammar,
    order=st.sampled_from(("unit-name", "name-unit", "either")),
    separators=st.lists(
        st.sampled_from(("-", "－", "", " ", "·", "—", "*", "\u200b", "][")), min_size=1, max_size=4
    ).map(tuple),
    brackets=st.lists(st.sampled_from(("()", "（）", "【】", "[", "")), max_size=3).map(tuple),
    width=st.sampled_from(("any", "half", "full")),
    post_suffix=st.sampled_from(("allowed", "forbidden", "required")),
    unit_form=st.sampled_from(("unit", "class", "either")),
)


@given(hostile, grammars, st.sampled_from(("", "张三", "古丽·买买提")))
def test_never_raises_and_always_answers(text: str, grammar: Grammar, person: str) -> None:
    reading = Reader(grammar).read(text, person)
    if isinstance(reading, Reading):
        assert reading.unit
        assert reading.name
        assert plain(reading.shown).startswith(plain(reading.name)[:1])
    else:
        assert reading.reason


@pytest.mark.timeout(120)  # takes seconds; a quadratic reading would take many minutes
@given(
    st.sampled_from([*UNITS, *NAMES, *JOINTS, ")", "1", "1-", "( ", "·古", "\u200b-"]), st.sampled_from(UNITS), grammars
)
def test_thirty_thousand_hostile_characters_are_read_to_their_end(piece: str, first: str, grammar: Grammar) -> None:
    text = first + (piece * 30_000)[:30_000]
    generous = grammar.model_copy(update={"longest": 40_000})
    assert isinstance(Reader(generous).read(text), (Reading, Fault))


names = st.lists(
    st.one_of(st.text(max_size=6), st.sampled_from(["张 三", "張三", "张\n三", "王\u2028五", "", "·", "A.B"]))
)


@given(names)
def test_names_folded_as_one_text_are_the_names_folded_one_by_one(listed: list[str]) -> None:
    listed = [name.replace("\x00", "") for name in listed]
    case = Case("names", given={"people": [{"id": str(place), "name": name} for place, name in enumerate(listed)]})
    with EstateSession(estate_of(case)) as session:
        assert plain_names(session, "SELECT name FROM people") == {plain_name(name) for name in listed}
