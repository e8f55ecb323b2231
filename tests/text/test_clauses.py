"""A clause is known however its numbers are written and parted."""

from __future__ import annotations

import pytest

from policycore.text.clauses import clauses_meant

KNOWN = ("一", "一(一)", "一(一)-1", "一(二)", "三(二)2(1)", "三(二)2(2)", "附件1", "十二", "一(十二)")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(
            (typed, ("一(二)",))
            for typed in ("一（二）", "一、(二)", "1(2)", "1.2", "1-2", "第一条第二款", "一 （ 二 ）")
        ),
        *((typed, ("三(二)2(1)",)) for typed in ("三（二）２（１）", "三(二)2.(1)", "3.2.2.1", "三(二)-2-(1)")),
        *((typed, ("一(一)-1",)) for typed in ("一（一）-1", "一(一)1", "1.1.1")),
        ("三(二)2", ("三(二)2(1)", "三(二)2(2)")),
        ("附件 1", ("附件1",)),
        *((typed, ("十二",)) for typed in ("12", "第十二条")),
        ("1.12", ("一(十二)",)),
        *((typed, ()) for typed in ("", "第", "九(九)", "教务处", "112", "1.1.2")),
    ],
)
def test_a_clause_is_known_by_what_people_type(typed: str, meant: tuple[str, ...]) -> None:
    assert clauses_meant(typed, KNOWN) == meant
