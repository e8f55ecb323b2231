"""Write the page of one group: members with role, display name and verdicts; missing and extra people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from policycore.findings.bodies import finding_from
from policycore.findings.estate_view import GroupLine, MemberLine
from policycore.findings.query import FindingRow
from policycore.language import say
from policycore_tui.cells import fit
from policycore_tui.pages.overview import FilterTarget
from policycore_tui.pages.words import LOOK_OF, severity_word
from policycore_tui.state.lines import Line, blank, heading, labelled, one

__all__ = ["group_lines"]

_MISSING = "expected-member-missing"
_EXTRA = ("outside-scope", "departed-member", "members-outside")
_ROLE = {"owner": "engine.who.owner", "admin": "engine.who.admin", "member": "engine.who.member"}


def group_lines(
    group: GroupLine, members: Sequence[MemberLine], found: Sequence[FindingRow], width: int, zone: ZoneInfo
) -> list[Line]:
    """Return a group's members against what its rules expect."""
    by_member: dict[str, list[FindingRow]] = {}
    for row in found:
        if row.subject_kind == "membership":
            by_member.setdefault(row.subject_id.partition("/")[2], []).append(row)
    return [
        heading(group.name),
        *labelled("ID", f"{group.id}  {group.platform}", width),
        blank(),
        *_about_group(found, width),
        *_expected(found, width, zone),
        heading(say("tui.group.members", count=len(members))),
        *(line for member in members for line in _member(group, member, by_member, width)),
    ]


def _about_group(found: Sequence[FindingRow], width: int) -> Iterator[Line]:
    """Yield the findings about the group itself."""
    own = [row for row in found if row.subject_kind != "membership" and _MISSING not in row.rule_name]
    if own:
        yield heading(say("tui.group.findings"))
    for row in own:
        words = (severity_word(row.severity), LOOK_OF.get(row.severity, ""))
        target = FilterTarget(facets={"group": (row.subject_id,), "rule": (row.rule,)})
        yield one(words, f"  {row.rule}  " + fit(row.rule_name, max(8, width - 24)), target=target)
    if own:
        yield blank()


def _expected(found: Sequence[FindingRow], width: int, zone: ZoneInfo) -> Iterator[Line]:
    """Yield who is expected and not there, and who is there and not expected, as the rules judged it."""
    missing = [row for row in found if row.rule_name.endswith(_MISSING)]
    extra = [row for row in found if row.rule_name.endswith(_EXTRA)]
    for key, rows in (("tui.group.missing", missing), ("tui.group.extra", extra)):
        if rows:
            yield heading(say(key, count=len(rows)))
        for row in rows:
            yield from labelled("-", str(finding_from(row.body, zone).message), width)
        if rows:
            yield blank()


def _member(group: GroupLine, member: MemberLine, by_member: dict[str, list[FindingRow]], width: int) -> Iterator[Line]:
    """Yield one member: role, display name, person, and the rules that found something."""
    found = by_member.get(member.account_id, [])
    worst = next(
        (severity for severity in ("error", "warning", "info") if any(r.severity == severity for r in found)), ""
    )
    rules = " ".join(sorted({row.rule for row in found}))
    names = max(10, (width - 30) // 2)
    target = (
        FilterTarget(facets={"group": (group.id,), "subject": (f"{group.id}/{member.account_id}",)}) if found else None
    )
    yield one(
        (fit(say(_ROLE.get(member.role, "engine.who.member")), 9), "muted" if member.role == "member" else "key"),
        " " + fit(member.display_name or "-", names),
        (" " + fit(member.person or "-", 12) + " ", "muted"),
        (rules, LOOK_OF.get(worst, "")),
        target=target,
    )
