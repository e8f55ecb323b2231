"""Write the page of one rule: what it says, values in force with their origin, cases."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Sequence

from policycore.errors import Place
from policycore.language import current_language, say
from policycore.plugin_api.rule import meaning
from policycore.rulesets.resolved import Origin, ResolvedRule
from policycore_tui.pages.lines import Line, blank, heading, labelled, one, paragraph, titled
from policycore_tui.pages.words import LOOK_OF, severity_word

__all__ = ["rule_lines"]


def rule_lines(rule: ResolvedRule, origins: Sequence[Origin], width: int, precise: str = "") -> list[Line]:
    """Return everything about one rule of a rule set; `precise` says how often it was right."""
    # Docstrings are written in English, like all code.
    told = inspect.cleandoc(type(rule.rule).__doc__ or "") if current_language() == "en" else ""
    docstring = told.split("\n\n") if told else []
    return [
        *paragraph(rule.rule.title.in_language(), width, "title"),
        *paragraph(f"{rule.id}  {rule.name}", width),
        one((severity_word(rule.severity.value), LOOK_OF[rule.severity.value])),
        *labelled(say("tui.column.clauses"), " ".join(rule.clauses) or "-", width),
        *labelled(say("tui.rule.enforcement"), say(f"tui.enforcement.{rule.enforcement.name.lower()}"), width),
        *labelled(say("tui.rule.place"), str(rule.place), width),
        *(labelled(say("tui.overview.reviews"), precise, width) if precise else ()),
        *(labelled(say("tui.rule.applies"), rule.applies_to, width) if rule.applies_to else ()),
        blank(),
        *paragraph(rule.rule.explanation.in_language(), width),
        *(line for text in docstring for line in paragraph(" ".join(text.split()), width, "muted")),
        blank(),
        *titled(say("tui.rule.parameters"), _parameters(rule, width)),
        blank(),
        *_origins(rule, origins, width),
        heading(say("tui.detail.steps")),
        *_steps(rule, width),
        blank(),
        *titled(say("tui.detail.cases"), _cases(rule, width)),
    ]


def _parameters(rule: ResolvedRule, width: int) -> Iterator[Line]:
    described = type(rule.params).model_json_schema().get("properties", {})
    for name, value in rule.params.model_dump(mode="json").items():
        yield from labelled(name, json.dumps(value, ensure_ascii=False), width)
        meant = meaning(described.get(name, {})).in_language()
        if meant:
            yield from paragraph(meant, width, "muted", indent=2)


def _origins(rule: ResolvedRule, origins: Sequence[Origin], width: int) -> Iterator[Line]:
    """Yield which line of which file set a value, and which lost to it."""
    own = [origin for origin in origins if rule.name in origin.path or f"[{rule.id}]" in origin.path]
    if own:
        yield heading(say("tui.rule.origins"))
    for origin in own:
        label = origin.path.rpartition(rule.name)[2].lstrip(".") or origin.path
        yield from labelled(label, _value(origin.value), width)
        yield from paragraph(say("tui.rule.won", place=_place(origin.won, rule)), width, "good", indent=2)
        for place, value in origin.lost:
            words = say("tui.rule.lost", place=_place(place, rule), value=_value(value))
            yield from paragraph(words, width, "muted", indent=2)
    if own:
        yield blank()


def _value(value: object) -> str:
    """Return a value as a rule set writes it."""
    if value is None:
        return say("tui.none")
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except TypeError:
        return str(value)


def _place(place: Place, rule: ResolvedRule) -> str:
    """Return the line that set a value, or that the rule brought it along."""
    return say("tui.rule.own") if place.file == rule.name else str(place)


def _steps(rule: ResolvedRule, width: int) -> Iterator[Line]:
    for step in rule.rule.remediation:
        text = say("reports.step", who=say(f"engine.who.{step.who}"), what=step.what.in_language())
        yield from labelled("-", text, width)


def _cases(rule: ResolvedRule, width: int) -> Iterator[Line]:
    """Yield the named cases: what is given and what is found."""
    for case in rule.rule.cases:
        yield from labelled("-", case.title.in_language(), width)
        outcome = ", ".join(case.finds) or ", ".join(case.unknown)
        key = "engine.case.finds" if case.finds else "engine.case.unknown" if case.unknown else "engine.case.clean"
        yield from paragraph(say(key, subjects=outcome), width, "muted", indent=2)
