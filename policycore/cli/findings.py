"""List findings from the store, narrowed by filters, as a list with states or in any report format."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from policycore.cli.command import translated_command
from policycore.cli.options import moment, needed_workspace, only_one, tell_cut_short, workspace_options
from policycore.cli.output import open_output, print_report
from policycore.errors import ExitCode, Problem, UsageError
from policycore.language import current_language, say
from policycore.model.result import subject_shown
from policycore.text.clean import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from policycore.store.query import FindingFilter, FindingRow
    from policycore.store.typed_filter import Term

__all__ = ["command"]

_FILTERS = (
    "severity",
    "verdict",
    "state",
    "rule",
    "clause",
    "department",
    "platform",
    "responsible",
    "ruleset",
    "group",
    "subject",
    "assigned",
)


_keyed = re.compile(r"([!！]?)([^\s:：!！/\"“”]+)[:：]([^/\s].*)")

_CLOSED = {
    "severity": ("error", "warning", "info"),
    "verdict": ("pass", "fail", "suspect", "unknown", "needs-attestation", "attested", "waived", "error"),
    "state": ("new", "open", "reopened", "resolved", "waived", "attested", "unknown"),
}


class _Closed(click.Choice[str]):
    """The values of a facet, which go by their words too: one that is neither is a mistake, no filter."""

    def __init__(self, facet: str, values: Sequence[str]) -> None:
        """Take the facet and the values that the help lists."""
        super().__init__(values)
        self.facet = facet

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value that a word means."""
        from policycore.store.typed_filter import closed_value

        return super().convert(closed_value(self.facet, value) or value, param, ctx)


def _filters(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command one option for each facet."""
    for name in reversed(_FILTERS):
        kind = _Closed(name, _CLOSED[name]) if name in _CLOSED else None
        option = click.option(
            f"--{name}", multiple=True, type=kind, metavar=None if kind else "VALUE", help="cli.help.filter"
        )
        function = option(function)
    return function


@translated_command("findings", help="cli.help.findings")
@click.argument("words", nargs=-1)
@_filters
@click.option("--all", "everything", is_flag=True, help="cli.help.everything")
@click.option("--due-before", metavar="TIME", help="cli.help.due")
@click.option(
    "--sort",
    type=click.Choice(
        ["severity", "rule", "department", "subject", "responsible", "since", "oldest", "state", "due", "message"]
    ),
    default="severity",
    show_default=True,
    help="cli.help.sort",
)
@click.option("--limit", type=click.IntRange(min=0), default=200, show_default=True, help="cli.help.limit")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="cli.help.offset")
@click.option("--count", "count_facet", type=click.Choice(_FILTERS), help="cli.help.counts")
@click.option("--format", "format_name", default="list", show_default=True, metavar="FORMAT", help="cli.help.format")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="cli.help.output")
@workspace_options
def command(
    words: tuple[str, ...],
    everything: bool,
    due_before: str | None,
    sort: str,
    limit: int,
    offset: int,
    count_facet: str | None,
    format_name: str,
    output: Path | None,
    workspace: Path | None,
    store: str | None,
    **chosen: tuple[str, ...],
) -> ExitCode:
    """List, count or export the findings that fit."""
    from policycore.operations.report import filtered_result
    from policycore.store.kept.runs import zone_of
    from policycore.store.typed_filter import known_values, parse
    from policycore.store.verify import require_list
    from policycore.text.shown import borne_mark, shown_id

    # What is counted is neither listed nor exported, and what is exported is all that fits, in the order of reports.
    count: dict[str, object] = {"--count": count_facet}
    for name in ("format_name", "sort", "limit", "offset"):
        given: dict[str, object] = {f"--{name.partition('_')[0]}": _was_given(name)}
        only_one(given | count)
        if name != "format_name" and format_name != "list":
            only_one(given | {f"--format {format_name}": True})
    place = needed_workspace(workspace, store)
    with place.open_store(read_only=True) as opened, opened.read() as connection:
        require_list(connection)
        tell_cut_short(connection)
        zone = zone_of(connection)
        # An id that bears a mark is kept as what is shown of it, and asked for as it is.
        asked = (
            replace(one, value=shown_id(one.value, place.key())) if borne_mark(one.value) else one
            for one in _terms(words, chosen)
        )
        wanted, faults = parse(asked, zone=zone, known=partial(known_values, connection))
        if faults:
            raise UsageError(*(Problem("cli.filter", fault) for fault in faults))
        if everything:
            wanted = replace(wanted, active=None)
        if due_before:
            wanted = replace(wanted, due_before=moment(due_before, "--due-before", opened))
        if count_facet:
            _write(_counted(connection, wanted, count_facet), output)
        elif format_name == "list":
            _write(_listed(connection, wanted, sort, offset, limit), output)
        else:
            print_report(filtered_result(connection, wanted), format_name, output)
    return ExitCode.CLEAN


def _terms(words: Sequence[str], chosen: Mapping[str, Sequence[str]]) -> Iterator[Term]:
    """Yield the parts of the filter: an argument is a word, or a key with a value as the terminal takes them."""
    from policycore.store.typed_filter import KEYS, Term, terms

    for word in words:
        if len(word.split()) == 1 and not set(word.strip('"“”')) & set('"“”'):
            key = word.strip("!！:：=＝")
            # A key alone, as a script writes that has nothing to ask for, is no wish for all.
            yield from terms(word) or ([Term(KEYS[key], "", key=key)] if key in KEYS else ())
        elif found := _keyed.fullmatch(word):
            yield from terms(word if '"' in word else '{}{}:"{}"'.format(*found.groups()))
        elif word.strip("!！"):
            yield Term(None, word.lstrip("!！") if word[0] in "!！" else word, excluded=word[0] in "!！")
    for facet, values in chosen.items():
        yield from (Term("name" if facet == "rule" and "/" in value else facet, value, key=facet) for value in values)


def _was_given(name: str) -> bool:
    """Return whether an option stands on the command line."""
    return click.get_current_context().get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _write(lines: list[str], output: Path | None) -> None:
    """Write lines to the file or to standard output."""
    with open_output(output) as stream:
        stream.write("".join(line + "\n" for line in lines).encode())


def _counted(connection: Connection, wanted: FindingFilter, facet: str) -> list[str]:
    """Return one line for each value of a facet and how many findings have it."""
    from policycore.store.query import counts_by

    return [f"{count}\t{clean(value) or '-'}" for value, count in counts_by(connection, wanted, facet).items()]


def _listed(connection: Connection, wanted: FindingFilter, sort: str, offset: int, limit: int) -> list[str]:
    """Return two lines for each finding on the page; say on stderr how many there are in all."""
    from policycore.store.kept.runs import find_run, zone_of
    from policycore.store.query import count_findings, page_of_findings

    total = count_findings(connection, wanted)
    rows = page_of_findings(connection, wanted, sort=sort, offset=offset, limit=limit or max(total, 1))
    if not rows:
        click.echo(say("cli.list.none"), err=True)
        return []
    zone, now = zone_of(connection), find_run(connection, "latest").as_of
    click.echo(say("cli.list.count", total=total, shown=len(rows)), err=True)
    return [line for row in rows for line in _lines(row, zone, now)]


def _lines(row: FindingRow, zone: ZoneInfo, now: datetime) -> list[str]:
    """Return what a list shows of one finding; `now` is the as-of time of the newest run."""
    from policycore.store.lives.life_cycle import ACTIVE

    name = row.group_name or subject_shown(row.subject_kind, row.subject_name)
    place = " · ".join(clean(part) for part in (row.department, name) if part)
    severity = say(f"model.severity.{row.severity}")
    state = say(f"store.state.{row.state}")
    since = say("cli.list.first-seen", date=row.first_seen.astimezone(zone).date())
    due = ""
    if row.due is not None and row.state in ACTIVE:
        due = "  " + say(f"cli.list.{'overdue' if row.due < now else 'due'}", date=row.due.astimezone(zone).date())
    message = clean(row.finding.says.in_language(current_language()), limit=400)
    return [f"{row.label}  [{severity}] {state}  {since}{due}  {place}", f"    {message}"]
