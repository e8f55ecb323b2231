"""List the plugins, try a plugin's rules out on their own cases, begin a plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_group
from policycore.cli.failures import print_problems, safe_line
from policycore.cli.installed import installed_plugins
from policycore.cli.output import print_lines
from policycore.cli.plugin_state import state_of, whole
from policycore.errors import ExitCode, Problem, UsageError
from policycore.language import say
from policycore.system.command_line import as_typed
from policycore.system.process import Interruption
from policycore.system.speech import captured
from policycore.text.clean import clean
from policycore.text.width import fill_line, width

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from policycore.plugin_api.plugins import PluginSet
    from policycore.plugin_api.rule import Rule

__all__ = ["command", "tried"]


@translated_group("plugin", help="cli.plugin.help")
def command() -> None:
    """Hold the sub-commands."""


@command.command("list", help="cli.plugin.list")
def list_plugins() -> None:
    """Print each plugin, where it comes from and what it brings."""
    plugins = whole(installed_plugins())
    wide = max((width(plugin.name) for plugin in plugins.plugins), default=0)
    for plugin in plugins.plugins:
        brought = ", ".join(
            say(f"cli.plugin.brings.{name}", count=count) for name, count in plugin.counts.items() if count
        )
        state = "" if plugin.ok and not plugin.dropped else f"  {state_of(plugin)}"
        click.echo(f"{fill_line(plugin.name, wide)}  {plugin.distribution} {plugin.version}  {brought}{state}".rstrip())


@command.command("test", help="cli.plugin.test")
@click.argument("what", metavar="PATH|NAME")
def test_plugin(what: str) -> ExitCode:
    """Run a plugin's cases, prove what its rules need, judge groups together and apart; print one line each."""
    from policycore.needs_proof import check_conditions, check_needs, check_reads
    from policycore.testing import (
        case_parameters,
        check_case,
        check_per_group,
        per_group_rules,
    )

    plugins, rules = _rules_of(what)
    checks: list[tuple[str, Callable[[], object]]] = [
        *(
            (f"{rule.name}: {case.title.in_language()}", partial(check_case, rule, case))
            for rule, case in case_parameters(rules)
        ),
        (say("cli.plugin.conditions"), partial(check_conditions, rules)),
        *((say("cli.plugin.reads", rule=rule.name), partial(check_reads, rule)) for rule in rules),
        *((say("cli.plugin.needs", rule=rule.name), partial(check_needs, rule)) for rule in rules),
        *(
            (say("cli.plugin.per-group", rule=rule.name), partial(check_per_group, rule))
            for rule in per_group_rules(rules)
        ),
    ]
    untested = [rule.name for rule in rules if not rule.cases]
    failed = sum(tried(title, check) for title, check in checks) + len(untested)
    print_lines(f"{say('cli.plugin.failed')}  {say('cli.plugin.no-cases', rule=name)}" for name in untested)
    problems = [*plugins.problems, *_claimed(rules)]
    print_problems(problems)
    if not problems and not any(sum(plugin.counts.values()) for plugin in plugins.plugins):
        raise UsageError(Problem.of("cli.plugin.empty", what=what))
    click.echo(say("cli.plugin.result", total=len(checks), failed=failed))
    return ExitCode.INCOMPLETE if failed or problems else ExitCode.CLEAN


def _claimed(rules: list[Rule]) -> Iterator[Problem]:
    """Yield a problem for each word by which a rule that is installed from elsewhere is called as well."""
    installed = installed_plugins().rules
    for rule in rules:
        for word in dict.fromkeys((rule.id, rule.name, *rule.aliases)):
            other = installed.get(word)
            homes = [type(one).__module__ for one in (rule, other) if one is not None]
            if len(set(homes)) > 1:
                kind, code = say("plugin_api.kind.rule"), "plugin.duplicate-rule"
                yield Problem.of(
                    "plugin_api.duplicate", code=code, kind=kind, item=word, distributions=", ".join(homes)
                )


def tried(title: str, check: Callable[[], object]) -> int:
    """Run one check, print what came of it, return 1 when it failed."""
    interruption = Interruption()
    try:
        with interruption, captured(title):
            check()
    except BaseException as error:  # a rule under test may raise anything; its words help its author
        interruption.halt()
        said = (str(error) or type(error).__name__).splitlines()
        print_lines(
            (f"{say('cli.plugin.failed')}  {title}", *(f"    {clean(safe_line(line), limit=500)}" for line in said))
        )
        return 1
    click.echo(f"{say('cli.plugin.passed')}  {title}")
    return 0


def _rules_of(what: str) -> tuple[PluginSet, list[Rule]]:
    """Return the rules of an installed plugin, or of a project, package or module at a path."""
    from policycore.plugin_api.plugins import PluginSet

    path = Path(what)
    if path.exists():
        plugins = PluginSet(entries=list(_entries_of(path.resolve())))
    else:
        plugins = PluginSet(only=[what])
        if any(problem.code == "plugin.not-found" for problem in plugins.problems):
            raise UsageError(Problem.of("cli.plugin.unknown", what=what))
    whole(plugins)
    return plugins, list(plugins.rules.all())


def _entries_of(path: Path) -> Iterator[EntryPoint]:
    """Yield the entry points of a plugin that need not be installed; its folder joins the module path."""
    import sys
    import tomllib
    from importlib.metadata import EntryPoint

    from policycore.plugin_api.hookspecs import PROJECT

    project = path / "pyproject.toml"
    if project.is_file():
        declared = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {})
        for folder in (path, path / "src"):
            sys.path.insert(0, str(folder))
        for name, value in declared.get("entry-points", {}).get(PROJECT, {}).items():
            yield EntryPoint(name=name, value=value, group=PROJECT)
        return
    sys.path.insert(0, str(path.parent))
    yield EntryPoint(name=path.stem, value=path.stem, group=PROJECT)


@command.command("lock", help="cli.plugin.lock")
@click.argument("file", type=click.Path(path_type=Path), default=Path("plugins.lock"), metavar="[FILE]")
def lock_plugins(file: Path) -> None:
    """Write what is installed now; nothing of it is imported."""
    from importlib.metadata import entry_points

    from policycore.plugin_api.hookspecs import PROJECT
    from policycore.plugin_api.lock import lock_text, locked
    from policycore.system.atomic_files import write_atomically

    found = locked(entry_points(group=PROJECT)).values()
    write_atomically(file, lock_text(found).encode())
    print_lines(clean(f"{one.name} {one.version}  {one.sha256}", limit=200) for one in found)
    click.echo(say("cli.plugin.lock.next", file=as_typed(file)), err=True)


@command.command("new", help="cli.plugin.new")
@click.argument("name", metavar="NAME")
@click.option("--folder", type=click.Path(path_type=Path), metavar="FOLDER", help="cli.plugin.new.folder")
def new_plugin(name: str, folder: Path | None) -> None:
    """Write a project with one rule, its cases and a test."""
    from policycore.operations.new_plugin import write_project

    written = write_project(name, folder)
    print_lines(written)
    click.echo(say("cli.plugin.new.next", folder=as_typed(written[0].parent)), err=True)
