"""Check that a rule class keeps the contract before it is let into a catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from policycore.language import PLACE, Text
from policycore.model.verdict import Severity, Subject, Verdict
from policycore.plugin_api.offer_contract import fault, is_bilingual
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
    "fact_labels": (Mapping, "mapping"),
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


_PYTHONS_OWN = ("__new__", "__class__", "__getattribute__", "__getattr__", "__setattr__", "__del__")
"""What a rule must leave as Python has it: nothing could be asked of it otherwise."""


def rule_faults(rule: Any) -> list[str]:
    """Return what is wrong with a rule class, each in a few words; empty when nothing is."""
    if not (isinstance(rule, type) and issubclass(rule, Rule)):
        return [fault("no-rule")]
    faults = list(_strange_attributes(rule))
    absent = [
        name
        for name in ("id", "name", "subject", "requires", "title", "message", "explanation", "remediation")
        if not hasattr(rule, name)
    ]
    if absent:
        return [fault("lacks", names=", ".join(absent)), *faults]
    wrong = [
        fault("is-no", name=name, kind=said)
        for name, (kinds, said) in _TYPES.items()
        if not isinstance(getattr(rule, name), kinds)
    ]
    if wrong:
        # The rest reads these as what they should be.
        return [*wrong, *faults]
    for check in (_identity_faults, _work_faults, _field_faults, _parameter_faults, _tighter_faults, _text_faults):
        faults += check(rule)
    return faults


def _strange_attributes(rule: type[Rule]) -> Iterator[str]:
    """Yield the public names that no rule has: a misspelled ``severity`` would leave the default in force."""
    bases = [base for base in rule.__mro__ if issubclass(base, Rule)]
    ours = [base for base in bases if base.__module__.startswith("policycore.")]
    known, named = (
        {name for base in some for name in (*vars(base), *vars(base).get("__annotations__", ()))}
        for some in (ours, [base for base in bases if base not in ours])
    )
    for name in sorted(named):
        if name in _PYTHONS_OWN or (not name.startswith("_") and name not in known):
            advice = _nearest(name, (word for word in known if word[0] != "_")) or fault("helper")
            yield fault("strange", name=name, advice=advice)


def _identity_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield what is wrong with the names by which a rule is known, and with its verdict and limit."""
    if not _id.fullmatch(rule.id):
        yield fault("id", id=repr(rule.id))
    if not _name.fullmatch(rule.name):
        yield fault("name", name=repr(rule.name))
    for name in ("aliases", "key_facts"):
        if not all(isinstance(word, str) and word for word in getattr(rule, name)):
            yield fault("holds-no-text", name=name)
    if rule.verdict not in (Verdict.FAIL, Verdict.SUSPECT):
        yield fault("verdict")
    if not 0 < rule.time_limit <= _LONGEST_LIMIT:
        yield fault("time-limit", most=f"{_LONGEST_LIMIT:g}")
    if not all(isinstance(case, Case) for case in rule.cases):
        yield fault("cases")


def _work_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield the methods that a rule must have and has not."""
    if not issubclass(rule, TextRule):
        if rule.check is Rule.check:
            yield fault("missing", name="check")
        return
    if rule.patterns is TextRule.patterns:
        yield fault("missing", name="patterns")
    if rule.confirm is TextRule.confirm:
        yield fault("missing", name="confirm")
    if not getattr(rule, "topics", True):
        yield fault("missing", name="topics")
    if not isinstance(rule.reads, tuple) or not rule.reads:
        yield fault("no-fields", name="reads")


def _field_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield what a rule reads, or says of groups, that the model does not have."""
    if not rule.requires and not issubclass(rule, TextRule):
        yield fault("requires-none")
    if rule.per_group and "group_id" not in rule.subject.keys:
        yield fault("per-group")
    if not all(isinstance(need, (str, Needs)) for need in rule.requires):
        yield fault("requires-strange")
        return
    known = _parameters(rule)
    for need in as_needs(rule.requires):
        try:
            need_fields(need.path)
        except PathError as error:
            yield fault("requires", why=error)
        strange = sorted(set(re.findall(r"\$(\w+)", need.when + need.via)) - known)
        if strange:
            yield fault("no-parameter", path=repr(need.path), names=", ".join(strange))


def _parameters(rule: type[Rule]) -> set[str]:
    """Return the names of a rule's parameters."""
    well_made = isinstance(rule.Params, type) and issubclass(rule.Params, BaseModel)
    return set(rule.Params.model_fields) if well_made else set()


def _parameter_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield what is wrong with the parameters: nobody sets what is not described, or notices what is misspelled."""
    if not (isinstance(rule.Params, type) and issubclass(rule.Params, BaseModel)):
        yield fault("no-model")
        return
    if rule.Params.model_config.get("extra") != "forbid":
        yield fault("undeclared")
    for name, field in rule.Params.model_fields.items():
        extra = field.json_schema_extra
        if not (field.description or (isinstance(extra, Mapping) and extra.get("zh"))):
            yield fault("no-description", name=name)


def _tighter_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield what `tighter` says of parameters that do not exist, or says in words that nobody knows."""
    known = _parameters(rule)
    for name, way in rule.tighter.items():
        if name not in known:
            yield fault("tighter-name", name=repr(name))
        elif isinstance(way, str) and way not in _WAYS:
            yield fault("tighter-way", way=repr(way), name=repr(name), ways=", ".join(_WAYS))
        elif not isinstance(way, str) and len(way) < 2:
            yield fault("tighter-values", name=repr(name))


def _text_faults(rule: type[Rule]) -> Iterator[str]:
    """Yield the texts that lack a language, the steps that nobody can take."""
    texts: dict[str, Any] = {"title": rule.title, "explanation": rule.explanation}
    texts |= {} if rule.headline is None else {"headline": rule.headline}
    if isinstance(rule.message, Mapping):
        texts |= {f"message {reason}": text for reason, text in rule.message.items()}
    else:
        texts["message"] = rule.message
    texts |= {f"fact_labels {name}": text for name, text in rule.fact_labels.items()}
    yield from _step_faults(rule, texts)
    for name, text in texts.items():
        if not isinstance(text, Text):
            yield fault("is-no", name=name, kind="Text")
        elif not is_bilingual(text):
            yield fault("one-language", name=name)
        elif any(brace in PLACE.sub("", said) for said in (text.zh, text.en) for brace in "{}"):
            yield fault("brace", name=name)
    if not rule.remediation:
        yield fault("no-step")


def _step_faults(rule: type[Rule], texts: dict[str, Any]) -> Iterator[str]:
    """Yield the steps that nobody can take, or that no finding has; add their words to `texts`."""
    for number, step in enumerate(rule.remediation, 1):
        if not isinstance(step, Step):
            yield fault("is-no", name=fault("step", number=number), kind="Step")
            continue
        texts[fault("step", number=number)] = step.what
        if step.who not in get_args(Who):
            advice = _nearest(str(step.who), get_args(Who)) or fault("one-of", names=", ".join(get_args(Who)))
            yield fault("who", number=number, who=repr(step.who), advice=advice)
        if not (step.within_days is None or (isinstance(step.within_days, int) and step.within_days >= 0)):
            yield fault("within", number=number, days=repr(step.within_days))
        if any(f"message {reason}" not in texts for reason in step.reasons):
            yield fault("reason", number=number)


def _nearest(word: str, known: Iterable[str]) -> str:
    """Return which of `known` was probably meant; '' where none comes near."""
    # Imported for a mistake only, and not the package's own suggestions, which stand above this layer.
    import difflib

    near = difflib.get_close_matches(word, list(known), 1)
    return fault("nearest", word=near[0]) if near else ""
