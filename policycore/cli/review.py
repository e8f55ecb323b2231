"""Review suspects one after the other, confirm or dismiss named ones, list reviews, take one back, tell precision."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.options import needed_workspace, only_one, workspace_options
from policycore.cli.output import print_lines
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.store.query import FindingRow
    from policycore.store.store import Store
    from policycore.store.workspace import Workspace

__all__ = ["command"]

_KEYS = {"y": "confirmation", "1": "confirmation", "n": "dismissal", "2": "dismissal"}
"""Figures stand beside letters for who has an input method switched on."""
_AROUND = 60
"""Characters of the text that are shown before and after what was found."""


@translated_command("review", help="cli.help.review")
@click.argument("findings", nargs=-1)
@click.option("--confirm", "confirmed", is_flag=True, help="cli.help.review.confirm")
@click.option("--dismiss", "dismissed", is_flag=True, help="cli.help.review.dismiss")
@click.option("--text", default="", metavar="TEXT", help="cli.help.review.text")
@click.option("--person", default="", metavar="PERSON", help="cli.help.review.person")
@click.option("--rule", default="", metavar="RULE", help="cli.help.review.rule")
@click.option("--list", "listed", is_flag=True, help="cli.help.review.list")
@click.option("--all", "everything", is_flag=True, help="cli.help.review.all")
@click.option("--precision", "precise", is_flag=True, help="cli.help.review.precision")
@click.option("--withdraw", "withdrawn", metavar="ID", help="cli.help.review.withdraw")
@click.option("--learn", "learns", type=click.Path(dir_okay=False, path_type=Path), help="cli.help.review.learn")
@workspace_options
def command(
    findings: tuple[str, ...],
    confirmed: bool,
    dismissed: bool,
    text: str,
    person: str,
    rule: str,
    listed: bool,
    everything: bool,
    precise: bool,
    withdrawn: str | None,
    learns: Path | None,
    workspace: Path | None,
    store: str | None,
) -> None:
    """Do the one thing the options ask for."""
    from policycore.operations.review import review, withdraw_review

    only_one({"--confirm": confirmed, "--dismiss": dismissed})
    lists = {"--list": listed or everything, "--precision": precise, "--withdraw": withdrawn, "--learn": learns}
    only_one({"FINDINGS": findings, **lists})
    only_one({"--rule": rule, "FINDINGS": findings, "--precision": precise, "--withdraw": withdrawn})
    if bool(findings) != (confirmed or dismissed):
        raise click.UsageError(say("cli.review.which"))
    found = needed_workspace(workspace, store)
    if findings:
        with found.lock(), found.open_store() as opened:
            kind = "confirmation" if confirmed else "dismissal"
            print_lines(review(opened, findings, kind, text, person))
    elif withdrawn is not None:
        with found.lock(), found.open_store() as opened:
            withdraw_review(opened, withdrawn)
    elif learns is not None:
        _learn(found, learns, rule)
    elif any(lists.values()):
        with found.open_store(read_only=True) as opened:
            _precision(opened, found.precision_floor) if precise else _list(opened, rule, everything=everything)
    elif _interactive():
        with found.open_store() as opened:
            _one_by_one(found, opened, rule, person)
    else:
        from policycore.operations.review import queue

        with found.open_store(read_only=True) as opened:
            rows = list(queue(opened, rule))
        print_lines("  ".join(_line(row)) for row in rows)
        if not rows:
            click.echo(say("cli.review.empty"), err=True)


def _learn(workspace: Workspace, path: Path, rule: str) -> None:
    """Write what reviews teach into a file that a rule set includes, and say how good it is."""
    from policycore.operations.review import learn_from
    from policycore.system.atomic_files import write_atomically

    with workspace.open_store(read_only=True) as store:
        lines, confirmed, dismissed, right = learn_from(store, workspace, rule)
    write_atomically(path, ("\n".join(lines) + "\n").encode())
    values = {"pieces": len(lines) - 3, "confirmed": confirmed, "dismissed": dismissed, "percent": right}
    click.echo(say("cli.review.learned", path=clean(str(path)), **values), err=True)


def _interactive() -> bool:
    """Return whether a person sits before a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _line(row: FindingRow) -> list[str]:
    """Return a suspect as a list shows it: id, rule, subject, message."""
    return [
        clean(part, limit=200) for part in (row.label, row.rule_name, row.finding.subject.shown, str(row.finding.says))
    ]


def _one_by_one(workspace: Workspace, store: Store, rule: str, person: str) -> None:
    """Show one suspect after the other and take one key for each; the decision is written at once."""
    from policycore.operations.review import queue, review, withdraw_review

    done: list[tuple[str, FindingRow]] = []
    skipped: list[int] = []
    rows = queue(store, rule)
    row = next(rows, None)
    while row is not None:
        print_lines(("", *_line(row), *_text_of(workspace, store, row)))
        click.echo(say("cli.review.keys"), err=True)
        key = click.getchar().lower()
        if key in _KEYS:
            with workspace.lock():
                name = review(store, [row.id], _KEYS[key], person=person)[0]
            done.append((name, row))
            click.echo(f"{name}  {say(f'cli.review.{_KEYS[key]}')}")
            row = next(rows, None)
        elif key in ("u", "4") and done:
            name, row = done.pop()
            with workspace.lock():
                withdraw_review(store, name)
            # What was skipped stays skipped; the one that was taken back comes first, the others follow.
            rows = queue(store, rule, [*skipped, row.id])
        elif key in ("s", "3", " "):
            skipped.append(row.id)
            row = next(rows, None)
        elif key in ("q", "0", "\x1b", "\x03", "\x04"):
            break
    click.echo(say("cli.review.done", count=len(done)) if done or row else say("cli.review.empty"), err=True)
    _precision(store, workspace.precision_floor, only_low=True)


def _text_of(workspace: Workspace, store: Store, row: FindingRow) -> Iterable[str]:
    """Return what the message says around the place, as texts may be shown; nothing where it is not kept."""
    from policycore.errors import PolicycoreError
    from policycore.store.estate_view import EstateView
    from policycore.store.kept.runs import list_runs
    from policycore.text.shown import is_withheld, shown

    facts = row.finding.facts
    if "field" not in facts:
        return
    with store.read() as connection:
        run = list_runs(connection, ruleset=row.ruleset, limit=1, replays=False)[0]
    try:
        text = EstateView.of_run(workspace, run.snapshot, run.as_of).clear_text(row.finding)
    except PolicycoreError:
        return
    begin = int(str(facts.get("offset", 0)))
    end = begin + int(str(facts.get("length", 0)))
    said = shown(text)
    # A text that is withheld or masked has other places, so all of it is shown.
    part = (
        said
        if said != text or is_withheld(said)
        else f"{text[max(0, begin - _AROUND) : begin]}⟦{text[begin:end]}⟧{text[end : end + _AROUND]}"
    )
    yield clean(part, limit=400)


def _list(store: Store, rule: str, *, everything: bool) -> None:
    """Print one line a review: what, by whom, when, about which rule and finding, whether it excepts a text, why."""
    from policycore.operations.review import listed_reviews
    from policycore.store.kept.runs import zone_of

    reviews = [one for one in listed_reviews(store, everything=everything) if not rule or rule in one.covers["rules"]]
    with store.read() as connection:
        zone = zone_of(connection)
    for one in reviews:
        parts = [one.id, say(f"cli.review.{one.kind}"), f"{one.at.astimezone(zone).date()}", clean(one.person)]
        parts += [one.covers["rules"][0], f"#{one.evidence[:12]}" if one.covers.get("texts") else "-"]
        parts += [say("cli.dispute.withdrawn")] if one.ended is not None else []
        click.echo("  ".join([*parts, clean(one.reason)]).rstrip())
    if not reviews:
        click.echo(say("cli.review.none"), err=True)


def _precision(store: Store, floor: int, *, only_low: bool = False) -> None:
    """Print of each rule that was reviewed how often it was right, and which are below the floor."""
    from policycore.operations.review import imprecise, listed_reviews
    from policycore.store.lives.reviews import precision

    reviews = listed_reviews(store)
    low = {one.rule for one in imprecise(reviews, floor)}
    for one in precision(reviews):
        values = {"rule": one.rule, "percent": one.percent, "confirmed": one.confirmed, "dismissed": one.dismissed}
        if not only_low:
            click.echo(say("cli.review.precision", **values))
        if one.rule in low:
            click.echo(say("operations.imprecise", floor=floor, **values), err=True)
