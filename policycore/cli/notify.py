"""Send digests of new and due findings to those who answer for them."""

from __future__ import annotations

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.duration import Duration
from policycore.cli.in_workspace import needed_workspace, workspace_options
from policycore.errors import ExitCode, Problem, UsageError
from policycore.language import say

__all__ = ["command"]


@translated_command("notify", help="cli.notify")
@click.argument("run", default="latest")
@click.option("--to", "given", multiple=True, metavar="URL|env:NAME", help="cli.notify.to")
@click.option("--due-within", type=Duration(), default="7d", show_default=True, help="cli.notify.due-within")
@click.option("--retries", type=click.IntRange(0, 10), default=2, show_default=True, help="cli.notify.retries")
@click.option("--dry-run", is_flag=True, help="cli.notify.dry-run")
@workspace_options
def command(
    run: str,
    given: tuple[str, ...],
    due_within: timedelta,
    retries: int,
    dry_run: bool,
    workspace: Path | None,
    store: str | None,
) -> ExitCode:
    """Send, or with ``--dry-run`` print, the notices of one run."""
    from policycore.notices.addresses import addresses_of
    from policycore.notices.digest import notices_of
    from policycore.notices.send import parcels, send_all, send_to_plugins
    from policycore.plugin_api.plugins import load_plugins
    from policycore.store.runs import find_run

    found = needed_workspace(workspace, store)
    with found.open_store(read_only=True) as opened, opened.read() as connection:
        notices = notices_of(connection, find_run(connection, run, replays=False), due_within=due_within)
    notifiers = load_plugins().notifiers
    addresses = addresses_of(found, given)
    if not notices:
        click.echo(say("cli.notify.none"), err=True)
        return ExitCode.CLEAN
    if dry_run:
        if find_spec("apprise") is not None:
            # An address that is none is refused now, not when it is too late.
            parcels(notices, addresses)
        for notice in notices:
            click.echo(f"{notice.title}\n{notice.text()}\n")
        return ExitCode.CLEAN
    if not addresses and not notifiers:
        key = "cli.notify.nowhere"
        raise UsageError(Problem(key, say(key), say(f"{key}.why"), say(f"{key}.fix")))
    outcomes = send_all(parcels(notices, addresses), retries=retries)
    outcomes += send_to_plugins(notifiers, notices, retries=retries)
    failed = [outcome for outcome in outcomes if not outcome.sent]
    with found.open_store() as opened, opened.write() as connection:
        from policycore.store import audit

        details = {"run": notices[0].run, "sent": len(outcomes) - len(failed), "failed": len(failed)}
        audit.append(connection, "notices", details)
    for outcome in failed:
        click.echo(say("cli.notify.failed", name=outcome.name, attempts=outcome.attempts), err=True)
    click.echo(say("cli.notify.sent", sent=len(outcomes) - len(failed), failed=len(failed)), err=True)
    return ExitCode.INCOMPLETE if failed else ExitCode.CLEAN
