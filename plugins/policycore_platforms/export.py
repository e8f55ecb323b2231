"""The files of an export: one file, a folder or a ZIP archive, read as a stream and never unpacked to disk."""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from policycore import Source, SourceError, Text

__all__ = ["NO_TEXT", "Export", "ExportSource", "open_export"]

MAX_ENTRIES = 200_000
MAX_UNPACKED = 16 * 1024**3
# Chats pack to a tenth or twentieth; below this size it does not matter.
MAX_RATIO, SMALL = 300, 64 * 1024**2

NO_TEXT = Text("文件不是UTF-8编码", "the file is not UTF-8 text")
_BROKEN = Text("不是完整的ZIP文件", "it is no whole ZIP archive")
_BOMB = Text("压缩包展开后过大，不会打开", "the archive would unpack to far more than it is; it is not opened")
_ENCRYPTED = Text("压缩包加了密码；请先自行解密", "the archive is locked with a password; unlock it first")


class Export:
    """What one export consists of, by the names of its files."""

    def __init__(self, path: Path, archive: zipfile.ZipFile | None) -> None:
        self._path = path
        self._archive = archive
        self.is_archive = archive is not None
        self.is_folder = path.is_dir()
        """Whether it is a folder, in which an export lies itself: what lies in a folder of it may be another."""
        self.is_one_file = archive is None and not self.is_folder
        """Whether it is a single file, so that a place inside it needs no file's name."""
        if archive is not None:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        elif self.is_folder:
            real = path.resolve()
            found = (
                file.relative_to(path) for pattern in ("*", "*/*") for file in path.glob(pattern) if file.is_file()
            )
            # Links lead to what is no part of it.
            names = [file.as_posix() for file in found if (path / file).resolve() == real / file]
        else:
            names = [path.name]
        # What a system or a program left beside the data is none of them.
        self.names = sorted(
            name
            for name in names
            if not any(part.startswith((".", "~$")) or part == "__MACOSX" for part in name.split("/"))
        )

    def place(self, name: str, at: str = "") -> str:
        """Return the place of `at` inside the file `name`, as messages show it."""
        return at if self.is_one_file else f"{name}: {at}" if at else name

    def has_beside(self, name: str, stem: str) -> bool:
        """Return whether a file of the same kind and with this stem lies beside the file `name`."""
        other = PurePosixPath(name).with_stem(stem)
        return (self._path.parent / other).is_file() if self.is_one_file else str(other) in self.names

    def open(self, name: str) -> IO[bytes]:
        """Return a file of the export as a stream of bytes."""
        if self._archive is not None:
            return self._archive.open(name)
        return (self._path if self.is_one_file else self._path / name).open("rb")

    @contextmanager
    def text(self, name: str) -> Iterator[IO[str]]:
        """Give a file of the export as text, SourceError where its bytes are none."""
        encoding = "utf-16" if self._is_utf16(name) else "utf-8-sig"
        with self.open(name) as stream, io.TextIOWrapper(stream, encoding, newline="") as text:
            try:
                yield text
            except UnicodeError as error:
                raise SourceError(NO_TEXT, self.place(name)) from error

    @contextmanager
    def utf8(self, name: str) -> Iterator[IO[bytes]]:
        """Give a file of the export as bytes of UTF-8, which nobody has looked at yet where it is no UTF-16."""
        if self._is_utf16(name):
            with self.text(name) as text:
                yield io.BytesIO(text.read().encode("utf-8", "surrogatepass"))
            return
        with self.open(name) as stream, io.BufferedReader(stream) as buffered:  # type: ignore[type-var]
            if buffered.peek(3)[:3] == codecs.BOM_UTF8:
                buffered.read(3)
            yield buffered

    def _is_utf16(self, name: str) -> bool:
        with self.open(name) as stream:
            return stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

    def head(self, name: str, size: int = 65_536) -> str:
        """Return how a file begins, whatever it is."""
        with self.open(name) as stream:
            start = stream.read(size)
        return start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")


@contextmanager
def open_export(path: Path) -> Iterator[Export]:
    """Give the export at `path`; SourceError for an archive that is broken, locked or a bomb."""
    if path.is_dir() or path.suffix.lower() != ".zip":
        yield Export(path, None)
        return
    try:
        archive = _opened(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SourceError(_BROKEN) from error
    with archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = max(1, path.stat().st_size)
        if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > max(SMALL, packed * MAX_RATIO):
            raise SourceError(_BOMB)
        if any(entry.flag_bits & 1 for entry in entries):
            raise SourceError(_ENCRYPTED)
        try:
            yield Export(path, archive)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:  # found while it is read
            raise SourceError(_BROKEN) from error


def _opened(path: Path) -> zipfile.ZipFile:
    """Open an archive; names without a mark of their encoding are GBK, as Windows writes them in China."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="gbk")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


class ExportSource(Source):
    """A source that knows its files by how they begin: alone, in a folder or in an archive."""

    def can_read(self, path: Path) -> bool:
        """Return whether `path` is or holds such an export; SourceError for an archive that nobody can open."""
        if not path.is_dir() and path.suffix.lower() not in self.suffixes:
            return False
        with open_export(path) as export:
            return bool(self.files(export))

    def files(self, export: Export) -> list[str]:
        """Return the files of an export that belong to this format; none means that it is another one."""
        # No NotImplementedError: archives raise that of a compression that nobody knows.
        raise TypeError(f"{type(self).__name__} has no files()")
