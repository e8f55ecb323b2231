"""The developer's command line: ``python -m bench --help``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from bench.rulesets import SELECTIONS


@click.group("bench", invoke_without_command=True)
@click.option("--groups", type=click.IntRange(10, 1_000_000), default=5_000, show_default=True)
@click.option("--members", type=click.IntRange(30, 50_000_000), help="Memberships; about 30 a group by default.")
@click.option("--messages", type=click.IntRange(0, 100_000_000), help="Messages; 2 a group by default.")
@click.option("--seed", type=click.IntRange(0), default=2024, show_default=True)
@click.option("--rules", type=click.Choice(list(SELECTIONS)), default="metadata", show_default=True)
@click.option("--repeat", type=click.IntRange(1, 100), default=1, show_default=True, help="Keep the fastest run.")
@click.option("--compare", is_flag=True, help="Also run five rules with cedarpy and c7n (the extra [bench]).")
@click.option("--no-startup", is_flag=True, help="Leave out the program's start and a large rule set.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(
    context: click.Context,
    groups: int,
    members: int | None,
    messages: int | None,
    seed: int,
    rules: str,
    repeat: int,
    compare: bool,
    no_startup: bool,
    format_: str,
) -> None:
    """Make an estate (not counted) and measure import, check, start and memory, each in its own process.

    The rules "metadata" are those on owners, members and disuse; "all" adds those that read what people wrote.
    """
    if context.invoked_subcommand:
        return
    from bench.run import run_bench
    from bench.table import bench_lines

    answer = run_bench(
        groups,
        groups * 30 if members is None else members,
        groups * 2 if messages is None else messages,
        seed=seed,
        rules=rules,
        repeat=repeat,
        compare=compare,
        startup=not no_startup,
        tell=lambda part: click.echo(f"{part} …", err=True) if sys.stderr.isatty() else None,
    )
    click.echo(json.dumps(answer, indent=2) if format_ == "json" else "\n".join(bench_lines(answer)))
    context.exit(4 if answer["check"]["problems"] else 0)


@command.command("size")
def size() -> None:
    """Count statements and catalogue entries outside the tests."""
    from bench.size import size_lines

    click.echo("\n".join(size_lines(Path(__file__).resolve().parents[1])))


@command.command("licences")
def licences() -> None:
    """Print the licence of every package in requirements/, as the installed ones declare it."""
    from bench.licences import licence_lines

    click.echo("\n".join(licence_lines(Path(__file__).resolve().parents[1] / "requirements")))


@command.command("text")
@click.option("--messages", type=click.IntRange(1_000, 100_000_000), default=1_000_000, show_default=True)
@click.option("--words", type=click.IntRange(1, 100_000), default=5_000, show_default=True)
@click.option("--repeat", type=click.IntRange(1, 100), default=5, show_default=True, help="Keep the fastest run.")
@click.option("--seed", type=click.IntRange(0), default=2024, show_default=True)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def text(messages: int, words: int, repeat: int, seed: int, format_: str) -> None:
    """Measure the text engine beside hyperscan alone on the same texts, in one run, on one core."""
    from bench.run import run_text
    from bench.text import text_lines

    answer = run_text(messages, words, repeat, seed)
    click.echo(json.dumps(answer, indent=2) if format_ == "json" else "\n".join(text_lines(answer)))


@command.command("import")
@click.option("--messages", type=click.IntRange(1_000, 100_000_000), default=1_000_000, show_default=True)
@click.option("--repeat", type=click.IntRange(1, 100), default=3, show_default=True, help="Keep the fastest run.")
@click.option("--seed", type=click.IntRange(0), default=2024, show_default=True)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def import_(messages: int, repeat: int, seed: int, format_: str) -> None:
    """Measure whole imports of exports of chats by the command line: JSON lines, one JSON, an archive, CSV."""
    from bench.exports import export_lines
    from bench.run import run_import

    answer = run_import(messages, repeat, seed)
    click.echo(json.dumps(answer, indent=2) if format_ == "json" else "\n".join(export_lines(answer)))


@command.command("ocr")
@click.argument("font", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pages", type=click.IntRange(1, 10_000), default=20, show_default=True)
def ocr(font: Path, pages: int) -> None:
    """Measure pages a minute that are read off pictures (policycore[ocr]); FONT is a file of a Chinese font."""
    from bench.ocr import measure_ocr, ocr_lines

    click.echo("\n".join(ocr_lines(measure_ocr(pages, font), pages)))


@command.command("cluster")
@click.option("--messages", type=click.IntRange(1_000, 100_000_000), default=1_000_000, show_default=True)
@click.option("--groups", type=click.IntRange(10, 1_000_000), help="Groups; one to 500 messages by default.")
@click.option("--rules", type=click.Choice(list(SELECTIONS)), default="texts", show_default=True)
@click.option("--seed", type=click.IntRange(0), default=2024, show_default=True)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def cluster(context: click.Context, messages: int, groups: int | None, rules: str, seed: int, format_: str) -> None:
    """Measure a check alone, shared by one and by two workers here, and with one of two killed by signal 9.

    The rules "texts" are those on content and secrecy: what they say of a group rests on that group.
    """
    from bench.cluster import cluster_lines
    from bench.run import run_cluster

    answer = run_cluster(groups or max(10, messages // 500), messages, rules, seed)
    click.echo(json.dumps(answer, indent=2) if format_ == "json" else "\n".join(cluster_lines(answer)))
    context.exit(4 if len({run["sha256"] for run in answer["runs"].values()}) > 1 else 0)


@command.command("terminal")
@click.argument("workspace", type=click.Path(exists=True, file_okay=False, path_type=Path))
def terminal(workspace: Path) -> None:
    """Measure the terminal interface on a workspace: seconds until the screen shows what was asked for."""
    from bench.terminal import measured

    click.echo("\n".join(f"{name}: {seconds:.3f}" for name, seconds in measured(workspace).items()))


if __name__ == "__main__":
    command.main(prog_name="python -m bench")
