"""Hold what one rule set file, or several composed ones, set: flat paths to values that know their places.

Flat paths make composing two rules of dictionaries: later over earlier, and two parents side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from policycore.errors import Place
from policycore.yaml.nodes import Node, plain

__all__ = ["Floor", "Layer", "Path", "Setting", "merge", "over"]

Path = tuple[str, ...]
"""For example ``("rules", "OWN002", "with", "grace_days")`` or ``("parameters", "effective")``."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value with its place, and the places that lost to it, newest first."""

    node: Node
    lost: tuple[tuple[Place, Any], ...] = ()
    key_place: Place | None = None
    """Where the key before the value stands."""

    @property
    def place(self) -> Place:
        """Return where the value stands."""
        return self.node.place

    @property
    def value(self) -> Any:
        """Return the value as plain data."""
        return plain(self.node)


@dataclass(frozen=True, slots=True)
class Floor:
    """How far the value at `path` may go in any set that builds on the one with this floor."""

    path: Path
    bound: Mapping[str, Any] | Literal["any"]
    place: Place


@dataclass(frozen=True, slots=True)
class Layer:
    """A rule set in the making."""

    settings: dict[Path, Setting] = field(default_factory=dict)
    floors: tuple[Floor, ...] = ()
    conflicts: dict[Path, tuple[Setting, Setting]] = field(default_factory=dict)
    """Paths for which two parents have different values and no child has decided yet."""

    _children: dict[Path, list[Path]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _floors: dict[Path, list[Floor]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for path in self.settings:
            self._children.setdefault(path[:-1], []).append(path)
        for floor in self.floors:
            self._floors.setdefault(floor.path, []).append(floor)
            self._floors.setdefault(floor.path[:-1], []).append(floor)

    def get(self, *path: str) -> Setting | None:
        """Return the setting at `path`."""
        return self.settings.get(path)

    def below(self, *prefix: str) -> Iterator[tuple[str, Setting]]:
        """Return the last step and the setting of each path one step below `prefix`."""
        return ((path[-1], self.settings[path]) for path in self._children.get(prefix, ()))

    def rules(self) -> list[str]:
        """Return the ids of the rules of the set, in the order in which they came in."""
        return list(dict.fromkeys(path[1] for path in self.settings if path[0] == "rules"))

    def floors_at(self, path: Path) -> list[Floor]:
        """Return every floor that binds the value at `path`."""
        return self._floors.get(path, [])

    def floors_under(self, *prefix: str) -> Iterator[Floor]:
        """Return every floor of values below `prefix`, at any depth."""
        return (floor for floor in self.floors if floor.path[: len(prefix)] == prefix)

    def floors_below(self, *prefix: str) -> list[Floor]:
        """Return every floor that binds a value one step below `prefix`."""
        return self._floors.get(prefix, [])


def over(base: Layer, later: Layer) -> Layer:
    """Return `base` with every value that `later` sets put over it; floors add up.

    Associative, so that a chain of sets means the same however it is cut.
    """
    settings = dict(base.settings)
    for path, setting in later.settings.items():
        beaten = settings.get(path)
        lost = () if beaten is None else ((beaten.place, beaten.value), *beaten.lost)
        settings[path] = replace(setting, lost=(*setting.lost, *lost))
    conflicts = {path: pair for path, pair in base.conflicts.items() if path not in later.settings}
    return Layer(settings, _united(base.floors, later.floors), {**conflicts, **later.conflicts})


def merge(first: Layer, second: Layer) -> Layer:
    """Return two parents side by side: equal or decided values stay, the rest are conflicts."""
    settings = dict(first.settings)
    conflicts = {**first.conflicts, **second.conflicts}
    for path, theirs in second.settings.items():
        ours = settings.get(path)
        if ours is None or _beat(theirs, ours):
            settings[path] = theirs
        elif ours.place != theirs.place and not _beat(ours, theirs) and ours.value != theirs.value:
            conflicts[path] = (ours, theirs)
    return Layer(settings, _united(first.floors, second.floors), conflicts)


def _beat(winner: Setting, loser: Setting) -> bool:
    """Return whether `winner` was set over the very value that `loser` still has."""
    return any(place == loser.place for place, _ in winner.lost)


def _united(first: tuple[Floor, ...], second: tuple[Floor, ...]) -> tuple[Floor, ...]:
    """Return the floors of both, those from a common ancestor once."""
    known = {(floor.path, floor.place) for floor in first}
    return first + tuple(floor for floor in second if (floor.path, floor.place) not in known)
