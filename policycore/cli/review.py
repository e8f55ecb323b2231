"""Review suspects one after the other, confirm or dismiss named ones, list reviews, take one back, tell precision."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.options import needed_workspace, only_one, workspace_options
from policycore.cli.output import print_lines
from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.store.decided import Record
    from policycore.store.query import FindingRow
    from policycore.store.store import Store
    from policycore.store.workspace import Workspace

__all__ = ["command"]

_KEYS = {"y": "confirmation", "1": "confirmation", "n": "dismissal", "2": "dismissal"}
"""Figures stand beside letters for who has an input method switched on."""


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
    from policycore.operations.review import review, rule_called, withdraw_review

    only_one({"--confirm": confirmed, "--dismiss": dismissed})
    lists = {"--list": listed or everything, "--precision": precise, "--withdraw": withdrawn, "--learn": learns}
    only_one({"FINDINGS": findings, **lists})
    only_one({"--rule": rule, "FINDINGS": findings, "--precision": precise, "--withdraw": withdrawn})
    if bool(findings) != (confirmed or dismissed):
        raise click.UsageError(say("cli.review.which"))
    asked = not findings and not any(lists.values())
    decides = asked and _interactive()
    if (text and not findings) or (person and not findings and not decides):
        raise click.UsageError(say("cli.review.decides-nothing", option="--text" if text else "--person"))
    found = needed_workspace(workspace, store)
    # A decision is the store's own: a check that runs meanwhile is no hindrance, and the next one follows it.
    with found.open_store(read_only=not (findings or withdrawn or decides)) as opened:
        name = rule_called(opened, rule)
        if findings:
            print_lines(review(opened, findings, "confirmation" if confirmed else "dismissal", text, person))
        elif withdrawn is not None:
            withdraw_review(opened, withdrawn)
        elif learns is not None:
            _learn(found, opened, learns, name)
        elif not asked:
            _precision(opened, found.precision_floor) if precise else _list(opened, name, everything=everything)
        elif decides:
            _one_by_one(found, opened, name, person)
        else:
            _waiting(opened, name)


def _learn(workspace: Workspace, store: Store, path: Path, rule: str) -> None:
    """Write what reviews teach into a file that a rule set includes, and say how good it is."""
    from policycore.operations.review import learn_from
    from policycore.system.atomic_files import write_atomically

    lines, confirmed, dismissed, right = learn_from(store, workspace, rule)
    write_atomically(path, ("\n".join(lines) + "\n").encode())
    values = {"pieces": len(lines) - 3, "confirmed": confirmed, "dismissed": dismissed, "percent": right}
    click.echo(say("cli.review.learned", path=clean(str(path)), **values), err=True)


def _interactive() -> bool:
    """Return whether a person sits before a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _waiting(store: Store, rule: str) -> None:
    """Print one line a suspect that waits: id, rule, subject, message."""
    from policycore.operations.review import queue

    rows = list(queue(store, rule))
    for row in rows:
        parts = _cleaned(row.label, row.rule_name, row.finding.subject.shown, row.finding.says)
        print_lines(["  ".join(parts)])
    if not rows:
        click.echo(say("cli.review.empty"), err=True)


def _cleaned(*parts: object) -> list[str]:
    """Return texts as a screen may show them, without those that are empty."""
    return [clean(str(part), limit=200) for part in parts if part]


def _one_by_one(workspace: Workspace, store: Store, rule: str, person: str) -> None:
    """Show one suspect after the other and take one key for each; the decision is written at once."""
    from policycore.operations.review import queue, review, waiting, withdraw_review

    done: list[tuple[str, FindingRow]] = []
    skipped: list[int] = []
    rows = queue(store, rule)
    row = next(rows, None)
    if row is not None:
        click.echo(say("cli.review.waiting", count=waiting(store, rule)), err=True)
    while row is not None:
        print_lines(("", *_shown(workspace, store, row)))
        click.echo(say("cli.review.keys"), err=True)
        key = _pressed()
        try:
            if key in _KEYS:
                name = review(store, [row.id], _KEYS[key], person=person)[0]
                done.append((name, row))
                click.echo(f"{name}  {say(f'cli.review.{_KEYS[key]}')}")
                row = next(rows, None)
            elif key in ("u", "4") and done:
                name, before = done.pop()
                withdraw_review(store, name)
                row = before
                # What was skipped stays skipped; the one that was taken back comes first, the others follow.
                rows = queue(store, rule, [*skipped, row.id])
            elif key in ("s", "3", " "):
                skipped.append(row.id)
                row = next(rows, None)
            elif key in ("q", "0", "\x1b", "\x03", "\x04"):
                break
        except PolicycoreError as error:
            # A colleague or a check was faster, or it is not for this person to say: what still waits is asked again.
            click.echo(str(error), err=True)
            rows = queue(store, rule, skipped)
            row = next(rows, None)
    click.echo(say("cli.review.done", count=len(done)) if done or row else say("cli.review.empty"), err=True)
    _precision(store, workspace.precision_floor, only_low=True)


def _pressed() -> str:
    """Return the next key; what was typed before the suspect was shown is not meant for it."""
    if sys.platform != "win32":
        import termios

        with suppress(termios.error, OSError, ValueError):
            termios.tcflush(sys.stdin, termios.TCIFLUSH)
    # Who has an input method switched on types full-width letters.
    return unicodedata.normalize("NFKC", click.getchar()).lower()


def _shown(workspace: Workspace, store: Store, row: FindingRow) -> Iterator[str]:
    """Yield a suspect: its id, rule and place, what was found, and the message among those beside it."""
    from policycore.operations.around import messages_around, view_where_said
    from policycore.store.kept.runs import zone_of
    from policycore.store.lives.history import history_of

    finding = row.finding
    yield "  ".join(_cleaned(row.label, row.rule_name))
    yield "  ".join(_cleaned(finding.subject.group, finding.subject.department, finding.subject.shown))
    yield clean(str(finding.says), limit=200)
    with store.read() as connection:
        zone, life = zone_of(connection), history_of(connection, row.id)
    view = view_where_said(workspace, store, life)
    if view is None:
        yield say("cli.review.no-text")
        return
    for line in messages_around(store, view, finding, 1):
        own = line.id == finding.subject.id
        kept = "cli.review.kept" if own and view.clear_text(finding) else "cli.review.no-text"
        text = line.text or (say(kept, id=row.label) if own else "")
        if text:
            sent = f"{line.at.astimezone(zone):%m-%d %H:%M}"
            yield f"{'>' if own else ' '} {sent} {clean(line.sender, limit=30)}  {clean(text, limit=400)}"


def _list(store: Store, rule: str, *, everything: bool) -> None:
    """Print one line a review: what, when, by whom, about which finding and rule, what it excepts, why."""
    from policycore.operations.review import labels_of, listed_reviews
    from policycore.store.kept.runs import zone_of

    reviews = [one for one in listed_reviews(store, everything=everything) if not rule or rule in one.covers["rules"]]
    with store.read() as connection:
        zone, labels = zone_of(connection), labels_of(connection, reviews)
    for one in reviews:
        parts = [one.id, say(f"cli.review.{one.kind}"), f"{one.at.astimezone(zone).date()}", clean(one.person)]
        parts += [labels.get(one.id, "-"), one.covers["rules"][0], _exception(one)]
        parts += [say("cli.dispute.withdrawn")] if one.ended is not None else []
        click.echo("  ".join([*parts, clean(one.reason)]).rstrip())
    if not reviews:
        click.echo(say("cli.review.none"), err=True)


def _exception(review: Record) -> str:
    """Return what a dismissal excepts: the hash of the text, the kind of group, the class of sender; - for nothing."""
    from policycore.language import current_language
    from policycore.model.sentences import word

    texts = review.covers.get("texts")
    if not texts:
        return "-"
    *_, where, sender = json.loads(texts[0])
    context = " ".join(clean(word(one, current_language()), limit=40) for one in (where, sender) if one)
    return f"#{review.evidence[:12]} {context}".rstrip()


def _precision(store: Store, floor: int, *, only_low: bool = False) -> None:
    """Print of each rule that was reviewed how often it was right, and which are below the floor."""
    from policycore.operations.review import imprecise, listed_reviews, said_precise
    from policycore.store.lives.reviews import precision

    reviews = listed_reviews(store)
    low = {one.rule for one in imprecise(reviews, floor)}
    for one in precision(reviews):
        if not only_low:
            click.echo(f"{one.rule}  {said_precise(one)}")
        if one.rule in low:
            click.echo(say("operations.imprecise", floor=floor, rule=one.rule, percent=one.percent), err=True)
