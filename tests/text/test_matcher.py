"""Hits equal those of a plain reference: every stretch tried with `re`, whatever stands in words and texts."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple

import numpy
import pyarrow
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policycore.text import engines
from policycore.text import matcher as matcher_module
from policycore.text.expression import ExpressionError, read, word
from policycore.text.fold import fold, spread
from policycore.text.matcher import Matcher

ALPHABET = "ab1机密★年,\n \U00020000\U0001f31f𫝈機１①⑩㈱ﬁ\u200b\u0301é\x00\uffff\ufffd"
texts = st.text(alphabet=ALPHABET, max_size=12) | st.text(max_size=12)
words = st.text(alphabet="ab1机密★年(株)fi0é\U00020000機", min_size=1, max_size=4)
atoms = st.sampled_from(
    ["a", "b", "机", "密", "★", "[ab]", "[^a]", ".", "[0-9]", r"\d", r"\s", r"\W", "[一-龥]", "[^一-龥]", "\U00020000",
     "[\U00020000-\U0002ffff]", "(?:a|bb)", "㈱", "[㈱①]", "(?:机|1)密", "(?i:A)"]
)  # fmt: skip
repeated = st.builds("{}{}".format, atoms, st.sampled_from(["", "", "", "*", "+", "?", "{1,3}", "{2}", "*?"]))
expressions = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "^", "(?:^|a)", "(?<![0-9a])", "(?<=密)", "(?<!\U00020000)"]),
    st.lists(repeated, min_size=1, max_size=4).map("".join),
    st.sampled_from(["", "", "$", "(?:$|b)", "(?![0-9a])", "(?=密)"]),
)


def seen(text):
    """Return what patterns see of a text, and of which character each of it is."""
    characters, places = [], []
    for place, character in enumerate(text.replace("\uffff", "\ufffd")):
        form = spread(character if not 0xD800 <= ord(character) < 0xE000 else "\ufffd")
        characters += form
        places += [place] * len(form)
    return "".join(characters), places


def reference_spans(source, text):
    """Return the longest stretches that an expression matches, tried one by one."""
    for written, form in (("[㈱①]", r"(?:\(株\)|1)"), ("㈱", r"(?:\(株\))")):
        source = source.replace(written, form)
    pattern = re.compile(fold(source).replace("$", r"\Z"), re.ASCII)
    shown, places = seen(text)
    spans = []
    for begin in range(len(shown)):
        for end in range(len(shown), begin, -1):
            if found := _fullmatch(pattern, shown, begin, end):
                spans.append(found)
                break
    longest, last = [], 0
    for begin, end in spans:
        if end > last:
            longest.append((places[begin], places[end - 1] + 1))
            last = end
    return longest


def _fullmatch(pattern, shown, begin, end):
    """Return the stretch where the expression matches exactly it, with everything around it in sight."""
    tail = len(shown) - end
    exact = re.compile(rf"(?:{pattern.pattern})(?=[\s\S]{{{tail}}}\Z)", re.ASCII)
    return (begin, end) if (found := exact.match(shown, begin)) and found.end() == end else None


def reference_word(looked_for, text):
    """Return every place of a word."""
    shown, places = seen(text)
    looked_for = spread(looked_for)
    return [
        (places[begin], places[begin + len(looked_for) - 1] + 1)
        for begin in range(len(shown) - len(looked_for) + 1)
        if shown.startswith(looked_for, begin)
    ]


def storable(values):
    """Return texts as a column holds them: half a character is no character there."""
    return [
        None if value is None else "".join("\ufffd" if 0xD800 <= ord(one) < 0xE000 else one for one in value)
        for value in values
    ]


@settings(deadline=None)
@given(
    st.lists(words, min_size=1, max_size=4),
    st.lists(expressions, max_size=3),
    st.lists(st.none() | texts, max_size=8),
)
@example(["0"], ["a", r"\W", r"[\D6]"], ["1", "x６", " 1年"])
def test_hits_of_both_engines_equal_those_of_a_plain_reference(looked_for, sources, values):
    wanted, meant = {}, {}
    for one in looked_for:
        wanted.setdefault(word(one), lambda text, one=one: reference_word(one, text))
        meant[word(one)] = one
    for source in sources:
        try:
            expression = read(source)
        except ExpressionError:
            continue
        wanted.setdefault(expression, lambda text, source=source: reference_spans(source, text))
    column = storable(values)
    expected = [
        (row, number, *span)
        for row, text in enumerate(column)
        for number, find in enumerate(wanted.values())
        for span in find(text or "")
    ]
    usual = engines.hyperscan_is_here, matcher_module._MOST_READ
    rows_of_first = {row for row, number, *_ in expected if number == 0}
    near = [hit for hit in expected if hit[1] == 0 or hit[0] in rows_of_first]
    beside = {number: {0} for number in range(1, len(wanted))}
    for fast, most, only_beside in (
        (usual[0](), usual[1], {}),
        (usual[0](), 0, {}),
        (False, usual[1], {}),
        (usual[0](), usual[1], beside),
        (False, usual[1], beside),
    ):
        try:
            engines.hyperscan_is_here = lambda fast=fast: fast
            matcher_module._MOST_READ = most
            found = Matcher(list(wanted), beside=only_beside).scan(pyarrow.array(column, pyarrow.string()))
        finally:
            engines.hyperscan_is_here, matcher_module._MOST_READ = usual
        columns = (found.rows, found.which, found.begins, found.ends)
        spans = list(zip(*(one.tolist() for one in columns), strict=True))
        assert [(row, begin) for row, _, begin, _ in spans] == sorted((row, begin) for row, _, begin, _ in spans)
        assert sorted(spans) == sorted(near if only_beside else expected), (fast, most, only_beside, list(wanted))


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("most", [None, 1, 2])
@pytest.mark.parametrize("skipped", [" *-", "·😀", "^0-9A-Za-z一-鿿。"])
def test_what_may_stand_between_the_characters_of_a_word_is_skipped(monkeypatch, fast, skipped, most):
    """Words with gaps are found where the expression that says the same is, and nowhere else, places or not."""
    fast = fast and engines.hyperscan_is_here()
    monkeypatch.setattr(engines, "hyperscan_is_here", lambda: fast)
    words = ("红包", "团", "v信", "m-b", "🧧包")
    column = pyarrow.array(
        [
            "红 * 包",
            "红\n包",
            "红·😀包",
            "红",
            "包 红-包 红包",
            "团购 V*信v信",
            "M-B m - - b mb",
            "🧧 包",
            "红 ＊\u200b包㈱ 团",
            "红😀包红😀\n包红😀😀😀包红。包红\n\n\n包",
            None,
            "",
        ]
    )
    gap = f"[{skipped}]" + ("*" if most is None else f"{{0,{most}}}")
    spaced = [word(one, caseless=True, skipped=skipped, most=most) for one in words]
    written = [read(gap.join(map(re.escape, one)), caseless=True) for one in words]
    found, same = (Matcher(each).scan(column) for each in (spaced, written))
    assert len(found.rows) > 4
    for one, other in zip(astuple(found), astuple(same), strict=True):
        assert one.tolist() == other.tolist()
    pairs = Matcher(spaced).scan(column, places=False)
    assert {*zip(pairs.rows, pairs.which, strict=True)} == {*zip(same.rows, same.which, strict=True)}
    told = {one for one in zip(*astuple(pairs), strict=True) if one[2] >= 0}
    assert told == {one for one in zip(*astuple(same), strict=True) if spaced[one[1]].literal is not None}
    only = Matcher(spaced).scan(column, only=numpy.array([0]))
    assert only.begins.tolist() == same.begins[same.which == 0].tolist()


def test_the_same_expressions_are_looked_for_by_several_threads_at_once():
    looked_for = [word("红包"), read("机密[^一-龥]*★"), read("[0-9]{6,}")]
    column = pyarrow.array([f"发红包{number:06} 机密 ★" for number in range(2_000)])
    expected = astuple(Matcher(looked_for).scan(column))
    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(lambda _: Matcher(looked_for).scan(column), range(8)):
            assert all((one == other).all() for one, other in zip(astuple(found), expected, strict=True))
