"""Find the file of a rule set by its name or path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from policycore.errors import Place, Problem
from policycore.rulesets.layers.problems import problem
from policycore.text.suggest import suggestion

__all__ = ["available", "find_ruleset"]

_SUFFIXES = (".yaml", ".yml")


def find_ruleset(word: str, folders: Sequence[Path], place: Place, beside: Path | None = None) -> Path | Problem:
    """Return the file that `word` names, or why there is none.

    A word with a slash or a YAML suffix is a file (relative to `beside` when given); any other is the
    name of a set beside the asking one, then in `folders`.
    """
    try:
        if "/" in word or "\\" in word or word.endswith(_SUFFIXES):
            path = (beside / word if beside is not None else Path(word)).absolute()
            return path.resolve() if path.is_file() else problem("no-ruleset-file", place, name=word)
        found = [] if beside is None else _files(word, [beside])
        found = found or _files(word, folders)
        if len(found) > 1:
            # Which of them is meant must not depend on the order in which plugins are loaded.
            return problem("ruleset-clash", place, name=word, first=_short(found[0]), second=_short(found[1]))
        if found or (beside is None and Path(word).is_file()):
            return (found or [Path(word)])[0].resolve()
    except (OSError, ValueError):
        return problem("no-ruleset-file", place, name=word)
    return problem("unknown-ruleset", place, name=word, fix=suggestion(word, available(folders)))


def _files(word: str, folders: Sequence[Path]) -> list[Path]:
    """Return the files in `folders` that hold a rule set called `word`, each once."""
    files = (folder / f"{word}{suffix}" for folder in folders for suffix in _SUFFIXES)
    return list(dict.fromkeys(file.resolve() for file in files if file.is_file()))


def _short(path: Path) -> str:
    """Return the end of a path, which tells two files of one name apart."""
    return "/".join(path.parts[-3:])


def available(folders: Sequence[Path]) -> list[str]:
    """Return the names of the rule sets in `folders`."""
    names = {
        path.stem for folder in folders if folder.is_dir() for path in folder.iterdir() if path.suffix in _SUFFIXES
    }
    return sorted(names)
