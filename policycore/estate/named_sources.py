"""Say of each group which source it is from, and of each source what it cannot supply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from policycore.errors import Place, Problem
from policycore.estate.manifest import EstateSource
from policycore.estate.parts import DEFAULT_SOURCE, Part
from policycore.estate.problems import problem

__all__ = ["name_sources"]


def name_sources(
    by_table: Mapping[str, Sequence[Part]], sources: tuple[EstateSource, ...], problems: list[Problem]
) -> tuple[EstateSource, ...]:
    """Fill in each group's source where it can only be one; return the sources of the estate."""
    parts = by_table.get("groups", ())
    # Who says what can be told apart: each list of groups is a source of its own.
    several = len({part.handed_in.place for part in parts}) > 1
    for part in parts:
        own = several or part.handed_in.name in {source.name for source in sources}
        if own and ("source" not in part.columns or not all(part.columns["source"].unique().to_pylist())):
            part.source = part.source or part.handed_in.name
    if not sources:
        named = {
            value for part in parts if "source" in part.columns for value in part.columns["source"].unique().to_pylist()
        }
        named |= {part.source for part in parts}
        if any(part.source for part in parts) and any(not (part.source or "source" in part.columns) for part in parts):
            named.add(DEFAULT_SOURCE)
        names = sorted(str(value) for value in named if value)
        sources = tuple(EstateSource(name) for name in names or [DEFAULT_SOURCE])
    known = {source.name for source in sources}
    for part in parts:
        if part.source and part.source not in known:
            known.add(part.source)
            sources += (EstateSource(part.source),)
    default = sources[0].name if len(sources) == 1 else DEFAULT_SOURCE if DEFAULT_SOURCE in known else None
    problems += [problem("source-missing", Place(part.file)) for part in parts if not _fill_source(part, default)]
    return tuple(_with_lacks(source, parts) for source in sources)


def _fill_source(part: Part, default: str | None) -> bool:
    """Give each group of a part without a source the part's own, else `default`; False when there is neither."""
    only = part.source or default
    if "source" not in part.columns:
        if only is None:
            return False
        part.columns["source"] = pa.chunked_array([pa.repeat(pa.scalar(only), len(part.rows))], pa.string())
    elif only is not None:
        values = part.columns["source"].cast(pa.string())
        part.columns["source"] = pc.fill_null(pc.if_else(pc.equal(values, ""), None, values), only)
    return True


def _with_lacks(source: EstateSource, parts: Sequence[Part]) -> EstateSource:
    """Return a source with its platform and what the files that list its groups can't supply."""
    lacking = [part for part in parts if part.lacks and "source" in part.columns]
    lacks = [part.lacks for part in lacking if source.name in part.columns["source"].unique().to_pylist()]
    platforms = [part.platform for part in parts if part.source == source.name and part.platform]
    platform = source.platform or (platforms[0] if platforms else None)
    return EstateSource(source.name, platform, source.lacks.union(*lacks))
