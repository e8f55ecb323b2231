"""Know a finding again after its rule got another id: by the fingerprints it had under the former ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policycore.model.result import Finding

__all__ = ["RuleNames"]


@dataclass(frozen=True, slots=True)
class RuleNames:
    """Know every name of every rule, and which facts tell a rule's findings apart."""

    ids: Mapping[str, str] = field(default_factory=dict)
    """Rule id by every id, name and former name."""
    former: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Former ids and names by rule id, for the rules that have any."""
    key_facts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def id_of(self, name: str) -> str:
        """Return the id of the rule that `name` means; a name nobody knows is returned as it is."""
        return self.ids.get(name, name)

    def former_fingerprints(self, finding: Finding) -> tuple[str, ...]:
        """Return the fingerprints that `finding` would have had under the former ids of its rule."""
        aliases = self.former.get(finding.rule, ())
        if finding.former or not aliases:
            return finding.former
        # What was stored by a version that kept no former fingerprints: they follow from the facts that are shown.
        # Where there are no former names, which is nearly always, nothing of the engine is loaded.
        from policycore.engine.findings import fingerprint

        subject = finding.subject
        keys = {name: finding.facts.get(name) for name in self.key_facts.get(finding.rule, ())}
        return tuple(fingerprint(alias, subject.kind, subject.id, keys) for alias in aliases)
