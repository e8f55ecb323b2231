"""Check that a rule class keeps the contract before it is let into a catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from policycore.language import Text
from policycore.model.verdict import Severity, Subject, Verdict
from policycore.plugin_api.offer_contract import is_bilingual
from policycore.plugin_api.paths import PathError, as_needs, need_fields
from policycore.plugin_api.rule import Case, Needs, Rule, Step, TextRule, Who

__all__ = ["rule_faults"]

_WAYS = ("higher", "lower", "more", "fewer")
_LONGEST_LIMIT = 3600.0
_id = re.compile(r"[A-Z]{2,8}[0-9]{3}")
_name = re.compile(r"[a-z][a-z0-9-]*/[a-z][a-z0-9-]*")
_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "id": (str, "text"),
    "name": (str, "text"),
    "subject": (Subject, "Subject"),
    "severity": (Severity, "Severity"),
    "requires": (tuple, "tuple"),
    "aliases": (tuple, "tuple"),
    "key_facts": (tuple, "tuple"),
    "remediation": (tuple, "tuple"),
    "cases": (tuple, "tuple"),
    "tighter": (Mapping, "mapping"),
    "shared": (Mapping, "mapping"),
    "contradicts": (Mapping, "mapping"),
    "applies_when": (str, "text"),
    "include_dissolved": (bool, "True or False"),
    "per_group": (bool, "True or False"),
    "time_limit": ((int, float), "number of seconds"),
    "message": ((Text, Mapping), "Text and no mapping of Texts"),
}
"""What each attribute is an instance of, and how that is said."""


def rule_faults(rule: Any) -> list[str]:
    """Return what is wrong with a rule class, each in a few words; empty when nothing is."""
    if not (isinstance(rule, type) and issubclass(rule, Rule)):
        return ["not a subclass of policycore.Rule"]
    faults = list(_strange_attributes(rule))
    absent = [
        name
        for name in ("id", "name", "subject", "requires", "title", "message", "explanation", "remediation")
        if not hasattr(rule, name)
    ]
    if absent:
        return [f"lacks {', '.join(absent)}", *faults]
    wrong = [
        f"{name} is no {said}" for name, (kinds, said) in _TYPES.items() if not isinstance(getattr(rule, name), kinds)
    ]
    if wrong:
        # The rest reads these as what they should be.
        return [*wrong, *faults]
    for check in (_identity_faults, _work_faults, _field_faults, _parameter_faults, _tighter_faults, _text_faults):
        faults += check(rule)
    return faults


def _strange_attributes(rule: type[Rule]) -> Iterator[str]:
    """Yield the public names that no rule has: a misspelled ``severity`` would leave the default in force."""
    known = {name for base in (Rule, TextRule) for name in (*vars(base), *base.__annotations__)}
    bases = [base for base in rule.__mro__ if issubclass(base, Rule) and base not in (Rule, TextRule)]
    for name in sorted({name for base in bases for name in (*vars(base), *vars(base).get("__annotations__", ()))}):
        if not name.startswith("_") and name not in known:
            advice = _nearest(name, (word for word in known if word[0] != "_")) or "begin the name of a helper with _"
            yield f"{name} is no attribute of a rule ({advice})"


def _identity_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield what is wrong with the names by which a rule is known, and with its verdict and limit."""
    if not _id.fullmatch(rule.id):
        yield f"id {rule.id!r} is not capitals and three digits"
    if not _name.fullmatch(rule.name):
        yield f"name {rule.name!r} is not like family/what-it-checks"
    for name in ("aliases", "key_facts"):
        if not all(isinstance(word, str) and word for word in getattr(rule, name)):
            yield f"{name} holds something that is no text"
    if rule.verdict not in (Verdict.FAIL, Verdict.SUSPECT):
        yield "verdict is neither fail nor suspect"
    if not 0 < rule.time_limit <= _LONGEST_LIMIT:
        yield f"time_limit is not between 0 and {_LONGEST_LIMIT:g} seconds"
    if not all(isinstance(case, Case) for case in rule.cases):
        yield "cases holds something that is no Case"


def _work_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield the methods that a rule must have and has not."""
    if not issubclass(rule, TextRule):
        if rule.check is Rule.check:
            yield "check is missing"
        return
    if rule.patterns is TextRule.patterns:
        yield "patterns is missing"
    if rule.confirm is TextRule.confirm:
        yield "confirm is missing"
    if not isinstance(rule.reads, tuple) or not rule.reads:
        yield "reads is no tuple of fields"


def _field_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield what a rule reads, or says of groups, that the model does not have."""
    if not rule.requires and not issubclass(rule, TextRule):
        yield "requires names no field"
    if rule.per_group and "group_id" not in rule.subject.keys:
        yield "per_group, but its subjects belong to no group"
    if not all(isinstance(need, (str, Needs)) for need in rule.requires):
        yield "requires holds something that is neither a field nor Needs"
        return
    known = _parameters(rule)
    for need in as_needs(rule.requires):
        try:
            need_fields(need.path)
        except PathError as error:
            yield f"requires {error}"
        strange = sorted(set(re.findall(r"\$(\w+)", need.when + need.via)) - known)
        if strange:
            yield f"requires {need.path!r} when {', '.join(strange)}: no such parameter"


def _parameters(rule: type[Rule]) -> set[str]:
    """Return the names of a rule's parameters."""
    well_made = isinstance(rule.Params, type) and issubclass(rule.Params, BaseModel)
    return set(rule.Params.model_fields) if well_made else set()


def _parameter_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield what is wrong with the parameters: nobody sets what is not described, or notices what is misspelled."""
    if not (isinstance(rule.Params, type) and issubclass(rule.Params, BaseModel)):
        yield "Params is no pydantic model"
        return
    if rule.Params.model_config.get("extra") != "forbid":
        yield "Params takes parameters that it does not declare"
    for name, field in rule.Params.model_fields.items():
        extra = field.json_schema_extra
        if not (field.description or (isinstance(extra, Mapping) and extra.get("zh"))):
            yield f"parameter {name} has no description"


def _tighter_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield what `tighter` says of parameters that do not exist, or says in words that nobody knows."""
    known = _parameters(rule)
    for name, way in rule.tighter.items():
        if name not in known:
            yield f"tighter names {name!r}, which is no parameter"
        elif isinstance(way, str) and way not in _WAYS:
            yield f"tighter says {way!r} of {name!r}, which is none of {', '.join(_WAYS)}"
        elif not isinstance(way, str) and len(way) < 2:
            yield f"tighter gives {name!r} fewer than two values"


def _text_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield the texts that lack a language, the steps that nobody can take."""
    texts: dict[str, Any] = {"title": rule.title, "explanation": rule.explanation}
    if isinstance(rule.message, Mapping):
        texts |= {f"message {reason}": text for reason, text in rule.message.items()}
    else:
        texts["message"] = rule.message
    yield from _step_faults(rule, texts)
    for name, text in texts.items():
        if not isinstance(text, Text):
            yield f"{name} is no Text"
        elif not is_bilingual(text):
            yield f"{name} lacks zh or en"
    if not rule.remediation:
        yield "remediation has no step"


def _step_faults(rule: type[Rule], texts: dict[str, Any]) -> Iterator[str]:
    """Yield the steps that nobody can take, or that no finding has; add their words to `texts`."""
    for number, step in enumerate(rule.remediation, 1):
        if not isinstance(step, Step):
            yield f"step {number} is no Step"
            continue
        texts[f"step {number}"] = step.what
        if step.who not in get_args(Who):
            advice = _nearest(str(step.who), get_args(Who)) or f"one of {', '.join(get_args(Who))}"
            yield f"step {number} is for {step.who!r}, whom no step knows ({advice})"
        if not (step.within_days is None or (isinstance(step.within_days, int) and step.within_days >= 0)):
            yield f"step {number} is within {step.within_days!r} days"
        if any(f"message {reason}" not in texts for reason in step.reasons):
            yield f"step {number} is for a reason that message does not have"


def _nearest(word: str, known: Iterable[str]) -> str:
    """Return which of `known` was probably meant; '' where none comes near."""
    # Imported for a mistake only, and not the package's own suggestions, which stand above this layer.
    import difflib

    near = difflib.get_close_matches(word, list(known), 1)
    return f"did you mean {near[0]}?" if near else ""
