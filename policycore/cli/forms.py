"""See what departments handed in."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from pathlib import Path

import click

from policycore.cli.command import translated_group
from policycore.cli.installed import installed_plugins
from policycore.cli.options import estate_place, last_checked
from policycore.language import say
from policycore.text.clean import clean
from policycore.text.width import fill_line

__all__ = ["command"]


@translated_group("forms", help="papers.forms.help")
def command() -> None:
    """Ask about forms."""


@command.command("status", help="papers.status.help")
@click.option("--estate", type=estate_place, metavar="FOLDER|URL", help="papers.status.estate")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.check.as-of")
@click.option("--ruleset", metavar="NAME|FILE", help="papers.status.ruleset")
@click.option("--deadline", metavar="TIME", help="papers.status.deadline")
@click.option("--kind", "kinds", multiple=True, metavar="NAME", help="papers.kind.help")
@click.option("--exempt", multiple=True, metavar="NAME", help="papers.status.exempt")
@click.option(
    "--format", "format_name", type=click.Choice(["text", "csv", "json"]), default="text", help="papers.status.format"
)
def status(
    estate: str | Path | None,
    as_of: str | None,
    ruleset: str | None,
    deadline: str | None,
    kinds: tuple[str, ...],
    exempt: tuple[str, ...],
    format_name: str,
) -> None:
    """Print one line for everything that is due."""
    from policycore.operations.hand_ins import due_by, status_of, time_words

    plugins = installed_plugins()
    due = due_by(ruleset, plugins, deadline=deadline, kinds=kinds, exempt=exempt)
    found = status_of(last_checked(estate)[0], as_of, due, plugins)
    rows = [
        (
            clean(item.department),
            clean(item.kind),
            say(f"papers.medium.{item.medium}"),
            ""
            if item.received_at is None
            else item.received_at.astimezone(found.timezone).isoformat(sep=" ", timespec="minutes"),
            item.words,
        )
        for item in found.items
    ]
    if format_name == "json":
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        return
    header = tuple(say(f"papers.status.{name}") for name in ("department", "item", "medium", "received", "state"))
    if format_name == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([header, *rows])
        return
    for row in (header, *rows):
        cells = zip(row, (24, 16, 12, 28, 0), strict=True)
        click.echo("".join(fill_line(text, wide) if wide else text for text, wide in cells).rstrip())
    counts = Counter(item.state for item in found.items)
    states = {state.replace("-", "_"): counts[state] for state in ("in-time", "late", "no-time", "missing", "unclear")}
    click.echo(say("papers.status.counts", due=len(found.items), **states), err=True)
    click.echo(time_words(found), err=True)
    for department, kind in found.others:
        click.echo(say("papers.status.other", department=clean(department), kind=clean(kind)), err=True)
