"""What every main screen shares: the bar of sections, status, footer, and keys from the one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from policycore.errors import PolicycoreError
from policycore.language import find_text, say
from policycore.text.width import width
from policycore_tui.host import Host
from policycore_tui.state.keys import EVERYWHERE, FOOTER, FOOTERS, KEYS, SECTIONS, Key, as_sent, key_name
from policycore_tui.widgets.cursor_view import CursorView
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.words import OneLine

__all__ = ["MOVES", "Section"]

MOVES: Mapping[str, Callable[[CursorView], int]] = {
    "down": lambda _view: 1,
    "up": lambda _view: -1,
    "page_down": lambda view: view.page_rows,
    "page_up": lambda view: -view.page_rows,
    "top": lambda _view: -(10**9),
    "bottom": lambda _view: 10**9,
}
"""How far an action moves the cursor; these leave what was told before on the screen."""


class Section(Screen[None]):
    """One main screen; `do_<action>` carries an action out, `conditions` says what must hold for it."""

    where: ClassVar[str] = ""
    filled_under: tuple[object, ...] | None = None
    """What the content depended on when the screen was filled last."""
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [  # type: ignore[misc]  # the library's is of instances
        (0, "-narrow"),
        (80, "-medium"),
        (240, "-wide"),
    ]
    AUTO_FOCUS = "#table, #page, #detail"

    def __init_subclass__(cls, **settings: Any) -> None:
        cls.BINDINGS = [
            Binding(as_sent(key.keys), f"do('{key.action}')", id=key.action, show=False)
            for key in KEYS
            if {EVERYWHERE, cls.where} & set(key.where)
        ]
        super().__init_subclass__(**settings)

    @property
    def host(self) -> Host:
        """Return the app."""
        return cast("Host", self.app)

    def compose(self) -> ComposeResult:
        """Put the lines that every screen has around its body."""
        yield OneLine(id="top")
        yield OneLine(id="banner", classes="hidden")
        yield from self.body()
        yield OneLine(id="status")
        yield OneLine(id="footer")

    def body(self) -> ComposeResult:
        """Yield what is between the bars."""
        yield from ()

    def on_mount(self) -> None:
        """Follow what changes; the library calls this after a subclass's own, so that none of them calls it."""
        self.host.changed.subscribe(self, self._follow)
        self._catch_up()

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was shown: language, a tick, a new run."""
        if self.is_mounted:
            self._catch_up()

    def _follow(self, what: str) -> None:
        """Show what changed while this screen is shown."""
        if what == "ruleset":
            self.ruleset_arrived()
        if self.is_current:
            self._catch_up()

    def _catch_up(self) -> None:
        """Fill the screen unless its content is that of now."""
        self.lay_out()
        if self.filled_under != self.host.version:
            self.filled_under = self.host.version
            self.refill()
        self.show_bars()

    def lay_out(self) -> None:
        """Choose the layout for the screen's width now: the library does so only after the first paint."""
        width = self.host.size.width
        chosen = max(least for least, _name in self.HORIZONTAL_BREAKPOINTS if width >= least)
        self.update_classes({name: least == chosen for least, name in self.HORIZONTAL_BREAKPOINTS}, animate=False)

    @property
    def narrow(self) -> bool:
        """Return whether there is room for one thing only."""
        return self.has_class("-narrow")

    def refill(self) -> None:
        """Read the store anew and show it; also after a change of language."""

    def ruleset_arrived(self) -> None:
        """Show what waited for a rule set."""
        for pane in self.query(LinePane):
            pane.rebuild()

    def status_spans(self) -> list[tuple[str, str]]:
        """Return the words of the status line."""
        return []

    def show_bars(self) -> None:
        """Show the bar of sections, the status and the footer."""
        if not self.is_mounted:
            return
        words = self.host.banner_words
        for name, spans in (
            ("top", self._top()),
            ("banner", [(words, "warning")]),
            ("status", self.status_spans()),
            ("footer", self._footer()),
        ):
            self.query_one(f"#{name}", OneLine).say(*spans)
        self.query_one("#banner").set_class(not words, "hidden")

    def _top(self) -> list[tuple[str, str]]:
        """Return the sections with their keys, the present one marked by brackets as well as by its look."""
        spans: list[tuple[str, str]] = [] if self.size.width < 100 else [(" policycore ", "title")]
        present = {"detail": "violations"}.get(self.where, self.where)
        listed = [key for key in self.host.keys.all() if key.action in SECTIONS]
        named = {key.action: f"{key_name(key.keys[0])} {key.short}" for key in listed}
        if not self.host.panels:
            del named["panels"]
        apart = sum(width(f" {name} ") for name in named.values()) <= self.size.width
        names = {action: name if apart else name.replace(" ", "") for action, name in named.items()}
        room = self.size.width - sum(width(text) for text, _look in spans) - width(f"[{names[present]}]")
        before = False
        for action, name in names.items():
            if action == present:
                spans.append((f"[{name}]", "chosen"))
            elif (room := room - width(name) - (2 if apart else not before)) >= 0:
                spans.append((f" {name} " if apart else " " * before + name, ""))
            # Where there is no room between names, brackets keep them apart as well as a space does.
            before = not apart and action != present
        return spans

    def _footer(self) -> list[tuple[str, str]]:
        """Return what matters for the part that has the focus and is possible now, most important first."""
        spans: list[tuple[str, str]] = []
        room = self.size.width
        by_action = {key.action: key for key in self.host.keys.valid_in(self.where)}
        for action in FOOTERS.get(self.focus_name, FOOTER):
            key = by_action.get(action)
            if key is None or self.why_not(key):
                continue
            name, word = key_name(key.keys[0]), self.word_of(key)
            room -= width(f" {name} {word} ")
            if room < 0:
                break
            spans += [(f" {name}", "key"), (f" {word} ", "")]
        return spans

    def word_of(self, key: Key) -> str:
        """Return what a key does for the part that has the focus, in a word or two."""
        word = f"tui.key.{key.action}.{self.focus_name}"
        return say(word) if find_text(word) else key.short

    def on_descendant_focus(self) -> None:
        """Let the footer follow the focus."""
        self.call_later(self.show_bars)

    def on_resize(self) -> None:
        """Say what there is room for now."""
        self.call_later(self.show_bars)

    def conditions(self) -> Mapping[str, Callable[[], object]]:
        """Return what must hold for actions of the key table."""
        return self.host.conditions()

    def why_not(self, key: Key) -> str:
        """Return why an action is not possible now, '' when it is."""
        conditions = self.conditions() if key.needs else {}
        lacking = next((name for name in key.needs if name not in conditions or not conditions[name]()), "")
        return say(f"tui.needs.{'view' if lacking.startswith('view_') else lacking}") if lacking else ""

    def action_do(self, action: str) -> None:
        """Carry an action out, or say why not."""
        key = next((one for one in self.host.keys.valid_in(self.where) if one.action == action), None)
        if key is None:
            return
        if action not in MOVES:
            self.host.hush()
        reason = self.why_not(key)
        if reason:
            self.host.tell(say("tui.disabled", action=key.short, reason=reason), "warning")
            return
        try:
            self.carrier(action)()
        except PolicycoreError as error:
            self.host.tell_error(error)
        self.show_bars()

    def carrier(self, action: str) -> Callable[[], object]:
        """Return what carries an action out: the screen, else the app."""
        if action in MOVES:
            return partial(self._move, MOVES[action])
        if action in SECTIONS:
            return partial(self.host.open_section, action)
        name = f"do_{action}"
        return cast("Callable[[], object]", getattr(self, name, None) or getattr(self.host, name))

    @property
    def moving(self) -> CursorView | None:
        """Return what the arrow keys move: the focused list, else the screen's first."""
        if isinstance(self.focused, CursorView):
            return self.focused
        return next((view for kind in ("#table", "LinePane") for view in self.query(kind).results(CursorView)), None)

    def _move(self, step: Callable[[CursorView], int]) -> None:
        if self.moving:
            self.moving.move(step(self.moving))

    def do_open(self) -> None:
        """Follow what is under the cursor."""
        if self.moving:
            self.moving.choose()

    def do_next_pane(self) -> None:
        """Put the focus on the next part of the screen."""
        self.focus_next()

    @property
    def focus_name(self) -> str:
        """Return which part of the screen has the focus, as help calls it."""
        name = (self.focused.id if self.focused is not None else None) or ""
        own = ("facets", "filter", "detail") if self.where == "violations" else ("filter",)
        page = f"{self.where}-page"
        return name if name in own else page if name == "detail" and page in FOOTERS else self.where
