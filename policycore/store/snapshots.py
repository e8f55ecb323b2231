"""Keep snapshots by content: the same table of two snapshots lies on the disk once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from policycore.errors import DataError, Problem
from policycore.store.withheld import holds_texts, write_without_texts
from policycore.system.refusals import refusal_words

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot

__all__ = ["KeepPolicy", "Kept", "altered_snapshots", "keep", "kept_snapshots", "remove"]

_TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept snapshot; `as_of` is in the estate's zone."""

    id: str
    folder: Path
    as_of: datetime


@dataclass(frozen=True, slots=True)
class KeepPolicy:
    """Which snapshots stay: the newest ones, all of the last days, then one a month; and the named ones."""

    newest: int = 10
    days: int = 90
    months: int = 36
    always: frozenset[str] = frozenset()

    def stays(self, snapshots: Iterable[Kept], now: datetime) -> frozenset[str]:
        """Return the ids that stay, given every snapshot there is, the one that was checked last first."""
        ordered = list(snapshots)
        staying = {item.id for item in ordered[: self.newest]} | {item.id for item in ordered if item.id in self.always}
        staying |= {item.id for item in ordered if item.as_of >= now - timedelta(days=self.days)}
        months: dict[tuple[int, int], str] = {}
        for item in ordered:
            months.setdefault((item.as_of.year, item.as_of.month), item.id)
        monthly = sorted(months.items(), reverse=True)[: self.months]
        return frozenset(staying | {name for _, name in monthly})


def keep(folder: Path, snapshot: Snapshot, withhold: bytes | None = None) -> Path:
    """Keep a copy of `snapshot` under `folder` and return where; one that is kept already stays as it is.

    With the key to `withhold` by, texts of chats are kept as their keyed hashes; see `withheld`. The copy appears whole
    or not at all. Tables are linked where the file system can. A kept copy that lost a table, or a part of one, is made
    anew.
    """
    place = folder / snapshot.id
    texts = holds_texts(snapshot) if withhold else ()
    if _whole(place, snapshot, texts):
        return place
    try:
        (folder / _TABLES).mkdir(parents=True, exist_ok=True)
        if place.exists():
            _hide(place)
        stage = Path(tempfile.mkdtemp(prefix=".keep-", dir=folder))
        try:
            for name, table in snapshot.tables.items():
                if name not in texts:
                    _link(_shared(folder / _TABLES, table.path), stage / table.path.name)
            if withhold and texts:
                write_without_texts(snapshot, stage, withhold)
            else:
                _copy(snapshot.folder / "manifest.yaml", stage / "manifest.yaml")
            _rename(stage, place)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        if texts:
            # What was kept with its texts before must not stay.
            remove(folder, ())
    except OSError as error:
        raise _unwritable(folder, error) from None
    return place


def _unwritable(folder: Path, error: OSError) -> DataError:
    """Return the error of a folder in which nothing can be kept or removed."""
    reason = refusal_words(error)
    return DataError(Problem.of("system.unwritable", code="store.unwritable", path=folder, kind=reason))


def _whole(place: Path, snapshot: Snapshot, texts: Sequence[str]) -> bool:
    """Return whether every file of `snapshot` lies at `place` in its full length, those of `texts` without them.

    Opening it checks the hashes.
    """
    from policycore.estate.manifest import read_manifest

    if not (place / "manifest.yaml").is_file():
        return False
    if bool(read_manifest(place / "manifest.yaml").withheld) is not bool(texts):
        return False
    for name, table in snapshot.tables.items():
        if name in texts and (place / table.path.name).is_file():
            continue
        try:
            if (place / table.path.name).stat().st_size != table.path.stat().st_size:
                return False
        except OSError:
            return False
    return True


def _hide(place: Path) -> None:
    """Take a kept snapshot out of sight in one step: a crash midway leaves none with half of its tables."""
    hidden = Path(tempfile.mkdtemp(prefix=f".gone-{place.name}-", dir=place.parent))
    place.rename(hidden / place.name)


def _shared(tables: Path, source: Path) -> Path:
    """Return the one copy of a table's content, named by its hash."""
    from policycore.estate.snapshot import digest_of

    digest = digest_of(source)
    target = tables / f"{digest}.parquet"
    if not target.is_file() or digest_of(target) != digest:
        with tempfile.NamedTemporaryFile(prefix=".table-", dir=tables, delete=False) as staged:
            name = Path(staged.name)
        try:
            _copy(source, name)
            name.replace(target)
        finally:
            # A disk that is full must not be filled further by every attempt.
            name.unlink(missing_ok=True)
    return target


def _copy(source: Path, target: Path) -> None:
    """Copy a file's content all the way to the disk."""
    with source.open("rb") as incoming, target.open("wb") as outgoing:
        shutil.copyfileobj(incoming, outgoing, 1 << 20)
        outgoing.flush()
        os.fsync(outgoing.fileno())


def _link(source: Path, target: Path) -> None:
    """Give a file a second name, or a copy where names can't be shared."""
    try:
        target.hardlink_to(source)
    except OSError:
        _copy(source, target)


def _rename(stage: Path, place: Path) -> None:
    """Move a finished snapshot to its place unless another process was first."""
    try:
        stage.rename(place)
    except OSError:
        if not (place / "manifest.yaml").is_file():
            raise


def kept_snapshots(folder: Path) -> Iterator[Kept]:
    """Yield the snapshots kept under `folder`."""
    from policycore.estate.manifest import read_manifest

    if not folder.is_dir():
        return
    for place in sorted(folder.iterdir()):
        manifest = place / "manifest.yaml"
        if place.name != _TABLES and not place.name.startswith(".") and manifest.is_file():
            read = read_manifest(manifest)
            if read.as_of is not None:
                zone = ZoneInfo(read.timezone) if read.timezone else UTC
                yield Kept(place.name, place, read.as_of.astimezone(zone))


def altered_snapshots(folder: Path) -> Iterator[str]:
    """Yield the ids of the kept snapshots that are not what was kept; each shared file is read once."""
    from policycore.estate.manifest import read_manifest
    from policycore.estate.snapshot import digest_of, identity

    known: dict[int, str] = {}
    for kept in kept_snapshots(folder):
        manifest = read_manifest(kept.folder / "manifest.yaml")
        named = manifest.made_of if manifest.withheld else manifest.id
        whole = identity(manifest) == manifest.id and named == kept.id
        for table in (manifest.tables or {}).values():
            file = kept.folder / table.file
            try:
                number = file.stat().st_ino
                found = known.get(number) or known.setdefault(number, digest_of(file))
            except OSError:
                found = ""
            whole = whole and found == table.sha256
        if not whole:
            yield kept.id


def remove(folder: Path, ids: Iterable[str]) -> None:
    """Remove the snapshots named, and whatever no snapshot uses.

    The caller holds the workspace's lock and has recorded the removal in the audit trail: a crash in
    between leaves an entry too many, and never a removal that nobody recorded. Raises DataError for
    what can't be removed.
    """
    try:
        for name in ids:
            _hide(folder / name)
    except OSError as error:
        raise _unwritable(folder, error) from None
    for leftover in folder.glob(".gone-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for leftover in folder.glob(".keep-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for table in (folder / _TABLES).glob("*"):
        with suppress(OSError):
            if table.stat().st_nlink == 1:
                table.unlink()
