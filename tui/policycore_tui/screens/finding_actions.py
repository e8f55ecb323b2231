"""What can be done about findings, the same from the list and from one finding's own screen."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.model.result import Finding
from policycore.model.verdict import Enforcement, Verdict
from policycore.store.bodies import finding_from
from policycore.store.query import FindingRow
from policycore.text.clean import clean
from policycore_tui.office.acting import errors_by_field
from policycore_tui.pages.words import value_word
from policycore_tui.screens.box import Field, Form, Reading
from policycore_tui.screens.decision_forms import AttestForm, WaiveForm, form_title
from policycore_tui.screens.editing import edit
from policycore_tui.screens.exporting import ExportForm
from policycore_tui.screens.section import Section
from policycore_tui.state.lines import paragraph
from policycore_tui.state.undo import Done

__all__ = ["MANY", "FindingActions"]

MANY = 20
"""Above so many findings an action asks first."""
_WAIVABLE = (Verdict.FAIL, Verdict.SUSPECT)


class FindingActions(Section):
    """Carry out actions on the marked findings, or on the one that is shown."""

    @property
    def current(self) -> FindingRow | None:
        """Return the finding that is shown."""
        return None

    def chosen_numbers(self) -> tuple[int, ...]:
        """Return the numbers of the findings that an action is about."""
        return ()

    @property
    def hidden_marks(self) -> int:
        """Return how many marked findings an action leaves alone because the filter hides them."""
        return 0

    def after_action(self) -> None:
        """Show what an action changed."""

    @property
    def finding(self) -> Finding | None:
        """Return what the shown finding said last."""
        row = self.current
        return None if row is None else finding_from(row.body, self.office_app.zone)

    def meets(self, condition: str) -> bool:
        """Return whether a condition of the key table holds."""
        finding = self.finding
        if condition == "finding":
            return finding is not None
        if condition == "steps":
            return finding is not None and bool(finding.remediation)
        if condition == "secret":
            return finding is not None and {"evidence", "field"} <= set(finding.facts)
        if condition == "attestable":
            return finding is not None and finding.verdict is Verdict.NEEDS_ATTESTATION
        if condition == "waivable":
            return (
                finding is not None
                and finding.verdict in _WAIVABLE
                and finding.enforcement is not Enforcement.MANDATORY_WITHOUT_WAIVERS
            )
        if condition == "place":
            row = self.current
            return row is not None and self.office_app.rulesets.rule_of(row)[0] is not None
        return super().meets(condition)

    # Small helpers of all actions.

    def carry(self, act: Callable[[], Done]) -> bool:
        """Do something that can be undone, say so and show it; False when it was refused."""
        try:
            done = act()
        except PolicycoreError as error:
            self.office_app.tell_error(error)
            return False
        except OSError as error:
            self.office_app.tell(error.strerror or type(error).__name__, "error")
            return False
        self.done(done)
        return True

    def done(self, done: Done) -> None:
        """Remember an act for undo, say it and show what it changed."""
        self.office_app.acts.count += 1
        self.office_app.undo_stack.push(done)
        self.office_app.tell(say("tui.done", what=str(done.what)))
        self.after_action()

    def chosen_findings(self) -> list[Finding]:
        """Return what the chosen findings said last."""
        return self.office_app.office.findings(self.chosen_numbers())

    # Notes, assignments, steps.

    def do_note(self) -> None:
        """Ask for a note and add it."""
        numbers = self.chosen_numbers()

        def write(values: Mapping[str, str]) -> Mapping[str, str]:
            if not values["text"]:
                return {"text": say("tui.form.needed")}
            return {} if self.carry(lambda: self.office_app.acts.note(numbers, values["text"])) else {"": "-"}

        fields = [Field("text", say("tui.form.note"))]
        self.app.push_screen(
            Form(self._titled("note", numbers), fields, write, self._many(numbers), notice=self._notice())
        )

    def do_assign(self) -> None:
        """Ask for a person and hand the findings over."""
        numbers = self.chosen_numbers()

        def write(values: Mapping[str, str]) -> Mapping[str, str]:
            person = values["person"] or None
            return {} if self.carry(lambda: self.office_app.acts.assign(numbers, person)) else {"": "-"}

        def known(values: Mapping[str, str]) -> Mapping[str, str]:
            person = values["person"]
            if not person or self.office_app.office.knows_person(person):
                return {}
            return {"person": say("tui.form.no-person", name=clean(person, limit=60))}

        value = (self.current.assigned_to or self.current.responsible or "") if self.current else ""
        fields = [Field("person", say("tui.form.person"), clean(value, limit=60), say("tui.form.empty-nobody"))]
        self.app.push_screen(
            Form(self._titled("assign", numbers), fields, write, self._many(numbers), known, self._notice())
        )

    def _titled(self, action: str, numbers: Sequence[int]) -> str:
        return form_title(action, len(numbers))

    def _notice(self) -> str:
        """Return what a form says about marks that it is not about."""
        return say("tui.form.hidden", count=self.hidden_marks) if self.hidden_marks else ""

    def _many(self, numbers: Sequence[int]) -> Callable[[Mapping[str, str]], str]:
        """Return what asks whether so many are meant."""
        question = say("tui.ask.many", count=len(numbers)) if len(numbers) > MANY else ""
        return lambda _values: question

    def do_tick(self) -> None:
        """Tick the first open step; which one is said, and undo takes it back."""
        row, finding = self.current, self.finding
        if row is None or finding is None:
            return
        picture = self.office_app.office.picture(row)
        ticks = picture.ticks if picture else {}
        position = next((place for place in range(len(finding.remediation)) if place not in ticks), 0)
        self.tick_step(position)

    def tick_step(self, position: int) -> None:
        """Tick or untick a step."""
        row, finding = self.current, self.finding
        if row is not None and finding is not None:
            number, step = row.id, finding.remediation[position].what
            self.carry(lambda: self.office_app.acts.tick(number, position, step))

    # Decisions.

    def do_waive(self) -> None:
        """Ask for what a waiver needs."""
        row = self.current
        if row is None:
            return
        try:
            form = WaiveForm(self.office_app, row.ruleset, self.chosen_findings(), self.done, self._notice)
        except PolicycoreError as error:
            self.office_app.tell_error(error)
            return
        self.app.push_screen(form)

    def do_attest(self) -> None:
        """Ask for what a signed statement needs."""
        row, finding = self.current, self.finding
        if row is not None and finding is not None:
            self.app.push_screen(AttestForm(self.office_app, row.ruleset, finding, self.done))

    # Taking things along.

    def do_export(self) -> None:
        """Ask for format and file, and write what the filter shows."""
        self.app.push_screen(ExportForm(self.office_app, self.done))

    def _copied(self, text: str, what: str) -> None:
        self.app.copy_to_clipboard(clean(text))
        self.office_app.tell(say("tui.copied", what=what))

    def do_copy(self) -> None:
        """Copy the id."""
        if self.current is not None:
            self._copied(self.current.label, self.current.label)

    def do_copy_row(self) -> None:
        """Copy the row as one line with tabs."""
        row, finding = self.current, self.finding
        if row is None or finding is None:
            return
        parts = [row.label, row.severity, row.rule, row.subject_name, row.department or "", str(finding.message)]
        self.app.copy_to_clipboard("\t".join(clean(part) for part in parts))
        self.office_app.tell(say("tui.copied", what=say("tui.copied.row")))

    def do_copy_evidence(self) -> None:
        """Copy the facts, masked as they are shown."""
        row, finding = self.current, self.finding
        if row is not None and finding is not None:
            facts = {name: value_word(value, self.office_app.zone) for name, value in finding.facts.items()}
            self._copied(f"{row.label} {json.dumps(facts, ensure_ascii=False)}", say("tui.copied.evidence"))

    # Going to the source.

    def do_edit_ruleset(self) -> None:
        """Open the rule set at the line of this rule."""
        row = self.current
        rule = self.office_app.rulesets.rule_of(row)[0] if row is not None else None
        if rule is not None:
            edit(self.office_app, rule.place)

    def do_reveal(self) -> None:
        """Ask why, leave an entry in the audit trail, and show the text that findings keep from view."""
        row, finding = self.current, self.finding
        if row is None or finding is None:
            return
        number = row.id

        def read(values: Mapping[str, str]) -> Mapping[str, str]:
            if not values["why"]:
                return {"why": say("tui.form.needed")}
            try:
                self.office_app.acts.reveal(number, values["why"])
                text = self.office_app.office.masked_text(finding)
            except PolicycoreError as error:
                return errors_by_field(error)
            # The form closes first, then the text shows.
            self.app.call_later(self._read, text or say("tui.reveal.gone"))
            return {}

        fields = [Field("why", say("tui.form.why"), hint=say("tui.form.why-hint"))]
        self.app.push_screen(Form(say("tui.key.reveal"), fields, read))

    def _read(self, text: str) -> None:
        self.app.push_screen(Reading(say("tui.reveal.title"), lambda width: paragraph(text, width)))
