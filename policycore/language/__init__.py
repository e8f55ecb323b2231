"""Chinese and English texts: the bilingual value, the chosen language and the catalogues of the packages."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Literal

__all__ = [
    "PLACE",
    "Language",
    "SharedLanguage",
    "Text",
    "choose_language",
    "current_language",
    "fill",
    "find_text",
    "names_in",
    "put_in",
    "say",
    "say_both",
    "share_language",
    "texts_of",
    "use_language",
]

Language = Literal["zh", "en"]


class SharedLanguage:
    """The language of a program whose tasks must all follow when a person switches it while it runs.

    A context variable is copied into every task that begins; what the copies refer to is this one.
    """

    def __init__(self, language: Language) -> None:
        self.language = language


_language: ContextVar[Language | SharedLanguage | None] = ContextVar("policycore_language", default=None)
# Only a plain name, in any script, may stand between braces: `str.format` would follow attributes of foreign values.
PLACE = re.compile(r"\{([^\W\d]\w*)(?::([^{}|\n]*)\|([^{}|\n]*))?\}")
"""Where a text takes a value, by the value's name; ``{count:row is|rows are}`` is the words for 1, or for any other."""


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages; every user-facing sentence is one of these."""

    zh: str
    en: str

    def in_language(self, language: Language | None = None) -> str:
        """Return the sentence in `language`, or in the language in force when none is given."""
        return self.en if (language or current_language()) == "en" else self.zh

    def placeholders(self) -> frozenset[str]:
        """Return the names between braces in either language."""
        return frozenset((*names_in(self.zh), *names_in(self.en)))

    def fill(self, **values: object) -> Text:
        """Return the sentence with `values` put in; names without a value stay as they are."""
        return Text(fill(self.zh, values), fill(self.en, values))

    def as_pattern(self) -> Text:
        """Return the sentence as a page about a rule shows it: values by name, words for many where there are two."""
        return Text(*(PLACE.sub(lambda place: place[3] or place[0], text) for text in (self.zh, self.en)))

    def __str__(self) -> str:
        return self.in_language()


def fill(template: str, values: Mapping[str, object]) -> str:
    """Put `values` into the ``{name}`` places of `template`, never following attributes or indexes."""
    return PLACE.sub(
        lambda place: put_in(place[2], place[3], str(values[place[1]])) if place[1] in values else place[0], template
    )


def put_in(one: str | None, many: str | None, value: str) -> str:
    """Return what stands in a place of a text (see `PLACE`): the value, or what the place says for 1 or for others."""
    return value if one is None or many is None else one if value == "1" else many


def names_in(template: str) -> list[str]:
    """Return the names that `template` takes values by, in their order."""
    return [place[1] for place in PLACE.finditer(template)]


def current_language() -> Language:
    """Return the language in force: the one chosen, else the locale's, else Chinese."""
    chosen = _language.get()
    if isinstance(chosen, SharedLanguage):
        return chosen.language
    if chosen is not None:
        return chosen
    for name in ("POLICYCORE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        if value.startswith("en"):
            return "en"
        if value.startswith("zh"):
            return "zh"
    return "zh"


def choose_language(language: Language) -> None:
    """Put `language` in force for the rest of this process (the command line's ``--lang``)."""
    _language.set(language)


def share_language() -> SharedLanguage:
    """Put the language in force where every task begun from here on follows its changes."""
    shared = SharedLanguage(current_language())
    _language.set(shared)
    return shared


@contextmanager
def use_language(language: Language) -> Iterator[None]:
    """Put `language` in force inside a ``with`` block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def texts_of(area: str) -> Mapping[str, tuple[str, str]]:
    """Return the texts of one package by key, each in Chinese and English; KeyError where no package has that name.

    ``store`` is `policycore.store`, ``tui`` is `policycore_tui`, ``bench`` is `bench`.
    """
    for package in (f"policycore.{area}", f"policycore_{area}", area):
        try:
            texts: Mapping[str, tuple[str, str]] = importlib.import_module(f"{package}.catalogue").TEXTS
        except ModuleNotFoundError as error:
            if error.name not in (package, f"{package}.catalogue"):
                raise
        else:
            return texts
    raise KeyError(area)


def say_both(key: str, **values: object) -> Text:
    """Return the catalogue's text for `key` in both languages, filled with `values`.

    `key` reads ``area.name``; the area is a package, and its texts are imported when the first is
    asked for. Raises KeyError for a key nobody wrote.
    """
    found = find_text(key)
    if found is None:
        raise KeyError(key)
    return found.fill(**values)


def find_text(key: str) -> Text | None:
    """Return the catalogue's text for `key` as it stands there, None for a key nobody wrote."""
    found = texts_of(key.partition(".")[0]).get(key)
    return Text(*found) if found else None


def say(key: str, **values: object) -> str:
    """Return the catalogue's text for `key` in the language in force, filled with `values`."""
    return say_both(key, **values).in_language()
