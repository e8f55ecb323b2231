"""Write the page of one group: who it is for, who is missing or too many, members with role, name and verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policycore.language import say
from policycore.store.estate_view import GroupLine, MemberLine
from policycore.store.lives.life_cycle import State
from policycore.store.query import FindingRow
from policycore_tui.pages.gaps import FieldTarget, gap_words
from policycore_tui.pages.lines import Line, blank, heading, labelled, one, paragraph
from policycore_tui.pages.overview import FilterTarget
from policycore_tui.pages.words import LOOK_OF, platform_word, severity_word, state_word, verdict_word
from policycore_tui.state.cells import fit
from policycore_tui.state.gaps import GroupGap

__all__ = ["GroupDetail", "group_lines"]

_MISSING = ("/expected-member-missing",)
_EXTRA = ("/outside-scope", "/departed-member")
"""Names of the rules that compare members with who is expected, whatever family they come from."""
_ROLE = {"owner": "engine.who.owner", "admin": "engine.who.admin", "member": "engine.who.member"}
_SETTLED = ("waived", "attested")


@dataclass(frozen=True, slots=True)
class GroupDetail:
    """What is known of a group's members."""

    members: Sequence[MemberLine]
    scope: dict[str, list[str]]
    """Who the group is declared to be for."""
    found: Sequence[FindingRow]
    """What was found about the group and its members, waived as well."""
    judged: frozenset[str]
    """Names of the rules that judged."""
    gaps: Sequence[GroupGap] = ()
    """What could not be judged of the group, its members and messages."""


def group_lines(group: GroupLine, detail: GroupDetail, width: int) -> list[Line]:
    """Return a group's members against who is expected there."""
    by_member: dict[str, list[FindingRow]] = {}
    for row in detail.found:
        if row.subject_kind == "membership":
            by_member.setdefault(row.subject_id.partition("/")[2], []).append(row)
    return [
        *paragraph(group.name, width, "title"),
        *labelled("ID", f"{group.id}  {platform_word(group.platform)}", width),
        *_scope(detail, width),
        blank(),
        *_compared("missing", _MISSING, detail, width),
        *_compared("extra", _EXTRA, detail, width),
        *_about_group(group, detail.found, width),
        *_gaps(detail, width),
        heading(say("tui.group.members", count=len(detail.members))),
        *(line for member in detail.members for line in _member(group, member, by_member, width)),
    ]


def _scope(detail: GroupDetail, width: int) -> Iterator[Line]:
    """Yield who the group is for."""
    words = "; ".join(
        f"{say(f'tui.scope.{kind}')} {say('tui.comma').join(values)}" for kind, values in detail.scope.items()
    )
    yield from labelled(say("tui.group.scope"), words or say("tui.group.no-scope"), width, "" if words else "warning")


def _compared(what: str, names: tuple[str, ...], detail: GroupDetail, width: int) -> Iterator[Line]:
    """Yield who is missing, or too many, as the rules judged it; where they did not, that nothing is known."""
    rows = [row for row in detail.found if row.rule_name.endswith(names)]
    judged = [name for name in sorted(detail.judged) if name.endswith(names)]
    lacking = [item for item in detail.gaps if item.gap.name.endswith(names)]
    people = [row for row in rows if row.state is not State.UNKNOWN]
    findings = [row.finding for row in people]
    # One finding stands for many people where the rule would have to name too many.
    counts = [finding.facts.get("missing") for finding in findings]
    number = sum(count if isinstance(count, int) and count > 1 else 1 for count in counts)
    yield heading(say(f"tui.group.{what}", count=number if people or (judged and not rows and not lacking) else "?"))
    if not judged and not rows and not lacking:
        rules = say("tui.comma").join(name.lstrip("/") for name in names)
        yield from paragraph(say("tui.group.not-judged", rules=rules), width, "warning")
    for item in lacking:
        yield from labelled("?", say("tui.detail.lacking", fields=gap_words(item.gap)), width, "warning")
    for row in rows:
        if row.state is State.UNKNOWN:
            yield from labelled("?", str(row.finding.says), width, "warning")
    for row, finding in zip(people, findings, strict=True):
        settled = f" [{state_word(row.state.value)}]" if row.state.value in _SETTLED else ""
        yield from labelled("-", f"{finding.says}{settled}", width, "muted" if settled else "")
    if judged and not rows and not lacking:
        yield one((say("tui.none"), "muted"))
    yield blank()


def _about_group(group: GroupLine, found: Sequence[FindingRow], width: int) -> Iterator[Line]:
    """Yield the findings about the group itself."""
    own = [row for row in found if row.subject_kind != "membership" and not row.rule_name.endswith(_MISSING + _EXTRA)]
    if own:
        yield heading(say("tui.group.findings"))
    for row in own:
        words = (severity_word(row.severity), LOOK_OF.get(row.severity, ""))
        target = _leading_to({"group": (group.id,), "rule": (row.rule,)}, [row])
        text = f"  {row.rule}  {_verdict(row)}  "
        yield one(words, text + fit(row.rule_name, max(8, width - 34)), target=target)
    if own:
        yield blank()


def _gaps(detail: GroupDetail, width: int) -> Iterator[Line]:
    """Yield what could not be judged here and for want of what; Enter leads to the missing field."""
    if detail.gaps:
        yield heading(say("tui.group.gaps"))
    for gap, count in ((item.gap, item.count) for item in detail.gaps):
        words = say("tui.group.gap", title=gap.title.in_language(), count=count, fields=gap_words(gap))
        label, target = severity_word(gap.severity.value), FieldTarget(gap.fields[0], gap.source)
        first, *rest = labelled(label, words, width, target=target)
        yield Line(((first.spans[0][0], LOOK_OF[gap.severity.value]), *first.spans[1:]), target)
        yield from rest
    if detail.gaps:
        yield blank()


def _leading_to(facets: dict[str, tuple[str, ...]], found: Sequence[FindingRow]) -> FilterTarget:
    """Return the filter that shows these findings, settled ones too where there are any."""
    settled = any(row.state.value in _SETTLED for row in found)
    return FilterTarget(facets={**facets, "state": ("*",)} if settled else facets)


def _verdict(row: FindingRow) -> str:
    """Return a finding's verdict, or what settled it."""
    return state_word(row.state.value) if row.state.value in _SETTLED else verdict_word(row.verdict)


def _member(group: GroupLine, member: MemberLine, by_member: dict[str, list[FindingRow]], width: int) -> Iterator[Line]:
    """Yield one member: role, display name, person; below, each rule that found something with its verdict."""
    found = by_member.get(member.account_id, [])
    subject = f"{group.id}/{member.account_id}"
    target = _leading_to({"group": (group.id,), "subject": (subject,)}, found) if found else None
    role = say(_ROLE.get(member.role, "engine.who.member"))
    yield one(
        (fit(role, 9), "muted" if member.role == "member" else "key"),
        " " + fit(member.display_name or "-", max(10, width - 23)),
        (" " + fit(member.person or "-", 12), "muted"),
        target=target,
    )
    for row in found:
        look = "muted" if row.state.value in _SETTLED else LOOK_OF.get(row.severity, "")
        yield one((f"{'':9} {severity_word(row.severity)} {row.rule} {_verdict(row)}", look), target=target)
