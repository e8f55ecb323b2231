"""What plugins offer besides rules and sources: report formats, notifiers, commands, panels."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, runtime_checkable

from policycore.language import Language, Text

if TYPE_CHECKING:
    from policycore.model.result import RunResult
    from policycore.store.store import Store

__all__ = ["LazyCommand", "Notice", "Notifier", "Panel", "ReportFormat"]


@runtime_checkable
class ReportFormat(Protocol):
    """One way to write a result; plugins return such objects from ``policycore_reports``."""

    @property
    def name(self) -> str:
        """Return what ``--format`` takes."""
        ...

    @property
    def suffix(self) -> str:
        """Return the end of a file's name, with the dot."""
        ...

    @property
    def media_type(self) -> str:
        """Return the IANA media type."""
        ...

    @property
    def is_text(self) -> bool:
        """Return whether a person may read it on a terminal (XLSX is not for that)."""
        ...

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:
        """Write `result` to `stream` in `language`, never holding the whole report in memory."""
        ...


class Notice(Protocol):
    """What one responsible person is told after a run."""

    @property
    def person(self) -> str:
        """Return the person's id; empty where nobody is named."""
        ...

    @property
    def name(self) -> str:
        """Return what the person is called."""
        ...

    @property
    def title(self) -> str:
        """Return the subject line."""
        ...

    def text(self) -> str:
        """Return the notice as plain text."""
        ...


@runtime_checkable
class Notifier(Protocol):
    """One way to send notices; plugins return such objects from ``policycore_notifiers``."""

    @property
    def name(self) -> str:
        """Return what the notifier is called in messages."""
        ...

    def send(self, notices: Sequence[Notice]) -> None:
        """Send the notices of one run; raising means that nothing was sent."""
        ...


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command that is imported when it is called: `--help` shows `name` and `short` without importing it."""

    name: str
    """What is typed after ``policycore``; the loaded command has the same name."""
    short: Text
    """The line that stands beside the name in ``policycore --help``."""
    target: str
    """Where the click command is found: ``package.module:attribute``."""

    def load(self) -> Any:
        """Import and return what `target` names."""
        module, _, attribute = self.target.partition(":")
        return getattr(importlib.import_module(module), attribute)


@runtime_checkable
class Panel(Protocol):
    """A part of the terminal interface; plugins return such objects from ``policycore_panels``."""

    @property
    def title(self) -> Text | str:
        """Return what stands above the panel."""
        ...

    def lines(self, store: Store, width: int) -> Sequence[str]:
        """Return the panel's lines for a screen of `width` cells; plain words, no markup."""
        ...
