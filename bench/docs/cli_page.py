"""The page of commands, made from the command objects themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click

from bench.docs.markdown import both, code, introduction, table
from policycore.cli.command import words
from policycore.cli.commands import Commands
from policycore.errors import ExitCode
from policycore.language import Text, say_both, use_language

__all__ = ["page"]


def page() -> str:
    """Return the page."""
    lines = introduction("cli")
    lines += [f"## {both(say_both('docs.cli.exit-codes'))}", ""]
    lines += table(
        ["", "中文", "English"],
        (
            (code(code_.value), text.zh, text.en)
            for code_ in ExitCode
            for text in [say_both(f"docs.exit.{code_.value}")]
        ),
    )
    program = Commands()
    with click.Context(program, info_name="policycore") as context:
        lines += _options(program, context)
        for name in program.list_commands(context):
            lines += _command(program, context, name)
    return "\n".join(lines)


def _command(group: click.Group, context: click.Context, name: str) -> list[str]:
    """Return the part of the page on one command and its sub-commands."""
    found = group.get_command(context, name)
    if found is None or found.hidden:
        return []
    with click.Context(found, info_name=name, parent=context) as inner:
        pieces = [piece for parameter in found.get_params(inner) for piece in parameter.get_usage_pieces(inner)]
        usage = " ".join([inner.command_path, *pieces])
        if isinstance(found, click.Group):
            usage += " …"
        help_ = _both_words(found.help)
        lines = [f"## {inner.command_path}", "", "```console", usage, "```", ""]
        lines += [_paragraphs(help_.zh), "", _paragraphs(help_.en), ""]
        lines += _options(found, inner)
        if isinstance(found, click.Group):
            for below in found.list_commands(inner):
                lines += _command(found, inner, below)
    return lines


def _options(shown: click.Command, context: click.Context) -> list[str]:
    """Return the table of a command's own options; ``--lang`` and ``--help`` belong to all of them."""
    rows = list(_rows(shown, context))
    return table([both(say_both("docs.cli.option")), "中文", "English", both(say_both("docs.default"))], rows)


def _rows(shown: click.Command, context: click.Context) -> Iterator[tuple[str, str, str, str]]:
    """Yield one row for each option."""
    everywhere = {"--lang", "--help"} if context.parent else set()
    for parameter in shown.get_params(context):
        if not isinstance(parameter, click.Option) or parameter.hidden or everywhere & set(parameter.opts):
            continue
        names = ", ".join([*parameter.opts, *parameter.secondary_opts])
        if not parameter.is_flag and not parameter.count:
            names += f" {parameter.make_metavar(context)}"
        text = say_both("cli.help") if "--help" in parameter.opts else _both_words(parameter.help)
        default = parameter.default
        shows = parameter.show_default and isinstance(default, str | int | float) and not isinstance(default, bool)
        required = both(say_both("docs.required")) if parameter.required else ""
        yield code(names), text.zh, text.en, code(default) if shows else required


def _both_words(key: str | None) -> Text:
    """Return a help text in both languages."""
    with use_language("zh"):
        chinese = words(key)
    with use_language("en"):
        return Text(zh=chinese, en=words(key))


def _paragraphs(text: str) -> str:
    """Return `text` with each of its lines as a paragraph of its own."""
    return "\n\n".join(text.splitlines())
