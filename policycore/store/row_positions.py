"""Remember for each run where the rows of findings stood that have moved since the finding was written down.

One more line at the top of a file moves every row below it. Nothing else about a finding changes by that, so
nothing of it is written again: a run keeps one list of rows that stand elsewhere, a few bytes for each.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, insert, select

from policycore.model.result import Source
from policycore.store import schema
from policycore.store.bodies import with_source

__all__ = ["RowPositions", "keep_places"]


class _Moved(msgspec.Struct, array_like=True):
    """The moved rows column by column: finding, place of the file in `files`, row."""

    files: list[str]
    findings: list[int]
    file: list[int]
    row: list[int]


def keep_places(connection: Connection, run: int, moved: Mapping[int, Source | None]) -> None:
    """Keep where the rows of findings (by number) stand in `run`; None where no file is known any more."""
    if not moved:
        return
    files: dict[str, int] = {}
    kept = _Moved([], [], [], [])
    for finding, source in sorted(moved.items()):
        kept.findings.append(finding)
        kept.file.append(-1 if source is None else files.setdefault(source.file, len(files)))
        kept.row.append(0 if source is None else source.row)
    kept.files.extend(files)
    body = zlib.compress(msgspec.msgpack.encode(kept), 1)
    connection.execute(insert(schema.run_places).values(run_id=run, body=body))


class RowPositions:
    """Put the place of its row into what a finding says, as of the run that is looked at; each list is read once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._by_run: dict[int, dict[int, Source | None]] = {}

    def placed(self, body: str, finding: int, run: int | None) -> str:
        """Return `body` as it was said in `run`; unchanged where the row stood where it says."""
        moved = {} if run is None else self._of(run)
        return with_source(body, moved[finding]) if finding in moved else body

    def _of(self, run: int) -> dict[int, Source | None]:
        """Return the rows that had moved in `run`."""
        if run not in self._by_run:
            table = schema.run_places
            body = self.connection.scalar(select(table.c.body).where(table.c.run_id == run))
            moved: dict[int, Source | None] = {}
            if body is not None:
                kept = msgspec.msgpack.decode(zlib.decompress(body), type=_Moved)
                for finding, file, row in zip(kept.findings, kept.file, kept.row, strict=True):
                    moved[finding] = None if file < 0 else Source(kept.files[file], row)
            self._by_run[run] = moved
        return self._by_run[run]
