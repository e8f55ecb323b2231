"""Find the file of a rule set by its name or path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from policycore.errors import Place, Problem
from policycore.rulesets.problems import problem
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
        places = folders if beside is None else (beside, *folders)
        files = [folder / f"{word}{suffix}" for folder in places for suffix in _SUFFIXES]
        for path in (*files, Path(word)) if beside is None else files:
            if path.is_file():
                return path.resolve()
    except (OSError, ValueError):
        return problem("no-ruleset-file", place, name=word)
    return problem("unknown-ruleset", place, name=word, fix=suggestion(word, available(folders)))


def available(folders: Sequence[Path]) -> list[str]:
    """Return the names of the rule sets in `folders`."""
    names = {
        path.stem for folder in folders if folder.is_dir() for path in folder.iterdir() if path.suffix in _SUFFIXES
    }
    return sorted(names)
