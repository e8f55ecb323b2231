"""Remember what each address was told, so that nobody is told the same twice.

What is kept are keyed hashes: of the address, which may hold a secret, and of what a finding said.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import replace

from policycore.notices.digest import Item, Notice
from policycore.store.workspace import Workspace
from policycore.system.atomic_files import write_atomically

__all__ = ["Told"]

FILE = "notices-sent.json"
_counts = re.compile(r"\d+")


class Told:
    """What went out of one workspace, by address and finding."""

    def __init__(self, workspace: Workspace) -> None:
        self._file = workspace.folder / FILE
        self._key = workspace.key()
        try:
            held = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            held = {}  # nothing was sent, or nobody can tell: twice is better than never
        self._said: dict[str, dict[str, str]] = held if isinstance(held, dict) else {}

    def news(self, address: str, notices: Iterable[Notice]) -> list[Notice]:
        """Return the notices with what `address` was not told yet; one without anything new is left out."""
        said = self._said.get(self._hash(address), {})
        left = (
            replace(one, items=tuple(item for item in one.items if said.get(item.key) != self._state(item)))
            for one in notices
        )
        return [one for one in left if one.items]

    def note(self, address: str, notices: Iterable[Notice]) -> None:
        """Note that `address` was told everything in `notices`, and keep that."""
        said = self._said.setdefault(self._hash(address), {})
        said.update({item.key: self._state(item) for one in notices for item in one.items})
        write_atomically(self._file, json.dumps(self._said, indent=0, sort_keys=True).encode())

    def _state(self, item: Item) -> str:
        """Return the hash of what a finding says; how many days or members it counts is no change."""
        parts = (str(item.begun), item.verdict, item.severity, str(item.overdue), _counts.sub("", item.message))
        return self._hash("\n".join(parts))

    def _hash(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:24]
