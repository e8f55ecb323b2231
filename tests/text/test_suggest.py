"""Words that are known come in one order, whatever they are kept in."""

from __future__ import annotations

from policycore.text.suggest import nearest, suggestion


def test_a_set_is_listed_in_order_and_a_list_as_it_is() -> None:
    words = [f"w{number}" for number in range(30)]
    assert suggestion("???", set(words)) == suggestion("???", frozenset(reversed(words)))
    assert suggestion("???", set(words)) == suggestion("???", sorted(words))
    assert suggestion("???", ["b", "a"]) != suggestion("???", ["a", "b"])


def test_of_two_words_that_are_as_near_a_set_always_gives_the_same() -> None:
    assert nearest("w1x", {"w1a", "w1b", "w1c"}) == "w1a"
