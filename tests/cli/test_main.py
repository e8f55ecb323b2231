from __future__ import annotations

import importlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import click
import pytest

import policycore
from policycore.cli.commands import COMMANDS, Commands, early_language
from policycore.errors import DataError, ExitCode, LockedError, Place, PolicycoreError, Problem, RuleSetError, worst
from policycore.language import say, use_language
from policycore.plugin_api.plugins import PluginSet

Run = Callable[..., Any]


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Return a function that makes the command ``rules`` raise."""

    def break_with(error: BaseException) -> None:
        @click.command("rules")
        def command() -> None:
            raise error

        module = importlib.import_module("policycore.cli.rules")
        monkeypatch.setattr(module, "command", command)

    return break_with


def test_version_and_help_load_nothing_heavy() -> None:
    code = (
        "import sys; from policycore.cli.main import main; code = main(sys.argv[1:]);"
        "heavy = 'duckdb pyarrow textual numpy pydantic pydantic_core ruamel sqlalchemy openpyxl'.split();"
        # A page of help is laid out in cells, and lists what plugins bring.
        "also = () if sys.argv[1] == '--help' else ('policycore.plugin_api', 'policycore_', 'pluggy', 'rich');"
        "print([name for name in sys.modules if name.partition('.')[0] in heavy or"
        " name.startswith((*also, 'policycore.engine'))],"
        " file=sys.stderr); sys.exit(code)"
    )
    for argument in ("--version", "--help"):
        ended = subprocess.run([sys.executable, "-c", code, argument], capture_output=True, text=True, check=False)
        assert ended.returncode == 0
        assert ended.stderr.strip().endswith("[]"), ended.stderr
        assert "policycore" in ended.stdout


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version").out == f"policycore {policycore.__version__}\n"


def test_every_listed_command_exists_and_describes_itself_in_both_languages(run: Run) -> None:
    for name, module in COMMANDS:
        assert isinstance(importlib.import_module(module).command, click.Command), name
        for language in ("zh", "en"):
            with use_language(language):
                assert say(f"cli.short.{name}")


def all_commands(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    """Return every command with the words that call it."""
    found = [(path, command)]
    if isinstance(command, Commands):
        context = click.Context(command)
        for name in command.list_commands(context):
            found += all_commands(command.get_command(context, name), (*path, name))  # type: ignore[arg-type]
    elif isinstance(command, click.Group):
        for name, below in command.commands.items():
            found += all_commands(below, (*path, name))
    return found


def test_help_is_in_the_language_asked_for_at_every_depth(run: Run) -> None:
    paths = [path for path, _ in all_commands(Commands())]
    assert len(paths) > 15
    for path in paths:
        english = run(*path, "--help", "--lang", "en")
        chinese = run("--lang", "zh", *path, "--help")
        assert english.code == chinese.code == 0, path
        assert english.out.startswith("Usage: policycore")
        assert chinese.out.startswith("用法： policycore")
        assert not any("\u4e00" <= character <= "\u9fff" for character in english.out), english.out
        # A key that the catalogue lacks would show as itself.
        for text in (english.out, chinese.out):
            assert not re.findall(r"\b(?:cli|findings|estate|demo|rulesets?)\.[a-z.-]+\b(?!\.yaml)", text), path


def test_every_option_has_a_help_text() -> None:
    silent = [
        f"{' '.join(path)} {parameter.opts[0]}"
        for path, command in all_commands(Commands())
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help and not parameter.hidden
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "en", "check"], "en"),
        (["check", "--lang=zh"], "zh"),
        (["check", "--lang", "fr"], None),
        (["check", "--", "--lang", "en"], None),
        (["--lang"], None),
    ],
)
def test_the_language_is_found_before_anything_else_is_read(arguments: list[str], language: str | None) -> None:
    assert early_language(arguments) == language


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], ["no command chek", "did you mean check"]),
        (["check", "--rulset", "x"], ["no option --rulset", "did you mean --ruleset"]),
        (["check"], ["--ruleset is missing", "policycore check --help"]),
        (["check", "--ruleset"], ["--ruleset is used wrongly"]),
        (["check", "--ruleset", "x", "--estate", "y", "--fail-on", "bad"], ["--fail-on", "error, warning, info"]),
        (["check", "--ruleset", "x", "--estate", "y", "--time-limit", "soon"], ["--time-limit", "number"]),
        (["explain"], ["RULE|CLAUSE|FINDING is missing"]),
        (["doctor", "now"], ["nothing takes “now” here"]),
        (["--lang", "fr", "rules"], ["--lang", "zh, en"]),
    ],
)
def test_wrong_usage_is_one_line_on_stderr_and_exit_2(arguments: list[str], words: list[str], run: Run) -> None:
    ended = run(*arguments)
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert ended.err.count("\n") == 1
    for word in words:
        assert word in ended.err


def test_wrong_usage_is_said_in_chinese_too(run: Run) -> None:
    assert "没有命令 chek" in run("--lang", "zh", "chek").err


def test_no_arguments_show_the_help_and_are_wrong_usage(run: Run) -> None:
    ended = run()
    assert ended.code == ExitCode.USAGE
    assert ended.err.startswith("Usage: policycore")


@pytest.mark.parametrize("kind", [RuleSetError, DataError, LockedError, PolicycoreError])
def test_errors_print_every_problem_and_end_with_their_code(
    kind: type[PolicycoreError], run: Run, breaking: Callable[[BaseException], None]
) -> None:
    places = [Place("r.yaml", 3, 7), Place("r.yaml", 9)]
    breaking(kind(*(Problem("a.b", "what\x1b[31m", "why", "try", place) for place in places)))
    ended = run("rules")
    assert ended.code == kind.exit_code
    assert ended.out == ""
    assert ended.err == "r.yaml:3:7: what?[31m, why, try\nr.yaml:9:1: what?[31m, why, try\n"


def test_an_unforeseen_error_is_one_paragraph_that_quotes_no_data(
    run: Run, breaking: Callable[[BaseException], None]
) -> None:
    breaking(ValueError("张三 13812345678"))
    ended = run("rules")
    assert ended.code == ExitCode.INCOMPLETE
    assert "internal error (ValueError)" in ended.err
    assert "Traceback" not in ended.err
    assert "13812345678" not in ended.err


def test_a_trace_is_written_only_when_asked_for_and_holds_no_data(
    run: Run, breaking: Callable[[BaseException], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    breaking(ValueError("张三 13812345678"))
    run("rules")
    assert list(tmp_path.glob("*.trace")) == []
    monkeypatch.setenv("POLICYCORE_DEBUG", "1")
    ended = run("rules")
    (trace,) = tmp_path.glob("*.trace")
    assert str(trace) in ended.err
    text = trace.read_text(encoding="utf-8")
    assert "raise error" in text
    assert "13812345678" not in text
    assert trace.stat().st_mode & 0o077 == 0


def test_an_interrupt_ends_with_130(run: Run, breaking: Callable[[BaseException], None]) -> None:
    breaking(KeyboardInterrupt())
    ended = run("rules")
    assert ended.code == ExitCode.INTERRUPTED
    assert "interrupted" in ended.err


def test_a_command_that_returns_a_code_ends_with_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command("rules")
    def command() -> ExitCode:
        return ExitCode.LOCKED_OR_OUT_OF_TIME

    monkeypatch.setattr(importlib.import_module("policycore.cli.rules"), "command", command)
    assert run("rules").code == 5


def test_a_reader_that_goes_away_is_no_drama() -> None:
    command = f"{sys.executable} -m policycore explain ADM001 | head -1; echo ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert "ADM001" in ended.stdout
    assert ended.stdout.endswith("\n0\n")
    assert ended.stderr == ""


def test_ctrl_c_in_a_real_process_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    script = (
        "import click, importlib, sys, time\n"
        "module = importlib.import_module('policycore.cli.rules')\n"
        "@click.command('rules')\n"
        "def command():\n"
        "    click.echo('ready'); sys.stdout.flush(); time.sleep(60)\n"
        "module.command = command\n"
        "sys.argv = ['policycore', 'rules']\n"
        "from policycore.cli.main import run; run()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err


def test_the_highest_code_wins() -> None:
    assert worst() == ExitCode.CLEAN
    assert worst(0, 1) == ExitCode.FINDINGS
    assert worst(1, 4, 3) == ExitCode.INCOMPLETE


COMMANDS_OF_A_PLUGIN = """
import click
from policycore import LazyCommand, Text, hookimpl

@click.command("hello", short_help="Says hello")
def hello():
    click.echo("hello")

@click.command("rules")
def rules():
    click.echo("mine")

@hookimpl
def policycore_commands():
    return [
        hello, rules, "no command",
        LazyCommand("later", Text("稍后", "Comes later"), "plugin_with_commands_below:command"),
        LazyCommand("never", Text("不会", "Never comes"), "plugin_with_commands_nowhere:command"),
        LazyCommand("wrong", Text("不对", "No command"), "plugin_with_commands:policycore_commands"),
    ]
"""


@pytest.fixture
def with_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let one plugin with commands be all that is installed."""
    (tmp_path / "plugin_with_commands.py").write_text(COMMANDS_OF_A_PLUGIN, "utf-8")
    below = "import click\n@click.command('later')\ndef command(): click.echo('now')\n"
    (tmp_path / "plugin_with_commands_below.py").write_text(below, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    entry = EntryPoint("trial", "plugin_with_commands", "policycore")
    monkeypatch.setattr("policycore.plugin_api.plugins.load_plugins", lambda **_: PluginSet(entries=[entry]))
    yield
    for name in [name for name in sys.modules if name.startswith("plugin_with_commands")]:
        del sys.modules[name]


def test_a_plugin_adds_commands_and_cannot_replace_one(run: Run, with_commands: None) -> None:
    assert run("hello").out == "hello\n"
    assert run("later").out == "now\n"
    assert run("rules", "--help").out.startswith("Usage: policycore rules")


def test_help_lists_the_commands_of_plugins_without_importing_them(run: Run, with_commands: None) -> None:
    ended = run("--help", "--lang", "en")
    for line in (r"hello +Says hello", r"later +Comes later"):
        assert re.search(line, ended.out)
    assert ended.out.count("\n  rules ") == 1
    assert "plugin_with_commands_below" not in sys.modules
    assert re.search(r"the command rules of plugin .* is built in", ended.err)
    assert "str of plugin trial (from ?), returned by policycore_commands" in ended.err


@pytest.mark.parametrize(("name", "error"), [("never", "ModuleNotFoundError"), ("wrong", "TypeError")])
def test_a_command_that_cannot_be_imported_is_its_plugins_error(
    name: str, error: str, run: Run, with_commands: None
) -> None:
    ended = run(name, "--lang", "en")
    assert ended.code == ExitCode.INCOMPLETE
    assert "plugin trial" in ended.err
    assert error in ended.err


def test_a_name_near_a_plugins_command_is_suggested(run: Run, with_commands: None) -> None:
    assert "did you mean" in run("helo", "--lang", "en").err


def test_a_shell_can_complete_commands_and_options(start: Run) -> None:
    found = start(_POLICYCORE_COMPLETE="bash_complete", COMP_WORDS="policycore ch", COMP_CWORD="1")
    assert "plain,check" in found.out
    found = start(_POLICYCORE_COMPLETE="bash_complete", COMP_WORDS="policycore check --fail", COMP_CWORD="2")
    assert "plain,--fail-on" in found.out


def test_a_mistyped_environment_variable_is_told_and_its_value_is_not(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYCORE_PLUGIN", "hidden-value")
    monkeypatch.setenv("POLICYCORE_OF_SOME_PLUGIN", "1")
    ended = run("rules", "--lang", "en")
    assert ended.code == ExitCode.CLEAN
    assert "POLICYCORE_PLUGIN does nothing" in ended.err
    assert "did you mean POLICYCORE_PLUGINS" in ended.err
    assert "hidden-value" not in ended.err
    assert "SOME_PLUGIN" not in ended.err
