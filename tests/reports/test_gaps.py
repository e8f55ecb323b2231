"""What is missing, by worth, and how every format shows it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from policycore.language import use_language
from policycore.model.gap import Gap, GapIndex, compressed
from policycore.model.result import RunResult
from policycore.model.verdict import Severity, Subject
from policycore.reports.formats import FORMAT_NAMES, built_in_format
from policycore.reports.gaps import missing_fields, missing_words, remedy_of

MakeGap = Callable[..., Gap]


def test_a_field_is_worth_what_it_settles_by_itself(make_gap: MakeGap) -> None:
    found = missing_fields(
        [
            make_gap("g1", "g2"),
            make_gap("g1", "g2", "g3", rule="ADM003", name="admission/x", severity=Severity.INFO),
            make_gap("g4", rule="OWN002", fields=("groups.owner_id", "memberships.role")),
            make_gap("g5", rule="OWN002", fields=("memberships.role",)),
            make_gap("g6", source=None),
        ]
    )
    assert [(item.field, item.source, item.settles, item.others) for item in found] == [
        ("groups.owner_id", "register", 5, 1),
        ("memberships.role", "register", 1, 1),
        ("groups.owner_id", None, 1, 0),
    ]
    assert [(rule.id, rule.count) for rule in found[0].rules] == [("OWN001", 2), ("OWN002", 1), ("ADM003", 3)]
    assert len({item.fingerprint for item in found}) == 3


def test_what_is_missing_is_named_as_people_call_it(make_gap: MakeGap) -> None:
    [item] = missing_fields([make_gap()])
    with use_language("zh"):
        assert missing_words(item) == (
            "来源“register”：工作群台账的“群主 / owner_id”列——补上即可判断2项（工作群有群主2项）"
        )
    with use_language("en"):
        assert missing_words(item) == (
            "column owner_id of groups of source “register”: would settle 2 by itself. Group has an owner (2)"
        )


def test_a_source_that_nobody_named_is_not_called_by_a_word_of_ours(make_gap: MakeGap) -> None:
    [item] = missing_fields([make_gap(source="import")])
    with use_language("zh"):
        assert missing_words(item).startswith("所导入的材料：")
    assert "import”" not in remedy_of(make_gap(source="import")).zh


def test_a_remedy_names_every_column_that_is_missing_an_empty_table_and_columns_of_the_estates_own(
    make_gap: MakeGap,
) -> None:
    both = remedy_of(make_gap(fields=("groups.kind", "tasks.state"), source=None))
    assert both.en == "supply column kind of groups for every row; supply column state of tasks for every row"
    assert remedy_of(make_gap(fields=("people.id",), source=None)).zh == "提供人员名册：目前没有可判断的行"
    assert "vehicles.plate" in remedy_of(make_gap(fields=("vehicles.plate",), source=None)).zh


@pytest.mark.parametrize("name", [name for name in FORMAT_NAMES if name != "xlsx"])
def test_every_format_says_what_is_missing(name: str, make_result: Callable[..., RunResult]) -> None:
    stream = io.BytesIO()
    built_in_format(name).write(make_result(), stream, "en")
    shown = stream.getvalue().decode("utf-8-sig").replace("\\", "")
    assert "owner_id" in shown
    assert "register" in shown


def test_the_workbook_has_a_sheet_of_what_is_missing(make_result: Callable[..., RunResult]) -> None:
    from openpyxl import load_workbook

    stream = io.BytesIO()
    built_in_format("xlsx").write(make_result(), stream, "en")
    rows = list(load_workbook(stream)["Missing data"].values)
    assert rows[1][:4] == ("column owner_id of groups", "register", 2, 0)


def test_a_subject_is_held_by_a_gap_about_it_its_group_or_everything(make_gap: MakeGap) -> None:
    index = GapIndex(
        [
            make_gap("g1"),
            make_gap("m1", rule="SEC001", kind=Subject.MESSAGE),
            make_gap(rule="OWN005", kind=Subject.ESTATE, packed=compressed([]), count=1),
        ]
    )
    assert index.holds("OWN001", "group", "g1", "g1")
    assert index.holds("OWN001", "membership", "g1/a1", "g1")
    assert not index.holds("OWN001", "group", "g2", "g2")
    assert index.holds("SEC001", "message", "m1", "g9")
    assert not index.holds("SEC001", "message", "m2", "g9")
    assert not index.holds("ADM001", "group", "g1", "g1")
    # Whoever is in no group may be found for one of which nobody knows whether the rule means it.
    assert index.holds("OWN001", "person", "p1", None)
    assert not index.holds("SEC001", "person", "p1", None)
