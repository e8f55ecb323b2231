"""Write a result as JUnit XML: a rule is a suite, a finding a failed case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import BinaryIO

from policycore.language import Language, say
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Verdict
from policycore.reports.gaps import missing_fields, missing_words, named, remedy_words
from policycore.reports.words import safe, step_words, subject_words, verdict_word, write_lines

__all__ = ["JunitReport"]

# "error" is JUnit's word for a test that could not come to an answer.
_elements = {
    Verdict.FAIL: "failure",
    Verdict.SUSPECT: "failure",
    Verdict.NEEDS_ATTESTATION: "failure",
    Verdict.ERROR: "error",
    Verdict.WAIVED: "skipped",
    Verdict.ATTESTED: "skipped",
    Verdict.PASS: "skipped",  # a suspect that a person dismissed
}


@dataclass(frozen=True, slots=True)
class JunitReport:
    """A report of one suite a rule; subjects that pass are one case together, for there may be millions."""

    name: str = "junit"
    suffix: str = ".xml"
    media_type: str = "application/xml"
    is_text: bool = True

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:
        """Write the report."""
        write_lines(_lines(result), stream, language)


def _lines(result: RunResult) -> Iterator[str]:
    """Yield the report line by line."""
    suites = _suites(result)
    cases = [finding for _, _, found, _ in suites for finding in found]
    left = [(name, say("reports.unreached"), "") for name in result.unreached]
    missing = [
        (named(item), missing_words(item), safe(remedy_words(item.field, item.source).in_language()))
        for item in missing_fields(result.gaps)
    ]
    total = _counts(cases, sum(1 for *_, passed in suites if passed), len(left) + len(missing))
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    # The widespread schema knows no "skipped" here.
    shown = {name: count for name, count in total.items() if name != "skipped"}
    yield f"<testsuites name={_value(result.ruleset)} {_attributes(shown)}>"
    stamp = result.as_of.replace(tzinfo=None).isoformat(timespec="seconds")
    for number, (rule, name, found, passed) in enumerate(suites):
        counts = _counts(found, 1 if passed else 0)
        yield (
            f'<testsuite id="{number}" name={_value(f"{rule} {name}")} package={_value(result.ruleset)} '
            f'hostname="policycore" timestamp="{stamp}" time="0" {_attributes(counts)}>'
        )
        yield "<properties/>"
        if passed:
            yield f'<testcase classname={_value(name)} name={_value(say("reports.passed", count=passed))} time="0"/>'
        for finding in found:
            yield from _case(finding)
        yield "<system-out/><system-err/></testsuite>"
    # A server that reads nothing but this file must not take what nobody could judge for what passed.
    unjudged = [(say("reports.gaps"), missing), (say("reports.unreached"), left)]
    for number, (title, held) in enumerate(filter(itemgetter(1), unjudged), start=len(suites)):
        yield (
            f'<testsuite id="{number}" name={_value(title)} package={_value(result.ruleset)} '
            f'hostname="policycore" timestamp="{stamp}" time="0" {_attributes(_counts([], 0, len(held)))}><properties/>'
        )
        for name, message, remedy in held:
            yield f'<testcase classname={_value(name)} name={_value(name)} time="0">'
            yield from _element("error", Verdict.UNKNOWN.value, message, remedy)
            yield "</testcase>"
        yield "<system-out/><system-err/></testsuite>"
    yield "</testsuites>"


def _suites(result: RunResult) -> list[tuple[str, str, list[Finding], int]]:
    """Return rule, name, findings and passes of every rule that ran or found something."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in result.findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    names = {rule: found[0].name for rule, found in by_rule.items()}
    names.update({outcome.rule: outcome.name for outcome in result.outcomes})
    passes = {outcome.rule: outcome.verdicts.get(Verdict.PASS, 0) for outcome in result.outcomes}
    return [(rule, name, by_rule.get(rule, []), passes.get(rule, 0)) for rule, name in sorted(names.items())]


def _attributes(counts: dict[str, int]) -> str:
    """Return counts as attributes."""
    return " ".join(f'{name}="{count}"' for name, count in counts.items())


def _counts(findings: list[Finding], passing: int, unreached: int = 0) -> dict[str, int]:
    """Count cases by what becomes of them; the `unreached` are errors."""
    elements = [_elements[finding.verdict] for finding in findings]
    return {
        "tests": len(findings) + passing + unreached,
        "failures": elements.count("failure"),
        "errors": elements.count("error") + unreached,
        "skipped": elements.count("skipped"),
    }


def _case(finding: Finding) -> Iterator[str]:
    """Yield one finding as a case that did not pass."""
    element = _elements[finding.verdict]
    # Fingerprints tell two findings about one subject apart; CI servers match cases by name.
    name = f"{subject_words(finding.subject)} [{finding.id}]"
    yield f'<testcase classname={_value(finding.name)} name={_value(name)} time="0">'
    message = safe(finding.says.in_language())
    if element == "skipped":
        yield f"<skipped message={_value(f'{verdict_word(finding.verdict)}: {message}')}/>"
    else:
        steps = "\n".join(step_words(step) for step in finding.remediation)
        yield from _element(element, finding.verdict.value, message, steps)
    yield "</testcase>"


def _element(name: str, kind: str, message: str, text: str) -> Iterator[str]:
    """Yield what says why a case did not pass."""
    from xml.sax.saxutils import escape

    yield f"<{name} type={_value(kind)} message={_value(message)}>{escape(text)}</{name}>"


def _value(text: object) -> str:
    """Return foreign text as a quoted attribute."""
    # Every check asks for the formats' names; this brings all of Python's network clients with it.
    from xml.sax.saxutils import quoteattr

    return quoteattr(safe(text))
