"""Put papers together: the report on the clean-up, letters, statements to sign, who joins and leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from policycore.language import say
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Subject, Verdict
from policycore.papers.group_facts import BURDEN_DAYS, GroupFacts
from policycore.papers.paper import Paper, Table
from policycore.reports.summary import urgency
from policycore.reports.words import named, who_words
from policycore.system.grouped import grouped
from policycore.text.shown import shown_line

__all__ = ["KINDS", "Facts", "answers", "papers_of"]

_HANDLED = ("keep", "dissolve", "merge", "rename", "register", "unknown")


@dataclass(frozen=True, slots=True)
class Facts:
    """What papers are made of: a run, the groups, the departments, what was put right before."""

    result: RunResult
    groups: Sequence[GroupFacts]
    departments: Sequence[tuple[str, str]]
    """Id and name, in the order of the directory."""
    zone: ZoneInfo
    solved: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """How many findings were put right, by department's name and rule's name."""
    sent: Mapping[str, tuple[datetime | None, str | None]] = field(default_factory=dict)
    """When messages in which something was found were sent, and by whom."""
    issuer: str | None = None
    """Who issued the policy, and sends and receives papers; None where the rule set does not say so."""

    @property
    def policy(self) -> str:
        """Return the title of the policy by which was judged, else that of the rule set."""
        return self.result.document.strip("《》") or self.result.ruleset_title.in_language()

    @property
    def day(self) -> str:
        """Return the day of the run as official documents write it."""
        moment = self.result.as_of.astimezone(self.zone)
        return say("papers.day", year=moment.year, month=moment.month, day=moment.day)

    @property
    def office(self) -> str:
        """Return who issued the policy, a blank to fill in where nobody knows."""
        return self.issuer or say("papers.blank")

    @property
    def established(self) -> list[Finding]:
        """Return what is wrong for sure, the most pressing first: what a person confirmed has failed."""
        return self._of(Verdict.FAIL)

    @property
    def suspects(self) -> list[Finding]:
        """Return what a person has to look at before anybody is told of it."""
        return self._of(Verdict.SUSPECT)

    def _of(self, verdict: Verdict) -> list[Finding]:
        return sorted((one for one in self.result.findings if one.verdict is verdict), key=urgency)


def papers_of(kind: str, facts: Facts, departments: Sequence[str] = ()) -> Iterator[Paper]:
    """Yield the papers of one of `KINDS`; with `departments` (names) only theirs."""
    yield from KINDS[kind](facts, frozenset(departments))


def _rectification(facts: Facts, only: frozenset[str]) -> Iterator[Paper]:
    """Yield the report on the whole, then one for each department, ready to be signed and sent."""
    named = [name for _, name in facts.departments if not only or name in only]
    if not only:
        yield _report(facts, None, [group for group in facts.groups if group.department in {*named, None}])
    for name in named:
        yield _report(facts, name, [group for group in facts.groups if group.department == name])


def _report(facts: Facts, department: str | None, groups: Sequence[GroupFacts]) -> Paper:
    """Return the report of one department, or of all of them."""
    who = department or say("papers.all")
    paper = Paper(
        say("papers.rectification.file", who=department or say("papers.whole")), say("papers.rectification.title")
    )
    if department is not None:
        paper.add("addressee", facts.office)
    opening = "papers.rectification.opening" if department else "papers.rectification.opening-all"
    paper.add("text", say(opening, who=who, title=facts.policy, day=facts.day))
    paper.add("heading", say("papers.rectification.groups"))
    states = Counter(group.state for group in groups)
    words = say("papers.comma").join(
        say("papers.counted", what=say(f"papers.state.group-{state}"), count=states[state])
        for state in _HANDLED
        if states[state]
    )
    if groups:
        paper.add("text", say("papers.rectification.totals", count=len(groups), states=words))
    else:
        paper.add("text", say("papers.rectification.nil", who=who))
    paper.add("table", _group_table(groups, with_department=department is None))
    _problems(paper, facts, department)
    _burden(paper, groups)
    unknown = sum(gap.count for gap in facts.result.gaps)
    if unknown and department is None:
        paper.add("text", say("papers.rectification.gaps", count=unknown))
    sign = [say("papers.sign"), say("papers.seal", who=who)] if department else [say("papers.seal", who=facts.office)]
    paper.signature = (*sign, facts.day)
    return paper


def _group_table(groups: Sequence[GroupFacts], *, with_department: bool) -> Table:
    first = {"department": 24} if with_department else {}
    widths = first | {"name": 36, "purpose": 30, "creator": 18, "owner": 18, "admins": 24, "members": 12}
    rows = []
    for number, group in enumerate(groups, 1):
        cells = [getattr(group, name) for name in widths]
        # Where there is no owner or admin, the name is empty.
        cells = [say("papers.none") if cell == "" else cell for cell in cells]
        rows.append([number, *(say("papers.unknown") if cell is None else cell for cell in cells), group.state_words])
    return _table("group", "groups", {"number": 10, **widths, "state": 30}, rows)


def _table(kind: str, sheet: str, widths: Mapping[str, float], rows: Sequence[Sequence[object]]) -> Table:
    headers = [say(f"papers.{kind}.{name}") for name in widths]
    return Table(headers, rows, list(widths.values()), say(f"papers.sheet.{sheet}"))


def _problems(paper: Paper, facts: Facts, department: str | None) -> None:
    """Write what was found, by rule, and how much of it was put right; for a department or, with None, for all."""
    findings = [one for one in facts.established if department in (None, one.subject.department)]
    doubted = Counter(one.name for one in facts.suspects if department in (None, one.subject.department))
    paper.add("heading", say("papers.rectification.problems"))
    heads = {one.name: (one.title.in_language(), one.clauses) for one in (*findings, *facts.suspects)}
    still = Counter(one.name for one in findings)
    solved: Counter[str] = Counter()
    for (name, rule), count in facts.solved.items():
        if department in (None, name):
            solved[rule] += count
    if still or solved:
        counts = {"found": still.total() + solved.total(), "solved": solved.total(), "open": still.total()}
        paper.add("text", say("papers.rectification.found", **counts))
    elif not doubted:
        paper.add("text", say("papers.rectification.none"))
    if doubted:
        paper.add("text", say("papers.rectification.suspects", count=doubted.total()))
    rows = []
    for number, rule in enumerate(dict.fromkeys([*still, *solved, *doubted]), 1):
        title, clauses = heads.get(rule, (rule, ()))
        counted = (still[rule] + solved[rule], solved[rule], still[rule], doubted[rule])
        rows.append([number, title, "、".join(clauses), *counted])
    widths = {"number": 10, "what": 64, "clause": 26, "found": 16, "solved": 16, "open": 16, "suspect": 16}
    paper.add("table", _table("problem", "problems", widths, rows))


def _burden(paper: Paper, groups: Sequence[GroupFacts]) -> None:
    """Write how much the groups ask of people: what counts is burden, not how many groups were dissolved."""
    living = [group for group in groups if group.dissolved_at is None]
    known = [group for group in living if group.messages is not None]
    paper.add("heading", say("papers.rectification.burden"))
    if not known:
        paper.add("text", say("papers.burden.unknown"))
        return
    # Each member of a group gets every message of it; a department's own mean is over the stays in its groups.
    counted = [group for group in known if group.members]
    stays = sum(group.members or 0 for group in counted)
    got = sum((group.members or 0) * (group.messages or 0) for group in counted)
    paper.add(
        "text",
        say(
            "papers.burden.text",
            days=BURDEN_DAYS,
            messages=sum(group.messages or 0 for group in known),
            each=say("papers.burden.each", mean=f"{got / stays / BURDEN_DAYS:.2f}")
            if stays and len(counted) == len(known)
            else say("papers.unknown"),
            duplicates=sum(group.duplicates or 0 for group in known),
            demands=sum(group.demands or 0 for group in known),
        ),
    )


def _letters(facts: Facts, only: frozenset[str]) -> Iterator[Paper]:
    """Yield a letter for each person who answers for something that is wrong for sure, with every step."""
    answered = ((answers(one), one) for one in facts.established if not only or one.subject.department in only)
    by_person = grouped((who, one) for who, one in answered if who is not None)
    names = Counter(name for _, name in by_person)
    for (person, name), findings in sorted(by_person.items()):
        stem = say("papers.letter.file", who=f"{name}-{person}" if names[name] > 1 else name)
        paper = Paper(stem, say("papers.letter.title"), landscape=True)
        paper.add("addressee", name)
        paper.add("text", say("papers.letter.opening", title=facts.policy, count=len(findings), day=facts.day))
        paper.add("table", _steps(findings, facts))
        paper.add("text", say("papers.letter.closing"))
        paper.signature = (facts.office, facts.day)
        yield paper


def answers(finding: Finding) -> tuple[str, str] | None:
    """Return id and name of who answers for a finding: a person of the register, else the head of its department.

    None where neither is known: then nobody can be written to.
    """
    subject = finding.subject
    if subject.responsible and subject.responsible_id:
        return subject.responsible_id, subject.responsible
    department = subject.department or (subject.name if subject.kind is Subject.DEPARTMENT else "")
    return ("", say("papers.head", department=department)) if department else None


def _steps(findings: Sequence[Finding], facts: Facts) -> Table:
    """Return findings with what is to be done and by when."""
    rows = [
        [
            number,
            _where(one, facts),
            shown_line(one.message.in_language()),
            "、".join(one.clauses),
            shown_line(
                "；".join(
                    say("reports.step", who=who_words(step), what=step.what.in_language()) for step in one.remediation
                )
            ),
            say("papers.soon") if one.due is None else one.due.astimezone(facts.zone).date().isoformat(),
        ]
        for number, one in enumerate(findings, 1)
    ]
    return _table("step", "steps", {"number": 10, "where": 40, "what": 70, "clause": 24, "do": 62, "until": 32}, rows)


def _statements(facts: Facts, only: frozenset[str]) -> Iterator[Paper]:
    """Yield for each department what its people have to state in writing, to be signed."""
    asked = grouped(
        (one.subject.department or say("papers.no-department-name"), one)
        for one in facts.result.findings
        if one.verdict is Verdict.NEEDS_ATTESTATION
    )
    for name, findings in asked.items():
        if only and name not in only:
            continue
        paper = Paper(say("papers.statement.file", who=name), say("papers.statement.title"))
        paper.add("addressee", facts.office)
        paper.add("text", say("papers.statement.opening", title=facts.policy))
        rows = [
            [
                number,
                "、".join(one.clauses),
                shown_line(one.title.in_language()),
                _where(one, facts),
                "",
            ]
            for number, one in enumerate(findings, 1)
        ]
        widths = {"number": 10, "clause": 22, "what": 70, "where": 40, "sign": 26}
        paper.add("table", _table("statement", "statements", widths, rows))
        paper.add("text", say("papers.statement.closing"))
        paper.signature = (say("papers.sign"), say("papers.seal", who=name), say("papers.empty-day"))
        yield paper


def _where(finding: Finding, facts: Facts) -> str:
    """Return the group that a finding is about or in, and which message of it, else what and whose it is."""
    subject = finding.subject
    if subject.kind is Subject.MESSAGE and subject.id in facts.sent:
        at, sender = facts.sent[subject.id]
        when = say("papers.unknown") if at is None else f"{at.astimezone(facts.zone):%Y-%m-%d %H:%M}"
        who = say("papers.unknown") if sender is None else named(shown_line(sender))
        return say("papers.message", group=subject.group or subject.group_id, at=when, sender=who, id=subject.id)
    if subject.group or subject.department in (None, subject.name):
        return subject.group or subject.shown
    return f"{subject.department} {subject.shown}"


_ACTIONS = {
    **dict.fromkeys(("composition/missing-member", "admission/expected-member-missing"), "join"),
    **dict.fromkeys(("composition/extra-member", "admission/outside-scope", "admission/departed-member"), "leave"),
}
"""What brings a group in line, by the rule that found what is amiss."""


def _membership(facts: Facts, only: frozenset[str]) -> Iterator[Paper]:
    """Yield for each group who is to be let in and who is to leave, with the reason."""
    by_group = grouped(
        ((one.subject.group_id or one.subject.id, one.subject.group or one.subject.name), (_ACTIONS[one.name], one))
        for one in facts.established
        if one.name in _ACTIONS and (not only or one.subject.department in only)
    )
    names = Counter(name for _, name in by_group)
    for (number, name), listed in sorted(by_group.items()):
        stem = say("papers.membership.file", who=f"{name}-{number}" if names[name] > 1 else name)
        paper = Paper(stem, say("papers.membership.title", group=name))
        paper.add("text", say("papers.membership.opening", group=name, id=number, day=facts.day))
        rows = [
            [
                place,
                say(f"papers.membership.{action}"),
                # A rule on who is missing judges the group and names the person among its facts.
                one.facts.get("person") or one.subject.shown,
                shown_line(one.message.in_language()),
                "、".join(one.clauses),
            ]
            for place, (action, one) in enumerate(listed, 1)
        ]
        widths = {"number": 10, "action": 18, "who": 40, "reason": 76, "clause": 26}
        paper.add("table", _table("membership", "membership", widths, rows))
        paper.signature = (facts.office, facts.day)
        yield paper


KINDS = {
    "rectification": _rectification,
    "letters": _letters,
    "statements": _statements,
    "membership": _membership,
}
"""What the command line calls each kind of paper."""
