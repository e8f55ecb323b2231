"""List, give and take roles in the store."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.options import needed_workspace, only_one, workspace_options
from policycore.language import say
from policycore.text.clean import clean

__all__ = ["command"]

_ROLES = ("reader", "officer", "approver", "administrator")


@translated_command("roles", help="cli.help.roles")
@click.option("--give", "given", nargs=2, metavar="WHO ROLE", help="cli.help.roles.give")
@click.option("--take", "taken", metavar="WHO", help="cli.help.roles.take")
@click.option("--database-user", "by_database", is_flag=True, help="cli.help.roles.database")
@workspace_options
def command(
    given: tuple[str, str] | None, taken: str | None, by_database: bool, workspace: Path | None, store: str | None
) -> None:
    """Give or take one role, and list what there is then."""
    from policycore.operations.roles import change_role, listed_roles
    from policycore.store.kept.roles import Role

    only_one({"--give": given, "--take": taken})
    if given is not None and given[1] not in _ROLES:
        raise click.BadParameter(say("cli.roles.unknown", roles=", ".join(_ROLES)), param_hint="--give")
    found = needed_workspace(workspace, store)
    with found.open_store(read_only=not (given or taken)) as opened:
        if given is not None:
            change_role(opened, given[0], Role(given[1]), by_database=by_database)
        elif taken is not None:
            change_role(opened, taken, None, by_database=by_database)
        roles, actor, user, own = listed_roles(opened)
    for (kind, who), role in roles.items():
        click.echo(f"{clean(who)}  {say(f'cli.roles.{kind}')}  {role}  {say(f'store.role.{role}')}")
    if not roles:
        click.echo(say("cli.roles.none"), err=True)
    who = clean(f"{actor} / {user}" if user else actor, limit=120)
    click.echo(say("cli.roles.you", who=who, role=say(f"store.role.{own}")), err=True)
