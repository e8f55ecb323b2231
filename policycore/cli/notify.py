"""Send digests of new and due findings to those who answer for them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems, print_words
from policycore.cli.installed import installed_plugins
from policycore.cli.options import Duration, needed_workspace, workspace_options
from policycore.cli.output import open_output
from policycore.errors import ExitCode
from policycore.language import say

if TYPE_CHECKING:
    from policycore.operations.notify import Notified
    from policycore.store.workspace import Workspace

__all__ = ["command", "tell_sending"]


@translated_command("notify", help="cli.notify")
@click.argument("run", default="latest")
@click.option("--to", "given", multiple=True, metavar="URL|env:NAME", help="cli.notify.to")
@click.option("--due-within", type=Duration(), default="7d", show_default=True, help="cli.notify.due-within")
@click.option("--retries", type=click.IntRange(0, 10), default=2, show_default=True, help="cli.notify.retries")
@click.option("--dry-run", is_flag=True, help="cli.notify.dry-run")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "csv", "xlsx", "json"]),
    default="text",
    show_default=True,
    help="cli.notify.format",
)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="cli.check.output")
@click.option("--import", "taken", type=click.Path(path_type=Path), metavar="FILE", help="cli.notify.import")
@workspace_options
def command(
    run: str,
    given: tuple[str, ...],
    due_within: timedelta,
    retries: int,
    dry_run: bool,
    format_name: str,
    output: Path | None,
    taken: Path | None,
    workspace: Path | None,
    store: str | None,
) -> ExitCode:
    """Send, or with ``--dry-run`` print, the notices of one run; or show or fill the address book."""
    from policycore.operations.notify import notify

    found = needed_workspace(workspace, store)
    if run == "addresses":
        return _addresses(found, format_name, output, taken)
    done = notify(
        found,
        run,
        to=given,
        due_within=due_within,
        retries=retries,
        dry_run=dry_run,
        plugins=installed_plugins(),
    )
    for notice in done.unreached:
        name = notice.name or say("notices.nobody")
        print_words([say("notices.person", name=name, person=notice.person, count=len(notice.items))])
    if not done.notices:
        click.echo(say("cli.notify.none"), err=True)
    elif dry_run:
        for notice in done.notices:
            click.echo(f"{notice.title}\n{notice.text()}\n")
    else:
        tell_sending(done)
    return ExitCode.INCOMPLETE if done.failed else ExitCode.CLEAN


def _addresses(workspace: Workspace, format_name: str, output: Path | None, taken: Path | None) -> ExitCode:
    """Write the address book, or take a filled-in one."""
    from policycore.operations.address_book import address_book, address_columns, take_addresses
    from policycore.reports.table import write_table

    if taken is not None:
        click.echo(say("cli.notify.taken", count=take_addresses(workspace, taken)), err=True)
        return ExitCode.CLEAN
    rows = address_book(workspace)
    with open_output(output, recode=format_name == "text") as stream:
        write_table(format_name, address_columns(), rows, stream)
    return ExitCode.CLEAN


def tell_sending(done: Notified, *, quiet: bool = False) -> None:
    """Say on stderr which messages did not go out and why, and unless it is to be `quiet` how many did."""
    for outcome in done.failed:
        click.echo(say("cli.notify.failed", name=outcome.name, attempts=outcome.attempts), err=True)
        print_problems([outcome.problem] if outcome.problem else [])
    if not quiet:
        sent = len(done.outcomes) - len(done.failed)
        click.echo(say("cli.notify.sent", sent=sent, failed=len(done.failed)), err=True)
