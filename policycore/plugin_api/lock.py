"""A list of the plugins that may run, by distribution, version and hash: what is not on it, or has changed, is refused.

It guards scheduled jobs against plugins that came or changed unnoticed. It looks at files before anything of them is
imported, and vouches for plugins alone: not for what they import from elsewhere, and no further for this program than
its own files can.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.machinery import PathFinder
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path

from policycore.errors import Place, Problem, UsageError
from policycore.system.refusals import refusal_words

__all__ = ["Lock", "LockedDistribution", "lock_text", "locked", "normal_name", "read_lock"]

_FORMAT = 1
_KEYS = {"version": str, "sha256": str, "plugins": dict}
# What installing writes beside the files of a distribution differs from machine to machine.
_ASIDE = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")


@dataclass(frozen=True, slots=True)
class LockedDistribution:
    """A distribution as it is installed: its version, the plugins it registers, a hash of all its files."""

    name: str
    version: str
    sha256: str
    plugins: Mapping[str, str]
    """Entry point by name: ``package.module``."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What a lock file allows."""

    place: Place
    distributions: Mapping[str, LockedDistribution]

    def refusal(self, entry: EntryPoint, installed: Mapping[str, LockedDistribution]) -> str:
        """Return the code of why an entry point may not be loaded; '' where it may."""
        name = distribution_name(entry)
        allowed, found = self.distributions.get(name), installed.get(name)
        if allowed is None or found is None or allowed.plugins.get(entry.name) != entry.value:
            return "plugin.not-locked"
        return "" if (allowed.version, allowed.sha256) == (found.version, found.sha256) else "plugin.changed"

    def missing(self, entries: Iterable[EntryPoint]) -> list[str]:
        """Return the plugins that the lock names and nobody installed, sorted."""
        present = {(distribution_name(entry), entry.name) for entry in entries}
        named = {(name, plugin) for name, one in self.distributions.items() for plugin in one.plugins}
        return sorted(f"{plugin} ({name})" for name, plugin in named - present)


def distribution_name(entry: EntryPoint) -> str:
    """Return the normal form of the name of the distribution that an entry point belongs to; '' where there is none."""
    return normal_name(entry.dist.metadata["Name"] or "") if entry.dist is not None else ""


def normal_name(name: str) -> str:
    """Return the normal form of the name of a distribution."""
    return name.lower().replace("_", "-").replace(".", "-")


def locked(entries: Iterable[EntryPoint]) -> dict[str, LockedDistribution]:
    """Return by name the distributions of `entries` as they are installed now; nothing of them is imported."""
    grouped: dict[str, list[EntryPoint]] = {}
    for entry in entries:
        grouped.setdefault(distribution_name(entry), []).append(entry)
    found = {}
    for name, own in sorted(grouped.items()):
        distribution = own[0].dist
        if name and distribution is not None:
            plugins = {entry.name: entry.value for entry in sorted(own)}
            digest = _digest(_files(distribution, plugins.values()))
            found[name] = LockedDistribution(name, distribution.metadata["Version"] or "?", digest, plugins)
    return found


def _files(distribution: Distribution, modules: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Yield the files of a distribution and of the packages of its plugins, each with the name it goes by.

    Where a project is installed in place, its record does not list what it imports.
    """
    for file in distribution.files or ():
        # Scripts hold the path of one interpreter, and lie outside.
        if file.parts[0] != ".." and file.name not in _ASIDE:
            yield file.as_posix(), Path(str(distribution.locate_file(file)))
    tops = {module.partition(":")[0].partition(".")[0] for module in modules}
    for top in sorted(tops | {distribution.metadata["Name"].lower()}):
        spec = PathFinder.find_spec(top, sys.path) or next(
            (found for finder in sys.meta_path if (found := finder.find_spec(top, None)) is not None), None
        )
        for root in (spec.submodule_search_locations or ()) if spec is not None else ():
            for path in Path(root).rglob("*"):
                yield f"{top}/{path.relative_to(root).as_posix()}", path
        if spec is not None and spec.submodule_search_locations is None and spec.origin:
            yield Path(spec.origin).name, Path(spec.origin)


def _digest(files: Iterable[tuple[str, Path]]) -> str:
    """Return a hash of names and contents; what is compiled from other files is left aside."""
    digest = hashlib.sha256()
    kept = {name: path for name, path in files if "__pycache__" not in path.parts and path.suffix != ".pyc"}
    for name, path in sorted(kept.items()):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        elif not path.is_dir():
            digest.update(f"{name}\0missing\0".encode())
    return digest.hexdigest()


def lock_text(distributions: Iterable[LockedDistribution]) -> str:
    """Return what a lock file holds that allows exactly these distributions."""
    listed = {
        one.name: {"version": one.version, "sha256": one.sha256, "plugins": dict(one.plugins)} for one in distributions
    }
    return json.dumps({"policycore": _FORMAT, "distributions": listed}, ensure_ascii=False, indent=2) + "\n"


def read_lock(path: Path) -> Lock:
    """Return what the lock file at `path` allows; UsageError where it cannot be read, or holds anything else."""
    place = Place(str(path))
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(Problem.of("plugin_api.no-lock", place=place, reason=refusal_words(error))) from None
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
        raise UsageError(Problem.of("plugin_api.bad-lock", place=Place(str(path), line, column))) from None
    listed = content.get("distributions") if isinstance(content, dict) else None
    if content != {"policycore": _FORMAT, "distributions": listed} or not isinstance(listed, dict):
        raise UsageError(Problem.of("plugin_api.bad-lock", place=place))
    found = {}
    for name, entry in listed.items():
        well = isinstance(entry, dict) and entry.keys() == _KEYS.keys()
        if not (well and all(isinstance(entry[key], kind) for key, kind in _KEYS.items())):
            raise UsageError(Problem.of("plugin_api.bad-lock", place=place))
        found[name] = LockedDistribution(name, entry["version"], entry["sha256"], entry["plugins"])
    return Lock(place, found)
