"""The page of a group says who is missing and who is too many, or openly that nothing is known."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from policycore.language import Text, use_language
from policycore.model.result import SubjectRef
from policycore.model.verdict import Subject
from policycore.store.estate_view import GroupLine, MemberLine
from policycore.store.lives.life_cycle import State
from policycore_tui.pages.groups import GroupDetail, group_lines
from policycore_tui.pages.lines import plain
from policycore_tui.state.gaps import GroupGap

GROUP = GroupLine("g1", "第1工作群", "wechat", "standing", "教务处", "张敏", 2)
MEMBERS = (
    MemberLine("a1", "教务处-张敏", "owner", "张敏", None),
    MemberLine("a2", "云淡风轻", "member", "王芳", None),
)
ZONE = ZoneInfo("Asia/Shanghai")
JUDGED = frozenset({"admission/expected-member-missing", "admission/outside-scope"})


@pytest.fixture
def found(world, make_finding):
    """Return a function that records findings of one rule about the group and returns their rows."""

    def record(name: str, **settings):
        member = settings.pop("member", "")
        group = SubjectRef(Subject.GROUP, "g1", "第1工作群", "g1", "第1工作群", "d1", "教务处", "wechat", "p1", "张敏")
        subject = replace(group, kind=Subject.MEMBERSHIP, id=f"g1/{member}") if member else group
        one = replace(make_finding(50, rule="ADM008", subject=subject, **settings), name=name)
        world.record((one,), minutes=40)
        app = world.app()
        try:
            return [row for row in app.repository.about_group("g1") if row.rule_name == name]
        finally:
            app.repository.store.close()

    return record


def page(found=(), judged=JUDGED, scope=None, width=60, gaps=()) -> str:
    """Return the page as plain text."""
    picture = GroupDetail(MEMBERS, {"departments": ["教务处"]} if scope is None else scope, found, judged, gaps)
    with use_language("en"):
        return plain(group_lines(GROUP, picture, width))


def test_judged_and_nothing_found_is_none():
    text = page()
    assert "Expected, not there (0)\nnone" in text
    assert "There, not expected (0)\nnone" in text
    assert "who it is for departments 教务处" in text


@pytest.mark.parametrize("judged", [frozenset(), frozenset({"ownership/owner-present"})])
def test_without_a_rule_that_judges_nothing_is_known(judged):
    text = page(judged=judged)
    assert "Expected, not there (?)" in text
    assert "There, not expected (?)" in text
    assert text.count("not known: the rule set has no rule that judges it") == 2
    assert "none" not in text, "nothing known is never said as nobody"


def test_a_group_without_a_scope_says_so():
    assert "not declared: nobody can say who is expected" in " ".join(page(scope={}).split())


def test_a_gap_is_a_question_and_nobody_is_counted(make_gap):
    gap = replace(make_gap(("groups.scope",), ("g1",)), name="admission/expected-member-missing")
    text = page(gaps=(GroupGap(gap, 1),))
    assert "? missing: column scope of groups" in text
    assert "Expected, not there (?)" in text
    assert "none\n\nThere" not in text
    assert "The owner is in post (1), missing: column scope of groups" in " ".join(text.split()), "among the gaps too"


def test_what_can_not_be_judged_now_is_a_question_and_not_counted(found):
    rows = [replace(row, state=State.UNKNOWN) for row in found("admission/expected-member-missing")]
    text = page(rows)
    assert "Expected, not there (?)" in text
    assert "? the owner 李强50 has retired" in text


def test_one_finding_may_stand_for_many_people(found):
    rows = found("admission/expected-member-missing", facts={"missing": 73, "expected": 90})
    assert "Expected, not there (73)" in page(rows)


def test_what_was_waived_stays_in_the_comparison_and_says_so(found):
    rows = found("admission/outside-scope", member="a2", message=Text("外人", "an outsider"))
    text = page([replace(row, state=State.WAIVED) for row in rows])
    assert "- an outsider [waived]" in text
    assert "There, not expected (1)" in text
    assert "ADM008 waived" in text, "the member's own verdict"


def test_rules_of_any_family_count(found):
    rows = found("acme/expected-member-missing")
    assert "Expected, not there (1)" in page(rows, judged=frozenset({"acme/expected-member-missing"}))


@pytest.mark.parametrize("width", [30, 46, 80, 120])
def test_every_member_has_role_name_person_and_verdicts(found, width):
    rows = found("admission/outside-scope", member="a2")
    lines = page(rows, width=width).splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith("member"))
    assert "王芳" in lines[place]
    assert lines[place + 1].split() == ["!!", "must-fix", "ADM008", "fail"]


def test_the_screen_reads_the_rules_that_judged_and_the_declared_scope(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("f4")
        await rest(app, pilot)
        text = screen(app)
        assert "not declared" in text
        assert "Expected, not there (?)" in text, "this world's rule set has no such rule"
        await pilot.press("end")
        await rest(app, pilot)
        assert "第2工作群" in screen(app)

    world.drive(script)
