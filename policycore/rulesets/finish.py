"""Turn a composed layer into the resolved rule set, with the origin of every value and its warnings."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, product
from pathlib import Path

from policycore import __version__
from policycore.errors import Place, Problem
from policycore.model.schema import ColumnSchema
from policycore.rulesets.layers.include import shown_path
from policycore.rulesets.layers.layer import Layer, Setting
from policycore.rulesets.layers.parameters import names_in
from policycore.rulesets.layers.problems import problem
from policycore.rulesets.membership_words import membership_words
from policycore.rulesets.resolve import bilingual
from policycore.rulesets.resolved import (
    DATA_AGE,
    Attestation,
    Clause,
    Membership,
    Obligation,
    Origin,
    PolicyDocument,
    ResolvedRule,
    ResolvedRuleSet,
)
from policycore.rulesets.sql.rule import SqlRule
from policycore.rulesets.words.sought import CONTEXTS
from policycore.rulesets.written import WrittenRule
from policycore.yaml.nodes import Node, walk
from policycore.yaml.own_columns import own_part

__all__ = ["composed_own", "finished"]


def finished(
    layer: Layer, rules: Sequence[ResolvedRule], memberships: Sequence[Membership], hashes: Mapping[Path, str]
) -> tuple[ResolvedRuleSet, tuple[Problem, ...]]:
    """Return the resolved rule set of `layer`, whose rules are `rules`, and what deserves a second look."""
    document = _document(layer)
    ordered = tuple(sorted(rules, key=lambda rule: rule.id))
    attestations = tuple(_attestations(layer))
    parameters = {name: setting.value for name, setting in layer.below("parameters")}
    name = str(layer.settings[("ruleset",)].value)
    ruleset = ResolvedRuleSet(
        name=name,
        title=bilingual(layer.settings[("title",)].value),
        document=document,
        rules=ordered,
        attestations=attestations,
        parameters=parameters,
        origins=(*_origins(layer, ordered), *_membership_origins(layer, memberships)),
        files=tuple(shown_path(path) for path in hashes),
        hash=_hash(name, document, ordered, attestations, parameters, memberships, hashes),
        memberships=tuple(memberships),
        own=composed_own(layer)[0],
    )
    warnings = chain(
        _warnings(layer),
        _calendar_missing(ordered),
        _reworded(document, ordered),
        _obliged(document, ordered),
        _contradictions(ordered),
    )
    return ruleset, tuple(warnings)


def _document(layer: Layer) -> PolicyDocument:
    """Return the policy with all clauses, inherited ones first."""
    fields = {key: str(setting.value or "") for key, setting in layer.below("document")}
    clauses = tuple(
        Clause(
            clause,
            str(setting.value.get("text")),
            setting.value.get("parent"),
            setting.place,
            bilingual(setting.value["derived"]) if setting.value.get("derived") else None,
            str(setting.value.get("reviewed") or ""),
            tuple(
                Obligation(**{**entry, "rules": tuple(entry.get("rules") or ())})
                for entry in setting.value.get("obligations") or ()
            ),
        )
        for clause, setting in layer.below("document", "clauses")
    )
    return PolicyDocument(**fields, clauses=clauses)


def _attestations(layer: Layer) -> Iterator[Attestation]:
    """Yield the statements that the set asks for, in the order of its files."""
    for path, setting in layer.settings.items():
        if path[0] == "attestations":
            entry = setting.value
            by = {name: tuple(map(str, listed)) for name, listed in sorted((entry.get("by") or {}).items()) if listed}
            per, days = str(entry.get("per") or "whole"), int(entry["valid_days"])
            yield Attestation(path[1], bilingual(entry["asks"]), days, setting.place, per, by)


def _origins(layer: Layer, rules: Sequence[ResolvedRule]) -> Iterator[Origin]:
    """Yield where each effective value comes from: the set's own, then rule by rule."""
    for path, setting in layer.settings.items():
        told = len(path) == {"document": 2, "own": 3}.get(path[0])
        if told or path[0] in ("ruleset", "title", "parameters", "calendar"):
            yield Origin(".".join(path), setting.value, setting.place, setting.lost)
    for path, setting in layer.settings.items():
        if path[:2] == ("document", "clauses"):
            lost = tuple((place, entry.get("text")) for place, entry in setting.lost)
            yield Origin(".".join(path), setting.value.get("text"), setting.place, lost)
            if setting.value.get("parent") is not None:
                yield Origin(".".join((*path, "parent")), setting.value["parent"], setting.place)
        elif path[0] == "attestations":
            for key in ("asks", "valid_days", "per", "by"):
                lost = tuple((place, entry.get(key)) for place, entry in setting.lost)
                if setting.value.get(key) is not None or any(value is not None for _, value in lost):
                    yield Origin(f"attestations.{path[1]}.{key}", setting.value.get(key), setting.place, lost)
    by_id = {rule.id: rule for rule in rules}
    for key in layer.rules():
        yield from _rule_origins(layer, by_id[key]) if key in by_id else _off_origin(layer, key)


def _membership_origins(layer: Layer, memberships: Sequence[Membership]) -> Iterator[Origin]:
    """Yield each formula in words, then what it was made of."""
    for one in memberships:
        setting = layer.settings["memberships", one.id]
        given = one.entry.model_dump(mode="json", exclude_unset=True)
        for key in ("members", "minus", "groups", "clause", "replaces"):
            if given.get(key):
                lost = tuple((place, entry.get(key)) for place, entry in setting.lost)
                words = membership_words(one.entry) if key == "members" else None
                yield Origin(f"memberships.{one.id}.{key}", given[key], setting.place, lost, words)


def _off_origin(layer: Layer, key: str) -> Iterator[Origin]:
    """Yield why a rule is switched off, and where."""
    setting = layer.get("rules", key, "off")
    if setting is not None:
        yield Origin(f"rules.{key}.off", setting.value, setting.place, setting.lost)


def _rule_origins(layer: Layer, resolved: ResolvedRule) -> Iterator[Origin]:
    """Yield the origins of one rule's values; what no file sets comes from the rule itself."""
    own = Place(resolved.name)
    head = f"rules.{resolved.name}"
    for key, value, usual in (
        ("severity", resolved.severity.value, resolved.rule.severity.value),
        ("enforcement", resolved.enforcement.value, "mandatory"),
        ("applies_to", resolved.applies_to, None),
    ):
        yield _origin(f"{head}.{key}", value, layer.get("rules", resolved.id, key), (own, usual))
    for clause, setting in layer.below("rules", resolved.id, "clause"):
        yield Origin(f"{head}.clause.{clause}", clause, setting.place, setting.lost)
    fields = type(resolved.params).model_fields
    for name, value in resolved.params.model_dump(mode="json").items():
        info = fields[name]
        given = layer.get("rules", resolved.id, "with", info.alias or name)
        default = (own, _default(resolved, name)) if not info.is_required() else None
        yield _origin(f"{head}.with.{info.alias or name}", value, given, default)
    for floor in layer.floors_under("rules", resolved.id):
        bound = floor.bound if floor.bound == "any" else dict(floor.bound)
        yield Origin(f"{head}.floor.{floor.path[-1]}", bound, floor.place)
    if isinstance(resolved.rule, WrittenRule):
        yield Origin(f"{head}.id", resolved.id, resolved.place)
    for key in (
        "sql",
        "reads",
        "include_dissolved",
        "message",
        "title",
        "headline",
        "explanation",
        "fact_labels",
        "remediation",
        "off",
    ):
        written = layer.get("rules", resolved.id, key)
        if written is not None:
            yield Origin(f"{head}.{key}", written.value, written.place, written.lost)


def _default(resolved: ResolvedRule, name: str) -> object:
    """Return a parameter's default as JSON has it."""
    default = type(resolved.params).model_fields[name].get_default(call_default_factory=False)
    return json.loads(json.dumps(default, default=_jsonable))


def _jsonable(value: object) -> object:
    """Return sets as lists and anything else JSON lacks as text."""
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)


def _origin(path: str, value: object, setting: Setting | None, default: tuple[Place, object] | None) -> Origin:
    """Return the origin of a value that has a default."""
    if setting is None:
        return Origin(path, value, default[0] if default else Place(path))
    return Origin(path, value, setting.place, (*setting.lost, default) if default else setting.lost)


_joined = re.compile(r"(?<=\w)[、，；;](?=\w)|(?<=[^\W\d]),(?=[^\W\d])")
_as_written = re.compile(r"\w\.txt$|\.[*+]|\\[a-zA-Z]|\(\?|\[\^|[\w)]\|[\w(]|\{\d", re.IGNORECASE)


def _warnings(layer: Layer) -> Iterator[Problem]:
    """Yield what is no mistake but easily not meant: parameters that no rule takes, formulas put in another's place."""
    for name, formula in layer.below("memberships"):
        for place, value in formula.lost[:1]:
            if value != formula.value:
                yield problem("membership-replaced", formula.place, id=name, other=str(place))
    taking = [
        setting
        for path, setting in layer.settings.items()
        if path[0] == "memberships" or (path[0] == "rules" and path[2] == "with")
    ]
    # What a set overrides it does not make needless: another set may build on the same base.
    used = set().union(*(names_in(value) for one in taking for value in (one.value, *(lost for _, lost in one.lost))))
    for name, setting in layer.below("parameters"):
        # Those of waivers and of the data's age are taken by no rule.
        if name not in used and name != DATA_AGE and not name.startswith("waiver"):
            yield problem("unused-parameter", setting.key_place or setting.place, name=name)
    for path, setting in layer.settings.items():
        if path[0] == "rules" and path[2:3] == ("with",):
            yield from _words_amiss(path[3], setting.node)


def _words_amiss(name: str, node: Node) -> Iterator[Problem]:
    """Yield words of a rule that are hardly meant as they are written: several in one, expressions, names of files."""
    if name in CONTEXTS and node.kind == "map":
        node = node.get("words") or Node("list", node.place, [])
    for one in walk(node) if name in ("words", *CONTEXTS) else ():
        word = str(one.value) if one.kind == "text" else ""
        if joined := _joined.search(word):
            yield problem("joined-words", one.place, word=word, mark=joined[0])
        elif _as_written.search(word):
            yield problem("word-as-written", one.place, word=word)


def _calendar_missing(rules: Sequence[ResolvedRule]) -> Iterator[Problem]:
    """Yield the rules that ask for working days in a set that lists none: all of them would come out unknown."""
    for resolved in rules:
        quiet = getattr(resolved.params, "quiet_hours", None)
        asks = isinstance(resolved.rule, SqlRule) and resolved.rule.asks_workdays
        if (asks or getattr(quiet, "days_off", False)) and not (
            resolved.rule.parts.calendar if isinstance(resolved.rule, SqlRule) else resolved.calendar
        ):
            yield problem("no-calendar", resolved.place, rule=resolved.name)


def _reworded(document: PolicyDocument, rules: Sequence[ResolvedRule]) -> Iterator[Problem]:
    """Yield the clauses whose words are no longer those for which their rules were reviewed."""
    for clause in document.clauses:
        if clause.reviewed and clause.reviewed != clause.wording and clause.place:
            named = ", ".join(rule.name for rule in rules if clause.id in rule.clauses)
            yield problem("reworded", clause.place, clause=clause.id, rules=named or "-", wording=clause.wording)


def _obliged(document: PolicyDocument, rules: Sequence[ResolvedRule]) -> Iterator[Problem]:
    """Yield the rules that an obligation names and that are not in force for its clause: nobody would check it."""
    for clause in document.clauses:
        inside = {rule.name for rule in rules if clause.id in rule.clauses}
        for name in sorted({name for one in clause.obligations for name in one.rules} - inside):
            yield problem("not-obliged", clause.place or Place(""), clause=clause.id, rule=name)


def _contradictions(rules: Sequence[ResolvedRule]) -> Iterator[Problem]:
    """Yield the rules of which one asks for what the other forbids, with the places of both."""
    by_name: dict[str, list[ResolvedRule]] = {}
    for rule in rules:
        by_name.setdefault(rule.name, []).append(rule)
    for asking in rules:
        for other_name, values in asking.rule.contradicts.items():
            for forbidding, (name, value) in product(by_name.get(other_name, ()), values.items()):
                said = getattr(forbidding.params, name, None)
                if value == said or (isinstance(said, (tuple, list)) and value in said):
                    other = f"{forbidding.name} ({forbidding.place})"
                    yield problem("contradiction", asking.place, rule=asking.name, other=other, name=f"{name}: {value}")


def _hash(
    name: str,
    document: PolicyDocument,
    rules: Sequence[ResolvedRule],
    attestations: Sequence[Attestation],
    parameters: Mapping[str, object],
    memberships: Sequence[Membership],
    hashes: Mapping[Path, str],
) -> str:
    """Return a hash of every file and every effective value; it does not depend on where the files lie."""
    parts: list[object] = [__version__, name, document.title, document.issuer, document.date, document.source]
    parts += [[clause.id, clause.text, clause.parent] for clause in document.clauses]
    for rule in rules:
        parts_of = rule.rule.parts if isinstance(rule.rule, WrittenRule) else None
        sql = getattr(parts_of, "sql", "") or [getattr(parts_of, name, None) for name in ("reads", "include_dissolved")]
        values = rule.params.model_dump(mode="json")
        parts.append([rule.id, rule.name, rule.clauses, rule.severity, rule.enforcement, values, rule.applies_to, sql])
    parts += [[one.clause, one.asks.zh, one.asks.en, one.valid_days, one.per, dict(one.by)] for one in attestations]
    parts += [one.entry.model_dump(mode="json") for one in memberships]
    parts += [dict(parameters), sorted(hashes.values())]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def composed_own(layer: Layer) -> tuple[tuple[ColumnSchema, ...], list[Problem]]:
    """Return the own columns of a composed layer, and everything wrong with what its files say of them."""
    tables = dict(layer.below("own"))
    if not tables:
        return (), []
    nodes = {}
    for table, setting in tables.items():
        columns = dict(layer.below("own", table))
        found = {name: column.node for name, column in columns.items()}
        keys = {name: column.key_place or column.place for name, column in columns.items()}
        nodes[table] = Node("map", setting.place, found, keys) if columns else setting.node
    first = next(iter(tables.values()))
    keys = {table: setting.key_place or setting.place for table, setting in tables.items()}
    return own_part(Node("map", first.place, nodes, keys))
