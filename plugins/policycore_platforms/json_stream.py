"""Read a JSON document piece by piece: what is large is walked through, every smaller value comes whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence, Set
from functools import cached_property, partial
from json.decoder import JSONDecodeError
from typing import IO, Any, Generic, NamedTuple, TypeVar

import msgspec

from policycore import SourceError, Text
from policycore_platforms.export import NO_TEXT, Export

__all__ = ["Here", "Path", "Pieces", "read_json", "read_lines"]

T = TypeVar("T")
V = TypeVar("V")
Path = tuple[str | int, ...]
"""Where a value stands: keys, and positions from 0."""

_BLOCK = 1 << 18
_MOST_ODD = 1024
MAX_VALUE = 64 * 1024**2
"""Characters that one value may take; a message is a thousandth of it."""
_decoder = json.JSONDecoder(strict=False)  # exporters leave line breaks and tabs inside texts
_raws = msgspec.json.Decoder(list[msgspec.Raw])
# What stands between two items of an array of which each begins a line.
_between = re.compile(r"\}(\s*,\s*\n\s*)\Z")

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

    def beside(self, number: int) -> Here:
        """Return the place of the item with this number in the same array, or of this line of the file."""
        return self._replace(path=(*self.path[:-1], f"line {number}" if self.is_line() else number))

    def is_line(self) -> bool:
        """Return whether it is a line of its file."""
        return bool(self.path) and str(self.path[0]).startswith("line ")

    def counted(self) -> tuple[str, int]:
        """Return what the number of this place counts, and the number: ``messages[*]`` and 3, a file and its line."""
        if self.is_line():
            return ("" if self.export.is_one_file else self.file), int(str(self.path[0])[5:])
        place = next((place for place in reversed(range(len(self.path))) if isinstance(self.path[place], int)), None)
        if place is None:
            return ("" if self.export.is_one_file else self.file), 0
        inside = _at((*self.path[:place], "[*]", *self.path[place + 1 :])).replace(".[*]", "[*]")
        return self.export.place(self.file, inside), int(self.path[place])


class Pieces(Generic[T]):
    """Items of a large array, or JSON lines, that stand one behind the other."""

    def __init__(
        self,
        here: Here,
        numbers: Sequence[int],
        decoder: msgspec.json.Decoder[T] | None,
        whole: Sequence[T] | None,
        written: Callable[[], Sequence[msgspec.Raw | bytes]],
    ) -> None:
        self.here = here
        """Where the first of them stands."""
        self.numbers = numbers
        """The position of each in the array, or its line."""
        self._decoder = decoder
        self._whole = whole
        self._written = written

    @cached_property
    def _items(self) -> Sequence[msgspec.Raw | bytes]:
        """Each as it is written."""
        return self._written()

    def runs(self, fine: Callable[[Sequence[T]], bool]) -> Iterator[tuple[Sequence[int], Sequence[T], Any]]:
        """Yield, with their numbers, items that are what most are; between them any other alone, as the value it is.

        `fine` returns whether none of several is another all the same. SourceError where an item is no JSON.
        """
        if self._whole is not None:
            yield from self._parted(self.numbers, self._whole, fine)
            return
        numbers, run = list[int](), list[T]()
        for number, one, value in self.read_by(self._decoder):
            if one is None:
                yield from self._parted(numbers, run, fine)
                numbers, run = [], []
                yield (number,), (), value
            else:
                numbers.append(number)
                run.append(one)
        yield from self._parted(numbers, run, fine)

    def _parted(
        self, numbers: Sequence[int], run: Sequence[T], fine: Callable[[Sequence[T]], bool]
    ) -> Iterator[tuple[Sequence[int], Sequence[T], Any]]:
        start = 0
        odd = [] if not run or fine(run) else [place for place, one in enumerate(run) if not fine([one])]
        for place in (*odd, len(run)) if run else ():
            if start < place:
                yield numbers[start:place], run[start:place], None
            if place < len(run):
                number = numbers[place]
                yield (number,), (), self._value(self._items[number - self.numbers[0]], number)
            start = place + 1

    def read_by(self, decoder: msgspec.json.Decoder[V] | None) -> Iterator[tuple[int, V | None, Any]]:
        """Yield the number of each item with what `decoder` makes of it, else None with the value as it is.

        Empty lines and those that begin with # are none. SourceError where an item is no JSON.
        """
        for number, raw in zip(self.numbers, self._items, strict=True):
            if isinstance(raw, bytes) and raw.lstrip()[:1] in (b"", b"#"):
                continue
            try:
                if decoder is not None:
                    yield number, decoder.decode(raw), None
                    continue
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                pass
            yield number, None, self._value(raw, number)

    def _value(self, raw: msgspec.Raw | bytes, number: int) -> Any:
        try:
            return _decoder.decode(bytes(raw).decode().strip())
        except RecursionError:
            reason = _TOO_DEEP
        except UnicodeDecodeError:
            reason = NO_TEXT
        except ValueError as error:
            reason = _no_json(error.msg if isinstance(error, JSONDecodeError) else type(error).__name__)
        if not isinstance(raw, bytes):
            raise SourceError(reason, str(self.here.beside(number)))
        raise SourceError(reason, "" if self.here.export.is_one_file else self.here.file, number)


def read_json(
    export: Export, name: str, walked: Set[tuple[str, ...]], item: type[T] | None = None
) -> Iterator[tuple[Path, Any]]:
    """Yield every value of a JSON file with its path; objects and arrays whose path is in `walked` are walked through.

    ``*`` in `walked` stands for any position. Where most items of arrays that are walked through are an `item`, many
    may come at once, as Pieces with the path of the first. Raises SourceError with the place where the file is broken.
    """
    with export.text(name) as stream:
        document = _Document(stream, Here(export, name, ()), item)
        yield from document.walk((), (), walked)
        document.end()


def read_lines(export: Export, name: str, decoder: msgspec.json.Decoder[T] | None = None) -> Iterator[Pieces[T]]:
    """Yield the lines of a file, many at once, most of which are for `decoder`."""
    first = 1
    with export.utf8(name) as stream:
        while text := stream.read(_BLOCK) + stream.readline():
            count = text.count(b"\n") + (text[-1:] != b"\n") if b"\r" not in text else len(text.splitlines())
            whole = None if decoder is None else _read(decoder.decode_lines, text)
            if whole is not None and len(whole) != count:
                whole = None
            here = Here(export, name, (f"line {first}",))
            yield Pieces(here, range(first, first + count), decoder, whole, text.splitlines)
            first += count


def _read(read: Callable[[bytes], Sequence[T]], text: bytes) -> Sequence[T] | None:
    """Return what is read of a text at once, None where that is something else or no JSON."""
    try:
        return read(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


class _Document:
    """A JSON text of which a window is held."""

    def __init__(self, stream: IO[str], here: Here, item: type[Any] | None) -> None:
        self._stream = stream
        self._here = here
        self._file = here.export.place(here.file)
        self._one = None if item is None else msgspec.json.Decoder(item)
        self._many = msgspec.json.Decoder(list[item])  # type: ignore[valid-type] # known when it runs
        self._one_by_one, self._odd = 0, 1
        """How many items are to be read by themselves, after many could not be read at once; how many next time."""
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
                elif (pieces := self._pieces((*path, position))) is not None:
                    yield pieces.here.path, pieces
                    position += len(pieces.numbers) - 1
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

    def _pieces(self, path: Path) -> Pieces[Any] | None:
        """Return the items from `path` on that the window holds whole, None where the next is to be read by itself.

        They end where what stood between the last two items stands for the last time: what is read up to there is
        wrong only where it is no JSON.
        """
        if self._one is None:
            return None
        if self._one_by_one:
            self._one_by_one -= 1
            return None
        between = _between.search(self._text, max(0, self._at - 200), self._at)
        if between is None:
            return None
        if len(self._text) - self._at < _BLOCK // 2:
            self._more()
        last, found, whole, text = len(self._text), None, None, b""
        while found is None:
            # Half of it may do where an array ends in between.
            last = self._text.rfind(f"}}{between[1]}{{", self._at, (self._at + last) // 2 if text else last)
            if last < 0:
                self._one_by_one = self._odd = min(2 * self._odd, _MOST_ODD)
                return None
            text = f"[{self._text[self._at : last + 1]}]".encode()
            whole = _read(self._many.decode, text)
            found = _read(_raws.decode, text) if whole is None else whole
        self._at, self._odd, first = last + 1, 1, int(path[-1])
        numbers = range(first, first + len(found))
        return Pieces(self._here._replace(path=path), numbers, self._one, whole, partial(_raws.decode, text))

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
