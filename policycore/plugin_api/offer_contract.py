"""Check what plugins offer besides rules before anybody uses it: names, types, methods."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from policycore.language import Text, say
from policycore.plugin_api.offers import LazyCommand
from policycore.plugin_api.source import Source

__all__ = [
    "command_faults",
    "fault",
    "folder_faults",
    "is_bilingual",
    "notifier_faults",
    "panel_faults",
    "report_faults",
    "source_faults",
]

_name = re.compile(r"[a-z][a-z0-9_-]*")


def fault(name: str, /, **values: object) -> str:
    """Return what is wrong with something that a plugin brings, in the language in force."""
    return say(f"plugin_api.fault.{name}", **values)


_target = re.compile(r"[\w.]+:\w+")


def folder_faults(item: Any) -> list[str]:
    """Return what is wrong with a folder of rule sets or recipes."""
    if not isinstance(item, (str, os.PathLike)):
        return [fault("no-path")]
    return [] if Path(item).is_dir() else [fault("no-folder", path=repr(os.fspath(item)))]


def source_faults(item: Any) -> list[str]:
    """Return what is wrong with a source."""
    if not (isinstance(item, type) and issubclass(item, Source)):
        return [fault("no-source")]
    faults = _names(item)
    if not (item.platform is None or isinstance(item.platform, str)):
        faults.append(fault("no-text", name="platform"))
    if not (_texts(item.suffixes) and all(suffix.startswith(".") for suffix in item.suffixes)):
        faults.append(fault("suffixes"))
    if not isinstance(item.folders, bool):
        faults.append(fault("no-yes-no", name="folders"))
    if not _texts(item.lacks):
        faults.append(fault("no-fields", name="lacks"))
    if item.read is Source.read:
        faults.append(fault("missing", name="read"))
    return faults


def report_faults(item: Any) -> list[str]:
    """Return what is wrong with a report format."""
    faults = [*_names(item), *_methods(item, "write")]
    faults += [
        fault("no-text", name=name) for name in ("suffix", "media_type") if not _is_text(getattr(item, name, None))
    ]
    if not isinstance(getattr(item, "is_text", None), bool):
        faults.append(fault("no-yes-no", name="is_text"))
    return faults


def notifier_faults(item: Any) -> list[str]:
    """Return what is wrong with a notifier."""
    return [*_names(item, plain=False), *_methods(item, "send")]


def panel_faults(item: Any) -> list[str]:
    """Return what is wrong with a panel."""
    title = getattr(item, "title", None)
    faults = [] if _is_text(title) or is_bilingual(title) else [fault("no-text", name="title")]
    return faults + _methods(item, "lines")


def command_faults(item: Any) -> list[str]:
    """Return what is wrong with a command; it is not imported for that."""
    import click

    if not isinstance(item, (click.Command, LazyCommand)):
        return [fault("no-command")]
    faults = _names(item)
    if isinstance(item, LazyCommand):
        if not is_bilingual(item.short):
            faults.append(fault("short"))
        if not (isinstance(item.target, str) and _target.fullmatch(item.target)):
            faults.append(fault("target"))
    return faults


def is_bilingual(item: Any) -> bool:
    """Return whether `item` is a `Text` that says something in both languages."""
    return isinstance(item, Text) and _is_text(item.zh) and _is_text(item.en)


def _names(item: Any, *, plain: bool = True) -> list[str]:
    """Return what is wrong with an item's name; a `plain` one can be typed."""
    name: Any = getattr(item, "name", None)
    if not _is_text(name):
        return [fault("no-text", name="name")]
    return [fault("no-word", name=repr(name))] if plain and not _name.fullmatch(name) else []


def _methods(item: Any, *names: str) -> list[str]:
    return [
        fault("no-method", name=name)
        for name in names
        if isinstance(item, type) or not callable(getattr(item, name, None))
    ]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and all(_is_text(one) for one in value)
