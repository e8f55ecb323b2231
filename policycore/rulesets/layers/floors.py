"""Keep a set from being looser than the sets it extends: floors, severity, enforcement, scope."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from policycore.errors import Place, Problem
from policycore.model.verdict import Enforcement, Severity
from policycore.rulesets.layers.layer import Floor, Layer, Path, Setting
from policycore.rulesets.layers.problems import problem

if TYPE_CHECKING:
    from policycore.plugin_api.rule_catalogue import RuleCatalogue

__all__ = ["loosened", "outside", "tighter_by", "within_floor"]

_RANK = {enforcement.value: rank for rank, enforcement in enumerate(Enforcement)}
_WEIGHT = {severity.value: severity.weight for severity in Severity}


def within_floor(value: Any, floor: Mapping[str, Any]) -> bool:
    """Return whether `value` keeps within `floor`; what cannot be compared does not."""
    try:
        return (
            (floor.get("min") is None or _comparable(value) >= _comparable(floor["min"]))
            and (floor.get("max") is None or _comparable(value) <= _comparable(floor["max"]))
            and (floor.get("one_of") is None or all(item in floor["one_of"] for item in _listed(value)))
            and (floor.get("includes") is None or all(item in _listed(value) for item in floor["includes"]))
        )
    except TypeError:
        return False


_TIGHTER = {"min": "higher", "max": "lower", "includes": "more", "one_of": "fewer"}


def tighter_by(floors: Iterable[Floor]) -> tuple[str, ...]:
    """Return which way `floors` say that their value becomes tighter; one with two ends says nothing."""
    told = set()
    for floor in floors:
        ends = [] if floor.bound == "any" else [key for key, value in floor.bound.items() if value is not None]
        if len(ends) == 1 and ends[0] in _TIGHTER:
            told.add(_TIGHTER[ends[0]])
    return tuple(sorted(told))


def _listed(value: Any) -> list[Any]:
    """Return the items of a list, or the one value."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _comparable(value: Any) -> Any:
    """Return `value` as something with an order; dates and times written as text become times."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, date)):
        raise TypeError
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return value


def outside(layer: Layer, path: Path, value: Any, setting: Setting | None) -> Iterator[Problem]:
    """Yield a problem for each floor that the effective `value` at `path` breaks.

    `setting` says where the value stands; None for a rule's default, which is reported at the floor.
    """
    for floor in layer.floors_at(path):
        if floor.bound != "any" and not within_floor(value, dict(floor.bound)):
            place = floor.place if setting is None else setting.place
            yield problem(
                "outside-floor", place, word=path[-1], value=value, floor=_shown(floor), other=str(floor.place)
            )


def _shown(floor: Floor) -> str:
    """Return a floor as it is written."""
    bound = dict(floor.bound) if floor.bound != "any" else {}
    return ", ".join(f"{name}: {value}" for name, value in bound.items() if value is not None)


def loosened(base: Layer, own: Layer, catalogue: RuleCatalogue) -> Iterator[Problem]:
    """Yield a problem for each way in which `own` weakens a rule of `base` that binds it.

    A base rule that is advisory binds nobody; ``floor: {severity: any}`` (or enforcement, applies_to,
    off) lets go of that one thing. Narrowing the scope of a binding rule is loosening too.
    """
    yield from _attestations_loosened(base, own)
    for rule in own.rules():
        if base.get("rules", rule, "entry") is None:
            continue
        yield from _floors_loosened(base, own, rule)
        bindings = [str(setting.value) for setting in _candidates(base, ("rules", rule, "enforcement"))]
        if bindings and all(binding == Enforcement.ADVISORY for binding in bindings):
            continue
        for key, check in (
            ("severity", _severity),
            ("enforcement", _enforcement),
            ("off", _off),
            ("applies_to", _scope),
        ):
            path = ("rules", rule, key)
            setting = own.settings.get(path)
            if setting is None or any(floor.bound == "any" for floor in base.floors_at(path)):
                continue
            yield from check(base, setting, path, catalogue)


def _attestations_loosened(base: Layer, own: Layer) -> Iterator[Problem]:
    """Yield a problem for each statement that `own` lets stand longer than `base` does, of fewer, or by more."""
    for path, setting in own.settings.items():
        for theirs in _candidates(base, path) if path[0] == "attestations" else ():
            days, most = setting.value.get("valid_days"), theirs.value.get("valid_days")
            if isinstance(days, int) and isinstance(most, int) and days > most:
                place = setting.node.value["valid_days"].place
                yield problem("looser-attestation", place, base=most, other=str(theirs.place))
            if _ASKED.index(setting.value.get("per") or "whole") < _ASKED.index(theirs.value.get("per") or "whole"):
                base_per = theirs.value.get("per")
                yield problem("looser-attestation-per", setting.place, base=base_per, other=str(theirs.place))
            wider = _more_signers(theirs.value.get("by") or {}, setting.value.get("by") or {})
            if wider is not None:
                yield problem("looser-attestation-by", setting.place, more=wider, other=str(theirs.place))


_ASKED = ("whole", "department", "group")


def _more_signers(base: Mapping[str, Any], own: Mapping[str, Any]) -> str | None:
    """Return whose signature counts in `own` and not in `base`; None where nobody's does."""
    if not base:
        return None
    more = [str(one) for name, listed in own.items() for one in listed or () if one not in (base.get(name) or ())]
    return None if own and not more else ", ".join(more) or "*"


def _candidates(base: Layer, path: Path) -> list[Setting]:
    """Return the value at `path`, or both where two parents disagree."""
    if path in base.conflicts:
        return list(base.conflicts[path])
    setting = base.settings.get(path)
    return [] if setting is None else [setting]


def _severity(base: Layer, setting: Setting, path: Path, catalogue: RuleCatalogue) -> Iterator[Problem]:
    """Yield a problem when the severity sinks."""
    rule = catalogue.get(path[1])
    default = rule.severity if rule is not None else Severity.ERROR
    yield from _sunk("looser-severity", _WEIGHT, setting, _inherited(base, path, default.value))


def _enforcement(base: Layer, setting: Setting, path: Path, _catalogue: RuleCatalogue) -> Iterator[Problem]:
    """Yield a problem when the enforcement weakens."""
    yield from _sunk("looser-enforcement", _RANK, setting, _inherited(base, path, Enforcement.MANDATORY.value))


def _inherited(base: Layer, path: Path, default: str | None) -> list[tuple[Any, Place]]:
    """Return what `base` says at `path`, each value with its place; without one the default, at the rule's entry."""
    said = [(theirs.value, theirs.place) for theirs in _candidates(base, path)]
    return said or [(default, base.settings[("rules", path[1], "entry")].place)]


def _sunk(
    code: str, order: Mapping[str, int], setting: Setting, inherited: Iterable[tuple[Any, Place]]
) -> Iterator[Problem]:
    """Yield a problem for each inherited word that stands above the new one; unknown words are reported elsewhere."""
    own = order.get(str(setting.value))
    for word, place in inherited:
        if own is not None and own < order.get(str(word), own):
            yield problem(code, setting.place, value=setting.value, base=word, other=str(place))


def _off(base: Layer, setting: Setting, path: Path, _catalogue: RuleCatalogue) -> Iterator[Problem]:
    """Yield a problem when a binding rule is switched off."""
    if isinstance(setting.value, str):
        place = base.settings[("rules", path[1], "entry")].place
        yield problem("looser-off", setting.place, rule=path[1], other=str(place))


def _scope(base: Layer, setting: Setting, path: Path, _catalogue: RuleCatalogue) -> Iterator[Problem]:
    """Yield a problem unless the new condition is the old one, every group, or the old one OR something."""
    own = setting.value
    if own is None:
        return
    for condition, place in _inherited(base, path, None):
        if condition is None or not _widens(str(condition), str(own)):
            yield problem("looser-scope", setting.place, rule=path[1], other=str(place))


def _widens(old: str, new: str) -> bool:
    """Return whether `new` is `old`, or ``(old) OR …``, to the letter: in quotes even a space or a capital counts."""
    before, after = old.strip(), new.strip()
    if after == before:
        return True
    rest = after.removeprefix(f"({before})")
    return rest != after and re.match(r"\s+or\b", rest, re.IGNORECASE) is not None


def _floors_loosened(base: Layer, own: Layer, rule: str) -> Iterator[Problem]:
    """Yield a problem for each floor of `own` that allows more than a floor of `base`."""
    for floor in (one for one in own.floors if one.path[1] == rule):
        for theirs in base.floors_at(floor.path):
            if theirs.bound != "any" and floor.bound != "any" and _allows_more(dict(floor.bound), dict(theirs.bound)):
                yield problem(
                    "looser-floor", floor.place, word=floor.path[-1], floor=_shown(theirs), other=str(theirs.place)
                )


def _allows_more(own: dict[str, Any], base: dict[str, Any]) -> bool:
    """Return whether a bound that both give is further out in `own`."""
    both = [key for key in ("min", "max", "one_of") if own.get(key) is not None and base.get(key) is not None]
    return not all(within_floor(own[key], {key: base[key]}) for key in both)
