"""The program in a real terminal: tmux draws it, keys go through its pseudo terminal."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from unicodedata import name as name_of

import pytest

from policycore.demo.generate import generate_demo
from policycore_tui.state.keys import KEYS, as_sent

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Session:
    """One tmux session on a server of its own."""

    def __init__(self, command: str, size: tuple[int, int], environment: dict[str, str]) -> None:
        self.server = f"policycore-{uuid.uuid4().hex[:8]}"
        columns, rows = map(str, size)
        given = [part for name, value in environment.items() for part in ("-e", f"{name}={value}")]
        self.tmux("-f", os.devnull, "new-session", "-d", "-s", "one", "-x", columns, "-y", rows, *given, command)

    def tmux(self, *arguments: str) -> str:
        """Run tmux on the session's server."""
        done = subprocess.run(
            ["tmux", "-u", "-L", self.server, *arguments], capture_output=True, text=True, check=False, timeout=20
        )
        return done.stdout

    def screen(self) -> str:
        """Return what stands on the terminal."""
        return self.tmux("capture-pane", "-p", "-t", "one")

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self.tmux("send-keys", "-t", "one", *keys)

    def type(self, text: str) -> None:
        """Type text as an input method commits it."""
        self.tmux("send-keys", "-t", "one", "-l", text)

    def wait_for(self, text: str, seconds: float = 30.0) -> str:
        """Return the screen as soon as it shows `text`; fail with what it shows instead."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            seen = self.screen()
            if text in seen:
                return seen
            time.sleep(0.1)
        pytest.fail(f"{text!r} never came up:\n{self.screen()}")

    def wait_for_end(self, seconds: float = 20.0) -> None:
        """Wait until the program has ended and its session with it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if "one" not in self.tmux("list-sessions"):
                return
            time.sleep(0.1)
        pytest.fail(f"it still runs:\n{self.screen()}")


@pytest.fixture
def terminal(world):
    """Return a function that opens the program in a terminal; whatever is left is ended."""
    opened: list[Session] = []

    def start(
        language: str, size: tuple[int, int] = (120, 40), words: list[str] | None = None, **environment: str
    ) -> Session:
        office = world.folder / "office"
        program = f"env -u COLUMNS -u LINES '{sys.executable}' -m policycore"
        command = f"{program} {' '.join(words or ['tui', '--workspace', str(office)])} --lang {language}"
        given = {"LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": str(world.folder / "settings"), **environment}
        opened.append(Session(command, size, given))
        return opened[-1]

    yield start
    for session in opened:
        session.tmux("kill-server")


def test_the_program_is_driven_through_a_real_terminal(terminal):
    session = terminal("zh")
    session.wait_for("7/7")
    session.press("/")
    session.wait_for("输入词语")
    session.type("第2工作群")
    session.press("Enter")
    session.wait_for("2/7")
    session.press("C-l")
    session.wait_for("7/7")
    session.type("？")
    session.wait_for("输入以搜索")
    session.press("Escape")
    session.press("F2")
    session.wait_for("现在要办")
    session.press("F12")
    session.wait_for("To do now")
    session.press("C-q")
    session.wait_for_end()


@pytest.mark.long
def test_what_the_demo_offers_checks_into_a_temporary_workspace_and_opens(terminal, tmp_path):
    generate_demo(tmp_path / "demo")
    words = ["tui", "--ruleset", "xxu-2024-wechat-groups", "--estate", str(tmp_path / "demo" / "estate")]
    session = terminal("en", words=words)
    session.wait_for(" filter: none", 90)
    session.wait_for("not saved")
    session.press("F9")
    session.wait_for(str(tmp_path.name))
    session.press("Escape")
    session.press("C-q")
    session.wait_for("Keep them in")
    session.press("n")
    session.wait_for_end()


def test_a_narrow_terminal_and_no_colour(terminal):
    session = terminal("en", (60, 20), NO_COLOR="1")
    session.wait_for("7 of 7")
    coloured = session.tmux("capture-pane", "-p", "-e", "-t", "one")
    assert _grey(coloured)
    session.press("Down", "Enter")
    session.wait_for("What to do")
    session.press("q")
    session.wait_for_end()


PROBE = """
import os
os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
from textual.app import App
class Probe(App):
    ENABLE_COMMAND_PALETTE = False
    def on_key(self, event):
        print(event.key, file=log, flush=True)
log = open({log!r}, "w")
print("ready", file=log, flush=True)
Probe().run()
"""
TMUX_NAMES = {"pagedown": "PageDown", "pageup": "PageUp", "escape": "Escape", "enter": "Enter", "space": "Space",
              "insert": "IC", "home": "Home", "end": "End", "tab": "Tab", "up": "Up", "down": "Down",
              "shift+down": "S-Down", "question_mark": "?", "colon": ":", "slash": "/",
              "fullwidth_question_mark": "？", "fullwidth_colon": "：", "ideographic_comma": "、",
              "fullwidth_solidus": "／", "ideographic_space": "\u3000",
              "plus": "+", "fullwidth_plus_sign": "＋", "minus": "-",
              "fullwidth_hyphen_minus": "－", "at": "@"}  # fmt: skip
TMUX_NAMES |= {
    name.lower().replace(" ", "_"): character for character in "!#$%^&*(！￥（" for name in [name_of(character)]
}


def _in_tmux(key: str) -> str:
    """Return what tmux calls a key."""
    *modifiers, last = key.split("+")
    if key in TMUX_NAMES or len(key) == 1:
        return TMUX_NAMES.get(key, key)
    return "".join({"ctrl": "C-", "shift": "S-"}[modifier] for modifier in modifiers) + (
        last.upper() if len(last) > 1 else last
    )


def test_every_key_of_the_table_arrives_through_a_real_terminal(tmp_path):
    log = tmp_path / "keys"
    program = tmp_path / "probe.py"
    program.write_text(PROBE.format(log=str(log)), encoding="utf-8")
    session = Session(f"'{sys.executable}' '{program}'", (80, 24), {"LC_ALL": "C.UTF-8"})
    arrived: dict[str, str] = {}
    try:
        _lines(log, 1)
        time.sleep(0.5)
        for key in (name for one in KEYS for name in one.keys if name != "ctrl+q"):
            before = len(_lines(log, 1))
            if key in TMUX_NAMES and len(TMUX_NAMES[key]) == 1:
                session.type(TMUX_NAMES[key])
            else:
                session.press(_in_tmux(key))
            arrived[key] = (_lines(log, before + 1) or [""])[-1]
    finally:
        session.tmux("kill-server")
    assert {key: name for key, name in arrived.items() if name not in as_sent([key]).split(",")} == {}


def _lines(log, count: int, seconds: float = 5.0) -> list[str]:
    """Return a file's lines once it has `count`, else those that it has after some seconds."""
    end = time.monotonic() + seconds
    while True:
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        if len(lines) >= count or time.monotonic() > end:
            return lines
        time.sleep(0.02)


def _grey(text: str) -> bool:
    """Return whether every colour in `text` is a shade of grey."""
    return all(len(set(match)) == 1 for match in re.findall(r"[34]8;2;(\d+);(\d+);(\d+)", text))
