"""The forms of decisions: what a waiver or a signed statement needs, judged as on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from policycore.decisions.policy import reason_words
from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.model.result import Finding
from policycore_tui.office.acting import errors_by_field
from policycore_tui.screens.box import Field, Form
from policycore_tui.state.typed_path import typed_path
from policycore_tui.state.undo import Done

if TYPE_CHECKING:
    from policycore.operations.decide import Request
    from policycore_tui.app import PolicycoreApp

__all__ = ["AttestForm", "WaiveForm", "form_title"]

_USUAL_DAYS = 30
"""Days that a new waiver is offered for; the rule set's limit is checked like any other."""


def form_title(action: str, count: int) -> str:
    """Return the title of a form that is about `count` findings."""
    return say("tui.form.title", action=say(f"tui.key.{action}"), count=count)


class WaiveForm(Form):
    """Ask for reason, text, requester, approver and end of a waiver of `findings`.

    Raises PolicycoreError when the grounds for waivers can't be read.
    """

    def __init__(
        self,
        owner: PolicycoreApp,
        ruleset: str,
        findings: Sequence[Finding],
        done: Callable[[Done], None],
        notice: Callable[[], str] = str,
    ) -> None:
        self.owner = owner
        self.ruleset = ruleset
        self.findings = findings
        self.done = done
        reasons = owner.acts.reasons(ruleset)
        until = (owner.as_of + timedelta(days=_USUAL_DAYS)).astimezone(owner.zone)
        fields = [
            Field(
                "reason", say("tui.form.reason"), "1" if reasons else "", "", reasons, tuple(map(reason_words, reasons))
            ),
            Field("text", say("tui.form.text")),
            Field("requester", say("tui.form.requester"), hint=say("tui.form.person-hint")),
            Field("approver", say("tui.form.approver"), hint=say("tui.form.person-hint")),
            Field("until", say("tui.form.until"), f"{until:%Y-%m-%d}"),
        ]
        question = say("tui.ask.file", path=owner.office.workspace.waivers, count=len(findings))
        title = form_title("waive", len(findings))
        super().__init__(title, fields, self._write, lambda _values: question, self._judge, notice())

    def _request(self, values: Mapping[str, str]) -> Request:
        """Return what is asked for; the form was found filled in before."""
        from policycore.operations.decide import Request

        # In the zone of the estate: the number that the waiver gets begins with this day.
        begins, ends = self.owner.as_of.astimezone(self.owner.zone), _day(values["until"], self.owner.zone)
        return Request(
            values["reason"], values["text"], values["requester"], values["approver"], begins, ends or begins, begins
        )

    def _judge(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Return what is missing or would not count, by field."""
        errors = {name: say("tui.form.needed") for name, value in values.items() if not value}
        if _day(values["until"], self.owner.zone) is None:
            errors.setdefault("until", say("tui.form.date"))
        return errors or _refused(
            lambda: self.owner.acts.judge_waiver(self.ruleset, self.findings, self._request(values))
        )

    def _write(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Record the waiver; what has changed since it was judged is an error by field."""
        return _refused(lambda: self.done(self.owner.acts.waive(self.ruleset, self.findings, self._request(values))))


class AttestForm(Form):
    """Ask for signer, date and document of a signed statement."""

    def __init__(self, owner: PolicycoreApp, ruleset: str, finding: Finding, done: Callable[[Done], None]) -> None:
        self.owner = owner
        self.ruleset = ruleset
        self.finding = finding
        self.done = done
        today = f"{owner.as_of.astimezone(owner.zone):%Y-%m-%d}"
        fields = [
            Field("person", say("tui.form.signer"), hint=say("tui.form.person-hint")),
            Field("signed", say("tui.form.signed"), today),
            Field("evidence", say("tui.form.evidence"), hint=say("tui.form.evidence-hint")),
            Field("text", say("tui.form.text"), hint=say("tui.form.optional")),
        ]
        question = say("tui.ask.file", path=owner.office.workspace.attestations, count=1)
        super().__init__(form_title("attest", 1), fields, self._write, lambda _values: question, self._judge)

    def _statement(self, values: Mapping[str, str]) -> Mapping[str, Any]:
        """Return what was filled in."""
        return {
            "person": values["person"],
            "signed": _day(values["signed"], self.owner.zone),
            "evidence": typed_path(values["evidence"]),
            "text": values["text"],
        }

    def _judge(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Return what is missing or would not count, by field."""
        errors = {name: say("tui.form.needed") for name in ("person", "signed", "evidence") if not values[name]}
        if _day(values["signed"], self.owner.zone) is None:
            errors.setdefault("signed", say("tui.form.date"))
        return errors or _refused(
            lambda: self.owner.acts.judge_statement(self.ruleset, self.finding, self._statement(values))
        )

    def _write(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Record the statement."""
        return _refused(lambda: self.done(self.owner.acts.attest(self.ruleset, self.finding, self._statement(values))))


def _refused(act: Callable[[], object]) -> Mapping[str, str]:
    """Return why an act was refused, by field; empty when it was carried out."""
    try:
        act()
    except PolicycoreError as error:
        return errors_by_field(error)
    except OSError as error:
        return {"": error.strerror or type(error).__name__}
    return {}


def _day(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the time that a person typed, in the estate's zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)
