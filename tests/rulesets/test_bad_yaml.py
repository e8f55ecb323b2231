"""Files that are no plain, bounded YAML: each has its own error at its own place, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.yaml.scan import WRITTEN

Write = Callable[..., Path]
Mistakes = Callable[[Path], list[str]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", "empty a.yaml:1:1", id="empty"),
        pytest.param(b"# only a comment\n", "empty a.yaml:1:1", id="comment only"),
        pytest.param(b"policycore: 1\nruleset: \xff\xfe\n", "encoding a.yaml:2:10", id="not UTF-8"),
        pytest.param("policycore: 1\ntitle: 关于加强工作群管理\n".encode("gbk"), "encoding a.yaml:2:8", id="GBK"),
        pytest.param("policycore: 1\n".encode("utf-16"), "encoding a.yaml:1:1", id="UTF-16"),
        pytest.param(b"\x00\x01\x02\x03", "control a.yaml:1:1", id="binary"),
        pytest.param(b"policycore: 1\nruleset: a\x1b[31m\n", "control a.yaml:2:11", id="escape sequence"),
        pytest.param("policycore: 1\nruleset: \u200ba\n".encode(), "control a.yaml:2:10", id="no width"),
        pytest.param("policycore: 1\nruleset: a\u202eb\n".encode(), "control a.yaml:2:11", id="turned order"),
        pytest.param(b"\x7fELF\x02\x01\x01", "control a.yaml:1:1", id="program"),
        pytest.param(b"policycore: [1\nruleset: a\n", "syntax a.yaml:2:8", id="open bracket"),
        pytest.param(b"policycore: 1\n\truleset: a\n", "blank a.yaml:2:1", id="tab"),
        pytest.param(b"a: 1\n---\nb: 2\n", "documents a.yaml:2:1", id="two documents"),
        pytest.param(b"- 1\n- 2\n", "no-ruleset a.yaml:1:1", id="a list"),
        pytest.param(b"just words\n", "no-ruleset a.yaml:1:1", id="a text"),
    ],
)
def test_a_file_that_is_no_rule_set(write: Write, mistakes: Mistakes, content: bytes, expected: str) -> None:
    assert mistakes(write(content)) == [expected]


def test_a_byte_order_mark_does_no_harm(write: Write, load: Callable[..., object]) -> None:
    load(write(b"\xef\xbb\xbf" + "policycore: 1\nruleset: a\ntitle: {zh: 甲}\nrules: [{use: test/small}]\n".encode()))


def test_line_ends_of_windows_do_no_harm(write: Write, mistakes: Mistakes) -> None:
    path = write("policycore: 1\r\nruleset: a\r\ntitle: {zh: 甲}\r\nrulez: []\r\n".encode())
    assert mistakes(path) == ["unknown-key a.yaml:4:1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("rules: []\nrules: []\n", "duplicate-key a.yaml:5:1", id="duplicate key"),
        pytest.param("rules: &all []\n", "anchor a.yaml:4:8", id="anchor"),
        pytest.param("extends: *all\n", "anchor a.yaml:4:10", id="alias"),
        pytest.param("extends: !!python/object/apply:os.system [ls]\n", "tag a.yaml:4:10", id="python tag"),
        pytest.param("extends: !local x\n", "tag a.yaml:4:10", id="own tag"),
        pytest.param("parameters: {a: .inf}\n", "endless a.yaml:4:17", id="infinity"),
        pytest.param("parameters: {a: -.INF}\n", "endless a.yaml:4:17", id="minus infinity"),
        pytest.param("parameters: {a: .nan}\n", "endless a.yaml:4:17", id="not a number"),
        pytest.param("parameters: {a: 1e400}\n", "endless a.yaml:4:17", id="a number beyond all bounds"),
        pytest.param("? [1, 2]\n: 3\n", "key-kind a.yaml:4:3", id="a list as key"),
    ],
)
def test_yaml_that_says_more_than_data(write: Write, mistakes: Mistakes, text: str, expected: str) -> None:
    assert expected in mistakes(write(text))


def test_aliases_cannot_explode(write: Write, mistakes: Mistakes) -> None:
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    found = mistakes(write("\n".join(lines)))
    assert found == ["anchor a.yaml:4:5"]


def test_merge_keys_are_no_keys(write: Write, mistakes: Mistakes) -> None:
    assert "unknown-key a.yaml:4:1" in mistakes(write("<<: {rules: []}\n"))


@pytest.mark.parametrize("bracket", ["[", "{a: "])
def test_deep_nesting_stops_early(write: Write, mistakes: Mistakes, bracket: str) -> None:
    found = mistakes(write("extends: " + bracket * 20_000))
    assert [one.partition(" ")[0] for one in found] == ["too-deep"]
    assert found[0].startswith("too-deep a.yaml:4:")
    assert WRITTEN.depth < 100


def test_a_file_of_ten_megabytes_is_refused_unread(write: Write, mistakes: Mistakes) -> None:
    assert mistakes(write(b"a: 1\n" * 2_000_000)) == ["too-big a.yaml:0:0"]
    assert WRITTEN.bytes < 10_000_000


@pytest.mark.long
def test_too_many_values_stop_early(write: Write, mistakes: Mistakes) -> None:
    found = mistakes(write("extends: [" + "a," * (WRITTEN.values + 5) + "]\n"))
    assert [one.partition(" ")[0] for one in found] == ["too-many-values"]


def test_a_folder_is_no_rule_set(tmp_path: Path, mistakes: Mistakes) -> None:
    (tmp_path / "a.yaml").mkdir()
    assert mistakes(tmp_path / "a.yaml") == ["no-ruleset-file a.yaml:0:0"]


def test_a_file_that_is_not_there(tmp_path: Path, mistakes: Mistakes) -> None:
    assert mistakes(tmp_path / "b.yaml") == ["no-ruleset-file b.yaml:0:0"]


@pytest.mark.parametrize("word", ["a\0b.yaml", "x" * 5000 + ".yaml", "", "/", "~"])
def test_words_that_can_be_no_file(word: str, mistakes: Callable[..., list[str]]) -> None:
    class Word(str):
        parent = Path()

    assert mistakes(Word(word))  # type: ignore[arg-type] - what a command line may pass
