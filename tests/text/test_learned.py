"""What is learned tells texts apart that it has not seen, says by what, and does not depend on the order."""

from __future__ import annotations

from pathlib import Path

import pyarrow
import pytest

from policycore.text.learned import Learned, learn
from policycore.text.matcher import Matcher
from policycore.text.patterns import Likely


def _written(name: str) -> list[str]:
    folder = Path(__file__).parents[1] / "plugins" / "content"
    lines = (folder / f"unrelated_{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_it_tells_apart_what_it_has_not_seen_and_says_by_what() -> None:
    texts, kinds = zip(
        *[(one, kind) for kind in (True, False) for one in _written("evasions" if kind else "lookalikes")], strict=True
    )
    learned, right = learn(texts[::2], kinds[::2])
    told = [learned.percent(one) >= 50 for one in texts[1::2]]
    assert sum(one == kind for one, kind in zip(told, kinds[1::2], strict=True)) > 0.65 * len(told)
    assert 65 < right <= 100
    again, _ = learn(texts[::2][::-1], kinds[::2][::-1])
    assert again.lines() == learned.lines()
    assert Learned.read(learned.lines()).percent(texts[1]) == learned.percent(texts[1])
    assert set("".join(learned.strongest(texts[0]))) <= set(texts[0])
    # Of figures and Latin words nothing is kept but that they stood there.
    assert not any(one in "123456789bcdefghijklmnopqrstuvwxyz" for piece in learned.weights for one in piece)


def test_a_few_texts_make_nothing_certain_and_signs_are_whole_words() -> None:
    numerals = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    texts = [f"{one}{tail}" for tail in ("今晚截单手慢无", "请知悉") for one in numerals]
    learned, right = learn(texts, ["手慢无" in one for one in texts])
    assert right == 100
    assert 80 < learned.percent("亥今晚截单手慢无") < 100
    signs = learned.strongest("今晚截单手慢无")
    assert len("".join(signs)) == len(set("".join(signs))) > len(signs)


def test_who_dismissed_little_is_told_so_and_not_all_is_of_the_kind() -> None:
    kind, other = _written("evasions"), _written("lookalikes")
    _, guessed = learn(kind[:200] + other[:20], [number % 2 == 0 for number in range(220)])
    assert guessed < 70, "nine in ten are of one side, and whoever says so of all knows nothing"
    few = other[:: len(other) // 21][:21]
    learned, right = learn(kind + few, [True] * len(kind) + [False] * len(few))
    assert right < 90
    unseen = set(other) - set(few)
    assert sum(learned.percent(text) >= 80 for text in unseen) < 0.1 * len(unseen)


def test_a_column_is_judged_as_its_texts_are() -> None:
    texts = ["抢到的发🌹🌹", "", "请知悉 138 abc", "哈" * 3_000, "㈱今晚截单"]
    learned = Learned({"🌹": 3.0, "今晚": 2.0, "0_": -1.5, "a": 0.5, "哈哈": 0.2}, -1.0)
    other = Learned({"请": 1.0, "知悉": -2.0}, 0.5)
    found = Matcher([*Likely("a", learned, 20).expressions(), *Likely("b", other, 62).expressions()]).scan(
        pyarrow.array(texts), places=False
    )
    told = {(row, 0) for row, text in enumerate(texts) if learned.percent(text) >= 20}
    told |= {(row, 1) for row, text in enumerate(texts) if other.percent(text) >= 62}
    assert set(zip(found.rows.tolist(), found.which.tolist(), strict=True)) == told
    assert 0 < len(told) < 10


def test_there_is_nothing_to_learn_from_one_side() -> None:
    with pytest.raises(ValueError, match="20"):
        learn([f"甲{number}乙" for number in range(100)], [True] * 100)


def test_of_a_long_text_all_counts_and_no_part_of_it_more_for_its_length() -> None:
    learned = Learned({"团": 3.0, "购": 3.0, "会": -3.0, "议": -3.0}, -0.5)
    assert learned.percent("团购" * 500) == learned.percent("团购" * 50_000) > 99
    assert learned.percent("会议" * 500 + "团购" * 5_000) > 99 > learned.percent("会议" * 5_000 + "团购" * 500)
