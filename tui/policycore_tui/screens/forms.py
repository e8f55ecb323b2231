"""The forms: a check, a waiver, a signed statement, a file to write, a saved view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from policycore.decisions.attestations import signers_words
from policycore.decisions.policy import reason_words
from policycore.estate.cells.times import end_of_day
from policycore.language import say, say_both
from policycore.model.result import Finding
from policycore.operations.decide import Request
from policycore.system.refusals import refusal_words
from policycore_tui.host import Host
from policycore_tui.screens.boxes import Field, Form
from policycore_tui.state.actions import Done, refused
from policycore_tui.state.settings import read_settings
from policycore_tui.state.typed import is_there, typed_day, typed_path

__all__ = ["attest_form", "form_title", "run_form", "view_form", "waive_form"]

_USUAL_DAYS = 30
"""Days that a new waiver is offered for; the rule set's limit is checked like any other."""
_VIEW_KEYS = tuple("123456789")

Values = Mapping[str, str]


def form_title(action: str, count: int, what: str = "") -> str:
    """Return the title of a form that is about `count` findings, or other things that `what` names."""
    return say(f"tui.form.title{what}", action=say(f"tui.key.{action}"), count=count)


def run_form(host: Host) -> Form:
    """Return the form that asks for estate and rule set and starts a check."""
    services, run = host.services, host.repository.latest()
    kept = read_settings("check.json").get(str(host.repository.workspace.folder), ("", ""))
    beside = host.repository.workspace.folder.parent / "estate"
    usual = kept[0] or (str(beside) if is_there(beside) else "")
    known = str(services.estate or usual), services.ruleset_name or kept[1] or (run.ruleset if run else "")
    folder, ruleset = host.checks.last or known
    fields = [
        Field("estate", say("tui.form.estate"), folder, browse=True),
        Field("ruleset", say("tui.form.ruleset"), ruleset),
    ]

    def check(values: Values) -> Values:
        if not values["estate"] or not is_there(typed_path(values["estate"])):
            return {"estate": say("tui.form.no-folder")}
        return {} if values["ruleset"] else {"ruleset": say("tui.form.needed")}

    def start(values: Values) -> Values:
        host.checks.last = values["estate"], values["ruleset"]
        folder = str(typed_path(values["estate"]).absolute())
        host.remember("check.json", {str(host.repository.workspace.folder): (folder, values["ruleset"])})
        host.later(host.checks.check, values["ruleset"], typed_path(values["estate"]))
        return {}

    return Form(say("tui.key.run_check"), fields, start, check=check)


def waive_form(host: Host, ruleset: str, findings: Sequence[Finding], notice: str = "") -> Form:
    """Return the form that asks for reason, text, requester, approver and end of a waiver of `findings`.

    Raises PolicycoreError when the grounds for waivers can't be read.
    """
    # In the zone of the estate: the number that the waiver gets begins with this day.
    begins, hint = host.as_of.astimezone(host.zone), say("tui.form.person-hint")
    policy, until = host.actions.waiver_policy(ruleset), begins + timedelta(days=_USUAL_DAYS - 1)
    reasons, entitled = policy.reasons, say("tui.form.entitled", hint=hint, who=policy.approvers)
    fields = [
        Field("reason", say("tui.form.reason"), "1" if reasons else "", "", reasons, tuple(map(reason_words, reasons))),
        Field("text", say("tui.form.text")),
        Field("requester", say("tui.form.requester"), _responsible(findings), hint),
        Field("approver", say("tui.form.approver"), str(read_settings("waive.json").get("approver", "")), entitled),
        Field("until", say("tui.form.until"), f"{until:%Y-%m-%d}", is_day=True),
    ]

    def request(values: Values) -> Request:
        people, last = (values["requester"], values["approver"]), typed_day(values["until"], host.zone)
        # Officers mean the last day by it; a waiver ends where the next day begins.
        ends = end_of_day(last.date(), host.zone) + timedelta(microseconds=1) if last else begins
        return Request(values["reason"], values["text"], *people, begins, ends, begins)

    def check(values: Values) -> Values:
        return refused(lambda: host.actions.judge_waiver(ruleset, findings, request(values)))

    def carry(values: Values) -> Values:
        errors = refused(lambda: host.done(host.actions.waive(ruleset, findings, request(values))))
        if not errors:
            host.remember("waive.json", {"approver": values["approver"]})
        return errors

    question = say("tui.ask.file", path=host.repository.store.address, count=len(findings))
    needed = [replace(field, needed=True) for field in fields]
    return Form(form_title("waive", len(findings)), needed, carry, lambda _values: question, check, notice)


def _responsible(findings: Sequence[Finding]) -> str:
    """Return the id of the person who answers for all the findings, '' where that is nobody or several."""
    return _same(one.subject.responsible_id or "" for one in findings)


def _same(words: Iterable[str]) -> str:
    """Return the word that all are, '' where they are several; of a hundred thousand the first two may tell."""
    first = None
    for word in words:
        if first is not None and word != first:
            return ""
        first = word
    return first or ""


def attest_form(host: Host, ruleset: str, findings: Sequence[Finding], notice: str = "") -> Form:
    """Return the form that asks for signer, date and document of a signed statement."""
    today, who = f"{host.as_of.astimezone(host.zone):%Y-%m-%d}", _same(map(signers_words, findings))
    hint = say("tui.form.person-hint")
    entitled = say("tui.form.entitled", hint=hint, who=who) if who else hint
    fields = [
        Field("person", say("tui.form.signer"), hint=entitled, needed=True),
        Field("signed", say("tui.form.signed"), today, needed=True, is_day=True),
        Field("evidence", say("tui.form.evidence"), hint=say("tui.form.evidence-hint"), needed=True, browse=True),
        Field("text", say("tui.form.text"), hint=say("tui.form.optional")),
    ]

    def statement(values: Values) -> Mapping[str, Any]:
        return {**values, "signed": typed_day(values["signed"], host.zone), "evidence": typed_path(values["evidence"])}

    def check(values: Values) -> Values:
        return refused(lambda: host.actions.judge_statement(ruleset, findings, statement(values)))

    def carry(values: Values) -> Values:
        return refused(lambda: host.done(host.actions.attest(ruleset, findings, statement(values))))

    count = len(findings)
    question = say("tui.ask.file", path=host.repository.store.address, count=count)
    return Form(form_title("attest", count), fields, carry, lambda _values: question, check, notice)


def view_form(host: Host) -> Form:
    """Return the form that asks for a number key and a name and keeps filter and order under it.

    What the keys hold already stands above.
    """
    views, listing = host.views, host.listing
    kept = {key: views.get(int(key)) for key in _VIEW_KEYS}
    free = next((key for key, view in kept.items() if view is None), "1")
    words = tuple(say("tui.form.view-free") if view is None else view.name or "-" for view in kept.values())
    fields = [
        Field("key", say("tui.form.view-key"), free, choices=_VIEW_KEYS, words=words),
        Field("name", say("tui.form.view-name"), listing.filter_line),
    ]

    def ask(values: Values) -> str:
        """Return the question where another view would be lost."""
        before = kept[values["key"]]
        return say("tui.ask.view", number=values["key"], name=before.name) if before is not None else ""

    def keep(values: Values) -> Values:
        number = int(values["key"])
        try:
            before = views.keep(number, replace(listing.view, name=values["name"]))
        except OSError as error:
            return {"key": say("tui.settings.unwritable", why=refusal_words(error))}
        host.done(Done(say_both("tui.done.view", number=number), lambda: views.keep(number, before)))
        return {}

    def check(values: Values) -> Values:
        return {} if values["key"] in _VIEW_KEYS else {"key": say("tui.form.view-key")}

    return Form(say("tui.key.save_view"), fields, keep, ask, check)
