from __future__ import annotations

import sys
import unicodedata

import numpy
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.text.fold import ZERO_WIDTH, fold, folds, spread
from policycore.text.view import fold_array, views

whole = st.characters(exclude_categories=["Cs"])
texts = st.text(whole) | st.text(alphabet="絕密機級★１０年①Ⅳ\u3000\u200b\ufeff\x1b\t\r\n𝟗aé豈⼀㊀祕", max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("絕密★１０年", "绝密★10年"),
        ("機密 祕密", "机密 秘密"),
        ("ＡＢｃ（）", "ABc()"),
        ("①⑨❶Ⅰⅸ²₃٣𝟗", "191192339"),
        ("a\xa0b\u3000c\td", "a b c d"),
        ("a\r\nb\u2028c\x0bd", "a\n\nb\nc\nd"),
        ("机\u200b密\u202e\ufeff\x1b\ufe0f", f"机{ZERO_WIDTH}密" + ZERO_WIDTH * 4),
        ("⼀㊀", "一一"),
        ("一二三〇零○ ★☆⭐🌟⭑", "一二三〇零〇 ★★★★★"),
        ("*＊∗✱※", "*****"),
        ("-－—–‒―−", "-------"),
        ("·•・･‧∙⋅ᐧ▪ㆍ˙●᛫⸱", "··············"),
        ("O’Brien ʼ‘′", "O'Brien '''"),
        ("宻〡〩", "密19"),
        ("plain ASCII\nstays", "plain ASCII\nstays"),
    ],
)
def test_spellings_become_one(text, expected):
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Сору ΑΡΤ Ꭰ", "Copy APT D"),
        ("Ünïcödé łódź", "Unicode łodz"),
        ("ニ十 エ作 値班", "二十 工作 值班"),
        ("土士 日曰 末未 己已巳", "土士 日曰 末未 己已巳"),
        ("Иван б 我", "Ивaн б 我"),
    ],
)
def test_letters_that_look_alike_become_one_where_there_is_one(text, expected):
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("㈱甲", "(株)甲"),
        ("ﬁle ﬀ", "file ff"),
        ("机密★⑩年", "机密★10年"),
        ("⑳ ㊿ Ⅻ ⑴", "20 50 12 1"),
        ("机\u200b密\u0336★", "机密★"),
        ("℡ № ㎏", "TEL No kg"),
        ("……", "……"),
        ("1\ufe0f\u20e3", "1"),
        ("e\u0301 é", "e e"),
    ],
)
def test_what_stands_for_several_or_none_is_spread(text, expected):
    assert spread(text) == expected


@given(texts)
def test_length_stays_and_folding_twice_changes_nothing(text):
    once = fold(text)
    assert len(once) == len(text)
    assert fold(once) == once


@given(texts)
def test_each_character_folds_alone(text):
    table = folds().one
    assert fold(text) == "".join(chr(table.get(ord(character), ord(character))) for character in text)


def shown(array):
    """Return each text as its views show it, and of which character each unit is."""
    texts = {}
    for view in views(array):
        for number in range(len(view.edges) - 1):
            row = number if view.rows is None else int(view.rows[number])
            if view.left_out is None or not view.left_out[number]:
                units = numpy.arange(view.edges[number] + 1, view.edges[number + 1])
                places = view.places(numpy.full(len(units), number), units).tolist()
                texts[row] = (view.units[units].tobytes().decode("utf-16-be"), places)
    return [texts[row] for row in range(len(array))]


def spread_with_places(text):
    """Return a text as patterns see it, and for each of its units of which character it is."""
    forms = [spread(one.replace("\uffff", "\ufffd")) for one in text]
    units = [place for place, form in enumerate(forms) for _ in range(len(form.encode("utf-16-be")) // 2)]
    return "".join(forms), units


@given(
    st.lists(st.none() | texts | st.text(alphabet="a\uffff𠀀㈱机\u0301", max_size=4), max_size=12),
    st.integers(0, 4),
    st.booleans(),
)
def test_views_show_what_single_texts_show(values, start, wide):
    array = pyarrow.array(values, pyarrow.large_string() if wide else pyarrow.string()).slice(start)
    assert shown(array) == [spread_with_places(value or "") for value in values[start:]]


@given(st.lists(st.none() | texts, max_size=12), st.integers(0, 4))
def test_arrays_fold_like_single_texts(values, start):
    array = pyarrow.array(values, pyarrow.string()).slice(start)
    assert fold_array(array).to_pylist() == [
        value and fold(value.replace("\uffff", "\ufffd")) for value in values[start:]
    ]


def test_a_null_slot_that_holds_bytes_moves_nothing():
    data = pyarrow.array(["１", "２２", "３"])
    holes = pyarrow.Array.from_buffers(
        pyarrow.string(), 3, [pyarrow.py_buffer(b"\x05"), data.buffers()[1], data.buffers()[2]], null_count=1
    )
    assert [text for text, _ in shown(holes)] == ["1", "", "3"]


def test_the_table_agrees_with_compatibility_forms():
    """Where NFKC names one character the fold never disagrees, but for digits, spaces and simplification."""
    table = folds().one
    for code in range(0x80, 0x3000):
        form = unicodedata.normalize("NFKC", chr(code))
        if len(form) == 1 and form.isascii() and form.isalpha() and unicodedata.category(chr(code)) != "Nl":
            assert chr(table.get(code, code)) == form, hex(code)


def test_no_fold_leaves_the_code_space_or_makes_a_surrogate():
    for target in folds().one.values():
        assert target <= sys.maxunicode
        assert not 0xD800 <= target < 0xE000
