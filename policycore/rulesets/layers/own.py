"""Columns and tables of its own that a rule set goes by, composed along `extends`."""

from __future__ import annotations

from policycore.errors import Problem
from policycore.model.schema import ColumnSchema
from policycore.rulesets.layers.layer import Layer
from policycore.yaml.nodes import Node
from policycore.yaml.own_columns import own_part

__all__ = ["composed_own"]


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
