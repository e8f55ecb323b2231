"""Import or open an estate: read it, check cells and rows, then write a snapshot or say all that is wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from policycore.errors import DataError, Problem
from policycore.estate.attached import FileReader, add_file_texts
from policycore.estate.cells.times import DEFAULT_TIMEZONE, parse_moment
from policycore.estate.checked import (
    REJECTS,
    CheckedPart,
    check_part,
    fault_problems,
    marks_of,
    rejected_rows,
    write_rejects,
)
from policycore.estate.handed_in import origins, own_of, previous, read_inputs, with_those_before
from policycore.estate.inputs import Gathered
from policycore.estate.long_texts import cut_long_texts
from policycore.estate.manifest import Manifest, is_timezone
from policycore.estate.named_sources import name_sources
from policycore.estate.office.office_recipe import recipe_beside
from policycore.estate.parts import FILE_COLUMN, ROW_COLUMN, arrow_schema
from policycore.estate.problems import problem
from policycore.estate.reading import Question, Reading
from policycore.estate.references import (
    check_keys,
    check_paths,
    check_references,
    check_scopes,
    check_sources,
    check_statuses,
)
from policycore.estate.several.other_texts import keep_other_texts
from policycore.estate.several.records import difference_notes, differences, group_sources, is_several
from policycore.estate.several.rows import Differing, unite
from policycore.estate.several.same_ids import call_alike
from policycore.estate.snapshot import Snapshot, is_snapshot, open_snapshot, write_snapshot
from policycore.model.schema import UNKNOWN_COLUMN, declared, latest_of, table_schema, table_schemas
from policycore.plugin_api.source import Source
from policycore.system.grouped import grouped
from policycore.system.process import collector_paused
from policycore.system.temporary_folders import PrivateFolder, sweep_private_folders

__all__ = ["ReadEstate", "import_estate", "open_estate", "read_estate"]


@dataclass(frozen=True, slots=True)
class ReadEstate:
    """What was read of files and folders, and how, before anything is written."""

    gathered: Gathered
    manifest: Manifest
    tables: Mapping[str, Sequence[CheckedPart]]
    out: Path
    lenient: bool
    strict: bool
    replaces: bool
    """Whether it takes the place of the estate at `out` that it was put together with."""
    look_at: str = "all"
    """How much of pictures and scanned pages is looked at."""

    @property
    def readings(self) -> Sequence[Reading]:
        """Return how each file and sheet was read."""
        return self.gathered.readings

    @property
    def questions(self) -> Sequence[Question]:
        """Return what the reading was not sure of."""
        return self.gathered.questions

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return everything for which it cannot be written, each with its place; nothing where it can."""
        wrong = [*self.gathered.problems, *(() if self.lenient else self.gathered.doubts)]
        if wrong or self.strict or not self.tables:
            wrong = [*self.gathered.unread, *wrong]
        if self.strict:
            wrong += [
                note for one in self.readings for note in one.notes() if note.code in _UNREAD and one.is_doubted()
            ]
        if wrong or _is_faulty(self.tables, self.lenient, self.strict):
            return fault_problems(self.tables, wrong)
        return ()

    def notes(self) -> list[Problem]:
        """Return what was decided for the user: how people's lists were read, and what is doubted."""
        said = [note for one in self.readings if one.way in _BY_PEOPLE for note in one.notes()]
        return [*said, *self.gathered.notes, *self.gathered.doubts, *self.gathered.unread]

    def counts(self) -> tuple[dict[str, int], list[Problem]]:
        """Return how many rows each table would have, and the notes on them; only where there are no `problems`."""
        with declared(self.manifest.own):
            while has_faults(self.tables) and check_references(self.tables, only_good=True):
                pass
            stored = _stored(self.tables, self.manifest, self.gathered)
        notes = [*self.notes(), *fault_problems(self.tables, doubts=True)]
        return {name: table.num_rows for name, table in stored.items()}, notes

    def write(self, *, force: bool = False, reader: FileReader | None = None) -> Snapshot:
        """Write the snapshot, with the texts that `reader` takes out of files; DataError with every problem."""
        if self.problems:
            raise DataError(*self.problems)
        with declared(self.manifest.own):
            return _write(self, force=force or self.replaces, reader=reader)


_UNREAD = ("estate.note-unknown-column", "estate.note-not-read")
_BY_PEOPLE = ("sheet", "card", "names", "none")
"""Ways of reading in which something is decided for those who keep the lists."""


def read_estate(
    inputs: Sequence[Path],
    out: Path,
    *,
    as_of: datetime | str | None = None,
    timezone: str | None = None,
    recipe: str | Path | None = None,
    lenient: bool = False,
    strict: bool = False,
    add: bool = False,
    look_at: str = "all",
    recipe_folders: Sequence[Path] | None = None,
    sources: Callable[[], Sequence[Source]] | None = None,
    progress: Callable[[str], None] | None = None,
) -> ReadEstate:
    """Read `inputs` and check them, for the snapshot `out`; nothing is written.

    With `lenient` a cell that is wrong is unknown, and rows that nothing identifies are set aside. What people
    wrote into spreadsheets is always read so, but for `strict`. A time as text is read in the files' zone, a day alone
    as its end. With `add` what `out` was made of before is read again and put together with `inputs`, each in the
    place of the one of its name. `look_at` says how much of pictures and scanned pages is read when it is written:
    ``all``, ``first-page``, ``header``, ``no``. `sources` returns the readers of foreign formats. `progress` is told
    as ``read`` and ``validate`` begin.
    """
    begin = progress or (lambda _: None)
    begin("read")
    now = datetime.now(UTC).replace(microsecond=0)
    before = previous(out) if add else Manifest()
    read = with_those_before([(path, recipe) for path in inputs], out, before.inputs)
    own, wrong = own_of(read, recipe_folders, recipe_beside(out))
    with collector_paused(), declared(own):
        # Millions of small values that live until they are columns: looking through them again and again is in vain.
        gathered = read_inputs(read, as_of or now, recipe_folders, sources, recipe_beside(out))
    gathered.problems += wrong
    begin("validate")
    # Where nothing says anew of when and where the data are, it is what was said before.
    told = gathered.manifest
    gathered.manifest = replace(told, as_of=told.as_of or before.as_of, timezone=told.timezone or before.timezone)
    unread = tuple(dict.fromkeys(one.place.file for one in gathered.unread if one.place))
    manifest = replace(_complete(gathered, as_of, timezone, now), inputs=origins(read, out), own=own, unread=unread)
    with declared(own):
        tables, manifest = _check(gathered, manifest, lenient=lenient, strict=strict)
    return ReadEstate(gathered, manifest, tables, out, lenient, strict, bool(before.inputs), look_at)


def import_estate(
    inputs: Sequence[Path],
    out: Path,
    *,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
    **how: Any,
) -> Snapshot:
    """Read `inputs` as `read_estate` does and write the snapshot `out`.

    Raises DataError with every problem of every file, each with its place. Rows that are set aside stand in
    ``rejects.jsonl`` with what must refer to them; what was decided for the user in the snapshot's `notes`. `force`
    replaces another snapshot; `progress` is told as ``read``, ``validate`` and ``write`` begin.
    """
    read = read_estate(inputs, out, progress=progress, **how)
    if progress and not read.problems:
        progress("write")
    return read.write(force=force)


def _complete(gathered: Gathered, as_of: datetime | str | None, timezone: str | None, now: datetime) -> Manifest:
    """Return the manifest with as-of time and zone: the caller's, else its own, else now and China's."""
    manifest = gathered.manifest
    if timezone is not None and not is_timezone(timezone):
        gathered.problems.append(problem("timezone", name=timezone))
        timezone = None
    zone = timezone or manifest.timezone
    if zone is None:
        zone = DEFAULT_TIMEZONE
        gathered.notes.append(problem("note-timezone", zone=zone))
    if isinstance(as_of, str):
        # In the zone that the files name, whatever this machine's is.
        as_of = parse_moment(as_of, ZoneInfo(zone))
    moment = as_of or manifest.as_of
    if moment is None:
        moment = now
        gathered.notes.append(problem("note-as-of", moment=moment.astimezone(ZoneInfo(zone)).isoformat()))
    if moment.astimezone(UTC) - now > timedelta(days=1):
        gathered.notes.append(problem("note-future", moment=moment.astimezone(ZoneInfo(zone)).isoformat()))
    return replace(manifest, as_of=moment, timezone=zone)


def _check(
    gathered: Gathered, manifest: Manifest, *, lenient: bool, strict: bool
) -> tuple[dict[str, list[CheckedPart]], Manifest]:
    """Return the checked parts by table, in the model's order, and the manifest with its sources."""
    zone = ZoneInfo(manifest.timezone or DEFAULT_TIMEZONE)
    by_table = grouped((part.table, part) for part in gathered.parts)
    sources = name_sources(by_table, manifest.sources, gathered.problems)
    tables = {
        name: [check_part(part, zone, lenient=lenient, strict=strict) for part in by_table[name]]
        for name in table_schemas()
        if name in by_table
    }
    check_keys(tables)
    gathered.notes += call_alike(tables)
    check_references(tables, only_good=False)
    check_scopes(tables)
    check_paths(tables)
    if manifest.as_of is not None:
        check_statuses(tables, manifest.as_of)
    if "groups" in tables:
        check_sources(tables, [source.name for source in sources])
    return tables, replace(manifest, sources=sources)


def has_faults(tables: Mapping[str, Sequence[CheckedPart]]) -> bool:
    """Return whether any row cannot stay."""
    return any(part.faults or part.part.unreadable for parts in tables.values() for part in parts)


def _is_faulty(tables: Mapping[str, Sequence[CheckedPart]], lenient: bool, strict: bool) -> bool:
    """Return whether something is wrong for which nothing may be written.

    In people's lists a row that nothing identifies is lost and named; a list of which nothing is left is an error, and
    so are numbers that a spreadsheet has shortened: the rows that remain would seem to be all.
    """
    if lenient:
        return False
    parts = [part for parts in tables.values() for part in parts]
    return (strict and any(part.doubts for part in parts if part.part.by_people)) or any(
        (part.faults or part.part.unreadable)
        and (
            strict
            or not part.part.by_people
            or any(fault.code == "shortened" for fault in part.faults)
            or not part.good.any()
        )
        for part in parts
    )


def _write(read: ReadEstate, *, force: bool, reader: FileReader | None) -> Snapshot:
    """Write what is good as a snapshot and the rest as rejects, which also name the cells that are unknown."""
    tables, gathered, out = read.tables, read.gathered, read.out
    made, manifest = add_file_texts(tables, read.manifest, out, read.look_at, gathered.notes, reader)
    gathered.notes += cut_long_texts(tables)
    if not has_faults(tables) and not any(part.doubts for parts in tables.values() for part in parts):
        snapshot = write_snapshot(_stored(tables, manifest, gathered) | made, out, manifest, force=force)
        return replace(snapshot, notes=(*snapshot.notes, *read.notes()))
    # What refers to a row that is set aside goes too, and so on until nothing dangles.
    while has_faults(tables) and check_references(tables, only_good=True):
        pass
    problems = fault_problems(tables, doubts=True)
    with tempfile.TemporaryDirectory() as folder:
        rejects = Path(folder) / REJECTS
        write_rejects(tables, rejects)
        manifest = replace(manifest, rejected=rejected_rows(tables))
        stored = _stored(tables, manifest, gathered) | made
        snapshot = write_snapshot(stored, out, manifest, force=force, rejects=rejects)
    return replace(snapshot, notes=(*snapshot.notes, *read.notes(), *problems))


def _stored(tables: Mapping[str, Sequence[CheckedPart]], manifest: Manifest, gathered: Gathered) -> dict[str, pa.Table]:
    """Return the good rows of every table, of what several sources say each once, and how they came together."""
    zone = ZoneInfo(manifest.timezone or DEFAULT_TIMEZONE)
    stored: dict[str, pa.Table] = {}
    differing: list[Differing] = []
    holders: dict[str, str] = {}
    gathered.notes += keep_other_texts(tables.get("messages", ()))
    for name, parts in tables.items():
        if len({(part.part.handed_in.place, *sorted(part.columns)) for part in parts}) == 1:
            stored[name] = _one_below_the_other(name, parts)
        else:
            stored[name], found = unite(name, parts, holders, zone)
            differing += found
        if name == "accounts" and "person_id" in stored[name].column_names and is_several(tables):
            pairs = zip(*(stored[name].column(column).to_pylist() for column in ("id", "person_id")), strict=True)
            holders = {account: person for account, person in pairs if person is not None}
    if is_several(tables):
        stored["differences"] = differences(differing, zone)
        gathered.notes += difference_notes(stored["differences"])
        if "groups" in stored:
            stored["group_sources"] = group_sources(tables, stored["groups"], manifest.sources)
    return stored


def _one_below_the_other(name: str, parts: Sequence[CheckedPart]) -> pa.Table:
    """Return the good rows of a table with its columns in the model's order."""
    columns = tuple(column for column in table_schema(name).columns if column in parts[0].columns)
    marked = any(part.unknown for part in parts)
    rough = [column for column in columns if any(column in part.latest for part in parts)]
    named = (*columns, *map(latest_of, rough), *([UNKNOWN_COLUMN] if marked else []))
    moment = pa.timestamp("us", "UTC")
    shares = []
    for part in parts:
        arrays = [part.columns[column] for column in columns]
        arrays += [part.latest.get(column, pa.nulls(len(part.good), moment)) for column in rough]
        arrays += [marks_of(part.unknown, name, len(part.good))] if marked else []
        share = pa.table([*arrays, part.part.origin(), part.part.rows], names=[*named, FILE_COLUMN, ROW_COLUMN])
        shares.append(share if part.good.all() else share.filter(pa.array(part.good)))
    return pa.concat_tables(shares).unify_dictionaries().cast(arrow_schema(table_schema(name), named))


def open_estate(
    folder: Path,
    *,
    as_of: datetime | None = None,
    timezone: str | None = None,
    lenient: bool = False,
    sources: Callable[[], Sequence[Source]] | None = None,
) -> Snapshot:
    """Open a snapshot as it is, or an interchange folder (or file) through a temporary snapshot.

    Leaving the ``with`` block removes the temporary snapshot; without one it goes when the process
    ends. Raises DataError with every problem.
    """
    if folder.is_dir() and is_snapshot(folder):
        return open_snapshot(folder)
    sweep_private_folders()
    private = PrivateFolder()
    try:
        snapshot = import_estate(
            [folder], private.path / "snapshot", as_of=as_of, timezone=timezone, lenient=lenient, sources=sources
        )
    except BaseException:  # nothing is left behind, whatever ends it
        private.close()
        raise
    return replace(snapshot, temporary=private)
