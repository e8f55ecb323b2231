"""A person's own settings: keys, theme, editor, and saved views, each a filter and an order under a number key."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from policycore.store.query import FACETS, SORTS

__all__ = ["View", "Views", "at_line", "editor", "read_settings", "write_settings"]

_GOTO = frozenset({"code", "code-insiders", "codium", "vscodium", "cursor"})
_COLON = frozenset({"subl", "sublime_text", "zed", "hx", "helix", "atom"})


def _file(name: str) -> Path:
    """Return a settings file in ``$XDG_CONFIG_HOME/policycore`` or its default."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "policycore" / name


def read_settings(name: str) -> dict[str, Any]:
    """Return what a settings file says; an unreadable one counts as empty."""
    try:
        found = json.loads(_file(name).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_settings(name: str, content: Mapping[str, Any]) -> None:
    """Keep settings in one step, so that a full disk destroys nothing; raises OSError."""
    file = _file(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(dict(content), ensure_ascii=False, indent=1), "utf-8")
    fresh.replace(file)


@dataclass(frozen=True, slots=True)
class View:
    """What a list is asked for: a filter and an order, with a name once it is saved."""

    name: str = ""
    typed: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "severity"
    descending: bool = False


class Views:
    """The views under the keys 1 to 9; unreadable settings count as none, and `problem` says so."""

    def __init__(self) -> None:
        self.problem = ""
        self._views: dict[int, View] = {}
        try:
            kept = json.loads(_file("views.json").read_text("utf-8"))
            self._views = {int(key): _view(value) for key, value in sorted(kept.items())}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            self.problem = f"{_file('views.json')}: {type(error).__name__}"

    def get(self, key: int) -> View | None:
        """Return the view under a number key."""
        return self._views.get(key)

    def keep(self, key: int, view: View | None) -> View | None:
        """Keep `view`, or nothing, under a key from 1 to 9 and return what was there; raises OSError."""
        if not 1 <= key <= 9:
            raise ValueError(f"no number key {key}")
        before = self._views.pop(key, None)
        if view is not None:
            self._views[key] = view
        write_settings("views.json", {str(number): asdict(kept) for number, kept in sorted(self._views.items())})
        return before


def _view(value: Any) -> View:
    """Return a stored view; raises KeyError for an order or facet that does not exist (any more)."""
    facets = {name: tuple(str(item) for item in items) for name, items in value.get("facets", {}).items()}
    for name in facets.keys() - {"clause"}:
        FACETS[name]
    sort = value.get("sort", "severity")
    SORTS[sort]
    return View(str(value["name"]), str(value.get("typed", "")), facets, sort, bool(value.get("descending", False)))


def editor() -> list[str]:
    """Return the command that ``VISUAL`` or ``EDITOR`` names, empty where none is set."""
    return shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")


def at_line(command: list[str], file: Path, line: int) -> list[str]:
    """Return the command that opens `file` at `line`: ``+12 file``, as vi, nano, emacs and less understand it.

    Editors with windows want ``file:12`` instead; given ``+12`` they would open a file of that name.
    """
    name = Path(command[0]).stem.lower()
    if name in _GOTO:
        return [*command, "--goto", f"{file}:{line}"]
    return [*command, f"{file}:{line}"] if name in _COLON else [*command, f"+{line}", str(file)]
