"""The one table of keys: bindings, footer, help, palette and documentation are all made from it.

Every letter also has a key that an input method does not take, and every punctuation mark also its
full-width form: who types Chinese must not have to switch for a command.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from policycore.language import say

__all__ = ["EVERYWHERE", "FOOTER", "FOOTERS", "KEYS", "SECTIONS", "Key", "KeyTable", "as_sent", "key_name"]

EVERYWHERE = "everywhere"
SECTIONS = ("overview", "violations", "groups", "rules", "runs", "plan", "gaps", "panels")
"""The main screens in the order of their keys: F2 to F8, then the plugins' panels."""


@dataclass(frozen=True, slots=True)
class Key:
    """One action: its keys, the screens where it is valid, and what must hold for it.

    Its words stand in the catalogue: ``tui.key.<action>`` (short) and ``tui.about.<action>``; why it
    is not possible, under ``tui.needs.<condition>``.
    """

    action: str
    keys: tuple[str, ...]
    where: tuple[str, ...] = (EVERYWHERE,)
    needs: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """Return the action in a word or two."""
        return say(f"tui.key.{self.action}")

    @property
    def about(self) -> str:
        """Return the action in a sentence."""
        return say(f"tui.about.{self.action}")


_LIST = ("violations",)
_FINDING = ("violations", "detail")
_TABLES = ("violations", "groups", "rules", "runs", "plan", "gaps")

_SORT_KEYS = (
    ("exclamation_mark", "fullwidth_exclamation_mark"),
    ("at",),
    ("number_sign",),
    ("dollar_sign", "fullwidth_yen_sign"),
    ("percent_sign",),
    ("circumflex_accent",),
    ("ampersand",),
    ("asterisk",),
    ("left_parenthesis", "fullwidth_left_parenthesis"),
)
"""Shift with 1 to 9, as an input method sends them too: one for each column on the screen."""

KEYS: tuple[Key, ...] = (
    Key("help", ("question_mark", "f1", "fullwidth_question_mark")),
    Key("palette", ("colon", "ctrl+p", "fullwidth_colon")),
    Key("overview", ("f2",)),
    Key("violations", ("f3",)),
    Key("groups", ("f4",)),
    Key("rules", ("f5",)),
    Key("runs", ("f6",)),
    Key("plan", ("f7",)),
    Key("gaps", ("f8",)),
    Key("panels", ("shift+f9", "P"), needs=("panels",)),
    Key("run_check", ("f9", "C"), needs=("runnable",)),
    Key("cancel_check", ("ctrl+x",), needs=("running",)),
    Key("reload", ("ctrl+r", "l")),
    Key("language", ("f12", "L")),
    Key("theme", ("ctrl+t", "T")),
    Key("undo", ("ctrl+z", "u"), needs=("undo",)),
    Key("back", ("escape",)),
    Key("quit", ("ctrl+q", "q")),
    Key("down", ("down", "j")),
    Key("up", ("up", "k")),
    Key("top", ("home", "g")),
    Key("bottom", ("end", "G")),
    Key("page_down", ("pagedown", "ctrl+f")),
    Key("page_up", ("pageup", "ctrl+b")),
    Key("open", ("enter",)),
    Key("next_pane", ("tab",)),
    Key("filter", ("slash", "ctrl+k", "ideographic_comma", "fullwidth_solidus"), where=_TABLES),
    Key("facets", ("ctrl+g", "f"), where=_LIST),
    Key("clear", ("ctrl+l", "c"), where=_LIST, needs=("filtered",)),
    Key("sort", ("ctrl+s", "s"), where=_TABLES),
    Key("reverse", ("ctrl+d", "S"), where=_TABLES),
    *(Key(f"sort_{number}", keys, where=_TABLES) for number, keys in enumerate(_SORT_KEYS, 1)),
    Key("right", ("right",), where=_TABLES),
    Key("left", ("left",), where=_TABLES),
    Key("fold", ("shift+f12", "z"), where=_LIST),
    Key("columns", ("shift+f11", "K"), where=_TABLES),
    Key("save_view", ("ctrl+o", "V"), where=_LIST),
    *(Key(f"view_{number}", (str(number),), where=_LIST, needs=(f"view_{number}",)) for number in range(1, 10)),
    Key("mark", ("insert", "space", "ideographic_space"), where=_LIST, needs=("finding",)),
    Key("mark_range", ("shift+down", "v"), where=_LIST, needs=("finding",)),
    Key("mark_all", ("ctrl+a", "a"), where=_LIST, needs=("finding",)),
    Key("unmark", ("ctrl+u", "U"), where=_LIST, needs=("marked",)),
    Key("waive", ("ctrl+w", "w"), where=_FINDING, needs=("finding", "decidable", "waivable")),
    Key("attest", ("ctrl+y", "t"), where=_FINDING, needs=("finding", "decidable", "attestable")),
    Key("confirm", ("plus", "fullwidth_plus_sign"), where=_FINDING, needs=("finding", "reviewable")),
    Key("dismiss", ("minus", "fullwidth_hyphen_minus"), where=_FINDING, needs=("finding", "reviewable")),
    Key("dispute", ("shift+f10", "D"), where=_FINDING, needs=("finding", "disputable")),
    Key("assign", ("f10", "A"), where=_FINDING, needs=("finding",)),
    Key("note", ("ctrl+n", "n"), where=_FINDING, needs=("finding",)),
    Key("tick", ("f11", "x"), where=(*_FINDING, "plan"), needs=("steps",)),
    Key("export", ("ctrl+e", "e"), where=(*_FINDING, "plan")),
    Key("copy", ("shift+f2", "y"), where=_FINDING, needs=("finding",)),
    Key("copy_row", ("shift+f8", "Y"), where=_FINDING, needs=("finding",)),
    Key("copy_evidence", ("shift+f4", "E"), where=_FINDING, needs=("finding",)),
    Key("edit_ruleset", ("shift+f5", "o"), where=(*_FINDING, "rules"), needs=("place", "editor")),
    Key("reveal", ("shift+f6", "R"), where=_FINDING, needs=("finding", "secret")),
    Key("compare", ("shift+f7", "d"), where=("runs",), needs=("two_runs",)),
)

FOOTER = ("help", "palette", "open", "filter", "compare", "edit_ruleset", "export", "undo", "run_check", "quit")
"""The actions that the footer offers where it has no others, as far as there is room and they are possible."""

_ACTS = ("waive", "attest", "confirm", "dismiss", "dispute", "tick", "assign", "note", "undo", "reveal", "export")
FOOTERS: Mapping[str, Sequence[str]] = {
    "violations": ("help", "palette", "open", "filter", "facets", *_ACTS, "mark", "sort", "quit"),
    "facets": ("help", "open", "facets", "clear", "filter"),
    "filter": ("open", "clear"),
    "detail": ("help", "palette", "open", *_ACTS, "back"),
    "gaps": ("help", "palette", "open", "filter", "sort", "run_check", "quit", "columns"),
    "gaps-page": ("help", "open", "back", "run_check"),
    "plan": ("help", "palette", "open", "tick", "export", "filter", "undo", "quit", "sort"),
}
"""By the part that has the focus, what the footer offers: what leads to everything else first."""


def as_sent(keys: Iterable[str]) -> str:
    """Return keys as the library binds them: every name under which a terminal may send one.

    Terminals send Shift+F2 as what xterm calls F14, some as Shift+F2. Shift+F3 can't be used: its
    sequence is also the answer to "where is the cursor", and so it is taken for one.
    """
    found: list[str] = []
    for key in keys:
        found.append(key)
        number = key.removeprefix("shift+f")
        if number != key and number.isdigit() and int(number) <= 12:
            found.append(f"f{int(number) + 12}")
    return ",".join(found)


def key_name(key: str) -> str:
    """Return a key as it is printed on a keyboard."""
    names = {
        "question_mark": "?",
        "fullwidth_question_mark": "？",
        "colon": ":",
        "fullwidth_colon": "：",
        "slash": "/",
        "fullwidth_solidus": "／",
        "ideographic_comma": "、",
        "ideographic_space": say("tui.keyname.full-space"),
        "space": say("tui.keyname.space"),
        "plus": "+",
        "minus": "-",
        "fullwidth_plus_sign": "＋",
        "fullwidth_hyphen_minus": "－",
        "exclamation_mark": "!",
        "fullwidth_exclamation_mark": "！",
        "at": "@",
        "number_sign": "#",
        "dollar_sign": "$",
        "fullwidth_yen_sign": "￥",
        "percent_sign": "%",
        "circumflex_accent": "^",
        "ampersand": "&",
        "asterisk": "*",
        "left_parenthesis": "(",
        "fullwidth_left_parenthesis": "（",
        "up": "Up",
        "escape": "Esc",
        "enter": "Enter",
        "pagedown": "PgDn",
        "pageup": "PgUp",
    }
    if key in names:
        return names[key]
    *modifiers, last = key.split("+")
    shown = last if len(last) == 1 and not modifiers else last.upper() if len(last) <= 3 else last.capitalize()
    return "+".join([*(part.capitalize() for part in modifiers), shown])


class KeyTable:
    """The keys in force: the table with a person's own choices over it."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        known = {key.action for key in KEYS}
        listed = {
            action: tuple(part.strip() for part in str(keys).split(",") if part.strip())
            for action, keys in (overrides or {}).items()
        }
        self.overrides = {action: keys for action, keys in listed.items() if action in known and keys}
        self.problems = [action for action in listed if action not in self.overrides]

    def all(self) -> Iterable[Key]:
        """Return every action with the keys in force."""
        return [replace(key, keys=self.overrides.get(key.action, key.keys)) for key in KEYS]

    def valid_in(self, where: str) -> list[Key]:
        """Return the actions of a screen: its own first, then those that are valid everywhere."""
        own = [key for key in self.all() if where in key.where]
        return own + [key for key in self.all() if EVERYWHERE in key.where]

    def clashes(self) -> list[tuple[str, str]]:
        """Return pairs of actions that one key would start on one screen."""
        found: set[tuple[str, str]] = set()
        for where in (*SECTIONS, "detail"):
            taken: dict[str, str] = {}
            pairs = [(name, key.action) for key in self.valid_in(where) for name in key.keys]
            found.update((taken[name], action) for name, action in pairs if taken.setdefault(name, action) != action)
        return sorted(found)
