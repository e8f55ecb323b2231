"""Sentences say values as people read them."""

from __future__ import annotations

from policycore.language import Text, use_language
from policycore.model.sentences import fact_label, worded


def test_people_count_positions_from_one_and_nothing_else_is_counted_up() -> None:
    said = worded(
        Text("第{offset}字起{length}字", "from character {offset}, {length} characters"), {"offset": 0, "length": 8}
    )
    assert said == Text("第1字起8字", "from character 1, 8 characters")
    assert worded(Text("{offset}", "{offset}"), {"offset": "later"}).zh == "later"


def test_a_text_has_its_words_for_one_and_for_others():
    text = Text("{count}条", "{count} {count:row is|rows are} set aside")
    assert text.placeholders() == {"count"}
    for count, said in ((1, "1 row is"), (0, "0 rows are"), (11, "11 rows are"), ("1", "1 row is")):
        assert text.fill(count=count).en == worded(text, {"count": count}).en == f"{said} set aside"
    assert text.fill(other=1) == text == worded(text, {"other": 1}), "what nobody knows stays as it is written"


def test_facts_are_called_what_people_call_them_and_a_plugins_own_what_it_says():
    own = {"wards": Text("病区", "wards"), "owner": Text("护士长", "head nurse")}
    with use_language("zh"):
        assert [fact_label(name) for name in ("fields", "owner", "title_zh", "x y", "wards")] == [
            *("缺少的数据项", "群主", "标题", "x y", "wards")
        ]
        assert [fact_label(name, own) for name in ("wards", "owner", "person")] == ["病区", "护士长", "人员"]
    with use_language("en"):
        assert (fact_label("fields"), fact_label("wards", own)) == ("missing data", "wards")
