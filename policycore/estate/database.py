"""Open DuckDB as policycore uses it: in memory, nothing downloaded, nothing spilled where others can read."""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType

import duckdb

from policycore.system.memory import memory_limit
from policycore.system.temporary_folders import PrivateFolder

__all__ = ["MemoryDatabase"]


class MemoryDatabase:
    """An in-memory DuckDB and the private folder it may spill to; both go with `close`.

    DuckDB's own default spills into ``.tmp`` of the current folder and leaves it there when the
    process is killed: names and messages would lie about wherever somebody ran a check. It takes no more
    memory than `memory_limit` says, and eight times that in the folder.
    """

    def __init__(self) -> None:
        self._private = PrivateFolder()
        self.folder = str(self._private.path)
        megabytes = memory_limit() // 1024**2
        self.connection: duckdb.DuckDBPyConnection = duckdb.connect(
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "temp_directory": self.folder,
                "memory_limit": f"{megabytes}MiB",
                "max_temp_directory_size": f"{8 * megabytes}MiB",
            }
        )
        # It would draw one wherever it takes a terminal to be, in the process of a worker too.
        self.connection.execute("SET enable_progress_bar = false")

    def close(self) -> None:
        """Close the connection and remove what was spilled; harmless when done already."""
        with suppress(duckdb.Error):
            self.connection.close()
        self._private.close()

    def __enter__(self) -> duckdb.DuckDBPyConnection:
        return self.connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
