"""YAML as it is written: within bounds, nothing that explodes or means something else, every key with its place."""

from __future__ import annotations

import itertools
import re
import time

import pytest

from policycore.language import use_language
from policycore.yaml.nodes import plain, written
from policycore.yaml.parse import parse
from policycore.yaml.scan import DATA, WRITTEN


def codes(text: str) -> list[str]:
    return [found.code.removeprefix("yaml.") for found in parse(text, "x.yaml", DATA)[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: *x\n", ["anchor"]),
        ("a: *x\n", ["anchor"]),
        ("a: !!python/object:os.system x\n", ["tag"]),
        ("a: !include b.yaml\n", ["tag"]),
        ("a: 1\na: 2\na: 3\n", ["duplicate-key", "duplicate-key"]),
        ("a: 1\n---\nb: 2\n", ["documents"]),
        ("[" * (DATA.depth + 1), ["too-deep"]),
        ("{a: " * 50_000, ["too-deep"]),
        ("? [a]\n: b\n", ["key-kind"]),
        ("a: [1\n", ["syntax"]),
        ("a: b: c\n", ["syntax"]),
        ("\t- x", ["blank"]),
        ("policycore：1\nruleset: a\n", ["wide"]),
        ("a: {zh: 我，en: us}\n", ["wide"]),
        ("a:\n  b: 1\n\tc: 2\n", ["blank"]),
        ("- a: x\n\u3000\u3000b: 1\n  c: 2\n", ["blank"]),
        ("- a: x\n\u00a0 b: 1\n  c: 2\n", ["blank"]),
        ('a: {zh: "我，en: 我", en: us\n', ["syntax"]),
        ("a: [1\nrules：\n  - use：b\n", ["wide", "wide"]),
        ("a: ｛b: 1｝\nc：2\n", ["wide", "wide", "wide"]),
        ("<<: {a: 1}\n<<: {a: 2}\n", ["duplicate-key"]),
    ],
)
def test_what_explodes_or_means_something_else_is_refused(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{c}: &{c} [{', '.join([f'*{p}'] * 9)}]\n" for p, c in zip("abcdefghi", "bcdefghij", strict=True)),
        "base: &b0 {k: 1}\n" + "".join(f"l{n}: &b{n + 1} {{<<: [*b{n}, *b{n}, *b{n}]}}\n" for n in range(30)),
        "[" * 200_000,
        "a: " + "[{b: " * 20_000,
        "? " * 20_000,
        "- " * 20_000,
        "'" * 99_999,
        "%YAML 1.1\n%TAG ! tag:x,2000:\n---\na: yes\n",
        "- " + "&a" * 5_000,
        '"' + "\\u0061" * 100_000 + '"',
    ],
    ids=["laughs", "merge keys", "brackets", "flow", "keys", "dashes", "quotes", "old", "anchors", "escapes"],
)
def test_hostile_text_is_read_in_bounded_time(text: str) -> None:
    began = time.process_time()
    parse(text, "x.yaml", WRITTEN)
    assert time.process_time() - began < 10, "far from what its size warrants"


def test_scalars_stay_as_they_are_written() -> None:
    text = "a: 007\nb: no\nc: 'true'\nd: true\ne: ~\nf: 1e400\ng: NA\nh:\ni: 1.50\nj: 0o17\nk: 12:30\n1: x\n"
    document, found = parse(text, "x.yaml", DATA)
    assert document is not None
    assert found == []
    assert written(document) == {
        "a": "007", "b": "no", "c": "true", "d": "true", "e": None, "f": "1e400", "g": "NA", "h": None,
        "i": "1.50", "j": "0o17", "k": "12:30", "1": "x",
    }  # fmt: skip
    assert plain(document) == {
        "a": "007", "b": "no", "c": "true", "d": True, "e": None, "f": "1e400", "g": "NA", "h": None,
        "i": 1.5, "j": "0o17", "k": "12:30", "1": "x",
    }  # fmt: skip
    assert document.value["c"].place.line == 3


def test_a_long_list_is_read_in_time_that_grows_with_it() -> None:
    def seconds(items: int) -> float:
        # A text of its own each time: one that was just read is not read again.
        text = f"# {next(numbers)}\na:\n" + "".join(f"- id{number}\n" for number in range(items))
        began = time.process_time()
        document, found = parse(text, "x.yaml", DATA)
        assert document is not None
        assert found == []
        assert len(document.value["a"].items()) == items
        return time.process_time() - began

    numbers = itertools.count()
    seconds(1000)
    # Quadratic time would be sixteen times as long; the best of three is what nothing else delayed.
    assert min(seconds(40_000) for _ in range(3)) < 12 * min(seconds(10_000) for _ in range(3))


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c",
        "\t- x",
        "a: @x",
        "a: 'x",
        "a: [1",
        "a: [1 2: 3",
        "a:\n  b\nc",
        "a: 1\n  b: 2",
        "- a\nb: 1",
        'a: "\\q"',
        "%X\na",
    ],
)
def test_a_mistake_of_grammar_is_told_in_the_readers_language(text: str) -> None:
    for language in ("zh", "en"):
        with use_language(language):
            _, found = parse(text, "x.yaml", WRITTEN)
        assert [one.code for one in found] == ["yaml.blank" if text[0] == "\t" else "yaml.syntax"]
        shown = found[0].what.replace("YAML", "").replace("U+0009", "")
        assert re.search("[a-z]", shown) is None if language == "zh" else shown.isascii()
