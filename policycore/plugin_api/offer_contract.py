"""Check what plugins offer besides rules before anybody uses it: names, types, methods."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from policycore.language import Text
from policycore.plugin_api.offers import LazyCommand
from policycore.plugin_api.source import Source

__all__ = [
    "command_faults",
    "folder_faults",
    "is_bilingual",
    "notifier_faults",
    "panel_faults",
    "report_faults",
    "source_faults",
]

_name = re.compile(r"[a-z][a-z0-9_-]*")
_target = re.compile(r"[\w.]+:\w+")


def folder_faults(item: Any) -> list[str]:
    """Return what is wrong with a folder of rule sets or recipes."""
    if not isinstance(item, (str, os.PathLike)):
        return ["no path"]
    return [] if Path(item).is_dir() else [f"{os.fspath(item)!r} is no folder"]


def source_faults(item: Any) -> list[str]:
    """Return what is wrong with a source."""
    if not (isinstance(item, type) and issubclass(item, Source)):
        return ["no subclass of policycore.Source"]
    faults = _names(item)
    if not (item.platform is None or isinstance(item.platform, str)):
        faults.append("platform is no text")
    if not (_texts(item.suffixes) and all(suffix.startswith(".") for suffix in item.suffixes)):
        faults.append("suffixes is no tuple of endings such as '.json'")
    if not isinstance(item.folders, bool):
        faults.append("folders is neither True nor False")
    if not _texts(item.lacks):
        faults.append("lacks is no tuple of fields")
    if item.read is Source.read:
        faults.append("read is missing")
    return faults


def report_faults(item: Any) -> list[str]:
    """Return what is wrong with a report format."""
    faults = [*_names(item), *_methods(item, "write")]
    faults += [f"{name} is no text" for name in ("suffix", "media_type") if not _is_text(getattr(item, name, None))]
    if not isinstance(getattr(item, "is_text", None), bool):
        faults.append("is_text is neither True nor False")
    return faults


def notifier_faults(item: Any) -> list[str]:
    """Return what is wrong with a notifier."""
    return [*_names(item, plain=False), *_methods(item, "send")]


def panel_faults(item: Any) -> list[str]:
    """Return what is wrong with a panel."""
    title = getattr(item, "title", None)
    faults = [] if _is_text(title) or is_bilingual(title) else ["title is no text"]
    return faults + _methods(item, "lines")


def command_faults(item: Any) -> list[str]:
    """Return what is wrong with a command; it is not imported for that."""
    import click

    if not isinstance(item, (click.Command, LazyCommand)):
        return ["neither a click command nor a LazyCommand"]
    faults = _names(item)
    if isinstance(item, LazyCommand):
        if not is_bilingual(item.short):
            faults.append("short is no Text in both languages")
        if not (isinstance(item.target, str) and _target.fullmatch(item.target)):
            faults.append("target is not package.module:attribute")
    return faults


def is_bilingual(item: Any) -> bool:
    """Return whether `item` is a `Text` that says something in both languages."""
    return isinstance(item, Text) and _is_text(item.zh) and _is_text(item.en)


def _names(item: Any, *, plain: bool = True) -> list[str]:
    """Return what is wrong with an item's name; a `plain` one can be typed."""
    name: Any = getattr(item, "name", None)
    if not _is_text(name):
        return ["name is no text"]
    return [f"name {name!r} is no lower-case word"] if plain and not _name.fullmatch(name) else []


def _methods(item: Any, *names: str) -> list[str]:
    return [
        f"{name} is no method" for name in names if isinstance(item, type) or not callable(getattr(item, name, None))
    ]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and all(_is_text(one) for one in value)
