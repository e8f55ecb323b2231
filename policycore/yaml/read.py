"""Read a YAML file as a model, or say everything that keeps it from being one, each mistake at its place.

Pydantic's sentences are English, quote the data and end in an address; none of them is shown.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from policycore.errors import DataError, Place, PolicycoreError, Problem
from policycore.language import say
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import Node, deepest, plain, walk, written
from policycore.yaml.parse import parse
from policycore.yaml.problems import MOST, Problems, excerpt, problem
from policycore.yaml.scan import DATA, Bounds, decode, read_bytes
from policycore.yaml.written import Written

__all__ = ["document", "kind_of", "problems_of", "read", "validated", "validated_json"]

Model = TypeVar("Model", bound=BaseModel)

_EXPECTED = {
    "string_type": "text",
    "string_sub_type": "text",
    "int_type": "integer",
    "int_from_float": "integer",
    "int_parsing": "integer",
    "float_type": "number",
    "float_parsing": "number",
    "decimal_type": "number",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "list_type": "list",
    "tuple_type": "list",
    "set_type": "list",
    "frozen_set_type": "list",
    "dict_type": "map",
    "model_type": "map",
    "model_attributes_type": "map",
    "date_type": "date",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "datetime_type": "time",
    "datetime_parsing": "time",
    "datetime_from_date_parsing": "time",
    "timezone_aware": "time-with-zone",
    "not_a_date": "date",
    "none_required": "nothing",
    "dataclass_type": "map",
}
_BOUNDS = {
    "greater_than": "gt",
    "greater_than_equal": "ge",
    "less_than": "lt",
    "less_than_equal": "le",
    "multiple_of": "multiple_of",
    "string_too_short": "min_length",
    "string_too_long": "max_length",
    "too_short": "min_length",
    "too_long": "max_length",
    "string_pattern_mismatch": "pattern",
}
_PATTERNS = {
    "^[a-z0-9][a-z0-9-]{": "short-name",
    "^[a-z][a-z0-9-]*/": "rule-name",
    "^[A-Za-z][A-Za-z0-9_-]{": "rule-id",
}
"""How the patterns begin that are said in words."""


def read(
    path: Path,
    model: type[Model],
    area: str,
    *,
    shown: str | None = None,
    bounds: Bounds = DATA,
    error: type[PolicycoreError] = DataError,
    context: object = None,
) -> Model:
    """Return what the file at `path` holds as a `model`.

    `shown` names the file in places, `context` is handed to the model's own checks. Raises `error` with every
    mistake; a mistake that any file may have bears the code ``<area>.<what>``.
    """
    problems = Problems(area)
    node, found = document(path, shown or str(path), bounds)
    problems.extend(found)
    made = None
    if node is not None and node.kind == "null":
        problems.add(problem("empty", node.place))
    elif node is not None:
        made, found = validated(model, node, context)
        problems.extend(found)
    if made is None or len(problems):
        raise error(*problems.all())
    return made


def document(path: Path, shown: str, bounds: Bounds, *, includes: bool = False) -> tuple[Node | None, list[Problem]]:
    """Return the document in the file at `path`, and everything wrong with it as YAML; None where there is none."""
    content = read_bytes(path, shown, bounds.bytes)
    text = content if isinstance(content, Problem) else decode(content, shown, by_program=bounds is DATA)
    return (None, [text]) if isinstance(text, Problem) else parse(text, shown, bounds, includes=includes)


def validated(model: type[Model], node: Node, context: object = None) -> tuple[Model | None, list[Problem]]:
    """Return `node` as a `model`, or everything that keeps it from being one."""
    as_written = issubclass(model, Written)
    # A bound without end is none; where values stay as they are written, such a number may be somebody's id.
    endless = [] if as_written else [one for one in walk(node) if one.kind == "endless"]
    found = [*_nothing(node, model), *(problem("endless", one.place, value=one.value) for one in endless)]
    try:
        values = written(node) if as_written else plain(node)
        return model.model_validate(values, context=context, by_alias=True, by_name=False), found
    except ValidationError as error:
        return None, [*found, *problems_of(error, node, model)]
    except RecursionError:
        return None, [problem("too-deep", node.place, limit="?")]


def validated_json(model: type[Model], values: dict[str, Any]) -> Model:
    """Return `values` as a `model` by the strict rules for JSON: times come from text, nothing else is guessed.

    Raises ValidationError.
    """
    try:
        return model.model_validate_json(json.dumps(values), strict=True)
    except ValidationError as error:
        again = _with_midnight(values, error)
        if again is None:
            raise
        return model.model_validate_json(json.dumps(again), strict=True)


def _with_midnight(values: dict[str, Any], error: ValidationError) -> dict[str, Any] | None:
    """Return `values` with a time of day where only a day was given for a time; None when there is no such place."""
    changed = None
    for found in error.errors(include_url=False, include_input=False):
        name = found["loc"][0] if found["loc"] else None
        value = values.get(str(name))
        if found["type"].startswith("datetime") and isinstance(value, str) and len(value) == 10:
            changed = {**(changed or values), str(name): f"{value}T00:00:00"}
    return changed


def _nothing(node: Node, model: type[BaseModel]) -> Iterator[Problem]:
    """Report keys with nothing behind them, where nothing has no meaning of its own."""
    waiting: list[tuple[Node, Any]] = [(node, model)]
    while waiting:
        current, annotation = waiting.pop()
        if current.kind == "map":
            inside = _model_in(annotation)
            names = set(_keys(inside)) - getattr(inside, "may_be_empty", frozenset())
            for key, item in current.value.items():
                if item.kind == "null" and key in names:
                    yield problem("nothing-given", current.keys[key], word=key)
                elif item.kind in ("map", "list"):
                    waiting.append((item, _inside(annotation, key)))
        elif current.kind == "list":
            below = _inside(annotation, 0)
            waiting += [(item, below) for item in current.value if item.kind in ("map", "list")]


def problems_of(error: ValidationError, node: Node, model: type[BaseModel], owner: str = "") -> list[Problem]:
    """Return the problems behind `error`, which says why `node` is no `model`.

    Several complaints about one value (the branches of a union) become one. `owner` names the rule
    when the model is a rule's parameters.
    """
    found: dict[Place, list[_Complaint]] = {}
    given_nothing: list[Problem] = []
    errors = error.errors(include_url=False, include_input=False)
    for one in errors[:MOST]:
        target, key_place, steps = deepest(node, one["loc"])
        context = one.get("ctx") or {}
        if one["loc"] and one["loc"][-1] == "[key]" and steps:
            # The key is what is wrong, not what stands behind it.
            target = Node("text", key_place, str(steps[-1]))
        if target.kind == "null" and steps and str(steps[-1]) in _names(model, steps[:-1]):
            if owner:
                given_nothing.append(problem("nothing-given", key_place, word=str(steps[-1])))
            continue  # of other keys it is said already
        on_key = one["type"] == "extra_forbidden" or (one["type"] == "mistake" and context["on_key"])
        place = key_place if on_key else target.place
        found.setdefault(place, []).append(_Complaint(one["type"], one["loc"], context, target, steps))
    reached = {complaint.steps for complaints in found.values() for complaint in complaints}
    problems = given_nothing
    for place, complaints in found.items():
        # Where one branch of a union fits so far that it fails deeper, the others' refusals say nothing.
        outdone = any(
            len(steps) > len(one.steps) and steps[: len(one.steps)] == one.steps
            for one in complaints
            for steps in reached
        )
        if outdone and all(one.kind in _BRANCH for one in complaints):
            continue
        problems += _one_place(place, complaints, model, owner)
    if len(errors) > MOST:
        problems.append(problem("more", node.place, count=len(errors) - MOST))
    return problems


_BRANCH = (*_EXPECTED, "literal_error")
_TOLD = (
    *("no_language", "no_bound", "no_reason", "no_signer", "no_part", "no_count"),
    *("no_context", "no_hour", "no_hours", "no_places"),
)
"""What models of rule sets refuse themselves."""


@dataclass(frozen=True, slots=True)
class _Complaint:
    """One of pydantic's complaints with the node it is about and the steps that lead there."""

    kind: str
    path: Sequence[Any]
    context: Mapping[str, Any]
    target: Node
    steps: tuple[object, ...]


def _one_place(place: Place, complaints: list[_Complaint], model: type[BaseModel], owner: str) -> list[Problem]:
    """Return the problems at one place: those that stand alone, or one for all complaints about the type."""
    problems = []
    expected: list[str] = []
    choices: list[str] = []
    for one in complaints:
        if one.kind in ("literal_error", "enum"):
            choices += _choices(str(one.context.get("expected", "")))
        elif one.kind in _EXPECTED:
            expected.append(_EXPECTED[one.kind])
        else:
            problems.append(_alone(place, one, model, owner))
    if problems:
        return problems
    return [_wrong_value(place, complaints[0].target, list(dict.fromkeys(expected)), list(dict.fromkeys(choices)))]


def _alone(place: Place, one: _Complaint, model: type[BaseModel], owner: str) -> Problem:
    """Return the problem behind a complaint that is not about the type."""
    last = one.path[-1] if one.path else ""
    if one.kind == "extra_forbidden":
        fix = suggestion(str(last), _names(model, one.path[:-1]))
        code = "rulesets.unknown-parameter" if owner else "unknown-key"
        return problem(code, place, word=last, rule=owner, fix=fix)
    if one.kind == "missing":
        return problem("rulesets.missing-parameter" if owner else "missing-key", place, word=last, rule=owner)
    if one.kind == "mistake":
        known = one.context["known"]
        word = str(last if one.context["on_key"] or one.target.kind in ("map", "list") else one.target.value)
        return problem(
            one.context["code"], place, fix=suggestion(word, known) if known else "", **one.context["values"]
        )
    if one.kind in _BOUNDS:
        limit = one.context.get(_BOUNDS[one.kind], "")
        known = next((name for begin, name in _PATTERNS.items() if str(limit).startswith(begin)), "")
        limit = say(f"yaml.pattern.{known}") if known else limit
        return problem(f"bound-{one.kind.replace('_', '-')}", place, value=_shown(one.target), limit=limit)
    if one.kind in _TOLD:
        return problem(f"rulesets.{one.kind.replace('_', '-')}", place, value=_shown(one.target))
    if one.kind in ("value_error", "assertion_error"):
        reason = one.context.get("error", "")
        return problem("rulesets.refused-by-rule", place, value=_shown(one.target), reason=reason)
    return problem("refused", place, value=_shown(one.target))


def _wrong_value(place: Place, target: Node, expected: list[str], choices: list[str]) -> Problem:
    """Return the problem of a value of the wrong type or outside a list of words."""
    told = str(target.value) in choices  # but of another type: '1'
    if choices and not told and (not expected or (target.kind == "text" and set(expected) == {"text"})):
        return problem("unknown-word", place, value=_shown(target), fix=suggestion(str(target.value), choices))
    words = [say(f"yaml.kind.{kind}") for kind in expected]
    words += [excerpt(choice) for choice in choices]
    fix = ""
    if "boolean" in expected and target.kind == "text":
        fix = say("yaml.write-boolean")
    elif "text" in expected and target.kind in ("integer", "number", "boolean"):
        fix = say("yaml.write-quotes")
    elif expected == ["map"] and target.kind == "text":
        fix = say("yaml.write-map")
    listed = say("yaml.or").join(words)
    return problem("wrong-type", place, expected=listed, got=say(f"yaml.kind.{kind_of(target)}"), fix=fix)


def kind_of(node: Node) -> str:
    """Return the catalogue's word for what a node is."""
    return {"null": "nothing", "include": "text", "endless": "number"}.get(node.kind, node.kind)


def _shown(node: Node) -> str:
    """Return a value for a message; a mapping or list by its kind only."""
    return say(f"yaml.kind.{node.kind}") if node.kind in ("map", "list") else excerpt(node.value)


def _choices(expected: str) -> list[str]:
    """Return the words in pydantic's list of what it expected: ``'a', 'b' or 'c'``."""
    return re.findall(r"'([^']*)'", expected) or [{"True": "true", "False": "false"}.get(expected, expected)]


def _names(model: type[BaseModel], path: Iterable[object]) -> list[str]:
    """Return the keys that the mapping at `path` below `model` may have; nothing where any key goes."""
    annotation: Any = model
    for step in path:
        annotation = _inside(annotation, step)
        if annotation is None:
            return []
    return _keys(_model_in(annotation))


def _keys(model: type[BaseModel] | None) -> list[str]:
    """Return the field names of a model as YAML writes them."""
    return [] if model is None else [info.alias or name for name, info in model.model_fields.items()]


def _inside(annotation: Any, step: object) -> Any:
    """Return the annotation of what stands under `step` in a value of type `annotation`."""
    model = _model_in(annotation)
    if model is not None:
        for name, info in model.model_fields.items():
            if step in (name, info.alias):
                return info.annotation
        # pydantic puts the branch of a union into the path: stay where we are.
        return annotation
    for origin, arguments in _parts(annotation):
        if origin in (list, tuple, set, frozenset) and arguments:
            return arguments[0]
        if origin is dict:
            return arguments[1]
    return None


def _parts(annotation: Any) -> list[tuple[Any, tuple[Any, ...]]]:
    """Return origin and arguments of each branch of an annotation."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return [part for branch in arguments for part in _parts(branch)]
    return _parts(arguments[0]) if origin is typing.Annotated else [(origin or annotation, arguments)]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the one model among an annotation's branches."""
    types_ = (origin for origin, _ in _parts(annotation) if isinstance(origin, type))
    return next((one for one in types_ if issubclass(one, BaseModel)), None)
