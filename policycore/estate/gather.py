"""Find out what the inputs of an import are, and read each into parts of tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import ExitStack, closing
from pathlib import Path

from policycore.errors import DataError, Place, Problem
from policycore.estate.cells.words import table_of_title
from policycore.estate.inputs import Gathered, InputFile
from policycore.estate.listed import list_inputs, shown_name
from policycore.estate.manifest import MANIFEST, EstateSource, Manifest, read_manifest
from policycore.estate.nested import lists_in_archive
from policycore.estate.offered import ForeignFiles, sent_with
from policycore.estate.office.forms import named_like_form
from policycore.estate.office.office_recipe import OfficeRecipe
from policycore.estate.parts import DEFAULT_SOURCE, HandIn, Part, plain_reading
from policycore.estate.problems import problem
from policycore.estate.readers.sheets import SHEET_SUFFIXES
from policycore.language import say
from policycore.model.schema import table_schemas
from policycore.plugin_api.source import Source
from policycore.system.grouped import grouped
from policycore.system.temporary_folders import PrivateFolder
from policycore.text.suggest import nearest, suggestion

__all__ = ["gather", "together"]

TABLE_SUFFIXES = (".csv", ".jsonl", ".parquet")
# What lies beside data and is none: the reader's notes, an editor's and a system's traces.
_BESIDE = (".md", ".lock", ".tmp")
_KINDS = {
    **dict.fromkeys((".doc", ".wps", ".rtf", ".odt", ".pages"), "document"),
    **dict.fromkeys((".ppt", ".pptx", ".dps"), "slides"),
    ".pdf": "pdf",
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".gif", ".bmp", ".heic", ".tif", ".tiff", ".webp"), "picture"),
    **dict.fromkeys((".zip", ".rar", ".7z"), "archive"),
    **dict.fromkeys((".htm", ".html", ".mht"), "page"),
    **dict.fromkeys((".db", ".ini", ".lnk", ".bak", ".log", ".exe"), "other"),
}
"""What files are by their endings that hold no table."""


_TRACES = ("~$", ".~lock.", "thumbs.db", "desktop.ini", ".ds_store")


def gather(
    inputs: Sequence[Path],
    sources: Callable[[], Sequence[Source]] | None = None,
    before: Sequence[Part] = (),
    recipe: OfficeRecipe | None = None,
) -> Gathered:
    """Read interchange folders and files; whole-file problems are collected, not raised.

    What people keep in spreadsheets is read with the words of `recipe`.
    `sources` is called when the first file is met that is neither: only then are plugins needed.
    """
    gathered = Gathered()
    sheets: list[InputFile] = []
    others: list[InputFile] = []
    manifests: dict[str, Manifest] = {}
    tables: list[InputFile] = []
    files = list_inputs(inputs, gathered)
    sent = _sent_files(gathered, tables, files)
    foreign = ForeignFiles(gathered, sources, files, sent)
    # An export lies above what came with its messages, so that it is known which files those are.
    for file in [one for one in files if one not in tables]:
        suffix = file.path.suffix.lower()
        if file.path.name == MANIFEST:
            _collect(gathered, lambda file=file: _take_manifest(manifests, file))  # type: ignore[misc] # mypy knows no lambda with a default
        elif foreign.came_with_messages(file):
            continue
        elif named_like_form(file) or (suffix in SHEET_SUFFIXES and (not file.folder or _is_list(file))):
            sheets.append(file)
        elif suffix not in _BESIDE and not _is_table(file) and foreign.takes(file):
            continue
        elif suffix == ".csv" and _saved_from_sheet(file.path):
            sheets.append(file)
        elif suffix in TABLE_SUFFIXES:
            tables.append(file)
            _collect(gathered, lambda file=file: _take_table(gathered, file))  # type: ignore[misc] # mypy knows no lambda with a default
        elif suffix not in _BESIDE:
            others.append(file)
    _tell_traces(gathered, inputs)
    with ExitStack() as held:
        sheets += _in_archives(gathered, _tell_inner(gathered, others), held, files, foreign.archives)
        _read_sheets(gathered, sheets, before, recipe)
    if not gathered.parts and not gathered.problems and not gathered.unread:
        gathered.problems.append(problem("no-tables", Place(str(inputs[0]) if inputs else ".")))
    gathered.manifest = together(manifests, gathered.problems)
    _tell_whence(gathered.parts, files, {file.name for file in tables}, manifests)
    read = {reading.file for reading in gathered.readings}
    gathered.readings += [
        plain_reading(part, part.source or "table") for part in gathered.parts if part.file not in read
    ]
    return gathered


def _in_archives(
    gathered: Gathered,
    others: Sequence[InputFile],
    held: ExitStack,
    files: list[InputFile],
    exports: Mapping[InputFile, Set[str]],
) -> list[InputFile]:
    """Return the lists in the archives among `others`, unpacked as long as `held` is open, adding them to `files`.

    Lists lie in archives with `exports` as well, of which certain files were read. What holds no list is told of.
    """
    found: list[InputFile] = []
    for number, file in enumerate([*others, *exports]):
        lists: list[InputFile] = []
        left: list[str] = []
        if file.path.suffix.lower() == ".zip":
            into = held.enter_context(closing(PrivateFolder())).path
            try:
                lists = lists_in_archive(file, into / str(number), exports.get(file, frozenset()), left)
            except DataError as error:
                gathered.unread.extend(error.problems)
                continue
        files += lists
        found += [one for one in lists if _is_list(one)]
        if left and file not in exports:
            shown = tuple(left[:3])
            gathered.unread.append(problem("unread-folder", Place(file.name), count=len(left), names=shown))
        elif not lists and file not in exports:
            _tell_unread(gathered, file)
    return found


def _saved_from_sheet(path: Path) -> bool:
    """Return whether a CSV file was saved from a sheet: its name is Chinese, or no table's, and its first line is."""
    if not path.stem.isascii():
        return True
    with path.open("rb") as stream:
        return table_of_title(path.stem) is None and not stream.readline(_FIRST_LINE).isascii()


_FIRST_LINE = 4096


def _tell_traces(gathered: Gathered, inputs: Sequence[Path]) -> None:
    """Tell which files a system or a program left in a folder that was handed in."""
    for folder in (path for path in inputs if path.is_dir()):
        traces = sorted(shown_name(file.name) for file in folder.iterdir() if file.name.lower().startswith(_TRACES))
        if traces:
            place = Place(f"{shown_name(folder.resolve().name)}/")
            gathered.notes.append(problem("note-traces", place, names=tuple(traces[:20])))


def _sent_files(gathered: Gathered, tables: list[InputFile], files: Sequence[InputFile]) -> set[Path]:
    """Read the tables of attachments before all others; return what their paths name: files of people, no lists."""
    sent: set[Path] = set()
    for file in files:
        if file.path.suffix.lower() in TABLE_SUFFIXES and table_of_title(file.path.stem) == "attachments":
            tables.append(file)
            before = len(gathered.parts)
            _collect(gathered, lambda file=file: _take_table(gathered, file))  # type: ignore[misc] # mypy knows no lambda with a default
            sent |= sent_with(gathered.parts[before:], file.path.parent)
    return sent


def _is_table(file: InputFile) -> bool:
    """Return whether a file is called as a table of an estate is, in the model's own words."""
    stem = file.path.stem
    return file.path.suffix.lower() in TABLE_SUFFIXES and stem.isascii() and table_of_title(stem) is not None


def _tell_unread(gathered: Gathered, file: InputFile) -> None:
    """Tell what a file is that is not read: a note where it lies among others, an error where it was handed in."""
    place, suffix = Place(file.name), file.path.suffix.lower()
    what = say(f"estate.kind-{_KINDS.get(suffix, 'text')}")
    if file.folder and suffix in (*_KINDS, *_SELDOM) and nearest(file.path.stem, table_schemas()) is None:
        gathered.notes.append(problem("note-skipped", place, what=what))
    elif suffix in _KINDS:
        gathered.unread.append(problem("no-table-file", place, what=what))
    else:
        known = [f"{name}{ending}" for name in table_schemas() for ending in TABLE_SUFFIXES]
        hint = suggestion(Path(file.name).name, [*known, MANIFEST])
        # Of folders inside the one that was handed in nobody says that everything there is data.
        wrong = gathered.unread if file.inner else gathered.problems
        wrong.append(problem("unknown-file", place, suggested=hint))


def _tell_inner(gathered: Gathered, files: Sequence[InputFile]) -> list[InputFile]:
    """Tell of each inner folder how many files in it are none that could be data; return all others."""
    beside = [one for one in files if one.inner and one.path.suffix.lower() not in (".zip", ".json", ".ndjson")]
    for folder, names in grouped((one.name.rpartition("/")[0], one.path.name) for one in beside).items():
        shown = tuple(map(shown_name, names[:3]))
        gathered.notes.append(problem("unread-folder", Place(f"{folder}/"), count=len(names), names=shown))
    return [one for one in files if one not in beside]


_SELDOM = (".docx", ".txt")
"""Endings of files that hold a list now and then: in a folder only what says that it is one is read."""


def _is_list(file: InputFile) -> bool:
    """Return whether a sheet in a folder is a list: of a document or a text by its name, or a table in it."""
    if file.path.suffix.lower() not in _SELDOM:
        return True
    from policycore.estate.office.headers import Headers
    from policycore.estate.office.prose import read_letter

    if file.path.suffix.lower() == ".txt":
        from policycore.estate.office.names_alone import is_list_of_names

        called = any(word in file.path.stem for word in ("成员", "名单", "名册", "台账"))
        return called or is_list_of_names(file) or bool(read_letter(file, Headers()))
    from policycore.estate.readers.docx import read_tables

    try:
        return bool(read_tables(file.path, file.name)) or bool(read_letter(file, Headers()))
    except DataError:
        return True  # which is told when it is read


def _read_sheets(
    gathered: Gathered, sheets: Sequence[InputFile], before: Sequence[Part], recipe: OfficeRecipe | None
) -> None:
    """Read the workbooks, with what was read before them at hand."""
    if sheets:
        from policycore.estate.office.workbook import read_workbooks

        # Names are looked up in what was read before as well.
        gathered.parts = [*before, *gathered.parts]
        _collect(gathered, lambda: read_workbooks(sheets, gathered, recipe))
        gathered.parts = gathered.parts[len(before) :]


def _tell_whence(
    parts: Sequence[Part], files: Sequence[InputFile], tables: Set[str], manifests: Mapping[str, Manifest]
) -> None:
    """Tell each part what it was handed in with, and in which folder."""
    places = {one.name: place for place, one in reversed([*enumerate(files)])}
    for part in parts:
        # A sheet is called like its file, with its own name behind.
        name = part.file
        while name not in places:
            name = name.rpartition("[")[0]
        path = files[places[name]].path
        part.handed_in = _hand_in(part, files, places[name], tables, manifests)
        part.folder = path if path.is_dir() else path.parent


def _hand_in(
    part: Part, files: Sequence[InputFile], found: int, tables: Set[str], manifests: Mapping[str, Manifest]
) -> HandIn:
    """Return what a part was handed in with: the tables of a folder are one, every other file is its own."""
    file = files[found]
    place = file.name
    if file.name in tables:
        found = next(n for n, other in enumerate(files) if other.folder == file.folder and other.name in tables)
        place = file.folder
    named = [source.name for source in manifests[file.folder].sources] if file.folder in manifests else []
    name = part.source or (named[0] if len(named) == 1 and file.name in tables else place) or DEFAULT_SOURCE
    return HandIn((files[found].input, named.index(name) if name in named else len(named), found), place, name)


def together(manifests: Mapping[str, Manifest], problems: list[Problem]) -> Manifest:
    """Return what several manifests say: all of their sources, the latest of their moments, their one zone."""
    whole = Manifest()
    for folder, manifest in manifests.items():
        if whole.timezone and manifest.timezone not in (None, whole.timezone):
            zones = f"{whole.timezone}, {manifest.timezone}"
            problems.append(problem("zones-differ", Place(f"{folder}/{MANIFEST}"), zones=zones))
        moments = [moment for moment in (whole.as_of, manifest.as_of) if moment is not None]
        sources = {source.name: source for source in whole.sources}
        for source in manifest.sources:
            first = sources.get(source.name, source)
            sources[source.name] = EstateSource(
                source.name, first.platform or source.platform, first.lacks | source.lacks
            )
        whole = Manifest(max(moments, default=None), whole.timezone or manifest.timezone, tuple(sources.values()))
    return whole


def _collect(gathered: Gathered, read: Callable[[], None]) -> None:
    """Run `read`; keep its problems instead of stopping at them."""
    try:
        read()
    except DataError as error:
        gathered.problems.extend(error.problems)


def _take_manifest(manifests: dict[str, Manifest], file: InputFile) -> None:
    manifest = read_manifest(file.path, file.name)
    if manifest.tables is not None:
        raise DataError(problem("is-snapshot", Place(file.name)))
    if file.folder in manifests:
        raise DataError(problem("manifest-twice", Place(file.name)))
    manifests[file.folder] = manifest


def _take_table(gathered: Gathered, file: InputFile) -> None:
    stem, suffix = Path(file.name).stem, file.path.suffix.lower()
    if file.path.stat().st_size == 0:
        raise DataError(problem("empty-file", Place(file.name)))
    table = table_of_title(stem)
    if table is None:
        hint = suggestion(stem, table_schemas())
        wrong = gathered.unread if file.inner else gathered.problems
        wrong.append(problem("unknown-table", Place(file.name), suggested=hint, table=stem))
        return
    if any(part.table == table and Path(part.file).parent == Path(file.name).parent for part in gathered.parts):
        raise DataError(problem("table-twice", Place(file.name), table=table))
    from policycore.estate.readers.csv import read_csv
    from policycore.estate.readers.jsonl import read_jsonl
    from policycore.estate.readers.parquet import read_parquet

    read = {".csv": read_csv, ".jsonl": read_jsonl, ".parquet": read_parquet}[suffix]
    gathered.parts.append(read(file.path, file.name, table))
