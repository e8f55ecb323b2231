"""Keep saved views: a filter and an order under a number key, in the user's own settings."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from policycore.store.query import FACETS, SORTS

__all__ = ["View", "Views", "settings_folder"]


@dataclass(frozen=True, slots=True)
class View:
    """Be one saved view."""

    name: str
    typed: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "severity"
    descending: bool = False


def settings_folder() -> Path:
    """Return where a person's settings are kept: ``$XDG_CONFIG_HOME/policycore`` or its default."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "policycore"


class Views:
    """Hold the views under the keys 1 to 9; unreadable settings count as none and are said so."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or settings_folder() / "views.json"
        self.problem = ""
        self._views: dict[int, View] = {}
        try:
            self._views = {int(key): _view(value) for key, value in json.loads(self.file.read_text("utf-8")).items()}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            self.problem = f"{self.file}: {type(error).__name__}"

    def get(self, key: int) -> View | None:
        """Return the view under a number key."""
        return self._views.get(key)

    def all(self) -> Mapping[int, View]:
        """Return every view by its key, in order."""
        return dict(sorted(self._views.items()))

    def save(self, key: int, view: View) -> View | None:
        """Keep `view` under a key from 1 to 9 and return the one it replaces; raises OSError."""
        if not 1 <= key <= 9:
            raise ValueError(f"no number key {key}")
        before = self._views.get(key)
        self._views[key] = view
        self._write()
        return before

    def remove(self, key: int) -> None:
        """Forget the view under a key; raises OSError."""
        self._views.pop(key, None)
        self._write()

    def _write(self) -> None:
        """Write all views in one step, so that a full disk destroys nothing."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        views = {str(key): asdict(view) for key, view in sorted(self._views.items())}
        fresh.write_text(json.dumps(views, ensure_ascii=False, indent=1), "utf-8")
        fresh.replace(self.file)


def _view(value: Any) -> View:
    """Return a stored view; raises KeyError for an order or facet that does not exist (any more)."""
    facets = {name: tuple(str(item) for item in items) for name, items in value.get("facets", {}).items()}
    for name in facets:
        if name != "clause":
            FACETS[name]
    sort = value.get("sort", "severity")
    SORTS[sort]
    return View(str(value["name"]), str(value.get("typed", "")), facets, sort, bool(value.get("descending", False)))
