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
PLACE = re.compile(r"\{([^\W\d]\w*)\}")
"""Where a text takes a value, and the value's name."""


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
        return frozenset(PLACE.findall(self.zh)) | frozenset(PLACE.findall(self.en))

    def fill(self, **values: object) -> Text:
        """Return the sentence with `values` put in; names without a value stay as they are."""
        return Text(fill(self.zh, values), fill(self.en, values))

    def __str__(self) -> str:
        return self.in_language()


def fill(template: str, values: Mapping[str, object]) -> str:
    """Put `values` into the ``{name}`` places of `template`, never following attributes or indexes."""
    return PLACE.sub(lambda match: str(values[match[1]]) if match[1] in values else match[0], template)


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
