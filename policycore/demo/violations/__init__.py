"""Plant violations of every rule, and beside each the look-alikes that a check must let pass."""

from __future__ import annotations

from policycore.demo.violations.plant import Plant, Planting

__all__ = ["Plant", "Planting", "all_plants"]


def all_plants() -> tuple[Plant, ...]:
    """Return every plant, in the order of the rules' plugins."""
    from policycore.demo.violations import admission, content, display_names, dormancy, ownership, secrecy

    parts = (ownership, display_names, admission, dormancy, content, secrecy)
    return tuple(plant for part in parts for plant in part.PLANTS)
