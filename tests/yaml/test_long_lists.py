"""Long lists are read apart from the rest: the same nodes at the same places, and in a fraction of the time."""

from __future__ import annotations

import pytest

from policycore.yaml.long_lists import without_long_lists
from policycore.yaml.nodes import Node
from policycore.yaml.parse import parse
from policycore.yaml.scan import WRITTEN

WORDS = [*(f"g{number}" for number in range(1_500)), "null", "true", "007", "12", "1.5", "-", "张三"]


def block(indent: str, words: list[str]) -> str:
    return "".join(f"{indent}- {word}\n" for word in words)


@pytest.mark.parametrize(
    "text",
    [
        f"a:\n{block('  ', WORDS)}b: 1\n",
        f"a: [{', '.join(WORDS[:-3])}]\nb: {{c: [{', '.join(WORDS[:-3])}], d: 2}}\n",
        f"a: |\n{block('  ', WORDS)}b:\n{block('  ', WORDS[:-3])}",
        f"a:\n{block('  ', WORDS[:-2])}    goes on\nb: 1\n",
        f"- {{x: 1}}\n{block('', WORDS[:-2])}- - deeper\n",
        f'a: "\n{block("  ", WORDS)}"\n',
        f"a:\n{block('  ', WORDS)} b: 1\n",
        f"a: [{', '.join(WORDS[:-3])}\n",
    ],
)
def test_a_long_list_reads_as_any_other(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found, problems = parse(text, "x", WRITTEN)
    monkeypatch.setattr("policycore.yaml.parse.without_long_lists", lambda same: (same, {}))
    expected, told = parse(text, "x", WRITTEN)
    assert found == expected
    assert [problem.code for problem in problems] == [problem.code for problem in told]


@pytest.mark.long
def test_the_parser_sees_one_word_of_a_hundred_thousand() -> None:
    words = [f"g{number}" for number in range(100_000)]
    for text in (f"ids:\n{block('  ', words)}", f"ids: [{', '.join(words)}]\n"):
        short, taken = without_long_lists(text)
        assert len(short.split()) < 8
        assert len(taken) == 1
        found, problems = parse(text, "x", WRITTEN)
        assert isinstance(found, Node)
        assert (problems, len(found.value["ids"].value)) == ([], 100_000)
