"""Boxes over a screen: a question, a form, a text to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input

from policycore.language import say
from policycore_tui.state.lines import Line, labelled, paragraph
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.one_line import OneLine
from policycore_tui.widgets.typed_line import TypedLine

if TYPE_CHECKING:
    from policycore_tui.app import PolicycoreApp

__all__ = ["Body", "Box", "Confirm", "Field", "Form", "Reading"]

Answer = TypeVar("Answer")


class Body(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Hold what a box shows; on a small screen it scrolls to the field in use. The keys are the box's own."""


class Box(ModalScreen[Answer], Generic[Answer]):
    """Be a box in the middle of the screen."""

    AUTO_FOCUS = "Input, LinePane"

    def on_mount(self) -> None:
        """Take away what was told before: it would hide a part of the box."""
        cast("PolicycoreApp", self.app).hush()


class Confirm(Box[bool]):
    """Ask a question that only ``y`` answers with yes; Enter does nothing, so that it can't be hit twice."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("y,Y,f10,fullwidth_latin_small_letter_y", "answer(True)", show=False),
        Binding("n,N,escape,fullwidth_latin_small_letter_n", "answer(False)", show=False),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def compose(self) -> ComposeResult:
        """Yield the question and the two keys."""
        with Body(classes="box"):
            yield LinePane(lambda width: paragraph(self.question, width), id="question")
            keys = OneLine(id="keys")
            keys.say((" y / F10 ", "key"), say("tui.yes"), ("   n / Esc ", "key"), say("tui.no"))
            yield keys

    def action_answer(self, yes: bool) -> None:
        """End with the answer."""
        self.dismiss(yes)


class Reading(Box[None]):
    """Show a text until a key is pressed."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape,q,enter", "leave", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
    ]

    def __init__(self, title: str, build: Callable[[int], Sequence[Line]]) -> None:
        super().__init__()
        self.title_text = title
        self.build = build

    def compose(self) -> ComposeResult:
        """Yield title and text."""
        with Body(classes="box"):
            title = OneLine()
            title.say((self.title_text, "title"))
            yield title
            yield LinePane(self.build)
            keys = OneLine()
            keys.say((" Esc ", "key"), say("tui.key.back"))
            yield keys

    def action_move(self, step: int) -> None:
        """Move through the text."""
        self.query_one(LinePane).move(step)

    def action_leave(self) -> None:
        """Close the box."""
        self.dismiss(None)


@dataclass(frozen=True, slots=True)
class Field:
    """Be one field of a form; `hint` stands beside its label, `choices` may be given by number.

    `words` says what each choice means, where the choice itself is a word of the file format.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def _listed(text: str, width: int) -> list[Line]:
    """Return the choices of a field."""
    return paragraph(text, width, "muted")


class _Wrong(LinePane):
    """Say what is wrong with a field, in full, below it."""

    def __init__(self, field: str) -> None:
        super().__init__(self._lines, id=f"error-{field}")
        self.words = ""
        self.can_focus = False
        self.display = False

    def show(self, words: str) -> None:
        """Show what is wrong, nothing where that is nothing."""
        self.words = words
        self.display = bool(words)
        self.call_after_refresh(self.rebuild)

    def _lines(self, width: int) -> list[Line]:
        return labelled("^", self.words, width, "error")


class Form(Box[bool]):
    """Ask for a few words; errors stand beside the field they are about.

    `carry` does what the form is for and returns errors by field ('' for the form as a whole). Before
    it come `check`, which returns errors alike and changes nothing, and `ask`, which returns a question
    that must be answered with yes, '' for none: nobody is asked about what would be refused. `notice` stands
    below the title.
    """

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+s,f10", "submit", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        carry: Callable[[Mapping[str, str]], Mapping[str, str]],
        ask: Callable[[Mapping[str, str]], str] = lambda _values: "",
        check: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda _values: {},
        notice: str = "",
    ) -> None:
        super().__init__()
        self.title_text = title
        self.fields = fields
        self.carry = carry
        self.ask = ask
        self.check = check
        self.notice = notice

    def compose(self) -> ComposeResult:
        """Yield title, fields and keys."""
        with Body(classes="box"):
            title = OneLine()
            title.say((self.title_text, "title"))
            yield title
            if self.notice:
                yield LinePane(lambda width: paragraph(self.notice, width, "warning"), id="notice")
            yield _Wrong("")
            for field in self.fields:
                label = OneLine()
                label.say(field.label, ("  " + field.hint, "muted"))
                yield label
                if field.choices:
                    named = field.words or field.choices
                    listed = "  ".join(f"{place} {choice}" for place, choice in enumerate(named, 1))
                    yield LinePane(partial(_listed, listed), id=f"choices-{field.name}")
                yield TypedLine(field.value, id=f"field-{field.name}", compact=True)
                yield _Wrong(field.name)
            keys = OneLine()
            keys.say((" Ctrl+S / F10 ", "key"), say("tui.form.save"), ("   Esc ", "key"), say("tui.form.cancel"))
            yield keys

    def on_mount(self) -> None:
        """Let only fields take the focus."""
        for pane in self.query(LinePane):
            pane.can_focus = False
        self.query(Input).first().focus()

    @on(Input.Submitted)
    def _next(self, message: Input.Submitted) -> None:
        if message.input.id == f"field-{self.fields[-1].name}":
            self.action_submit()
        else:
            self.focus_next(Input)

    def values(self) -> dict[str, str]:
        """Return what was filled in; a number of a choice as the choice."""
        found = {}
        for field in self.fields:
            value = self.query_one(f"#field-{field.name}", Input).value.strip()
            if field.choices and value.isascii() and value.isdigit() and 1 <= int(value) <= len(field.choices):
                value = field.choices[int(value) - 1]
            found[field.name] = value
        return found

    def action_submit(self) -> None:
        """Do what the form is for, after a yes where one is needed."""
        values = self.values()
        errors = self.check(values)
        self._show_errors(errors)
        question = "" if errors else self.ask(values)
        if errors:
            return
        if question:
            self.app.push_screen(Confirm(question), lambda yes: self._carry(values) if yes else None)
        else:
            self._carry(values)

    def _carry(self, values: Mapping[str, str]) -> None:
        errors = self.carry(values)
        self._show_errors(errors)
        if not errors:
            self.dismiss(True)

    def _show_errors(self, errors: Mapping[str, str]) -> None:
        """Show each error below its field and go to the first; a scrolled form shows that one."""
        names = [field.name for field in self.fields]
        for name in ("", *names):
            self.query_one(f"#error-{name}", _Wrong).show(errors.get(name, ""))
        first = next((name for name in names if name in errors), "")
        if first:
            self.query_one(f"#field-{first}", Input).focus()

    def action_leave(self) -> None:
        """Close the form without doing anything."""
        self.dismiss(False)
