"""The SQL that reads years out of names must agree with reading them one character at a time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from policycore.plugin_api.rule import Case
from policycore.testing import run_rule
from policycore_dormancy.rules.dor003_leftover_name import LeftoverName

pieces = st.sampled_from(
    [
        "2022",
        "2023",
        "2024",
        "２０２１",
        "1999",
        "19",
        "20",
        "1",
        "A",
        "iso",
        "年",
        "级",
        "届",
        "号",
        "-",
        "～",
        "群",
        "临时",
        "专班",
    ]
)
names = st.lists(pieces, min_size=1, max_size=6).map("".join)


def latest_year(name):
    """Return the latest year in `name`, or None."""
    name = "".join(chr(ord(one) - 0xFEE0) if "０" <= one <= "９" else one for one in name)
    years, position = [], 0
    while position < len(name):
        if not ("0" <= name[position] <= "9"):
            position += 1
            continue
        end = position
        while end < len(name) and "0" <= name[end] <= "9":
            end += 1
        coded = position > 0 and name[position - 1].isascii() and name[position - 1].isalpha()
        numbered = name[end : end + 1] in ("级", "届", "号", "室", "房")
        if end - position == 4 and name[position : position + 2] in ("19", "20") and not coded and not numbered:
            years.append(int(name[position:end]))
        position = end
    return max(years, default=None)


@settings(max_examples=settings().max_examples // 4)
@given(st.lists(names, min_size=20, max_size=40))
def test_years_and_words_agree_with_a_plain_reading(drawn):
    groups = {f"g{number:02d}": name for number, name in enumerate(drawn)}
    case = Case("drawn", given={"groups": [{"id": group, "name": name} for group, name in groups.items()]})
    found = {one.subject.id: one.facts["reason"] for one in run_rule(LeftoverName(), case).findings}
    expected = {}
    for group, name in groups.items():
        year = latest_year(name)
        if year is not None and year < 2024:
            expected[group] = "year"
        elif "临时" in name or "专班" in name:
            expected[group] = "word"
    assert found == expected
