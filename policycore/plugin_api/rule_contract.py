"""Check that a rule class keeps the contract before it is let into a catalogue."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from policycore.language import Text
from policycore.model.verdict import Severity, Subject, Verdict
from policycore.plugin_api.paths import PathError, as_needs, need_fields
from policycore.plugin_api.rule import Rule, TextRule

__all__ = ["rule_faults"]

_WAYS = ("higher", "lower", "more", "fewer")
_id = re.compile(r"[A-Z]{2,8}[0-9]{3}")
_name = re.compile(r"[a-z][a-z0-9-]*/[a-z][a-z0-9-]*")


def rule_faults(rule: Any) -> list[str]:
    """Return what is wrong with a rule class, each in a few words; empty when nothing is."""
    if not (isinstance(rule, type) and issubclass(rule, Rule)):
        return ["not a subclass of policycore.Rule"]
    absent = [
        name
        for name in ("id", "name", "subject", "requires", "title", "message", "explanation", "remediation")
        if not hasattr(rule, name)
    ]
    if absent:
        return [f"lacks {', '.join(absent)}"]
    faults = []
    if not _id.fullmatch(str(rule.id)):
        faults.append(f"id {rule.id!r} is not capitals and three digits")
    if not _name.fullmatch(str(rule.name)):
        faults.append(f"name {rule.name!r} is not like family/what-it-checks")
    if not isinstance(rule.subject, Subject):
        faults.append("subject is no Subject")
    if not isinstance(rule.severity, Severity):
        faults.append("severity is no Severity")
    if rule.verdict not in (Verdict.FAIL, Verdict.SUSPECT):
        faults.append("verdict is neither fail nor suspect")
    if not (isinstance(rule.Params, type) and issubclass(rule.Params, BaseModel)):
        faults.append("Params is no pydantic model")
    if not rule.requires and not issubclass(rule, TextRule):
        faults.append("requires names no field")
    faults += _field_faults(rule)
    faults += _tighter_faults(rule)
    faults += _text_faults(rule)
    return faults


def _field_faults(rule: type[Rule]) -> list[str]:
    """Return what a rule reads, or says of groups, that the model does not have."""
    faults = []
    if rule.per_group and "group_id" not in getattr(rule.subject, "keys", ()):
        faults.append("per_group, but its subjects belong to no group")
    known = _parameters(rule)
    for need in as_needs(rule.requires):
        try:
            need_fields(need.path)
        except PathError as error:
            faults.append(f"requires {error}")
        strange = sorted(set(re.findall(r"\$(\w+)", need.when + need.via)) - known)
        if strange:
            faults.append(f"requires {need.path!r} when {', '.join(strange)}: no such parameter")
    return faults


def _parameters(rule: type[Rule]) -> set[str]:
    """Return the names of a rule's parameters."""
    well_made = isinstance(rule.Params, type) and issubclass(rule.Params, BaseModel)
    return set(rule.Params.model_fields) if well_made else set()


def _tighter_faults(rule: type[Rule]) -> list[str]:
    """Return what `tighter` says of parameters that do not exist, or says in words that nobody knows."""
    known = _parameters(rule)
    faults = []
    for name, way in rule.tighter.items():
        if name not in known:
            faults.append(f"tighter names {name!r}, which is no parameter")
        elif isinstance(way, str) and way not in _WAYS:
            faults.append(f"tighter says {way!r} of {name!r}, which is none of {', '.join(_WAYS)}")
        elif not isinstance(way, str) and len(way) < 2:
            faults.append(f"tighter gives {name!r} fewer than two values")
    return faults


def _text_faults(rule: type[Rule]) -> list[str]:
    """Return the texts that lack a language."""
    texts = {"title": rule.title, "explanation": rule.explanation}
    if isinstance(rule.message, Text):
        texts["message"] = rule.message
    else:
        texts.update({f"message {reason}": text for reason, text in rule.message.items()})
    texts.update({f"step {number}": step.what for number, step in enumerate(rule.remediation, 1)})
    faults = [f"{name} lacks zh or en" for name, text in texts.items() if not (text.zh.strip() and text.en.strip())]
    if not rule.remediation:
        faults.append("remediation has no step")
    return faults
