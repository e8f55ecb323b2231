"""Keep checked rule sets by what went into them, so that an unchanged one loads without being parsed.

JSON, never code: a cache file that somebody tampered with can at worst be ignored. What is read back is
validated by the rules' own parameter models, as when it came from YAML.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json as parse_json

from policycore import __version__
from policycore.errors import Place, Problem
from policycore.language import current_language
from policycore.rulesets.cached_form import from_json, to_json
from policycore.rulesets.find import find_ruleset

if TYPE_CHECKING:
    from policycore.plugin_api.rule_catalogue import RuleCatalogue
    from policycore.rulesets.load import LoadedRuleSet

__all__ = ["RuleSetCache", "cache_folder"]

_FORMAT = 2


def cache_folder() -> Path:
    """Return the folder for caches: ``POLICYCORE_CACHE``, else the user's cache folder."""
    chosen = os.environ.get("POLICYCORE_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else "")
    return (Path(base) if base else Path.home() / ".cache") / "policycore"


class RuleSetCache:
    """Read and write the cached form of one rule set; nothing that goes wrong here is worth an error."""

    def __init__(self, file: Path, catalogue: RuleCatalogue, folders: Sequence[Path]) -> None:
        self.file = file
        self.catalogue = catalogue
        self.folders = folders
        self.identity = _identity(catalogue)

    @classmethod
    def for_set(cls, path: Path, catalogue: RuleCatalogue, folders: Sequence[Path]) -> RuleSetCache | None:
        """Return the cache of the set at `path`, or None where there can be none."""
        try:
            # Places are shown relative to the current folder and warnings in the language in force.
            key = json.dumps([str(path), str(Path.cwd()), current_language()])
            digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
            return cls(cache_folder() / "rulesets" / f"{digest}.json", catalogue, folders)
        except (OSError, RuntimeError):
            return None

    def read(self) -> LoadedRuleSet | None:
        """Return the set when the cache holds it and nothing that went into it has changed."""
        try:
            head, _, body = self.file.read_bytes().partition(b"\n")
            stored = json.loads(head)
            if stored["format"] != _FORMAT or stored["identity"] != self.identity or not self._current(stored):
                return None
            if hashlib.sha256(body).hexdigest() != stored["digest"]:
                return None
            with _no_collection():
                return from_json(parse_json(body), self.catalogue)
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            return None

    def _current(self, stored: Mapping[str, Any]) -> bool:
        """Return whether every file still has its content and every name still leads to its file."""
        for name, digest in stored["files"].items():
            if hashlib.sha256(Path(name).read_bytes()).hexdigest() != digest:
                return False
        for word, beside, target in stored["lookups"]:
            found = find_ruleset(word, self.folders, Place(word), beside=Path(beside))
            if isinstance(found, Problem) or str(found) != target:
                return False
        return True

    def write(
        self, loaded: LoadedRuleSet, hashes: Mapping[Path, str], lookups: Sequence[tuple[str, Path, Path]]
    ) -> None:
        """Store the set in one step; where that cannot be, the next start parses again."""
        try:
            body = json.dumps(to_json(loaded), ensure_ascii=False, separators=(",", ":")).encode()
            stored = {
                "format": _FORMAT,
                "identity": self.identity,
                "files": {str(path): digest for path, digest in hashes.items()},
                "lookups": [[word, str(beside), str(target)] for word, beside, target in lookups],
                "digest": hashlib.sha256(body).hexdigest(),
            }
            content = json.dumps(stored).encode() + b"\n" + body
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=".ruleset-")
        except (OSError, ValueError, TypeError, RecursionError):
            return
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(name).replace(self.file)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from walking tens of thousands of new objects of which none is garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _identity(catalogue: RuleCatalogue) -> str:
    """Return a hash of the program and of every rule a set could name: its words, parameters and source file."""
    parts: list[object] = [__version__, sys.version]
    for rule in catalogue.all():
        module = sys.modules.get(type(rule).__module__)
        source = getattr(module, "__file__", None)
        stamp: object = None
        if source:
            with suppress(OSError):
                found = Path(source).stat()
                stamp = [found.st_size, found.st_mtime_ns]
        fields = {name: repr(info) for name, info in rule.Params.model_fields.items()}
        parts.append([rule.id, rule.name, list(rule.aliases), rule.severity, type(rule).__qualname__, fields, stamp])
    parts.append(_own_stamps())
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def _own_stamps() -> list[object]:
    """Return size and time of this package's modules: a changed check must not be answered from the cache."""
    stamps: list[object] = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        with suppress(OSError):
            found = path.stat()
            stamps.append([path.name, found.st_size, found.st_mtime_ns])
    return stamps
