"""Count, group by group, what a rule passed and what it does not apply to.

The sums are what a result shows. Kept by group, they let a later run count again only the groups that
changed. Every array has one place for each group of the session, in the order of the ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow
import pyarrow.compute

from policycore.engine.session import EstateSession

if TYPE_CHECKING:
    import numpy

__all__ = ["GroupTally", "group_ids", "group_tally", "no_groups"]


@dataclass(frozen=True, slots=True)
class GroupTally:
    """Hold passes (int32) and what is not applicable (bool) for each group of `ids` (sorted, large or small)."""

    ids: pyarrow.Array
    passes: numpy.ndarray
    not_applicable: numpy.ndarray

    @property
    def passed(self) -> int:
        """Return how many subjects pass."""
        return int(self.passes.sum(dtype="int64"))

    @property
    def outside(self) -> int:
        """Return how many groups the rule does not apply to."""
        return int(self.not_applicable.sum(dtype="int64"))


def no_groups() -> GroupTally:
    """Return the tally of no groups at all."""
    import numpy

    return GroupTally(pyarrow.array([], pyarrow.string()), numpy.zeros(0, dtype="int32"), numpy.zeros(0, dtype=bool))


def group_ids(session: EstateSession) -> pyarrow.Array:
    """Return the ids of all groups of the session, sorted as bytes; asked once."""
    ids: pyarrow.Array | None = session.memory.get("ids of groups")
    if ids is None:
        ids = session.arrow("SELECT id FROM all_groups ORDER BY id", own=True).column("id").combine_chunks()
        session.memory["ids of groups"] = ids
    return ids


def group_tally(
    session: EstateSession,
    scope: str,
    subjects: str,
    covered: Mapping[str, int],
    unknown: Iterable[str],
    unread: Iterable[str] = (),
) -> GroupTally:
    """Return the tally of a rule judged over the groups of `scope`.

    `subjects` is a SELECT of the subjects' keys, '' where the groups are the subjects. `covered` says how many
    subjects of a group have findings; groups in `unread` pass nothing, because not every text of theirs is known.
    """
    import numpy

    ids = group_ids(session)
    inside = _inside(session, scope, ids)
    judged = inside.astype("int32") if not subjects else _counted(session, subjects, ids)
    passes = judged.copy()
    places = _places(session, ids)
    for group, number in covered.items():
        place = places.get(group)
        if place is not None:
            passes[place] -= number
    numpy.maximum(passes, 0, out=passes)
    for group in unread:
        passes[places[group]] = 0
    outside = ~inside
    for group in unknown:
        outside[places[group]] = False
    return GroupTally(ids, passes, outside)


def _inside(session: EstateSession, scope: str, ids: pyarrow.Array) -> numpy.ndarray:
    """Return for each group whether it is in `scope`; asked once for each scope."""
    known: dict[str, Any] = session.memory.setdefault("groups by scope", {})
    if scope not in known:
        members = session.arrow(f"SELECT id FROM {scope}", own=True).column("id").combine_chunks()
        known[scope] = pyarrow.compute.is_in(ids, value_set=members.cast(ids.type)).to_numpy(zero_copy_only=False)
    inside: numpy.ndarray = known[scope]
    return inside


def _counted(session: EstateSession, subjects: str, ids: pyarrow.Array) -> numpy.ndarray:
    """Return for each group how many subjects `subjects` lists; asked once for each SELECT."""
    import numpy

    known: dict[str, Any] = session.memory.setdefault("subjects by group", {})
    if subjects not in known:
        rows = session.arrow(f"SELECT group_id, count(*) AS n FROM ({subjects}) GROUP BY group_id")
        places = pyarrow.compute.index_in(rows.column("group_id").cast(ids.type), value_set=ids)
        counts = numpy.zeros(len(ids), dtype="int32")
        counts[places.to_numpy()] = rows.column("n").to_numpy()
        known[subjects] = counts
    counted: numpy.ndarray = known[subjects]
    return counted


def _places(session: EstateSession, ids: pyarrow.Array) -> Mapping[str, int]:
    """Return the place of each group in the arrays; made once."""
    places: dict[str, int] | None = session.memory.get("places of groups")
    if places is None:
        places = session.memory["places of groups"] = {group: place for place, group in enumerate(ids.to_pylist())}
    return places
