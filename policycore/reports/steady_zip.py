"""Write zip archives that hold no moment and no mode of this machine: the same members give the same bytes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["SteadyZip"]

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_MODE = 0o600 << 16


class SteadyZip(ZipFile):
    """Be an archive to write to whose members all carry the earliest time there is."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream, "w", ZIP_DEFLATED, allowZip64=True)

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_more: Any, **_named: Any) -> None:
        """Add a member from memory."""
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        super().writestr(_member(name), data)

    def write(
        self,
        filename: str | os.PathLike[str],
        arcname: str | os.PathLike[str] | None = None,
        *_more: Any,
        **_named: Any,
    ) -> None:
        """Add a member from a file, block by block."""
        member = _member(os.fspath(arcname if arcname is not None else filename))
        member.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self.open(member, "w") as target:
            shutil.copyfileobj(source, target, 1 << 16)


def _member(name: str) -> ZipInfo:
    """Return the head of a member."""
    member = ZipInfo(name, _EARLIEST)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = _MODE
    return member
