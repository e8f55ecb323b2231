"""What plugins offer, as the rest of the program gets it: every call is held against its plugin."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from policycore.language import Language, Text
from policycore.plugin_api.offers import Notice, Notifier, Panel, ReportFormat
from policycore.plugin_api.plugin import Plugin
from policycore.plugin_api.source import Source, SourceError

if TYPE_CHECKING:
    from policycore.model.result import RunResult
    from policycore.store.store import Store

__all__ = ["HeldNotifier", "HeldPanel", "HeldReport", "HeldSource"]

Answer = TypeVar("Answer")

_IN_MEMORY = 16_000_000
_LINES, _LINE = 1000, 2000


class HeldSource(Source):
    """A source whose reading ends in time, all rows read."""

    def __init__(self, plugin: Plugin, source: Source) -> None:
        self._plugin = plugin
        self._source = source
        for name in ("name", "platform", "suffixes", "folders", "lacks"):
            setattr(self, name, getattr(source, name))

    def can_read(self, path: Path) -> bool:
        """Return whether the source claims `path`; PluginError where it breaks."""
        return self._call("can_read", lambda: bool(self._source.can_read(path)), passes=(SourceError,))

    def read(self, path: Path) -> Mapping[str, Iterable[Mapping[str, Any]] | Any]:
        """Return the tables, rows in lists; OSError and ValueError speak of the file, PluginError of the source."""

        def work() -> Any:
            self._source.notes = ()
            answer = self._source.read(path)
            if not isinstance(answer, Mapping):
                return answer
            return {name: rows if hasattr(rows, "column_names") else list(rows) for name, rows in answer.items()}

        answer: Mapping[str, Any] = self._call("read", work, passes=(OSError, ValueError, SourceError))
        self.notes = tuple(self._source.notes)
        return answer

    def _call(self, method: str, work: Callable[[], Answer], passes: tuple[type[Exception], ...] = ()) -> Answer:
        return self._plugin.call(f"{self.name}.{method}", work, kind="source", quotes=False, passes=passes)


class HeldReport:
    """A format whose report is written whole or not at all."""

    def __init__(self, plugin: Plugin, report: ReportFormat) -> None:
        self.plugin = plugin
        self._report = report
        self.name, self.suffix, self.media_type = report.name, report.suffix, report.media_type
        self.is_text = report.is_text

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:
        """Write `result` to `stream` once the plugin has written all of it elsewhere; PluginError where it breaks."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as staged:

            def work() -> None:
                self._report.write(result, staged, language)  # type: ignore[arg-type] # a stream in all but name
                staged.seek(0)  # closed, it says so here

            self.plugin.call(f"{self.name}.write", work, kind="report", quotes=False)
            shutil.copyfileobj(staged, stream)


class HeldNotifier:
    """A way to send notices that ends in time."""

    def __init__(self, plugin: Plugin, notifier: Notifier) -> None:
        self._plugin = plugin
        self._notifier = notifier
        self.name = notifier.name

    def send(self, notices: Sequence[Notice]) -> None:
        """Send the notices; PluginError where the plugin breaks, whose words may hold an address."""
        given = tuple(notices)
        self._plugin.call(f"{self.name}.send", lambda: self._notifier.send(given), kind="notifier", quotes=False)


class HeldPanel:
    """A panel that harms nothing but itself."""

    def __init__(self, plugin: Plugin, panel: Panel) -> None:
        self._plugin = plugin
        self._panel = panel
        self.title: Text | str = panel.title

    def lines(self, store: Store, width: int) -> Sequence[str]:
        """Return at most a thousand lines; PluginError where the plugin breaks."""

        def work() -> list[str]:
            return [str(line)[:_LINE] for line in islice(self._panel.lines(store, width), _LINES)]

        return self._plugin.call(f"{str(self.title)[:80]}.lines", work, kind="panel")
