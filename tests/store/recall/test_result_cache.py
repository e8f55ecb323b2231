"""A run that recalls what has not changed equals a full run, whatever is changed between the two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from policycore.estate.snapshot import Snapshot

# What may change in each column: other values of its kind, and nothing.
VALUES: dict[str, tuple[object, ...]] = {
    "departments.name": ("教务处", "教学处", "人事处"),
    "people.name": ("张三", "张三丰", "赵六"),
    "people.status": ("active", "retired", "departed"),
    "appointments.rank": ("中层正职", "科员", None),
    "appointments.department_id": ("d1", "d2"),
    "accounts.person_id": ("p1", "p2", "p3", None),
    "groups.name": ("教务工作群", "2022年临时群", "机密★10年群"),
    "groups.owner_id": ("a1", "a2", "a3", None),
    "groups.kind": ("standing", "temporary", "project"),
    "memberships.role": ("owner", "admin", "member"),
    "memberships.display_name": ("教务处张三", "小李", "13800138000", None),
    "messages.text": ("关于开会的通知", "机密★10年 方案", "砍一刀", None),
    "messages.type": ("text", "red_packet", "poll"),
    "tasks.state": ("open", "done"),
}
change = st.one_of(
    st.sampled_from(sorted(VALUES)).flatmap(
        lambda field: st.tuples(st.just(field), st.integers(0, 2), st.sampled_from(VALUES[field]))
    ),
    st.tuples(st.just("drop"), st.sampled_from(sorted(VALUES)), st.none()),
    st.tuples(
        st.just("remove"),
        st.sampled_from(["appointments", "events", "memberships", "messages", "tasks"]),
        st.integers(0, 8),
    ),
    # A line at the top moves every other: nothing but places changes.
    st.tuples(st.just("above"), st.sampled_from(["groups", "memberships", "messages"]), st.integers(4, 9)),
    st.tuples(st.just("dissolve"), st.just("groups"), st.integers(4, 9)),
    # As of another moment than the data's own, and data of another day.
    st.tuples(st.just("as-of"), st.integers(-3, 40), st.none()),
    st.tuples(st.just("day"), st.integers(-3, 40), st.none()),
)


# Shrinking would run the whole rule set again and again.
UNSHRUNK = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
changes = given(before=st.lists(change, max_size=2), after=st.lists(change, min_size=1, max_size=4))


# Few, for each takes seconds: every single field is changed below, and three hundred times more with -m long.
@settings(UNSHRUNK, max_examples=6)
@changes
def test_recalling_equals_judging(
    recall: Any,
    imported: Callable[..., Snapshot],
    tmp_path_factory: pytest.TempPathFactory,
    before: list[Any],
    after: list[Any],
) -> None:
    recall.compare(imported, tmp_path_factory.mktemp("results"), before, after)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(UNSHRUNK, max_examples=300)
@changes
def test_recalling_equals_judging_many_times(
    recall: Any,
    imported: Callable[..., Snapshot],
    tmp_path_factory: pytest.TempPathFactory,
    before: list[Any],
    after: list[Any],
) -> None:
    recall.compare(imported, tmp_path_factory.mktemp("results"), before, after)


@pytest.mark.parametrize("field", sorted(VALUES))
def test_a_change_of_any_field_is_noticed(
    recall: Any, imported: Callable[..., Snapshot], known: Path, field: str
) -> None:
    table, column = field.split(".")
    other = next(value for value in VALUES[field] if value != recall.rows[table][0].get(column) and value is not None)
    recall.compare(imported, known, [], [(field, 0, other)])
