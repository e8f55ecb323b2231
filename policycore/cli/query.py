"""Ask an estate one question in SQL."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_words
from policycore.cli.installed import installed_plugins
from policycore.cli.options import estate_place
from policycore.cli.output import open_output
from policycore.language import say

__all__ = ["command"]


@translated_command("query", help="cli.query.help")
@click.argument("sql", metavar="SELECT")
@click.option("--estate", type=estate_place, metavar="FOLDER|URL", help="cli.try.estate")
@click.option("--ruleset", metavar="NAME|FILE", help="cli.query.ruleset")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.check.as-of")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "csv", "xlsx", "json"]),
    default="text",
    help="cli.plan.format",
)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="cli.plan.output")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, help="cli.query.limit")
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=60.0, show_default=True, help="cli.query.seconds")
def command(
    sql: str,
    estate: str | Path | None,
    ruleset: str | None,
    as_of: str | None,
    format_name: str,
    output: Path | None,
    limit: int,
    seconds: float,
) -> None:
    """Print the rows of one SELECT."""
    from policycore.cli.try_rule import estate_or_demo
    from policycore.operations.query_estate import query_estate
    from policycore.reports.table import write_table

    plugins = installed_plugins()
    with estate_or_demo(estate) as folder:
        answer = query_estate(folder, sql, plugins=plugins, ruleset=ruleset, as_of=as_of, limit=limit, seconds=seconds)
    with open_output(output, recode=format_name in ("text", "json")) as stream:
        write_table(format_name, answer.columns, answer.rows, stream)
    if answer.more:
        print_words([say("cli.query.more", limit=limit)])
