"""The page of a finding says by when something is to be done only as long as it is, on the screen and in `explain`."""

from __future__ import annotations

from policycore.cli.finding_page import FindingPage
from policycore.language import say
from policycore.store.query import FindingFilter
from policycore_tui.pages.detail import detail_lines
from policycore_tui.pages.lines import plain

DAYS = {"g1": "2024-04-16", "g2": "2024-04-17"}
"""By when the first step about each group is to be done."""


def test_only_what_is_open_has_a_day_by_which_it_is_to_be_done(world, make_finding):
    world.record((make_finding(2),), minutes=60)
    app = world.app()
    repository, seen = app.repository, dict[str, str]()
    for row in repository.page(FindingFilter(any_of={"rule": ("OWN001",)}, active=None), "group", False, 0, 50):
        detail, day = repository.detail(row), DAYS.get(row.subject_id)
        if day is None:
            continue
        seen[row.state.value] = row.subject_id
        shown = plain(detail_lines(detail, 200))
        told = "\n".join(FindingPage(detail.life, repository.newest(), None, {}, 200).lines())
        is_open = row.subject_id == "g2"
        assert (day in told, shown.count(day), f"\n{say('tui.detail.due')} " in shown) == (
            is_open,
            2 * is_open,
            is_open,
        )
    repository.store.close()
    assert seen == {"resolved": "g1", "open": "g2"}
