"""Help that follows the focus and can be searched, and the palette of what is possible now."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input
from typing_extensions import override

from policycore.language import say
from policycore.text.fold import fold
from policycore.text.initials import initials
from policycore_tui.pages.lines import Line, blank, heading, labelled, one, paragraph
from policycore_tui.screens.boxes import Body, Box
from policycore_tui.state.keys import Key, key_name
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.words import OneLine, TypedLine

__all__ = ["Command", "Help", "Palette"]


class _Searched(Box[str]):
    """Lines narrowed by what is typed; the focus stays on the line for typing."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape,f1", "dismiss('')", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
    ]
    shows_cursor = False

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title_text = title
        self.typed = ""

    @override
    def compose(self) -> ComposeResult:
        with Body(classes="box"):
            yield OneLine((self.title_text, "title"))
            yield TypedLine(placeholder=say("tui.search"), compact=True)
            yield LinePane(self._lines, focus=False, always_cursor=self.shows_cursor)

    @abstractmethod
    def lines(self, width: int) -> Sequence[Line]:
        """Return what fits what was typed."""

    def _lines(self, width: int) -> Sequence[Line]:
        return self.lines(width) or [one((say("tui.list.empty"), "muted"))]

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        self.typed = message.value
        self.query_one(LinePane).rebuild(top=True)

    def fits(self, *texts: str) -> bool:
        """Return whether every typed word occurs in the texts, Chinese ones also by pinyin initials."""
        text = fold("\n".join((*texts, *map(initials, texts)))).lower()
        return all(word in text for word in fold(self.typed).lower().split())

    def action_move(self, step: int) -> None:
        """Move through what was found."""
        self.query_one(LinePane).move(step)


class Help(_Searched):
    """What the part of the screen with the focus is for, then the screen's keys, then all others."""

    def __init__(self, focus: str, keys: Sequence[tuple[Key, str]]) -> None:
        super().__init__(say("tui.key.help"))
        self.focus_name = focus
        self.keys = keys

    @override
    def lines(self, width: int) -> Sequence[Line]:
        lines: list[Line] = []
        if not self.typed:
            about = paragraph(say(f"tui.focus.{self.focus_name}.about"), width)
            lines += [heading(say(f"tui.focus.{self.focus_name}")), *about, blank()]
        for key, reason in self.keys:
            names = "  ".join(key_name(name) for name in key.keys)
            if self.fits(key.short, key.about, key.action, names):
                lines.append(one((f"{key.short}  ", "off" if reason else "title"), (names, "key")))
                lines += paragraph(key.about, width, indent=2)
                if reason:
                    lines += labelled("  " + say("tui.not-now"), reason, width, "warning")
        return lines


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the palette can start, or `why_not` it can't."""

    name: str
    title: str
    about: str
    keys: str
    why_not: str
    start: Callable[[], object]


class Palette(_Searched):
    """What is possible now, and Enter starts it; of what is looked for also what is not, with the reason."""

    shows_cursor = True

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__(say("tui.key.palette"))
        self.commands = commands

    @override
    def lines(self, width: int) -> Sequence[Line]:
        found = [one for one in self.commands if self.fits(one.title, one.about, one.name)]
        impossible = [command for command in found if command.why_not and self.typed]
        return [
            *(
                one(
                    (f"{command.title}  ", "title"),
                    (f"{command.keys}  ", "key"),
                    (command.about, "muted"),
                    target=command,
                )
                for command in found
                if not command.why_not
            ),
            *(one((f"{command.title}  ", "off"), (command.why_not, "warning")) for command in impossible),
        ]

    @on(Input.Submitted)
    @on(LinePane.Chosen)
    def _start(self) -> None:
        command = self.query_one(LinePane).target
        if isinstance(command, Command):
            self.dismiss(command.name)
            self.app.call_later(command.start)
