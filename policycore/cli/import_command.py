"""Import folders and files into a snapshot: it shows how each was read, and nothing is dropped in silence."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems, safe_line
from policycore.cli.installed import installed_plugins
from policycore.cli.options import format_option, only_one
from policycore.cli.output import is_terminal, open_output
from policycore.errors import DataError, ExitCode, Problem, UsageError
from policycore.language import say

if TYPE_CHECKING:
    from policycore.estate.importing import ReadEstate
    from policycore.estate.reading import Question

__all__ = ["command"]

MOST_ASKED = 30
"""Questions of one import; a roster without staff numbers would ask of hundreds."""


@translated_command("import", help="cli.import.help")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER|FILE…")
@click.option("--estate", "out", type=click.Path(path_type=Path), metavar="OUT", help="cli.import.estate")
@click.option("--preview", is_flag=True, help="cli.import.preview")
@click.option("--recipe", metavar="NAME|FILE", help="cli.import.recipe")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.import.as-of")
@click.option("--timezone", metavar="ZONE", help="cli.import.timezone")
@click.option("--strict", is_flag=True, help="cli.import.strict")
@click.option("--lenient", is_flag=True, help="cli.import.lenient")
@click.option("--add", is_flag=True, help="cli.import.add")
@click.option(
    "--look-at", type=click.Choice(["all", "first-page", "header", "no"]), default="all", show_default=True,
    help="cli.import.look-at",
)  # fmt: skip
@click.option("--force", is_flag=True, help="cli.import.force")
@click.option("--cluster", metavar="ADDRESS|local[:N]", help="cli.import.cluster")
@format_option
def command(
    inputs: tuple[Path, ...],
    out: Path | None,
    preview: bool,
    recipe: str | None,
    as_of: str | None,
    timezone: str | None,
    strict: bool,
    lenient: bool,
    add: bool,
    look_at: str,
    force: bool,
    cluster: str | None,
    format_name: str,
) -> ExitCode:
    """Write the snapshot, name what was decided for the user on stderr and the tables on stdout."""
    # Arrow's own way of keeping freed memory takes a fifth more of it at the peak.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    from policycore.operations.import_estate import read_estate, write_estate
    from policycore.store.workspace import find_workspace

    only_one({"--strict": strict, "--lenient": lenient})
    if out is None and not preview:
        raise UsageError(Problem("cli.missing", say("cli.usage.missing", name="--estate")))
    chosen = out or Path("estate")

    def again() -> ReadEstate:
        return read_estate(
            inputs,
            chosen,
            as_of=as_of,
            timezone=timezone,
            recipe=recipe,
            strict=strict,
            lenient=lenient,
            add=add,
            look_at=look_at,
            plugins=installed_plugins(),
            progress=_begin,
        )

    with _progress():
        read = again()
    if not preview and is_terminal(sys.stdin) and is_terminal(sys.stderr):
        read = _ask(read, again, chosen)
    if preview:
        _show(read, format_name)
        return ExitCode.DATA if read.gathered.unread else ExitCode.CLEAN
    with _progress():
        _begin("write")
        snapshot = write_estate(read, force=force, workspace=find_workspace(), cluster=cluster)
    print_problems(snapshot.notes)
    tables = {name: table.rows for name, table in snapshot.tables.items()}
    if format_name == "json":
        unread = read.gathered.unread
        _print_json(read, tables, snapshot.notes, problems=unread, snapshot=snapshot.id, rejected=snapshot.rejected)
    else:
        for name, rows in tables.items():
            click.echo(f"{name}\t{rows}")
    click.echo(say("cli.import.done", id=snapshot.id, folder=out), err=True)
    if snapshot.rejected:
        click.echo(say("cli.import.rejected", count=snapshot.rejected, file=chosen / "rejects.jsonl"), err=True)
    if snapshot.unread:
        click.echo(say("cli.import.unread", count=len(snapshot.unread)), err=True)
    return ExitCode.DATA if snapshot.unread else ExitCode.CLEAN


def _begin(stage: str) -> None:
    """Say on a terminal what begins, in the place of what was said before; nothing where it is empty."""
    if is_terminal(sys.stderr):
        click.echo("\r\x1b[K" + (say(f"cli.import.{stage}") if stage else ""), nl=False, err=True)


@contextmanager
def _progress() -> Iterator[None]:
    """Leave no trace on the terminal of what was said meanwhile."""
    try:
        yield
    finally:
        _begin("")


def _show(read: ReadEstate, format_name: str) -> None:
    """Show how everything was read; DataError, behind it, with what is wrong."""
    problems = read.problems
    tables, notes = ({}, read.notes()) if problems else read.counts()
    if format_name == "json":
        _print_json(read, tables, notes, problems=problems or read.gathered.unread)
    else:
        told = {str(note) for note in notes}
        plain = [note for one in read.readings for note in one.notes() if str(note) not in told]
        for line in (*plain, *notes):
            click.echo(safe_line(str(line)))
        for name, rows in tables.items():
            click.echo(f"{name}\t{rows}")
        for question in read.questions[:MOST_ASKED]:
            click.echo(safe_line(say("cli.import.unsure", question=_asked(question))))
    if problems:
        raise DataError(*problems)
    click.echo(say("cli.import.previewed"), err=True)


def _print_json(
    read: ReadEstate,
    tables: Mapping[str, int],
    notes: Iterable[Problem],
    *,
    problems: Iterable[Problem] = (),
    snapshot: str | None = None,
    rejected: int = 0,
) -> None:
    """Write how everything was read as JSON."""
    document = {
        "policycore": 1,
        "snapshot": snapshot,
        "files": [one.as_json() for one in read.readings],
        "tables": dict(tables),
        "rejected": rejected,
        "questions": [
            {
                "kind": one.kind,
                "table": one.table or None,
                "about": one.key,
                "place": str(one.place),
                "choices": [choice.value for choice in one.choices],
            }
            for one in read.questions
        ],
        "notes": [_as_json(one) for one in notes],
        "problems": [_as_json(one) for one in problems],
    }
    # UTF-8 whatever the terminal speaks: a GBK console has no letters for half of what groups are called.
    with open_output(None) as stream:
        stream.write(json.dumps(_safe(document), ensure_ascii=False, indent=2).encode() + b"\n")


def _safe(value: Any) -> Any:
    """Return JSON whose texts may be shown."""
    if isinstance(value, dict):
        return {key: _safe(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_safe(one) for one in value]
    return safe_line(value) if isinstance(value, str) else value


def _as_json(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "code": problem.code,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "message": problem.what,
        "why": problem.why,
        "fix": problem.fix,
    }


def _ask(read: ReadEstate, again: Callable[[], ReadEstate], out: Path) -> ReadEstate:
    """Ask what the reading was not sure of, keep the answers beside the estate, and read again until nothing is new."""
    from policycore.estate.office.office_recipe import recipe_beside, write_answer

    asked: set[tuple[str, str, str]] = set()
    while new := [one for one in read.questions if (one.kind, one.table, one.key) not in asked]:
        answered = 0
        for question in new[: MOST_ASKED - len(asked)]:
            asked.add((question.kind, question.table, question.key))
            answer = _answer(question)
            if answer is not None:
                write_answer(recipe_beside(out), question.kind, question.table, question.key, answer)
                answered += 1
        if not answered or len(asked) >= MOST_ASKED:
            left = len(read.questions) - len(asked)
            if left > 0:
                click.echo(say("cli.import.not-asked", count=left), err=True)
        if not answered:
            break
        click.echo(say("cli.import.kept", file=recipe_beside(out).name), err=True)
        with _progress():
            read = again()
    return read


def _asked(question: Question) -> str:
    return f"{question.place}: " + say(f"cli.import.ask-{question.kind}", word=question.key)


def _answer(question: Question) -> str | None:
    """Return what somebody at the terminal answers; None for nothing, which leaves the safe reading."""
    click.echo(safe_line(_asked(question)), err=True)
    for number, choice in enumerate(question.choices, 1):
        click.echo(safe_line(f"  {number}. {choice.label}"), err=True)
    while True:
        # What `click` says of a number out of range it says in English.
        typed = click.prompt(say("cli.import.choose"), default="", show_default=False, err=True).strip()
        if typed in ("", "0"):
            return None
        if typed.isdecimal() and 1 <= int(typed) <= len(question.choices):
            return question.choices[int(typed) - 1].value
        click.echo(say("cli.import.choose-again", last=len(question.choices)), err=True)
