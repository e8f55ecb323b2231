"""Texts of the findings store: its errors, states, decisions, commands."""

from policycore.language.catalogue.findings import decisions, lists, store

TEXTS: dict[str, tuple[str, str]] = {**store.TEXTS, **decisions.TEXTS, **lists.TEXTS}
