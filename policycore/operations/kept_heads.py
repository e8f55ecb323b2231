"""Keep the heads of the audit trail elsewhere: only they show that a trail was cut off or written anew."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from policycore.errors import DataError, Problem, UsageError
from policycore.text.clean import clean

__all__ = ["heads_in", "keep_head", "require_place"]

_SECONDS = 20
"""How long the other side may take to answer."""


def require_place(place: str) -> None:
    """Raise UsageError unless heads can be kept at `place`: a file in a folder that is there, or an https URL."""
    if "://" in place:
        usable = urlsplit(place).scheme == "https" and bool(urlsplit(place).hostname)
    else:
        usable = Path(place).absolute().parent.is_dir() and not Path(place).is_dir()
    if not usable:
        raise UsageError(Problem.of("operations.heads.no-place", where=_shown(place)))


def keep_head(place: str, head: str, run: int) -> None:
    """Add the head after a run to the file at `place`, or send it there as one line of text.

    Raises DataError where it could not be kept: the run itself is recorded all the same.
    """
    line = f"{head}  {datetime.now(UTC).isoformat(timespec='seconds')}  {run}\n".encode()
    try:
        if "://" in place:
            require_place(place)
            with urlopen(Request(place, line, {"Content-Type": "text/plain"}), timeout=_SECONDS):  # noqa: S310 - https
                return
        with Path(place).open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, URLError, ValueError) as error:
        kind = getattr(error, "strerror", None) or type(error).__name__
        raise DataError(Problem.of("operations.heads.not-kept", where=_shown(place), kind=kind)) from None


def heads_in(file: Path) -> tuple[str, ...]:
    """Return the heads that a file holds, one at the beginning of each line; DataError where it can't be read."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        kind = getattr(error, "strerror", None) or type(error).__name__
        raise DataError(Problem.of("operations.heads.unreadable", where=_shown(str(file)), kind=kind)) from None
    return tuple(line.split()[0] for line in lines if line.strip())


def _shown(place: str) -> str:
    """Return a place as a person may see it, without what may be a secret in a URL."""
    parts = urlsplit(place)
    return clean(f"{parts.scheme}://{parts.hostname or ''}" if "://" in place else place, limit=200)
