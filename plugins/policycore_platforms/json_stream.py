"""Read a JSON document piece by piece: what is large is walked through, every smaller value comes whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from json.decoder import JSONDecodeError
from typing import IO, Any, NamedTuple

from policycore import SourceError, Text
from policycore_platforms.export import Export

__all__ = ["Here", "Path", "read_json", "read_lines"]

Path = tuple[str | int, ...]
"""Where a value stands: keys, and positions from 0."""

_BLOCK = 1 << 18
MAX_VALUE = 64 * 1024**2
"""Characters that one value may take; a message is a thousandth of it."""
_decoder = json.JSONDecoder(strict=False)  # exporters leave line breaks and tabs inside texts

_CUT = Text("文件在这里中断", "the file ends here, before its end")
_TOO_LARGE = Text("一个值超过64兆字符", "one value takes more than 64 million characters")
_TOO_DEEP = Text("嵌套过深", "it is nested too deeply")
_NO_KEY = Text("这里应有一个键", "a key is expected here")


def _no_json(error: str) -> Text:
    return Text(f"不是有效的JSON（{error}）", f"it is no JSON ({error})")


def _at(path: Path) -> str:
    """Return a path as messages show it: ``chats.list[0].messages[3]``."""
    shown = "".join(f"[{step}]" if isinstance(step, int) else f".{step[:40]}" for step in path)
    return shown.removeprefix(".")


class Here(NamedTuple):
    """The place of a value inside an export, spelt out only where somebody is told of it."""

    export: Export
    file: str
    path: Path

    def __str__(self) -> str:
        return self.export.place(self.file, _at(self.path))

    def counted(self) -> tuple[str, int]:
        """Return what the number of this place counts, and the number: ``messages[*]`` and 3, a file and its line."""
        if self.path and str(self.path[0]).startswith("line "):
            return ("" if self.export.is_one_file else self.file), int(str(self.path[0])[5:])
        place = next((place for place in reversed(range(len(self.path))) if isinstance(self.path[place], int)), None)
        if place is None:
            return ("" if self.export.is_one_file else self.file), 0
        inside = _at((*self.path[:place], "[*]", *self.path[place + 1 :])).replace(".[*]", "[*]")
        return self.export.place(self.file, inside), int(self.path[place])


def read_json(export: Export, name: str, walked: Set[tuple[str, ...]]) -> Iterator[tuple[Path, Any]]:
    """Yield every value of a JSON file with its path; objects and arrays whose path is in `walked` are walked through.

    ``*`` in `walked` stands for any position. Raises SourceError with the place where the file is broken.
    """
    with export.text(name) as stream:
        document = _Document(stream, export.place(name))
        yield from document.walk((), (), walked)
        document.end()


def read_lines(export: Export, name: str) -> Iterator[tuple[int, Any]]:
    """Yield the values of JSON lines with their line numbers; empty lines and those that begin with # are none."""
    with export.text(name) as stream:
        for number, line in enumerate(stream, 1):
            content = line.strip()
            if not content or content.startswith("#"):
                continue
            try:
                yield number, _decoder.decode(content)
            except RecursionError:
                raise SourceError(_TOO_DEEP, export.place(name), number) from None
            except ValueError as error:
                reason = _no_json(error.msg if isinstance(error, JSONDecodeError) else type(error).__name__)
                raise SourceError(reason, "" if export.is_one_file else name, number) from None


class _Document:
    """A JSON text of which a window is held."""

    def __init__(self, stream: IO[str], file: str) -> None:
        self._stream = stream
        self._file = file
        self._text = ""
        self._at = 0
        self._ended = False

    def walk(self, path: Path, general: tuple[str, ...], walked: Set[tuple[str, ...]]) -> Iterator[tuple[Path, Any]]:
        """Yield the values below `path`, which is called `general` in `walked`."""
        opening = self._next(path)
        if general not in walked or opening not in "{[":
            yield path, self._value(path)
            return
        self._at += 1
        closing = "}" if opening == "{" else "]"
        position = 0
        while self._next(path) != closing:
            if opening == "{":
                key = self._value(path)
                if not isinstance(key, str) or self._next(path) != ":":
                    raise self._broken(_NO_KEY, path)
                self._at += 1
                yield from self.walk((*path, key), (*general, key), walked)
            else:
                inside = (*general, "*")
                if inside in walked:
                    yield from self.walk((*path, position), inside, walked)
                else:  # the many small values of a large array
                    here = (*path, position)
                    self._next(here)
                    yield here, self._value(here)
                position += 1
            following = self._next(path)
            if following == ",":
                self._at += 1
                if self._next(path) == closing:
                    raise self._broken(_no_json(f"',{closing}'"), path)
            elif following != closing:
                raise self._broken(_no_json("Expecting ',' delimiter"), (*path, position) if position else path)
        self._at += 1

    def end(self) -> None:
        """Raise SourceError where something follows the document."""
        try:
            self._next(())
        except SourceError:
            return
        raise self._broken(_no_json("Extra data"), ())

    def _next(self, path: Path) -> str:
        """Return the next character that is no white space, without taking it."""
        while True:
            text, place = self._text, self._at
            while place < len(text) and text[place] in " \t\r\n":
                place += 1
            self._at = place
            if place < len(text):
                return text[place]
            if not self._more():
                raise self._broken(_CUT, path)

    def _value(self, path: Path) -> Any:
        """Return the next value whole."""
        while True:
            try:
                value, end = _decoder.raw_decode(self._text, self._at)
            except RecursionError:
                raise self._broken(_TOO_DEEP, path) from None
            except JSONDecodeError as error:
                # What breaks off near the end of the window may go on behind it.
                may_go_on = error.msg.startswith("Unterminated") or error.pos > len(self._text) - 16
                if may_go_on and len(self._text) - self._at > MAX_VALUE:
                    raise self._broken(_TOO_LARGE, path) from None
                if may_go_on and self._more():
                    continue
                raise self._broken(_CUT if may_go_on else _no_json(error.msg), path) from None
            except ValueError as error:  # a number of thousands of digits
                raise self._broken(_no_json(type(error).__name__), path) from None
            # A number may go on behind the window.
            if end == len(self._text) and not isinstance(value, (str, list, dict)) and self._more():
                continue
            self._at = end
            return value

    def _more(self) -> bool:
        """Read on, by at least as much as is held, so that a long value is not tried a hundred times."""
        held = self._text[self._at :]
        block = "" if self._ended else self._stream.read(max(_BLOCK, len(held)))
        self._ended = not block
        self._text, self._at = held + block, 0
        return bool(block)

    def _broken(self, reason: Text, path: Path) -> SourceError:
        return SourceError(reason, ": ".join(filter(None, (self._file, _at(path)))))
