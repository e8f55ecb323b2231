"""What can be done about findings, the same from the list and from one finding's own screen."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from typing_extensions import override

from policycore.language import current_language, say
from policycore.model.result import Finding, RemediationStep, RunResult, subject_shown
from policycore.model.verdict import Enforcement, Verdict
from policycore.reports.words import facts_words
from policycore.store.lives.reviews import CONFIRMED, DISMISSED, REVIEWS
from policycore.store.query import FindingFilter, FindingRow
from policycore.text.clean import clean
from policycore.text.shown import is_withheld
from policycore_tui.host import Host
from policycore_tui.pages.lines import paragraph
from policycore_tui.pages.words import verdict_word
from policycore_tui.screens.boxes import Field, Form, Reading
from policycore_tui.screens.export import export_form
from policycore_tui.screens.forms import attest_form, form_title, waive_form
from policycore_tui.screens.section import Section
from policycore_tui.state.actions import refused
from policycore_tui.state.findings import FindingDetail
from policycore_tui.state.keys import Key

__all__ = ["MANY", "FindingActions", "reports_of_listing"]

MANY = 20
"""Above so many findings an action asks first."""
_READ_AT_ONCE = 500
"""Marked findings that are read between two keys."""
_NAMED = 5
"""So many places are named that an act leaves out."""


def _not_accused(finding: Finding) -> str:
    """Return why a finding can't be disputed, '' when it can."""
    if finding.verdict in (Verdict.FAIL, Verdict.SUSPECT):
        return ""
    return say("tui.why.verdict", verdict=verdict_word(finding.verdict.value))


def _not_waivable(finding: Finding) -> str:
    """Return why a finding can't be waived, '' when it can."""
    strict = finding.enforcement is Enforcement.MANDATORY_WITHOUT_WAIVERS
    return _not_accused(finding) or (say(f"tui.enforcement.{finding.enforcement.name.lower()}") if strict else "")


def _not_attestable(finding: Finding) -> str:
    """Return why there is nothing to sign about a finding, '' when there is."""
    signed = finding.verdict is Verdict.NEEDS_ATTESTATION
    return "" if signed else say("tui.why.verdict", verdict=verdict_word(finding.verdict.value))


def _waits(finding: Finding) -> bool:
    """Return whether a finding is a suspect that nobody has reviewed."""
    judged = finding.decision is not None and finding.decision.kind in REVIEWS
    return finding.verdict is Verdict.SUSPECT and not judged


_REASONS: Mapping[str, Callable[[Finding], str]] = {
    "waivable": _not_waivable,
    "disputable": _not_accused,
    "attestable": _not_attestable,
}
"""Why an act can't be about a finding, by what the key table calls it."""


class FindingActions(Section):
    """Actions on the marked findings, or on the one that is shown."""

    shows_acts: ClassVar[bool] = False
    """Whether what was done stands in the list that is shown."""

    @property
    def current(self) -> FindingRow | None:
        """Return the finding that is shown."""
        return None

    def chosen_numbers(self) -> tuple[int, ...]:
        """Return the numbers of the findings that an action is about."""
        return (self.here[0].id,)

    @property
    def hidden_marks(self) -> int:
        """Return how many marked findings an action leaves alone because the filter hides them."""
        return 0

    @property
    def any_marked(self) -> bool:
        """Return whether an action is about marked findings."""
        return False

    def _possible(self, why: Callable[[Finding], str], finding: Finding) -> bool:
        """Return whether an act may be possible: of marked findings only the store knows."""
        return self.any_marked or not why(finding)

    def _chosen(self, action: str, needs: str, show: Callable[[Mapping[int, Any], str], object]) -> None:
        """Show the form of an act about the chosen findings; many marked ones are read in a thread."""

        def shown(found: tuple[Mapping[int, Any], str]) -> None:
            able, notice = found
            if not able:
                self.host.tell(say("tui.disabled", action=say(f"tui.key.{action}"), reason=notice), "warning")
            else:
                show(able, notice)

        if not self.any_marked or len(self.host.listing.marks) <= _READ_AT_ONCE:
            shown(self._able(needs))
            return
        # What is typed ahead is meant for the form, and must not act on the list.
        waiting = Reading[bool](say(f"tui.key.{action}"), lambda width: paragraph(say("tui.list.reading"), width))
        ready: list[tuple[Mapping[int, Any], str]] = []

        def read(found: tuple[Mapping[int, Any], str]) -> None:
            ready.append(found)
            if waiting.is_current:
                waiting.dismiss(True)

        self.host.push_screen(waiting, lambda _left: shown(ready[0]) if ready else None)
        self.host.apart(partial(self._able, needs), read)

    def _able(self, needs: str) -> tuple[Mapping[int, Any], str]:
        """Return the chosen findings that an act can be about, and in words the others by place and reason."""
        if not needs:
            return dict.fromkeys(self.chosen_numbers()), self._notice()
        findings, left = self.host.repository.findings(self.chosen_numbers()), dict[str, dict[str, None]]()
        able = {number: one for number, one in findings.items() if not _REASONS[needs](one)}
        for number, one in findings.items():
            if number not in able:
                left.setdefault(_REASONS[needs](one), {})[one.subject.group or one.subject.department or ""] = None
        notice = [self._notice()] if self.hidden_marks else []
        for why, places in left.items():
            shown = [place or say("model.estate") for place in places][:_NAMED]
            shown += [f"+{len(places) - _NAMED}"] if len(places) > _NAMED else []
            notice.append(say("tui.form.left-out", places=say("tui.comma").join(shown), why=why))
        return able, "\n".join(notice)

    @property
    def here(self) -> tuple[FindingRow, Finding]:
        """Return the shown finding and what it said last; for actions that need one."""
        row = self.current
        assert row is not None, "the key table lets nobody come here without a finding"  # noqa: S101 - said above
        return row, row.finding

    @override
    def conditions(self) -> Mapping[str, Callable[[], object]]:
        found, row = super().conditions(), self.current
        if row is None:
            return found
        finding = self.here[1]
        return {
            **found,
            "finding": lambda: True,
            "steps": lambda: finding.remediation,
            "secret": lambda: {"evidence", "field"} <= set(finding.facts) or is_withheld(finding.subject.name),
            "reviewable": lambda: self.any_marked or _waits(finding),
            **{name: partial(self._possible, why, finding) for name, why in _REASONS.items()},
            "place": lambda: self.host.rulesets.rule_of(row)[0],
        }

    @override
    def why_not(self, key: Key) -> str:
        """Return why an action is not possible now: that the rule allows no waiver, where that is why."""
        reason, row = super().why_not(key), self.current
        strict = reason and row is not None and "waivable" in key.needs and not _not_accused(row.finding)
        return (_not_waivable(row.finding) if strict and row else "") or reason

    # Notes, assignments, steps.

    def _ask(
        self,
        action: str,
        field: Field,
        act: Callable[[tuple[int, ...], str], object],
        check: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda _values: {},
        needs: str = "",
    ) -> None:
        """Ask for one word about the chosen findings, and whether so many are meant, and act."""

        def show(able: Mapping[int, Any], notice: str) -> None:
            numbers = tuple(able)
            question = say("tui.ask.many", count=len(numbers)) if len(numbers) > MANY else ""

            def carry(values: Mapping[str, str]) -> Mapping[str, str]:
                return refused(lambda: act(numbers, values[field.name]))

            title = form_title(action, len(numbers))
            self.host.push_screen(Form(title, [field], carry, lambda _values: question, check, notice))

        self._chosen(action, needs, show)

    def _notice(self) -> str:
        """Return what a form says about marks that it is not about."""
        return say("tui.form.hidden", count=self.hidden_marks) if self.hidden_marks else ""

    def do_note(self) -> None:
        """Ask for a note and add it."""
        host = self.host
        field = Field("text", say("tui.form.note"), needed=True)
        self._ask("note", field, lambda numbers, text: host.done(host.actions.note(numbers, text)))

    def do_dispute(self) -> None:
        """Ask what is wrong and dispute the findings."""
        host = self.host
        field = Field("text", say("tui.form.dispute"), needed=True)
        self._ask(
            "dispute",
            field,
            lambda numbers, text: host.done(host.actions.dispute(numbers, text)),
            needs="disputable",
        )

    def do_confirm(self) -> None:
        """Confirm the suspects and go on to the next one."""
        self._review(CONFIRMED)

    def do_dismiss(self) -> None:
        """Dismiss the suspects and go on to the next one."""
        self._review(DISMISSED)

    def _review(self, kind: str) -> None:
        """Go on at once, so that the next key is about the next suspect, and write the review; a refusal is said."""
        numbers, host = self.chosen_numbers(), self.host
        if not self.any_marked:
            self.go_on()
        quiet = self.shows_acts and not self.any_marked
        host.attempt(lambda: replace(host.actions.review(numbers, kind), quiet=quiet))

    def go_on(self) -> None:
        """Go on to the next suspect of the list that waits; where none follows, stay and say so."""
        if not self.host.listing.go_on(lambda row: _waits(row.finding)):
            self.host.tell(say("tui.review.last"))

    def do_assign(self) -> None:
        """Ask for a person and hand the findings over."""
        host, row = self.host, self.here[0]

        def known(values: Mapping[str, str]) -> Mapping[str, str]:
            person = values["person"]
            if not person or host.repository.knows_person(person):
                return {}
            return {"person": say("tui.form.no-person", name=clean(person, limit=60))}

        value = clean(row.assigned_to or row.responsible or "", limit=60)
        field = Field("person", say("tui.form.person"), value, say("tui.form.empty-nobody"))
        self._ask("assign", field, lambda numbers, who: host.done(host.actions.assign(numbers, who or None)), known)

    def do_tick(self) -> None:
        """Ask which step, where there are several, and tick or untick it."""
        row, steps = self.here[0], self.here[1].remediation
        if len(steps) == 1:
            self.tick_step(0)
        else:
            self.host.apart(partial(self.host.repository.detail, row), partial(self._ask_step, row, steps))

    def _ask_step(self, row: FindingRow, steps: Sequence[RemediationStep], detail: FindingDetail | None) -> None:
        """Ask which of several steps is meant, the first that is open unless something else is said."""
        done = set(detail.ticks) if detail else set()
        usual = min(set(range(len(steps))) - done, default=0)
        names = tuple(str(place) for place in range(1, len(steps) + 1))
        words = tuple(f"[{'x' if place in done else ' '}] {step.what}" for place, step in enumerate(steps))
        field = Field("step", say("tui.form.step"), names[usual], choices=names, words=words)

        def carry(values: Mapping[str, str]) -> Mapping[str, str]:
            if values["step"] not in names:
                return {"step": say("tui.form.step")}
            place = int(values["step"]) - 1
            return refused(lambda: self.host.done(self.host.actions.tick(row.id, place, steps[place].what)))

        self.host.push_screen(Form(say("tui.key.tick"), [field], carry))

    def tick_step(self, position: int) -> None:
        """Tick or untick a step."""
        row, finding = self.here
        self.host.attempt(lambda: self.host.actions.tick(row.id, position, finding.remediation[position].what))

    # Decisions.

    def do_waive(self) -> None:
        """Ask for what a waiver needs."""
        self._decide("waive", "waivable", waive_form)

    def do_attest(self) -> None:
        """Ask for what a signed statement needs."""
        self._decide("attest", "attestable", attest_form)

    def _decide(self, action: str, needs: str, form: Callable[[Host, str, Sequence[Finding], str], Form]) -> None:
        """Ask for what a decision about the chosen findings needs."""
        host, ruleset = self.host, self.here[0].ruleset

        def show(able: Mapping[int, Any], notice: str) -> None:
            host.push_screen(form(host, ruleset, list(able.values()), notice))

        self._chosen(action, needs, show)

    def do_reveal(self) -> None:
        """Ask why, leave an entry in the audit trail, and show the text that findings keep from view."""
        row, finding = self.here

        def read(why: str) -> None:
            self.host.actions.reveal(row.id, why)
            text = self.host.repository.clear_text(finding) or say("tui.reveal.gone")
            shown.append(Reading[None](say("tui.reveal.title"), lambda width: paragraph(text, width)))

        shown: list[Reading[None]] = []
        field = Field("why", say("tui.form.why"), hint=say("tui.form.why-hint"), needed=True)
        form = Form(say("tui.key.reveal"), [field], lambda values: refused(lambda: read(values["why"])))

        def show(_saved: object) -> None:
            for box in shown:
                self.host.push_screen(box)

        # The form closes first, then the text shows.
        self.host.push_screen(form, show)

    # Taking things along.

    def do_export(self) -> None:
        """Ask for format and file, and write what the filter shows."""
        host, suffixes = self.host, {name: one.suffix for name, one in self.host.services.formats().items()}
        write = partial(reports_of_listing, host, host.listing.wanted)
        host.push_screen(export_form(host, say("tui.file.findings"), host.listing.fitting, suffixes, write))

    def _copy(self, what: str, *parts: str) -> None:
        """Copy texts as one line with tabs, without anything that acts where it is pasted."""
        self.host.copy_to_clipboard("\t".join(clean(part) for part in parts))
        self.host.tell(say("tui.copied", what=what))

    def do_copy(self) -> None:
        """Copy the id."""
        label = self.here[0].label
        self._copy(label, label)

    def do_copy_row(self) -> None:
        """Copy the row as one line with tabs."""
        row, finding = self.here
        name = subject_shown(row.subject_kind, row.subject_name)
        parts = (row.label, row.severity, row.rule, name, row.department or "", str(finding.says))
        self._copy(say("tui.copied.row"), *parts)

    def do_copy_evidence(self) -> None:
        """Copy the facts, masked as they are shown."""
        row, finding = self.here
        facts = dict(facts_words(finding.facts, finding.labels))
        self._copy(say("tui.copied.evidence"), f"{row.label} {json.dumps(facts, ensure_ascii=False)}")

    def do_edit_ruleset(self) -> None:
        """Open the rule set at the line of this rule."""
        rule = self.host.rulesets.rule_of(self.here[0])[0]
        if rule is not None:
            self.host.edit(rule.place)


def reports_of_listing(host: Host, wanted: FindingFilter, name: str, split: str = "one") -> dict[str, bytes]:
    """Return reports of what fits in one format: one by '', or by department or person; raises PolicycoreError."""
    report, written = host.services.formats()[name], dict[str, bytes]()
    result = host.repository.report(wanted)
    parts: dict[str, RunResult] = {"": result}
    if split != "one":
        found: dict[tuple[str, str], list[Finding]] = {}
        for one in result.findings:
            subject = one.subject
            ids, named = (
                (subject.department_id, subject.department)
                if split == "department"
                else (subject.responsible_id, subject.responsible)
            )
            found.setdefault((named or say(f"tui.split.none.{split}"), ids or ""), []).append(one)
        names = [label for label, _ in found]
        # What is missing belongs to all: it stands in the report about all of them.
        parts = {
            f"{label} {number}" if names.count(label) > 1 else label: replace(result, findings=tuple(some), gaps=())
            for (label, number), some in sorted(found.items())
        }
    for part, about in parts.items():
        stream = io.BytesIO()
        report.write(about, stream, current_language())
        written[part] = stream.getvalue()
    return written
