"""Boxes over a screen: a question, a form, a text to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input
from typing_extensions import override

from policycore.language import say
from policycore_tui.host import Host
from policycore_tui.pages.lines import Line, labelled, one, paragraph
from policycore_tui.state.typed import is_folder, listed, typed_day, typed_path
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.words import OneLine, TypedLine

__all__ = ["Body", "Box", "Browser", "Confirm", "Field", "Form", "Picking", "Reading"]

_LONG_CHOICE = 36
"""Characters; longer choices stand on a line each."""

_PATIENCE = 0.3
"""Seconds after which a form says that it is at work."""

Answer = TypeVar("Answer")
Values = Mapping[str, str]
"""What was filled in, by field; also what is wrong, by field, '' for the form as a whole."""


class Body(VerticalScroll, can_focus=False, inherit_bindings=False):
    """What a box shows; on a small screen it scrolls to the field in use. The keys are the box's own."""


class Box(ModalScreen[Answer], Generic[Answer]):
    """A box in the middle of the screen."""

    AUTO_FOCUS = "Input, LinePane"

    def on_mount(self) -> None:
        """Take away what was told before: it would hide a part of the box."""
        cast("Host", self.app).hush()


class Confirm(Box[bool]):
    """A question that only ``y`` answers with yes; Enter does nothing, so that it can't be hit twice."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("y,Y,f10,fullwidth_latin_small_letter_y", "dismiss(True)", show=False),
        Binding("n,N,escape,fullwidth_latin_small_letter_n", "dismiss(False)", show=False),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    @override
    def compose(self) -> ComposeResult:
        with Body(classes="box"):
            yield LinePane(lambda width: paragraph(self.question, width), id="question")
            yield OneLine((" y / F10 ", "key"), say("tui.yes"), ("   n / Esc ", "key"), say("tui.no"))


class Leaving(Confirm):
    """The question whether to keep the work; Escape goes back to it."""

    BINDINGS: ClassVar[list[Any]] = [Binding("escape", "dismiss", show=False)]

    @override
    def compose(self) -> ComposeResult:
        with Body(classes="box"):
            yield LinePane(lambda width: paragraph(self.question, width), id="question")
            keys = (("y / F10", "tui.leave.keep"), ("n", "tui.leave.drop"), ("Esc", "tui.leave.stay"))
            yield OneLine(*(part for key, word in keys for part in ((f" {key} ", "key"), say(word) + "  ")))


class Reading(Box[Answer], Generic[Answer]):
    """A text that is shown until a key is pressed."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape,q,enter", "dismiss", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
    ]

    def __init__(self, title: str, build: Callable[[int], Sequence[Line]]) -> None:
        super().__init__()
        self.title_text = title
        self.build = build

    @override
    def compose(self) -> ComposeResult:
        with Body(classes="box"):
            yield OneLine((self.title_text, "title"))
            yield LinePane(self.build)
            yield OneLine((" Esc ", "key"), say("tui.key.back"))

    def action_move(self, step: int) -> None:
        """Move through the text."""
        self.query_one(LinePane).move(step)


class Picking(Reading[Answer], Generic[Answer]):
    """Lines of which Enter picks one; the box stays until Escape."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape,q", "dismiss", show=False),
        Binding("enter,space", "pick", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
    ]

    def __init__(self, title: str, build: Callable[[int], Sequence[Line]], pick: Callable[[Any], object]) -> None:
        super().__init__(title, build)
        self.pick = pick

    def action_pick(self) -> None:
        """Follow the line under the cursor."""
        self.query_one(LinePane).choose()

    @on(LinePane.Chosen)
    def _picked(self, message: LinePane.Chosen) -> None:
        self.pick(message.target)
        self.query_one(LinePane).rebuild()


class Browser(Picking[Path]):
    """The folders and files at a place: Enter goes into a folder or takes a file, the first line takes the folder."""

    def __init__(self, folder: Path, file: str) -> None:
        super().__init__(str(folder), self._lines, self._go)
        self.folder = folder
        self.file = file
        """The name of a file that is to be made there, '' where a place is looked for that is there."""

    def _lines(self, _width: int) -> list[Line]:
        here = self.folder / self.file if self.file else self.folder
        folders, files = listed(self.folder)
        return [
            one((say("tui.browse.take", name=here.name), "title"), target=here),
            one("..", target=self.folder.parent),
            *(one((f"{path.name}/", "info"), target=path) for path in folders),
            *(one(path.name, target=path) for path in files),
        ]

    def _go(self, place: Path) -> None:
        """Take what is meant, or go into a folder."""
        here = self.folder / self.file if self.file else self.folder
        if place == here or not is_folder(place):
            self.dismiss(place)
        else:
            self.folder = place
            self.query_one(OneLine).say((str(place), "title"))
            self.query_one(LinePane).cursor = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `hint` stands beside its label, `choices` may be given by number.

    `words` says what each choice means, where the choice itself is a word of the file format. What is `needed` may
    not stay empty; `is_day` stands for one of the calendar; `browse` names a place on the disk.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    needed: bool = False
    is_day: bool = False
    browse: bool = False

    def given(self, typed: str) -> str:
        """Return what was filled in; the number of a choice as the choice."""
        value = typed.strip()
        if value.isascii() and value.isdigit() and 1 <= int(value) <= len(self.choices):
            return self.choices[int(value) - 1]
        return value

    def wrong(self, value: str) -> str:
        """Return what is wrong with what was filled in, '' for nothing."""
        if self.needed and not value:
            return say("tui.form.needed")
        return say("tui.form.date") if self.is_day and typed_day(value, UTC) is None else ""


class _Wrong(LinePane):
    """What is wrong with a field, in full, below it."""

    def __init__(self, field: str) -> None:
        super().__init__(lambda width: labelled("^", self.words, width, "error"), id=f"error-{field}", focus=False)
        self.words = ""
        self.display = False

    def show(self, words: str) -> None:
        """Show what is wrong, nothing where that is nothing."""
        self.words = words
        self.display = bool(words)
        self.call_after_refresh(self.rebuild)


class Form(Box[bool]):
    """A few words to fill in; errors stand beside the field they are about.

    `carry` does what the form is for and returns errors by field ('' for the form as a whole). Before
    it come `check`, which returns errors alike and changes nothing, and `ask`, which returns a question
    that must be answered with yes, '' for none: nobody is asked about what would be refused. `check` and `carry` are
    called in a thread: they may be about a hundred thousand findings. `notice` stands below the title.
    """

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape", "dismiss(False)", show=False),
        Binding("ctrl+s,f10", "submit", show=False),
        Binding("f4,ctrl+o", "browse", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        carry: Callable[[Values], Values],
        ask: Callable[[Values], str] = lambda _values: "",
        check: Callable[[Values], Values] = lambda _values: {},
        notice: str = "",
    ) -> None:
        super().__init__()
        self.title_text = title
        self.fields = fields
        self.carry = carry
        self.ask = ask
        self.check = check
        self.notice = notice
        self._busy = False

    @override
    def compose(self) -> ComposeResult:
        with Body(classes="box"):
            yield OneLine((self.title_text, "title"))
            if self.notice:
                yield _paragraph(self.notice, "warning")
            yield _Wrong("")
            for field in self.fields:
                yield OneLine(field.label, ("  " + field.hint, "muted"))
                if field.choices:
                    named = enumerate(field.words or field.choices, 1)
                    listed = [f"{place} {choice}" for place, choice in named]
                    yield _paragraph(("\n" if max(map(len, listed)) > _LONG_CHOICE else "  ").join(listed), "muted")
                yield TypedLine(field.value, id=f"field-{field.name}", compact=True)
                yield _Wrong(field.name)
            browse = (("   F4 ", "key"), say("tui.form.browse")) if any(field.browse for field in self.fields) else ()
            keys = (" Ctrl+S / F10 ", "key"), say("tui.form.save"), ("   Esc ", "key"), say("tui.form.cancel")
            yield OneLine(*keys, *browse, id="keys")
            yield OneLine((say("tui.form.working"), "warning"), id="working", classes="hidden")

    @on(Input.Submitted)
    def _next(self, message: Input.Submitted) -> None:
        if message.input.id == f"field-{self.fields[-1].name}":
            self.action_submit()
        else:
            self.focus_next(Input)

    def action_browse(self) -> None:
        """Look for the place that a field names on the disk."""
        field = next((field for field in self.fields if field.browse), None)
        if field is None:
            return
        line = self._input(field.name)
        at = typed_path(line.value).absolute()
        folder = at if is_folder(at) else at.parent
        browser = Browser(folder if is_folder(folder) else Path.cwd(), "" if at == folder else at.name)

        def take(found: Path | None) -> None:
            if found is not None:
                line.value = str(found)
                line.cursor_position = len(line.value)
            line.focus()

        self.app.push_screen(browser, take)

    def action_submit(self) -> None:
        """Do what the form is for, after a yes where one is needed."""
        values = {field.name: field.given(self._input(field.name).value) for field in self.fields}
        errors = {field.name: wrong for field in self.fields if (wrong := field.wrong(values[field.name]))}
        if self._is_sound(errors):
            self._apart(partial(self.check, values), lambda: self._ask(values))

    def _ask(self, values: Values) -> None:
        question = self.ask(values)
        if question:
            self.app.push_screen(Confirm(question), lambda yes: self._carry(values) if yes else None)
        else:
            self._carry(values)

    def _carry(self, values: Values) -> None:
        self._apart(partial(self.carry, values), lambda: self.dismiss(True))

    def _apart(self, judge: Callable[[], Values], sound: Callable[[], object]) -> None:
        """Do something where nobody waits for it; show what is wrong, or go on."""
        if self._busy:
            return
        host = cast("Host", self.app)

        def judged(errors: Values) -> None:
            if self not in host.screen_stack:
                # Who left the form meanwhile still hears why nothing came of it.
                for words in errors.values():
                    host.tell(words, "error")
                return
            timer.stop()
            self._busy = False
            self._say_busy(False)
            if self._is_sound(errors):
                sound()

        # Nothing else is begun meanwhile; what is done at once need not be told.
        self._busy, timer = True, self.set_timer(_PATIENCE, partial(self._say_busy, True))
        host.apart(judge, judged)

    def _say_busy(self, busy: bool) -> None:
        """Say in the place of the keys that something is being done."""
        self.query_one("#keys").set_class(busy, "hidden")
        self.query_one("#working").set_class(not busy, "hidden")

    def _input(self, name: str) -> Input:
        return self.query_one(f"#field-{name}", Input)

    def _is_sound(self, errors: Values) -> bool:
        """Show each error below its field and go to the first; return whether there is none."""
        names = [field.name for field in self.fields]
        for name in ("", *names):
            self.query_one(f"#error-{name}", _Wrong).show(errors.get(name, ""))
        for name in [name for name in names if name in errors][:1]:
            self._input(name).focus()
        return not errors


def _paragraph(text: str, look: str) -> LinePane:
    """Return a text that does not take the focus."""
    return LinePane(lambda width: paragraph(text, width, look), focus=False)
