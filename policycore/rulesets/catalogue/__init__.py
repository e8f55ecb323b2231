"""Texts of rule sets, in both languages."""

from policycore.rulesets.catalogue import sets, sql

TEXTS: dict[str, tuple[str, str]] = {**sets.TEXTS, **sql.TEXTS}
