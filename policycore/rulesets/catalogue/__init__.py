"""Texts of rule sets, in both languages."""

from policycore.rulesets.catalogue import clauses, sets, sql, written

TEXTS: dict[str, tuple[str, str]] = {**clauses.TEXTS, **sets.TEXTS, **sql.TEXTS, **written.TEXTS}
