"""Give rules the values of the whole set: ``$name`` under ``with`` stands for the parameter called name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from policycore.rulesets.layers.layer import Layer
from policycore.rulesets.layers.problems import problem
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import Node
from policycore.yaml.problems import Problems

__all__ = ["filled", "names_in"]

_reference = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


def filled(node: Node, layer: Layer, problems: Problems) -> Node | None:
    """Return `node` with each ``$name`` replaced by the parameter's value; ``$$`` is a dollar sign.

    Reports names that are no parameters; None when there is one.
    """
    if node.kind == "list":
        whole = True
        items: list[Node] = []
        for item in node.value:
            found = filled(item, layer, problems)
            # A list that is named among other items stands for its own.
            named = found is not None and found.kind == "list" and item.kind == "text"
            items += () if found is None else found.items() if named else [found]
            whole = whole and found is not None
        return replace(node, value=items) if whole else None
    if node.kind == "map":
        values = {key: filled(item, layer, problems) for key, item in node.value.items()}
        return None if None in values.values() else replace(node, value=values)
    if node.kind != "text":
        return node
    text = str(node.value)
    if text.startswith("$$"):
        return replace(node, value=text[1:])
    match = _reference.fullmatch(text)
    if match is None:
        return node
    setting = layer.get("parameters", match[1])
    if setting is None:
        known = [name for name, _ in layer.below("parameters")]
        problems.add(problem("unknown-value", node.place, name=match[1], fix=suggestion(match[1], known)))
        return None
    # The value is the parameter's, the place is where the rule takes it.
    return replace(setting.node, place=node.place)


def names_in(value: object) -> set[str]:
    """Return the names of the parameters that a value of a rule's ``with`` takes."""
    if isinstance(value, Mapping):
        return set().union(*map(names_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(names_in, value))
    match = _reference.fullmatch(value) if isinstance(value, str) else None
    return {match[1]} if match else set()
