from __future__ import annotations

import sys
import unicodedata

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.text.fold import ZERO_WIDTH, fold, fold_array, fold_table

texts = st.text() | st.text(alphabet="絕密機級★１０年①Ⅳ\u3000\u200b\ufeff\x1b\t\r\n𝟗aé豈⼀㊀祕", max_size=30)


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


def test_letters_that_look_alike_stay_what_they_are():
    assert fold("Иван ΓΙΩΡΓΟΣ Ivan") == "Иван ΓΙΩΡΓΟΣ Ivan"


@given(texts)
def test_length_stays_and_folding_twice_changes_nothing(text):
    once = fold(text)
    assert len(once) == len(text)
    assert fold(once) == once


@given(texts)
def test_each_character_folds_alone(text):
    table = fold_table()
    assert fold(text) == "".join(chr(table.get(ord(character), ord(character))) for character in text)


@given(
    st.lists(st.none() | texts.filter(lambda text: text.isprintable()), max_size=12), st.integers(0, 4), st.booleans()
)
def test_arrays_fold_like_single_texts(values, start, wide):
    array = pyarrow.array(values, pyarrow.large_string() if wide else pyarrow.string()).slice(start)
    result = fold_array(array)
    result.validate(full=True)
    assert result.type == array.type
    assert result.to_pylist() == [None if value is None else fold(value) for value in values[start:]]


def test_a_null_slot_that_holds_bytes_moves_nothing():
    data = pyarrow.array(["１", "２２", "３"])
    holes = pyarrow.Array.from_buffers(
        pyarrow.string(), 3, [pyarrow.py_buffer(b"\x05"), data.buffers()[1], data.buffers()[2]], null_count=1
    )
    assert fold_array(holes).to_pylist() == ["1", None, "3"]


def test_the_table_agrees_with_compatibility_forms():
    """Where NFKC names one character the fold never disagrees, but for digits, spaces and simplification."""
    table = fold_table()
    for code in range(0x80, 0x3000):
        form = unicodedata.normalize("NFKC", chr(code))
        if len(form) == 1 and form.isascii() and form.isalpha() and unicodedata.category(chr(code)) != "Nl":
            assert chr(table.get(code, code)) == form, hex(code)


def test_no_fold_leaves_the_code_space_or_makes_a_surrogate():
    for target in fold_table().values():
        assert target <= sys.maxunicode
        assert not 0xD800 <= target < 0xE000
