"""The join that forms no pair in vain must find what comparing every pair finds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.plugin_api.rule import Case
from policycore.testing import run_rule
from policycore_dormancy.rules.dor006_overlapping_groups import OverlappingGroups

people = [f"a{number:02d}" for number in range(14)]
cores = st.sets(st.sampled_from(people), max_size=14)


@st.composite
def estates(draw):
    """Draw groups of which many are near copies of one another."""
    groups = draw(st.lists(cores, min_size=2, max_size=7))
    for original in draw(st.lists(st.sampled_from(groups), max_size=5)):
        groups.append(original ^ draw(st.sets(st.sampled_from(people), max_size=2)))
    return {f"g{number}": members for number, members in enumerate(groups)}


@given(estates(), st.sampled_from([0.5, 0.6, 0.75, 0.8, 0.9, 1.0]), st.integers(3, 6))
@pytest.mark.long
def test_it_finds_exactly_the_pairs_that_brute_force_finds(estate, similarity, minimum):
    case = Case(
        "drawn",
        given={
            "groups": [{"id": group} for group in estate],
            "accounts": [{"id": person} for person in people],
            "memberships": [
                {"group_id": group, "account_id": member, "role": role}
                for group, members in estate.items()
                for member in sorted(members)
                for role in (("owner", "admin") if member == min(members) else ("member",))
            ],
        },
        params={"minimum_similarity": similarity, "minimum_members": minimum},
    )
    found = {(one.subject.id, one.facts["other_id"]) for one in run_rule(OverlappingGroups(), case).findings}
    assert found == {
        (one, other)
        for one, other in itertools.combinations(sorted(estate), 2)
        if min(len(estate[one]), len(estate[other])) >= minimum
        and len(estate[one] & estate[other]) >= similarity * len(estate[one] | estate[other]) - 1e-9
    }
