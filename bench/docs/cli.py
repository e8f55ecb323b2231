"""The page of commands, made from the command objects themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click

from bench.docs.markdown import code, introduction, table
from policycore.cli.command import words
from policycore.cli.commands import Commands
from policycore.errors import ExitCode
from policycore.language import Text, say_both, use_language

__all__ = ["page"]

_EXITS = {
    0: ("没有达到`--fail-on`严重程度的问题", "nothing found at or above `--fail-on`"),
    1: ("发现了达到`--fail-on`严重程度的问题", "findings at or above `--fail-on`"),
    2: ("命令用法或规则集有误", "the command or the rule set is wrong"),
    3: ("数据无法读取，或不能写入所给的位置", "data could not be read, or the place named cannot be written"),
    4: (
        "有规则或插件失败，或截至时间晚于数据，结果不完整",
        "a rule or a plugin failed, or the as-of time lies after the data; the result is incomplete",
    ),
    5: ("另一次运行占用着工作区，或时间预算用完", "another run holds the workspace, or the time budget ran out"),
    130: ("被中断", "interrupted"),
}


def page() -> str:
    """Return the page."""
    lines = introduction(
        "命令行 · Command line",
        "标准输出只有数据，提示和错误写到标准错误。所有命令都接受`--lang`和`--help`。",
        "Standard output carries data only; words go to standard error. Every command takes `--lang` and `--help`.",
    )
    lines += ["## 退出码 · Exit codes", ""]
    lines += table(["", "中文", "English"], ((code(one.value), *_EXITS[one.value]) for one in ExitCode))
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
    return table(["选项 · option", "中文", "English", "默认 · default"], rows)


def _rows(shown: click.Command, context: click.Context) -> Iterator[tuple[str, str, str, str]]:
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
        required = "必填 · required" if parameter.required else ""
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
