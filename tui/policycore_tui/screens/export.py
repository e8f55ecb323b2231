"""Write what is shown to files: in which format, where, and whether each department or person gets one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from policycore.language import find_text, say
from policycore_tui.host import Host
from policycore_tui.screens.boxes import Field, Form
from policycore_tui.screens.forms import form_title
from policycore_tui.state.actions import refused
from policycore_tui.state.settings import read_settings
from policycore_tui.state.typed import can_hold, is_there, typed_path

__all__ = ["export_form"]

_SPLITS = ("one", "department", "person")
_USUAL = ("xlsx", "html", "csv", "text", "md")
"""The formats that people read come first."""
_MOST = 60
"""Characters of a name in the name of a file."""

_unsafe = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')

Values = Mapping[str, str]


def export_form(
    host: Host,
    file: str,
    count: int,
    suffixes: Mapping[str, str],
    write: Callable[[str, str], Mapping[str, bytes]],
    what: str = "",
) -> Form:
    """Return the form that asks for format, division and file, and writes what is shown.

    `suffixes` are the ends of files' names by format. `write` gives for a format and a division the contents by whom
    each file is for, '' for the one about all.
    """
    kept = read_settings("export.json")
    names = tuple(name for name in _USUAL if name in suffixes) + tuple(name for name in suffixes if name not in _USUAL)
    usual = str(kept.get("format", "")) if kept.get("format") in names else names[0]
    folder = Path(str(kept.get("folder", "")) or Path.cwd())
    folder = folder if can_hold(folder / file) else Path.cwd()
    fields = [
        Field("format", say("tui.form.format"), usual, "", names, tuple(map(_format_words, names))),
        Field("split", say("tui.form.split"), "1", "", _SPLITS, tuple(say(f"tui.split.{name}") for name in _SPLITS)),
        Field("file", say("tui.form.file"), str(folder / file), browse=True),
    ]

    by_suffix = {suffix: name for name, suffix in suffixes.items()}

    def path(values: Values) -> Path:
        """Return the file with the format's own suffix where none was typed."""
        typed = typed_path(values["file"]).absolute()
        return typed if typed.suffix or not typed.name else typed.with_suffix(suffixes[values["format"]])

    def chosen(values: Values) -> str:
        """Return the format; who types a suffix means its format."""
        return by_suffix.get(path(values).suffix.lower(), values["format"])

    def check(values: Values) -> Values:
        if values["format"] not in names:
            return {"format": say("tui.form.no-format")}
        if values["split"] not in _SPLITS:
            return {"split": say("tui.form.no-split")}
        return {} if can_hold(path(values)) else {"file": say("tui.form.no-folder")}

    def ask(values: Values) -> str:
        """Return the question: a file is always named before it is written."""
        if values["split"] != "one":
            place, words = path(values), say(f"tui.split.{values['split']}")
            name = f"{place.stem}-*{place.suffix}"
            return say(f"tui.ask.split{what}", folder=place.parent, name=name, count=count, split=words)
        key = "overwrite" if is_there(path(values)) else "write"
        return say(f"tui.ask.{key}{what}", path=path(values), count=count)

    def carry(values: Values) -> Values:
        host.remember("export.json", {"format": chosen(values), "folder": str(path(values).parent)})

        def written() -> None:
            files = {_place(path(values), part): one for part, one in write(chosen(values), values["split"]).items()}
            host.done(host.actions.write_files(files))

        wrong = refused(written)
        return {"file": "\n".join(wrong.values())} if wrong else {}

    return Form(form_title("export", count, what), fields, carry, ask, check)


def _place(path: Path, name: str) -> Path:
    """Return the file for somebody: the name behind that of the file as a whole."""
    said = _unsafe.sub("_", name).strip(" .")[:_MOST]
    return path.with_name(f"{path.stem}-{said}{path.suffix}") if name else path


def _format_words(name: str) -> str:
    """Return what a format is good for; that of a plugin has its name alone."""
    return str(find_text(f"tui.format.{name}") or name)
