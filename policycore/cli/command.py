"""Commands whose help speaks the language in force when it is shown, not when it was imported.

Write a catalogue key where click takes a help text: ``@translated_command("check", help="cli.check.help")``,
``@click.option("--lenient", help="cli.check.lenient")``. Anything that is no key is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import click

from policycore.language import say
from policycore.text.width import width, wrap

__all__ = ["TranslatedCommand", "TranslatedGroup", "help_of", "translated_command", "translated_group", "words"]

_key = re.compile(r"[a-z]+(\.[a-z0-9_-]+)+")


def words(text: str | None) -> str:
    """Return the catalogue's text when `text` is a key, else `text` itself."""
    try:
        return say(text) if text and _key.fullmatch(text) else text or ""
    except (KeyError, ModuleNotFoundError):
        return str(text)


class TranslatedCommand(click.Command):
    """A command whose help is in the language in force."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help page."""
        formatter.write(help_of(self, ctx, formatter.width))

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - click's signature; lines are wrapped, not cut
        """Return the first sentence of the help."""
        return words(self.short_help or self.help).split("\n", 1)[0]


class TranslatedGroup(TranslatedCommand, click.Group):
    """A command with sub-commands whose help speaks the language in force."""

    command_class = TranslatedCommand


def translated_command(name: str, *, help: str, **settings: Any) -> Callable[[Callable[..., Any]], TranslatedCommand]:  # noqa: A002 - click's word
    """Make a function a command; `help` is a catalogue key."""
    return click.command(name, cls=TranslatedCommand, help=help, **settings)


def translated_group(name: str, *, help: str, **settings: Any) -> Callable[[Callable[..., Any]], TranslatedGroup]:  # noqa: A002 - click's word
    """Make a function a group of commands; `help` is a catalogue key."""
    return click.group(name, cls=TranslatedGroup, help=help, **settings)


def help_of(shown: click.Command, ctx: click.Context, columns: int) -> str:
    """Return the help page of a command: usage, what it does, arguments, options, sub-commands."""
    parts = [f"{say('cli.usage-line')} {ctx.command_path} {' '.join(_pieces(shown, ctx))}".rstrip(), ""]
    for paragraph in words(shown.help).split("\n"):
        parts += ["  " + line for line in wrap(paragraph, columns - 2)]
    options = [record for parameter in shown.get_params(ctx) if (record := _record(parameter, ctx))]
    parts += _listed(say("cli.options"), options, columns)
    if isinstance(shown, click.Group):
        commands = [(name, _short(shown, ctx, name)) for name in shown.list_commands(ctx)]
        parts += _listed(say("cli.commands"), commands, columns)
    if shown.epilog:
        parts += ["", *wrap(words(shown.epilog), columns)]
    return "\n".join(parts) + "\n"


def _pieces(shown: click.Command, ctx: click.Context) -> Iterable[str]:
    """Return the parts of the usage line after the command's name."""
    yield f"[{say('cli.options')}]"
    for parameter in shown.get_params(ctx):
        yield from parameter.get_usage_pieces(ctx)
    if isinstance(shown, click.Group):
        yield f"{say('cli.command')} …"


def _record(parameter: click.Parameter, ctx: click.Context) -> tuple[str, str] | None:
    """Return how one option is written and what it does."""
    if not isinstance(parameter, click.Option) or parameter.hidden:
        return None
    names = ", ".join(sorted(parameter.opts + parameter.secondary_opts, key=len))
    if not parameter.is_flag and not parameter.count:
        names += f" {parameter.make_metavar(ctx)}"
    if "--help" in parameter.opts:
        return names, say("cli.help")
    notes = [say("cli.required")] if parameter.required else []
    default = parameter.default
    if parameter.show_default and isinstance(default, (str, int, float)) and not isinstance(default, bool):
        notes.append(say("cli.default", value=default))
    return names, words(parameter.help) + (f" [{'; '.join(notes)}]" if notes else "")


def _short(shown: click.Group, ctx: click.Context, name: str) -> str:
    """Return one line on a sub-command, without importing it where the group knows better."""
    if hasattr(shown, "describe"):
        return str(shown.describe(name))
    found = shown.get_command(ctx, name)
    return words(found.short_help or found.help).split("\n", 1)[0] if found else ""


def _listed(title: str, records: list[tuple[str, str]], columns: int) -> list[str]:
    """Return a titled list of names and descriptions, aligned in terminal cells."""
    if not records:
        return []
    left = min(max(width(name) for name, _ in records), 30)
    lines = ["", f"{title}:"]
    for name, description in records:
        wrapped = wrap(description, max(columns - left - 4, 20))
        if width(name) > left:
            lines.append(f"  {name}")
        else:
            lines.append(f"  {name}{' ' * (left - width(name))}  {wrapped.pop(0)}".rstrip())
        lines += [" " * (left + 4) + line for line in wrapped if line]
    return lines
