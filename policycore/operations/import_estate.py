"""Import folders and files into a snapshot, and open estates, with what plugins can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policycore.errors import DataError, Problem, UsageError
from policycore.language import say
from policycore.plugin_api.plugins import PluginSet, load_plugins
from policycore.text.shown import shown

if TYPE_CHECKING:
    from policycore.estate.importing import ReadEstate
    from policycore.estate.snapshot import Snapshot
    from policycore.store.workspace import Workspace

__all__ = ["import_estate", "name_of", "open_estate", "read_estate", "write_estate"]


def read_estate(
    inputs: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    recipe: str | Path | None = None,
    as_of: datetime | str | None = None,
    timezone: str | None = None,
    lenient: bool = False,
    strict: bool = False,
    add: bool = False,
    look_at: str = "all",
    plugins: PluginSet | None = None,
    progress: Callable[[str], None] | None = None,
) -> ReadEstate:
    """Read one or several `inputs` for the snapshot `out` and check every row; write nothing.

    What comes back says how each file was read, what was doubted, what is wrong, and can be written. `recipe` is the
    name or the file of an import recipe; `as_of` and `timezone` say when and where the data are from, where nothing in
    them does. Cells and rows that are wrong are errors in tables that programs write, and unknown or set aside in lists
    that people keep; `lenient` makes both forgiving, `strict` neither. `add` puts `inputs` together with what `out` was
    made of, each in the place of the one of its name. `look_at` says how much of pictures and scanned pages is read:
    ``all``, ``first-page``, ``header`` (of the first page), ``no``. `progress` is told as ``read`` and ``validate``
    begin. Raises UsageError for a time or a zone that is none.
    """
    from policycore.estate.importing import read_estate as read
    from policycore.estate.manifest import is_timezone

    if timezone is not None and not is_timezone(timezone):
        raise UsageError(Problem.of("estate.timezone", name=timezone))
    plugins = plugins or load_plugins()
    chosen = [inputs] if isinstance(inputs, (str, Path)) else inputs
    return read(
        [Path(one) for one in chosen],
        Path(out),
        as_of=_checked_time(as_of),
        timezone=timezone,
        recipe=recipe,
        lenient=lenient,
        strict=strict,
        add=add,
        look_at=look_at,
        recipe_folders=() if recipe is None else plugins.recipe_folders,
        sources=lambda: plugins.sources,
        progress=progress,
    )


def import_estate(
    inputs: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    force: bool = False,
    workspace: Workspace | None = None,
    cluster: str | None = None,
    **how: Any,
) -> Snapshot:
    """Read one or several `inputs` as `read_estate` does and write the snapshot `out`; return it.

    `force` replaces another snapshot at `out`. Where a `workspace` is given, its audit trail gets an entry. What files
    say is read by the workers of `cluster`, where one is named (see `operations.cluster`). Raises DataError with every
    problem of every file, each with its place; UsageError for a time or a zone that is none.
    """
    return write_estate(read_estate(inputs, out, **how), force=force, workspace=workspace, cluster=cluster)


def write_estate(
    read: ReadEstate, *, force: bool = False, workspace: Workspace | None = None, cluster: str | None = None
) -> Snapshot:
    """Write what was read as a snapshot, and an entry in the trail of `workspace`; DataError where it cannot be."""
    if cluster is None or read.problems:
        snapshot = read.write(force=force)
    else:
        from policycore.operations.cluster import open_cluster

        with open_cluster(cluster) as shared:
            snapshot = read.write(force=force, reader=shared.read_files)
    if workspace is not None:
        from policycore.store.kept import audit

        details = {
            "snapshot": snapshot.id,
            "as_of": snapshot.as_of.isoformat(),
            "rows": {name: table.rows for name, table in snapshot.tables.items()},
            "rejected": snapshot.rejected,
            "folder": shown(read.out.name),
        }
        with workspace.open_store() as store, store.write() as connection:
            audit.append(connection, "import", details)
    return snapshot


@contextmanager
def open_estate(folder: str | Path, *, lenient: bool = False, plugins: PluginSet | None = None) -> Iterator[Snapshot]:
    """Open a snapshot, or an interchange folder (or a file) through a temporary one, for a ``with`` block.

    A snapshot may also be named by its address in an object store; see `policycore.estate.object_store`. Raises
    DataError with every problem, each with its place, and where there is nothing at `folder`.
    """
    from policycore.estate.importing import open_estate as open_folder
    from policycore.estate.object_store import fetch_snapshot, is_address

    if is_address(folder):
        with fetch_snapshot(str(folder)) as snapshot:
            yield snapshot
        return
    folder = Path(folder)
    if not folder.exists():
        raise DataError(Problem.of("operations.no-estate", path=folder))
    with open_folder(folder, lenient=lenient, sources=lambda: (plugins or load_plugins()).sources) as snapshot:
        yield snapshot


def name_of(estate: str | Path) -> str:
    """Return how an estate is called: the last name in its path or address."""
    from policycore.estate.object_store import is_address, shown_address

    return shown_address(str(estate)).rpartition("/")[2] if is_address(estate) else Path(estate).absolute().name


def _checked_time(given: datetime | str | None) -> datetime | str | None:
    """Return the as-of time that is given; UsageError for what is none."""
    from policycore.estate.cells.times import parse_time

    if given is None or (isinstance(given, datetime) and given.tzinfo is not None):
        return given
    if parse_time(str(given), UTC) is None:
        raise UsageError(
            Problem(
                "estate.as-of", say("estate.as-of", value=str(given)[:60]), fix=say("estate.expected-time", year=1990)
            )
        )
    return str(given)
