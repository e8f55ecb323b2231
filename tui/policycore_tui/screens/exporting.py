"""Write what the filter shows to a file, in the formats of the command line."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.errors import PolicycoreError
from policycore.language import current_language, say
from policycore.store.bodies import finding_from
from policycore.store.query import bodies_matching
from policycore.store.runs import find_run, load_header
from policycore_tui.screens.box import Field, Form
from policycore_tui.state.typed_path import can_hold, is_there, typed_path
from policycore_tui.state.undo import Done

if TYPE_CHECKING:
    from policycore_tui.app import PolicycoreApp

__all__ = ["ExportForm", "exported"]


class ExportForm(Form):
    """Ask for format and file."""

    def __init__(self, owner: PolicycoreApp, done: Callable[[Done], None]) -> None:
        self.owner = owner
        self.done = done
        names = tuple(owner.services.formats()) if owner.services.formats else ()
        fields = [
            Field("format", say("tui.form.format"), "csv" if "csv" in names else (names or ("",))[0], choices=names),
            Field("file", say("tui.form.file"), "findings"),
        ]
        title = say("tui.form.title", action=say("tui.key.export"), count=len(owner.listing.pages))
        super().__init__(title, fields, self._write, self._ask)

    def _path(self, values: Mapping[str, str]) -> Path:
        """Return the file with the format's own suffix where none was typed."""
        path = typed_path(values["file"])
        formats = self.owner.services.formats() if self.owner.services.formats else {}
        chosen = formats.get(values["format"])
        return path.with_suffix(chosen.suffix) if chosen and not path.suffix and path.name else path

    def _ask(self, values: Mapping[str, str]) -> str:
        """Return the question: a file is always named before it is written."""
        path = self._path(values)
        key = "tui.ask.overwrite" if is_there(path) else "tui.ask.write"
        return say(key, path=path, count=len(self.owner.listing.pages))

    def _write(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Write the file; return what is wrong by field."""
        path = self._path(values)
        if not self.owner.services.formats or values["format"] not in self.owner.services.formats():
            return {"format": say("tui.form.no-format")}
        if not can_hold(path):
            return {"file": say("tui.form.no-folder")}
        try:
            self.done(self.owner.acts.write_file(path, exported(self.owner, values["format"])))
        except PolicycoreError as error:
            return {"file": str(error)}
        except OSError as error:
            return {"file": error.strerror or type(error).__name__}
        return {}


def exported(owner: PolicycoreApp, name: str) -> bytes:
    """Return the report of what the filter shows, in one format."""
    formats = owner.services.formats() if owner.services.formats else {}
    with owner.office.store.read() as connection:
        header = load_header(connection, find_run(connection, "latest"))
        found = bodies_matching(connection, owner.listing.wanted)
        findings = tuple(finding_from(body, owner.zone) for body, _state in found)
    stream = io.BytesIO()
    formats[name].write(replace(header, findings=findings), stream, current_language())
    return stream.getvalue()
