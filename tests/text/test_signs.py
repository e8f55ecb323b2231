"""Every text in which an expression matches holds one of its signs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.text.expression import read
from policycore.text.signs import signs_of

LETTERS = "团购拼单砍一二刀我给票[]()|?+*"


def holds_a_sign(expression: str, text: str) -> bool:
    signs = signs_of((expression,))
    return any(word in text for word in signs.words) or any(re.search(shape, text) for shape in signs.shapes)


@pytest.mark.parametrize(
    ("expression", "words", "shapes"),
    [
        ("(?<![党团])团购(?![买卖])", {"团购"}, []),
        ("拼个?团|开团(?=$|[,，])", {"拼个团", "拼团", "开团"}, []),
        ("帮[^,]{0,6}砍", set(), ["帮[^,]*砍"]),
        ("帮[^,]{0,6}砍价", {"砍价"}, []),
        ("(?:扫码|进群)[^。]{0,8}领(?:券|福利)", {"扫码", "进群"}, []),
        ("[一二]折(?:起|$)", {"一折", "二折"}, []),
        ("^震惊(?:了|全国)?$", {"震惊"}, []),
        (r"a\]?[]b]c", {"a]]c", "a]bc", "a]c", "abc"}, []),
        (r"密[\])]|[\[(]密", {"密]", "密)", "[密", "(密"}, []),
    ],
)
def test_signs_are_the_clearest_words_or_what_is_left_without_looks(expression, words, shapes) -> None:
    signs = signs_of((expression,))
    assert (set(signs.words), list(signs.shapes)) == (words, shapes)


def test_a_word_within_another_is_enough() -> None:
    assert signs_of(("代购", "代购点", "找代购")).words == {"代购": (0, 1, 2)}


@given(st.text(LETTERS, max_size=14), st.text(LETTERS[:11], max_size=12))
def test_no_text_that_matches_lacks_a_sign(expression, text) -> None:
    try:
        compiled = re.compile(expression)
        read(expression)
    except ValueError:
        return
    except re.error:
        return
    if compiled.search(text):
        assert holds_a_sign(expression, text)


@given(
    st.from_regex(
        r"\A(?:(?:(?<![党团])团购|拼[个着]?[单团](?!位)|砍[一1]刀?|给我[^。]{0,3}投票){1,3})\Z", fullmatch=True
    )
)
def test_looks_and_repeats_lose_nothing(text) -> None:
    expression = r"(?<![党团])团购|拼[个着]?[单团](?!位)|砍[一1]刀?|给我[^。]{0,3}投票"
    if re.search(expression, text):
        assert holds_a_sign(expression, text)
