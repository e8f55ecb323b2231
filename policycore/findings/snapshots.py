"""Keep snapshots by content: the same table of two snapshots lies on the disk once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.errors import DataError, Problem
from policycore.language import say

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot

__all__ = ["KeepPolicy", "Kept", "collect", "keep", "kept_snapshots"]

_TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Kept:
    """Be one kept snapshot."""

    id: str
    folder: Path
    as_of: datetime


@dataclass(frozen=True, slots=True)
class KeepPolicy:
    """Say which snapshots stay: the newest ones, all of the last days, then one a month; and the named ones."""

    newest: int = 10
    days: int = 90
    months: int = 36
    always: frozenset[str] = frozenset()

    def stays(self, snapshots: Iterable[Kept], now: datetime) -> frozenset[str]:
        """Return the ids that stay, given every snapshot there is."""
        ordered = sorted(snapshots, key=lambda item: (item.as_of, item.id), reverse=True)
        staying = {item.id for item in ordered[: self.newest]} | {item.id for item in ordered if item.id in self.always}
        staying |= {item.id for item in ordered if item.as_of >= now - timedelta(days=self.days)}
        months: dict[tuple[int, int], str] = {}
        for item in ordered:
            months.setdefault((item.as_of.year, item.as_of.month), item.id)
        return frozenset(staying | set(list(months.values())[: self.months]))


def keep(folder: Path, snapshot: Snapshot) -> Path:
    """Keep a copy of `snapshot` under `folder` and return where; one that is kept already stays as it is.

    The copy appears whole or not at all. Tables are linked where the file system can.
    """
    place = folder / snapshot.id
    if (place / "manifest.yaml").is_file():
        return place
    try:
        (folder / _TABLES).mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".keep-", dir=folder))
        try:
            for table in snapshot.tables.values():
                _link(_shared(folder / _TABLES, table.path), stage / table.path.name)
            if snapshot.digests is not None:
                _copy(snapshot.digests, stage / snapshot.digests.name)
            _copy(snapshot.folder / "manifest.yaml", stage / "manifest.yaml")
            stage.chmod(0o755)
            _rename(stage, place)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        raise DataError(
            Problem(
                "store.unwritable",
                say("findings.store.unwritable", path=folder, kind=error.strerror or ""),
                say("findings.store.unwritable.why"),
                say("findings.store.unwritable.fix"),
            )
        ) from None
    return place


def _shared(tables: Path, source: Path) -> Path:
    """Return the one copy of a table's content, named by its hash."""
    import hashlib

    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    target = tables / f"{digest}.parquet"
    if not target.is_file() or target.stat().st_size != source.stat().st_size:
        with tempfile.NamedTemporaryFile(prefix=".table-", dir=tables, delete=False) as staged:
            name = Path(staged.name)
        _copy(source, name)
        name.replace(target)
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
                yield Kept(place.name, place, read.as_of)


def collect(folder: Path, policy: KeepPolicy, now: datetime) -> list[str]:
    """Remove the snapshots that `policy` lets go and what no snapshot uses; return the removed ids.

    The caller holds the workspace's lock and records the removal in the audit trail.
    """
    everything = list(kept_snapshots(folder))
    staying = policy.stays(everything, now)
    removed = []
    for item in everything:
        if item.id not in staying:
            # Out of sight first: a crash midway leaves no snapshot with half of its tables.
            hidden = item.folder.with_name(f".gone-{item.id}")
            item.folder.rename(hidden)
            removed.append(item.id)
    for leftover in folder.glob(".gone-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for leftover in folder.glob(".keep-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for table in (folder / _TABLES).glob("*"):
        with suppress(OSError):
            if table.stat().st_nlink == 1:
                table.unlink()
    return removed
