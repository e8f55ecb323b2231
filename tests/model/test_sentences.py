"""Sentences say values as people read them."""

from __future__ import annotations

from policycore.language import Text
from policycore.model.sentences import worded


def test_people_count_positions_from_one_and_nothing_else_is_counted_up() -> None:
    said = worded(
        Text("第{offset}字起{length}字", "from character {offset}, {length} characters"), {"offset": 0, "length": 8}
    )
    assert said == Text("第1字起8字", "from character 1, 8 characters")
    assert worded(Text("{offset}", "{offset}"), {"offset": "later"}).zh == "later"
