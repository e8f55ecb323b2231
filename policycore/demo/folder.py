"""Put the demo into a folder without ever overwriting what somebody else wrote there."""

from __future__ import annotations

import hashlib
import json
import tempfile
from contextlib import suppress
from pathlib import Path

from policycore.demo.generate import generate_demo
from policycore.errors import DataError, Problem, UsageError
from policycore.language import say
from policycore.system.refusals import refusal_words

__all__ = ["MARKER", "write_demo"]

MARKER = "policycore-demo.json"
"""Lists the files that the demo wrote, with their hashes."""


def write_demo(folder: Path, *, seed: int, groups: int, force: bool = False) -> None:
    """Generate the demo into `folder`.

    Raises UsageError when the folder holds foreign or changed files and `force` is not given, DataError
    when it cannot be written.
    """
    own = _own_files(folder)
    if not force:
        _refuse_foreign(folder, own)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".policycore-demo-", dir=folder) as stage:
            generate_demo(Path(stage), seed=seed, groups=groups)
            _move(Path(stage), folder, own)
    except OSError as error:
        reason = refusal_words(error)
        raise DataError(Problem.of("demo.unwritable", path=folder, reason=reason)) from error


def _own_files(folder: Path) -> dict[str, str]:
    """Return what an earlier demo wrote here: hashes by path; nothing for any other folder."""
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        own = {str(name): str(digest) for name, digest in marker["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    # A marker is a file like any other: it must not lead out of the folder.
    root = folder.resolve()
    return {name: digest for name, digest in own.items() if (root / name).resolve().is_relative_to(root)}


def _refuse_foreign(folder: Path, own: dict[str, str]) -> None:
    """Raise UsageError unless the folder is new, empty, or just as the demo left it (additions aside)."""
    fix = say("demo.foreign.fix")
    if folder.exists() and not folder.is_dir():
        raise UsageError(Problem.of("demo.no-folder", path=folder, fix=fix))
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not own:
        raise UsageError(Problem.of("demo.foreign", path=folder))
    changed = [name for name, digest in own.items() if (folder / name).is_file() and _digest(folder / name) != digest]
    if changed:
        raise UsageError(*(Problem.of("demo.changed", path=folder / name, fix=fix) for name in changed))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _move(stage: Path, folder: Path, own: dict[str, str]) -> None:
    """Move the new files to their places, drop old ones of the demo, and note what is the demo's."""
    written: dict[str, str] = {}
    for path in sorted(stage.rglob("*")):
        if path.is_file():
            name = path.relative_to(stage).as_posix()
            written[name] = _digest(path)
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            path.replace(folder / name)
    for name in own.keys() - written.keys():
        with suppress(FileNotFoundError):
            (folder / name).unlink()
    marker = json.dumps({"policycore": 1, "files": written}, ensure_ascii=False, indent=1)
    (folder / MARKER).write_text(marker + "\n", encoding="utf-8")
