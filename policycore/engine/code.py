"""Say which code judged: the program, the packages whose rules a set uses, and what both run on."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["UNSEEN", "changed_parts", "code_parts", "own_parts", "package_code"]

UNSEEN = "?"
"""Stands for code that has no files to look at: nobody can say that it is the same as before."""

_LIBRARIES = ("duckdb", "numpy", "pyarrow", "pydantic")
# Nothing of these reaches a report.
_ASIDE = frozenset({"bench", "demo", "docs"})


def code_parts(ruleset: ResolvedRuleSet) -> dict[str, str]:
    """Return by part what judges `ruleset`: SHA-256 of the source of packages, versions of libraries.

    The parts are ``policycore``, every package with a rule of the set, Python and the libraries that
    evaluate. What a plugin's package imports from elsewhere is not looked at.
    """
    packages = {type(rule.rule).__module__.partition(".")[0] for rule in ruleset.rules}
    parts = own_parts() | {name: package_code(name) for name in packages - {"policycore"}}
    return dict(sorted(parts.items()))


def own_parts() -> dict[str, str]:
    """Return by part what judges any rule set: this program, Python and the libraries that evaluate."""
    parts = {"policycore": _own_code(), "python": f"{platform.python_implementation()} {platform.python_version()}"}
    return parts | {name: version(name) for name in _LIBRARIES}


def changed_parts(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the parts that differ, are on one side only, or can't be compared; versions in words."""
    changed = []
    for name in sorted(before.keys() | now.keys()):
        then, today = before.get(name, ""), now.get(name, "")
        if then != today or today == UNSEEN:
            spelled = all(value and len(value) < 40 and value != UNSEEN for value in (then, today))
            changed.append(f"{name} {then} → {today}" if spelled else name)
    return tuple(changed)


@cache
def version(library: str) -> str:
    """Return the version of an installed library; asking its metadata reads and parses a file."""
    from importlib.metadata import version

    return version(library)


@cache
def _own_code() -> str:
    """Return the hash of this program's own source, without what never reaches a report."""
    root = Path(__file__).resolve().parents[1]
    files = [file for file in root.rglob("*.py") if file.relative_to(root).parts[0] not in _ASIDE]
    return _digest(root, files)


@cache
def package_code(name: str) -> str:
    """Return the hash of every file of an imported package that is not compiled from another one."""
    package = sys.modules.get(name)
    places = [Path(place) for place in getattr(package, "__path__", ())]
    file = getattr(package, "__file__", None)
    if places:
        found = [(place, path) for place in places for path in place.rglob("*")]
        kept = [(place, path) for place, path in found if path.is_file() and path.suffix != ".pyc"]
        digests = [_digest(place, [path for at, path in kept if at == place]) for place in places]
        return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    if file is not None and Path(file).is_file():
        return _digest(Path(file).parent, [Path(file)])
    return UNSEEN


def _digest(root: Path, files: Iterable[Path]) -> str:
    """Return a hash of names below `root` and contents."""
    digest = hashlib.sha256()
    for name, file in sorted((file.relative_to(root).as_posix(), file) for file in files):
        content = file.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
