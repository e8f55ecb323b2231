"""Say under which licences the packages stand that the lock names."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

__all__ = ["licence_lines", "locked"]


def locked(folder: Path) -> dict[str, str]:
    """Return the version of every package in `folder`, whichever file names it."""
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.txt")))
    return dict(sorted(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE)))


def licence_lines(folder: Path) -> list[str]:
    """Return a line for each package of the lock: name, version, and the licence it declares where it is installed."""
    return [f"{name:<28}{version:<20}{_licence(name)}" for name, version in locked(folder).items()]


def _licence(name: str) -> str:
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return "not installed"
    classes = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License ::")]
    # Some metadata answer for what is missing with None, others with a KeyError.
    said = [(about.get_all(name) or [""])[0].strip() for name in ("License-Expression", "License")]
    words = said[0] or "; ".join(classes) or said[1]
    return words.partition("\n")[0] or "none declared"
