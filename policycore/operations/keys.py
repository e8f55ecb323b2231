"""Change the key of a workspace's keyed hashes, and compare a text with those that are kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from policycore.decisions.write import undone_on_failure
from policycore.errors import DataError, Problem, UsageError
from policycore.store.evidence import Borne, findings_that_hold
from policycore.store.kept import audit
from policycore.store.workspace import Workspace
from policycore.system.atomic_files import write_atomically
from policycore.text.shown import key_id, keyed_hash

__all__ = ["Rotation", "matches", "rotate"]


@dataclass(frozen=True, slots=True)
class Rotation:
    """The ids of the key from now on and of the one before ('' where that was lost), and the trail's new head."""

    now: str
    before: str
    head: str


def rotate(workspace: Workspace, *, lost: bool = False) -> Rotation:
    """Make a new key, with an entry in the audit trail; hashes that were made with the old ones stay checkable.

    With `lost` a key file that is gone or damaged is begun anew. Raises DataError where the keys can't be read.
    """
    with workspace.lock(), workspace.open_store() as store:
        try:
            keys = workspace.every_key()
            before = key_id(keys[0])
        except DataError as error:
            if not lost or any(problem.code == "workspace.key-closed" for problem in error.problems):
                raise
            keys, before = workspace.every_key(readable=True), ""
        new = secrets.token_bytes(32)
        with undone_on_failure(workspace.key_file), store.write() as connection:
            details = {"key": key_id(new), "before": before or "lost"}
            head = audit.append(connection, "key-rotated", details)
            write_atomically(workspace.key_file, "".join(f"{key.hex()}\n" for key in (new, *keys)).encode())
    return Rotation(key_id(new), before, head)


def matches(workspace: Workspace, body: bytes) -> Sequence[Borne]:
    """Return the findings that hold the keyed hash of a text, made with any key of the workspace; no text is kept.

    The text is what `body` says in UTF-8, GBK or UTF-16, whichever is meant. Raises UsageError where there is none.
    """
    read = {body.decode("utf-8-sig", "surrogateescape")}
    for encoding in ("gb18030", "utf-16"):
        with suppress(UnicodeError):
            read.add(body.decode(encoding))
    read |= {text.replace("\r\n", "\n") for text in read}
    said = {part for text in read for part in (text, text.strip(), text.rstrip("\r\n"))}
    if not any(text.strip() for text in said):
        raise UsageError(Problem.of("operations.no-text-to-match"))
    hashes = {keyed_hash(one, key) for one in said - {""} for key in workspace.every_key()}
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        return findings_that_hold(connection, sorted(hashes))
