"""The table of commands: name, module, nothing imported before it is called."""

from __future__ import annotations

import errno
import importlib
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Any, cast

import click

from policycore import __version__
from policycore.cli.command import TranslatedGroup
from policycore.cli.installed import installed_plugins
from policycore.errors import PolicycoreError
from policycore.language import Language, choose_language, say
from policycore.system.one_process import one_process
from policycore.system.process import Interruption

if TYPE_CHECKING:
    from policycore.plugin_api.plugins import PluginSet

__all__ = ["COMMANDS", "Commands", "early_language"]

COMMANDS: tuple[tuple[str, str], ...] = (
    ("demo", "policycore.cli.demo"),
    ("init", "policycore.cli.init"),
    ("import", "policycore.cli.import_command"),
    ("plan", "policycore.cli.plan"),
    ("try", "policycore.cli.try_rule"),
    ("query", "policycore.cli.query"),
    ("form", "policycore.cli.form"),
    ("forms", "policycore.cli.forms"),
    ("template", "policycore.cli.template"),
    ("check", "policycore.cli.check"),
    ("run", "policycore.cli.run_job"),
    ("findings", "policycore.cli.findings"),
    ("gaps", "policycore.cli.gaps"),
    ("waive", "policycore.cli.waive"),
    ("attest", "policycore.cli.attest"),
    ("dispute", "policycore.cli.dispute"),
    ("review", "policycore.cli.review"),
    ("history", "policycore.cli.history"),
    ("diff", "policycore.cli.diff"),
    ("report", "policycore.cli.report"),
    ("audit", "policycore.cli.audit"),
    ("roles", "policycore.cli.roles"),
    ("snapshots", "policycore.cli.snapshots"),
    ("erase", "policycore.cli.erase"),
    ("prune", "policycore.cli.prune"),
    ("key", "policycore.cli.key"),
    ("impact", "policycore.cli.impact"),
    ("forecast", "policycore.cli.forecast"),
    ("notify", "policycore.cli.notify"),
    ("schedule", "policycore.cli.schedule"),
    ("rules", "policycore.cli.rules"),
    ("explain", "policycore.cli.explain"),
    ("clauses", "policycore.cli.clauses"),
    ("ruleset", "policycore.cli.ruleset"),
    ("plugin", "policycore.cli.plugin"),
    ("doctor", "policycore.cli.doctor"),
)
"""Each command's name and the module whose `command` it is; its line in the overview is ``cli.short.<name>``."""

_modules = dict(COMMANDS)


class Commands(TranslatedGroup):
    """The ``policycore`` command; imports a sub-command when it is called, asks plugins for what is not built in."""

    def __init__(self, interruption: Interruption | None = None) -> None:
        self._interruption = interruption or Interruption()
        super().__init__(
            "policycore",
            help="cli.policycore",
            params=[_language_option(), _version_option()],
            context_settings={"help_option_names": ["-h", "--help"]},
        )

    @cached_property
    def _plugins(self) -> PluginSet:
        """Return the plugins, asked for a command that is not built in."""
        plugins = installed_plugins()
        plugins.refuse("command", _modules)
        return plugins

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the built-in names in the order of work, then those of plugins."""
        return list(dict.fromkeys((*_modules, *self._plugins.commands)))

    def describe(self, name: str) -> str:
        """Return one line on a command without importing it."""
        if name in _modules:
            return say(f"cli.short.{name}")
        return self._plugins.command_line(name)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return the command called `name`; plugins are asked only for a name that is not built in."""
        module = importlib.import_module(_modules[name]) if name in _modules else None
        found: click.Command | None = module.command if module else self._plugins.command(name)
        if found is not None:
            _accept_language(found)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what one of a plugin raises is held against the plugin."""
        try:
            with one_process():
                return super().invoke(ctx)
        except (PolicycoreError, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BaseException as error:  # a plugin's command may fail in any way, or end the process
            name = ctx.invoked_subcommand or ""
            full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EPIPE)
            if full or self._interruption.came or name in _modules or name not in self._plugins.commands:
                raise
            raise self._plugins.command_owner(name).failure(error, f"policycore {name}") from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a name that nobody has gets suggestions."""
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.NoSuchCommand(args[0], possibilities=self.list_commands(ctx), ctx=ctx)
        return super().resolve_command(ctx, args)


def _accept_language(found: click.Command) -> None:
    """Let ``--lang`` stand after the sub-command too, at every depth."""
    if not any("--lang" in parameter.opts for parameter in found.params):
        found.params.append(_language_option())
    if isinstance(found, click.Group):
        for below in found.commands.values():
            _accept_language(below)


def _language_option() -> click.Option:
    """Return the ``--lang`` option; it takes effect as soon as it is read."""

    def take(_context: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value:
            choose_language(value)

    return click.Option(
        ["--lang"],
        type=click.Choice(["zh", "en"]),
        callback=take,
        is_eager=True,
        expose_value=False,
        help="cli.lang",
    )


def _version_option() -> click.Option:
    def show(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
        if value:
            click.echo(f"policycore {__version__}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help="cli.version"
    )


def early_language(arguments: Sequence[str]) -> Language | None:
    """Return the language that ``--lang`` names before ``--``, so that a wrong command is answered in it."""
    own = takewhile(lambda argument: argument != "--", arguments)
    words = [word for one in own for word in (one.split("=", 1) if one.startswith("--lang=") else [one])]
    chosen = [value for option, value in pairwise(words) if option == "--lang" and value in ("zh", "en")]
    return cast("Language", chosen[-1]) if chosen else None
