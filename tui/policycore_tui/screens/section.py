"""What every main screen shares: the bar of sections, status, footer, and keys from the one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.text.width import width
from policycore_tui.keys import EVERYWHERE, KEYS, SECTIONS, Key, as_sent, key_name
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.line_table import LineTable
from policycore_tui.widgets.one_line import OneLine

if TYPE_CHECKING:
    from policycore_tui.app import PolicycoreApp

__all__ = ["MOVING", "Section", "bindings_for"]


MOVING = frozenset({"down", "up", "top", "bottom", "page_down", "page_up"})
"""Actions that leave what was told before on the screen."""


def bindings_for(*where: str) -> list[Any]:
    """Return the bindings of the actions that are valid in any of `where`."""
    return [
        Binding(as_sent(key.keys), f"do('{key.action}')", id=key.action, show=False)
        for key in KEYS
        if set(where) & set(key.where)
    ]


class Section(Screen[None]):
    """Be one main screen; `do_<action>` carries an action out, `meets` says whether a condition holds."""

    where: ClassVar[str] = ""
    shown_as: tuple[str, int, int] | None = None
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - the library declares it as a variable of instances
        (0, "-narrow"),
        (80, "-medium"),
        (120, "-wide"),
    ]
    AUTO_FOCUS = ""

    def __init_subclass__(cls, **settings: Any) -> None:
        cls.BINDINGS = bindings_for(EVERYWHERE, cls.where)
        super().__init_subclass__(**settings)

    @property
    def office_app(self) -> PolicycoreApp:
        """Return the app."""
        return cast("PolicycoreApp", self.app)

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
        """Fill the screen; the library calls this after a subclass's own, so that none of them calls it."""
        self.lay_out()
        self.refill()

    def lay_out(self) -> None:
        """Choose the layout for the screen's width now: the library does so only after the first paint."""
        width = self.app.size.width
        chosen = max(least for least, _name in self.HORIZONTAL_BREAKPOINTS or () if width >= least)
        self.update_classes({name: least == chosen for least, name in self.HORIZONTAL_BREAKPOINTS or ()}, animate=False)

    @property
    def narrow(self) -> bool:
        """Return whether there is room for one thing only."""
        return self.has_class("-narrow")

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was shown: language, a tick, a new run."""
        self.lay_out()
        language, run = self.office_app.shared_language.language, self.office_app.running.known
        if self.shown_as not in (None, (language, run, self.office_app.acts.count)):
            self.refill()
        self.shown_as = (language, run, self.office_app.acts.count)
        self.show_bars()

    def refill(self) -> None:
        """Read the store anew and show it; also after a change of language."""
        self.show_bars()

    def nothing_words(self) -> str:
        """Return what a list without rows says: what to do where nothing was checked yet, else that nothing fits."""
        return say("tui.list.empty" if self.office_app.office.latest() else "tui.overview.no-run")

    def ruleset_arrived(self) -> None:
        """Show what waited for a rule set."""
        for pane in self.query(LinePane):
            pane.rebuild()
        self.show_bars()

    def status_spans(self) -> list[tuple[str, str]]:
        """Return the words of the status line."""
        return []

    def show_bars(self) -> None:
        """Show the bar of sections, the status and the footer."""
        if not self.is_mounted:
            return
        self.query_one("#top", OneLine).say(*self._top())
        self.query_one("#status", OneLine).say(*self.status_spans())
        self.query_one("#footer", OneLine).say(*self._footer())
        banner = self.query_one("#banner", OneLine)
        words = str(self.office_app.banner)
        banner.set_class(not words, "hidden")
        banner.say((words, "warning"))

    def _top(self) -> list[tuple[str, str]]:
        """Return the sections with their keys, the present one marked by brackets as well as by its look."""
        spans: list[tuple[str, str]] = [] if self.size.width < 100 else [(" policycore ", "title")]
        keys = {key.action: key for key in self.office_app.keys.all()}
        for section in SECTIONS:
            if section == "panels" and not self.office_app.panels:
                continue
            name = f"{key_name(keys[section].keys[0])} {keys[section].short}"
            here = section == self.where or (self.where == "detail" and section == "violations")
            if here:
                spans.append((f"[{name}]", "chosen"))
            elif self.size.width >= 72:
                spans.append((f" {name} ", ""))
        return spans

    def _footer(self) -> list[tuple[str, str]]:
        """Return the main keys; what is not possible now is dim, and says why when it is tried."""
        spans: list[tuple[str, str]] = []
        room = self.size.width
        listed = self.office_app.keys.valid_in(self.where)
        # Help and the palette lead to everything else, so they are the last to be left out.
        for key in sorted((key for key in listed if key.footer), key=lambda key: key.action not in ("help", "palette")):
            name = key_name(key.keys[0])
            room -= width(f" {name} {key.short} ")
            if room < 0:
                break
            off = bool(self.why_not(key))
            spans += [(f" {name}", "off" if off else "key"), (f" {key.short} ", "off" if off else "")]
        return spans

    def why_not(self, key: Key) -> str:
        """Return why an action is not possible now, '' when it is."""
        for condition in key.needs:
            if not self.meets(condition):
                return say(f"tui.needs.{'view' if condition.startswith('view_') else condition}")
        return ""

    def meets(self, condition: str) -> bool:
        """Return whether a condition of the key table holds."""
        return self.office_app.meets(condition)

    def action_do(self, action: str) -> None:
        """Carry an action out, or say why not."""
        key = next((one for one in self.office_app.keys.valid_in(self.where) if one.action == action), None)
        if key is None:
            return
        if action not in MOVING:
            self.office_app.hush()
        reason = self.why_not(key)
        if reason:
            self.office_app.tell(say("tui.disabled", action=key.short, reason=reason), "warning")
            return
        carry = self.carrier(action)
        if carry is not None:
            try:
                carry()
            except PolicycoreError as error:
                self.office_app.tell_error(error)
        self.show_bars()

    def carrier(self, action: str) -> Callable[[], None] | None:
        """Return what carries an action out: the screen, else the app."""
        name, _, number = action.partition("_")
        if name == "view" and number.isdigit():
            return lambda: cast("Any", self).do_view(int(number))
        if action in SECTIONS:
            return lambda: self.office_app.open_section(action)
        found = getattr(self, f"do_{action}", None) or getattr(self.office_app, f"do_{action}", None)
        return cast("Callable[[], None] | None", found)

    @property
    def moving(self) -> LineTable | LinePane | None:
        """Return what the arrow keys move: the focused list, else the screen's first."""
        if isinstance(self.focused, (LineTable, LinePane)):
            return self.focused
        return next(iter(self.query(LineTable)), None) or next(iter(self.query(LinePane)), None)

    def do_down(self) -> None:
        """Move down."""
        if self.moving:
            self.moving.move(1)

    def do_up(self) -> None:
        """Move up."""
        if self.moving:
            self.moving.move(-1)

    def do_page_down(self) -> None:
        """Move down by a screen."""
        if self.moving:
            self.moving.move(self.moving.page_rows)

    def do_page_up(self) -> None:
        """Move up by a screen."""
        if self.moving:
            self.moving.move(-self.moving.page_rows)

    def do_top(self) -> None:
        """Move to the first row."""
        if self.moving:
            self.moving.move(-(10**9))

    def do_bottom(self) -> None:
        """Move to the last row."""
        if self.moving:
            self.moving.move(10**9)

    def do_open(self) -> None:
        """Follow what is under the cursor."""
        if self.moving:
            self.moving.choose()

    def do_next_pane(self) -> None:
        """Put the focus on the next part of the screen."""
        self.focus_next()

    def do_back(self) -> None:
        """Leave the screen, when it stands on another one."""
        self.office_app.go_back()

    def do_reload(self) -> None:
        """Read the store again."""
        self.office_app.reload()

    @property
    def focus_name(self) -> str:
        """Return which part of the screen has the focus, as help calls it."""
        name = self.focused.id if self.focused is not None else None
        if name == "table":
            return self.where
        return name if name in ("facets", "detail", "filter") else self.where
