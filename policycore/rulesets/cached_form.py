"""Write a loaded rule set as plain JSON and read it back; places are numbered once and referred to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policycore.errors import Place, Problem
from policycore.language import Text
from policycore.model.verdict import Enforcement, Severity, Subject
from policycore.plugin_api.rule import Rule, Step
from policycore.rulesets.resolved import (
    Attestation,
    Clause,
    Origin,
    PolicyDocument,
    ResolvedRule,
    ResolvedRuleSet,
)
from policycore.rulesets.sql_rule import SqlRule, SqlRuleParts, make_sql_rule
from policycore.rulesets.validation import validated_json

if TYPE_CHECKING:
    from policycore.plugin_api.rule_catalogue import RuleCatalogue
    from policycore.rulesets.load import LoadedRuleSet

__all__ = ["from_json", "to_json"]


class _Places:
    """Number places, so that each is written once."""

    def __init__(self) -> None:
        self.numbers: dict[Place, int] = {}

    def number(self, place: Place | None) -> int:
        """Return the number of `place`; -1 for none."""
        return -1 if place is None else self.numbers.setdefault(place, len(self.numbers))


def to_json(loaded: LoadedRuleSet) -> dict[str, Any]:
    """Return `loaded` as data that JSON can hold."""
    ruleset, places = loaded.ruleset, _Places()
    body: dict[str, Any] = {
        "name": ruleset.name,
        "title": [ruleset.title.zh, ruleset.title.en],
        "document": [ruleset.document.title, ruleset.document.issuer, ruleset.document.date, ruleset.document.source],
        "clauses": [
            [clause.id, clause.text, clause.parent, places.number(clause.place)] for clause in ruleset.document.clauses
        ],
        "rules": [_rule_to_json(rule, places) for rule in ruleset.rules],
        "attestations": [
            [one.clause, one.asks.zh, one.asks.en, one.valid_days, places.number(one.place)]
            for one in ruleset.attestations
        ],
        "parameters": dict(ruleset.parameters),
        "origins": [
            [
                origin.path,
                origin.value,
                places.number(origin.won),
                [[places.number(place), value] for place, value in origin.lost],
            ]
            for origin in ruleset.origins
        ],
        "files": list(ruleset.files),
        "hash": ruleset.hash,
        "warnings": [[one.code, one.what, one.why, one.fix, places.number(one.place)] for one in loaded.warnings],
    }
    body["places"] = [[place.file, place.line, place.column] for place in places.numbers]
    return body


def _rule_to_json(resolved: ResolvedRule, places: _Places) -> list[Any]:
    """Return one rule; a rule of the catalogue by its id, a rule of the set with its parts."""
    parts = None
    if isinstance(resolved.rule, SqlRule):
        own = resolved.rule.parts
        parts = [
            own.sql,
            own.subject.value,
            list(own.requires),
            [own.message.zh, own.message.en],
            [own.title.zh, own.title.en],
            [own.explanation.zh, own.explanation.en],
            [[step.who, step.what.zh, step.what.en, step.within_days] for step in own.remediation],
            own.severity.value,
            [list(pair) for pair in own.kinds],
            own.splits,
        ]
    return [
        resolved.id,
        resolved.name,
        list(resolved.clauses),
        resolved.severity.value,
        resolved.enforcement.value,
        resolved.params.model_dump(mode="json", by_alias=True),
        resolved.applies_to,
        places.number(resolved.place),
        parts,
        {name: list(told) for name, told in resolved.floors.items()},
    ]


def from_json(body: dict[str, Any], catalogue: RuleCatalogue) -> LoadedRuleSet:
    """Return the rule set that `body` holds.

    Raises KeyError, TypeError, ValueError or IndexError for anything that `to_json` did not write.
    """
    from policycore.rulesets.load import LoadedRuleSet

    places = [Place(*place) for place in body["places"]]
    title, issuer, date, source = body["document"]
    clauses = tuple(
        Clause(clause, text, parent, places[at] if at >= 0 else None) for clause, text, parent, at in body["clauses"]
    )
    ruleset = ResolvedRuleSet(
        name=body["name"],
        title=Text(*body["title"]),
        document=PolicyDocument(title, issuer, date, source, clauses),
        rules=tuple(_rule_from_json(rule, places, catalogue) for rule in body["rules"]),
        attestations=tuple(
            Attestation(clause, Text(zh, en), days, places[at]) for clause, zh, en, days, at in body["attestations"]
        ),
        parameters=body["parameters"],
        origins=tuple(
            Origin(path, value, places[won], tuple([(places[at], beaten) for at, beaten in lost]) if lost else ())
            for path, value, won, lost in body["origins"]
        ),
        files=tuple(body["files"]),
        hash=body["hash"],
    )
    warnings = tuple(Problem(code, what, why, fix, places[at]) for code, what, why, fix, at in body["warnings"])
    return LoadedRuleSet(ruleset, warnings)


def _rule_from_json(data: list[Any], places: list[Place], catalogue: RuleCatalogue) -> ResolvedRule:
    """Return one rule, its parameters checked by its own model."""
    # Rule sets that were kept before floors were part of this have none.
    identity, name, clauses, severity, enforcement, values, applies_to, at, parts, *floors = data
    rule: Rule | None = catalogue.get(identity) if parts is None else _sql_rule(identity, name, parts)
    if rule is None:
        raise KeyError(identity)
    return ResolvedRule(
        rule=rule,
        id=identity,
        name=name,
        clauses=tuple(clauses),
        severity=Severity(severity),
        enforcement=Enforcement(enforcement),
        params=validated_json(rule.Params, values),
        applies_to=applies_to,
        place=places[at],
        floors={name: tuple(told) for name, told in floors[0].items()} if floors else {},
    )


def _sql_rule(identity: str, name: str, data: list[Any]) -> SqlRule:
    """Return a rule written in the set."""
    sql, subject, requires, message, title, explanation, steps, severity, kinds, splits = data
    return make_sql_rule(
        SqlRuleParts(
            id=identity,
            name=name,
            sql=sql,
            subject=Subject(subject),
            requires=tuple(requires),
            message=Text(*message),
            title=Text(*title),
            explanation=Text(*explanation),
            remediation=tuple(Step(who, Text(zh, en), days) for who, zh, en, days in steps),
            severity=Severity(severity),
            kinds=tuple((parameter, kind) for parameter, kind in kinds),
            splits=splits is True,
        )
    )
