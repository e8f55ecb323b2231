"""Count what a rule passed and what it does not apply to, over all groups at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from policycore.engine.session import EstateSession

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["Tally", "count_subjects"]


class Tally(NamedTuple):
    """How many subjects pass, and how many groups a rule does not apply to."""

    passes: int
    not_applicable: int


def count_subjects(
    session: EstateSession,
    scope: str,
    subjects: str,
    covered: Mapping[str, int],
    unknown: Iterable[str],
    unread: Iterable[str] = (),
) -> Tally:
    """Return the counts of a rule judged over the groups of `scope`.

    `subjects` is a SELECT of the subjects' keys, '' where the groups are the subjects. `covered` says how many
    subjects of a group have findings; groups in `unread` pass nothing, because not every text of theirs is known.
    """
    import numpy

    ids = _group_ids(session)
    inside = _inside(session, scope, ids)
    # Group by group: a member who is found may have more rows than the rule applies to, and hides no other group's.
    passes = inside.astype("int32") if not subjects else _counted(session, subjects, ids).copy()
    places = _places(session, ids)
    for group, number in covered.items():
        if group in places:
            passes[places[group]] -= number
    numpy.maximum(passes, 0, out=passes)
    for group in unread:
        passes[places[group]] = 0
    outside = ~inside
    for group in unknown:
        outside[places[group]] = False
    return Tally(int(passes.sum(dtype="int64")), int(outside.sum(dtype="int64")))


def _group_ids(session: EstateSession) -> pyarrow.Array:
    """Return the ids of all groups of the session; asked once."""
    ids: pyarrow.Array | None = session.memory.get("ids of groups")
    if ids is None:
        ids = session.arrow("SELECT id FROM all_groups").column("id").combine_chunks()
        session.memory["ids of groups"] = ids
    return ids


def _inside(session: EstateSession, scope: str, ids: pyarrow.Array) -> numpy.ndarray:
    """Return for each group whether it is in `scope`; asked once for each scope."""
    import pyarrow.compute

    known: dict[str, Any] = session.memory.setdefault("groups by scope", {})
    if scope not in known:
        members = session.arrow(f"SELECT id FROM {scope}").column("id").combine_chunks()
        known[scope] = pyarrow.compute.is_in(ids, value_set=members.cast(ids.type)).to_numpy(zero_copy_only=False)
    inside: numpy.ndarray = known[scope]
    return inside


def _counted(session: EstateSession, subjects: str, ids: pyarrow.Array) -> numpy.ndarray:
    """Return for each group how many subjects `subjects` lists; asked once for each SELECT."""
    import numpy
    import pyarrow.compute

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
