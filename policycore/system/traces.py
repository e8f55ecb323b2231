"""Say where code broke: file and line of a package's own frame, the trace without any value."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, TracebackType

__all__ = ["code_place", "place_of", "trace_lines", "words_of"]


def code_place(error: BaseException, package: str) -> str:
    """Return ``file:line`` of the innermost frame in the code of the top-level `package`; '' where there is none."""
    roots = _roots(package)
    place = ""
    for file, line in _frames(error.__traceback__):
        if any(file == root or root in file.parents for root in roots):
            place = _shown(file, line, roots)
    if not place and isinstance(error, SyntaxError) and error.filename:
        # The file that could not be read has no frame yet.
        place = _shown(Path(error.filename), error.lineno or 1, roots)
    return place


def place_of(code: CodeType | None, package: str) -> str:
    """Return ``file:line`` at which a function of the top-level `package` begins."""
    return "" if code is None else _shown(Path(code.co_filename), code.co_firstlineno, _roots(package))


def trace_lines(error: BaseException) -> list[str]:
    """Return file, line and source of each frame, never the values of variables, which may be evidence."""
    import traceback

    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__))
    return [*"".join(frames.format()).splitlines(), type(error).__name__]


def words_of(error: BaseException, shown: Callable[[str], str] = str) -> str:
    """Return kind and first line of an error, which hostile code may have made, after `shown` looked at all of it."""
    try:
        first = (shown(str(error)).splitlines() or [""])[0][:300]
    except BaseException:  # its own words are no better than it is
        first = ""
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _frames(trace: TracebackType | None) -> Iterator[tuple[Path, int]]:
    """Yield file and line of each frame, outermost first; the source itself is not read."""
    while trace is not None:
        yield Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno
        trace = trace.tb_next


def _roots(package: str) -> list[Path]:
    """Return the folders, or the one file, that an imported package is made of."""
    module = sys.modules.get(package)
    file = getattr(module, "__file__", None)
    return [Path(root) for root in getattr(module, "__path__", ()) or ([file] if file else [])]


def _shown(file: Path, line: int, roots: list[Path]) -> str:
    """Return a place as it is shown: from the package's own folder on, for what is above it is nobody's business."""
    for root in roots:
        if file == root or root in file.parents:
            return f"{file.relative_to(root.parent).as_posix()}:{line}"
    return f"{file.name}:{line}"
