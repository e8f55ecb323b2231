"""Help that follows the focus and can be searched, and the palette of what is possible now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from policycore.language import say
from policycore.text.fold import fold
from policycore.text.initials import initials
from policycore_tui.keys import Key, key_name
from policycore_tui.screens.box import Body, Box
from policycore_tui.state.lines import Line, blank, heading, labelled, one, paragraph
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.one_line import OneLine
from policycore_tui.widgets.typed_line import TypedLine

__all__ = ["Command", "Help", "Palette"]


class _Searched(Box[str]):
    """Show lines narrowed by what is typed."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape,f1", "leave", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title_text = title
        self.typed = ""

    def compose(self) -> ComposeResult:
        """Yield title, the line for typing, what was found."""
        with Body(classes="box"):
            title = OneLine()
            title.say((self.title_text, "title"))
            yield title
            yield TypedLine(placeholder=say("tui.search"), compact=True)
            yield LinePane(self.lines)

    def on_mount(self) -> None:
        """Let the typing begin."""
        self.query_one(LinePane).can_focus = False
        self.query_one(Input).focus()

    def lines(self, width: int) -> Sequence[Line]:
        """Return what fits what was typed."""
        raise NotImplementedError

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        self.typed = message.value
        self.query_one(LinePane).rebuild(top=True)

    def fits(self, *texts: str) -> bool:
        """Return whether every typed word occurs in the texts, Chinese ones also by pinyin initials."""
        text = fold("\n".join((*texts, *(initials(one_text) for one_text in texts)))).lower()
        return all(word in text for word in fold(self.typed).lower().split())

    def action_move(self, step: int) -> None:
        """Move through what was found."""
        self.query_one(LinePane).move(step)

    def action_leave(self) -> None:
        """Close the box."""
        self.dismiss("")


class Help(_Searched):
    """Explain the part of the screen that has the focus, then the screen's keys, then all others."""

    def __init__(self, focus: str, keys: Sequence[tuple[Key, str]]) -> None:
        super().__init__(say("tui.key.help"))
        self.focus_name = focus
        self.keys = keys

    def lines(self, width: int) -> Sequence[Line]:
        """Return what fits what was typed."""
        lines: list[Line] = []
        if not self.typed:
            lines += [
                heading(say(f"tui.focus.{self.focus_name}")),
                *paragraph(say(f"tui.focus.{self.focus_name}.about"), width),
            ]
            lines.append(blank())
        for key, reason in self.keys:
            names = "  ".join(key_name(name) for name in key.keys)
            if self.fits(key.short, key.about, key.action, names):
                lines.append(one((f"{key.short}  ", "off" if reason else "title"), (names, "key")))
                lines += paragraph(key.about, width, indent=2)
                if reason:
                    lines += labelled("  " + say("tui.not-now"), reason, width, "warning")
        return lines or [one((say("tui.list.empty"), "muted"))]


@dataclass(frozen=True, slots=True)
class Command:
    """Be one thing that the palette can start."""

    name: str
    title: str
    about: str
    keys: str
    start: Callable[[], object]


class Palette(_Searched):
    """Offer what is possible now; Enter starts it."""

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__(say("tui.key.palette"))
        self.commands = commands

    def lines(self, width: int) -> Sequence[Line]:  # noqa: ARG002 - a line too long is cut
        """Return the commands that fit."""
        found = [
            one((f"{command.title}  ", "title"), (command.keys + "  ", "key"), (command.about, "muted"), target=command)
            for command in self.commands
            if self.fits(command.title, command.about, command.name)
        ]
        return found or [one((say("tui.list.empty"), "muted"))]

    def on_mount(self) -> None:
        """Show the cursor although the focus stays on the line for typing."""
        self.query_one(LinePane).always_cursor = True

    @on(Input.Submitted)
    def _start(self, _message: Input.Submitted) -> None:
        self._chosen(self.query_one(LinePane).target)

    @on(LinePane.Chosen)
    def _clicked(self, message: LinePane.Chosen) -> None:
        self._chosen(message.target)

    def _chosen(self, target: object) -> None:
        if isinstance(target, Command):
            self.dismiss(target.name)
            self.app.call_later(target.start)
