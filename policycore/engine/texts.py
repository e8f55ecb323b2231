"""Run all text rules of a rule set in one pass over the estate's texts, then let each confirm its candidates."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from policycore.engine.limit import RuleTimeoutError
from policycore.engine.session import EstateSession
from policycore.plugin_api.rule import Hit, TextMatch, TextRule
from policycore.rulesets.resolved import ResolvedRule
from policycore.text.scan import ROWS_AT_A_TIME, Wanted, pattern_problem, scan

__all__ = ["BadPatternError", "TextPass", "check_patterns"]

# Where each readable text stands, and the keys of what it belongs to.
_TEXTS = {
    "messages.text": "SELECT group_id, id AS message_id, text AS __text FROM messages WHERE text IS NOT NULL",
    "attachments.name": """SELECT m.group_id, t.message_id, t.id AS attachment_id, t.name AS __text
        FROM attachments t JOIN messages m ON m.id = t.message_id WHERE t.name IS NOT NULL""",
    "attachments.text": """SELECT m.group_id, t.message_id, t.id AS attachment_id, t.text AS __text
        FROM attachments t JOIN messages m ON m.id = t.message_id WHERE t.text IS NOT NULL""",
    "groups.name": "SELECT id AS group_id, name AS __text FROM all_groups WHERE name IS NOT NULL",
    "groups.announcement": """SELECT id AS group_id, announcement AS __text FROM all_groups
        WHERE announcement IS NOT NULL""",
}

_SUCCESSIVE_MINUTES = 10
_PREVIOUS = """SELECT m.id, arg_max(p.text, p.sent_at) AS previous FROM messages m
    JOIN messages p ON p.group_id = m.group_id AND p.sender_id = m.sender_id AND p.id <> m.id AND p.sent_at <= m.sent_at
        AND p.sent_at >= m.sent_at - to_minutes($within)
    WHERE m.id IN (SELECT unnest($ids::VARCHAR[])) AND p.text <> '' GROUP BY m.id"""


class BadPatternError(Exception):
    """Say that a rule's pattern is outside the linear dialect; names the pattern, quotes no text."""


@dataclass(slots=True)
class _Found:
    """One candidate with the keys of what its text belongs to."""

    keys: dict[str, object]
    column: str
    match: TextMatch


@dataclass(slots=True)
class TextPass:
    """Scan once for every text rule in `rules`, when the first of them is judged."""

    rules: Sequence[ResolvedRule]
    evidence_key: bytes | None = None
    """Secret of the workspace. With it a hit carries a keyed hash of the whole text, which proves later what
    was seen without holding it; without it there is none, because a plain hash of short text is soon guessed."""
    _candidates: dict[str, list[_Found]] | None = field(default=None)

    def hits(self, session: EstateSession, resolved: ResolvedRule) -> Iterator[Hit]:
        """Yield what `resolved` confirms, with the keys of message and group and the column it was in."""
        assert isinstance(resolved.rule, TextRule)  # noqa: S101 - tells the type checker what judge() looked up
        if self._candidates is None:
            self._candidates = self._scan(session)
        for found in self._candidates.get(resolved.id, ()):
            for facts in resolved.rule.confirm(found.match, resolved.params):
                yield {**found.keys, "field": found.column, **self._evidence(found.match), **facts}

    def _evidence(self, match: TextMatch) -> dict[str, str]:
        """Return the keyed hash (HMAC-SHA-256, 32 hex digits) of the text of a hit, where there is a key."""
        if self.evidence_key is None:
            return {}
        return {"evidence": hmac.new(self.evidence_key, match.text.encode(), "sha256").hexdigest()[:32]}

    def _scan(self, session: EstateSession) -> dict[str, list[_Found]]:
        """Return the candidates of every text rule, in the order in which the texts stand."""
        wanted = list(self._wanted())
        candidates: dict[str, list[_Found]] = {}
        for column, sql in _TEXTS.items():
            here = [one for one in wanted if column in one.reads]
            if not here:
                continue
            for batch in session.batches(sql, ROWS_AT_A_TIME):
                keys = [name for name in batch.schema.names if name != "__text"]
                texts = batch.column(batch.schema.get_field_index("__text"))
                for candidate in scan({column: [texts]}, here):
                    row = batch.slice(candidate.row, 1).select(keys).to_pylist()[0]
                    candidates.setdefault(candidate.rule, []).append(_Found(row, column, candidate.match))
        self._add_previous(
            session, candidates, {one.rule + one.pattern.id for one in wanted if one.pattern.asks_previous}
        )
        return candidates

    @staticmethod
    def _add_previous(session: EstateSession, candidates: dict[str, list[_Found]], asking: set[str]) -> None:
        """Give the candidates of patterns that ask for it what their sender wrote before."""
        waiting = [
            found
            for rule, listed in candidates.items()
            for found in listed
            if rule + found.match.pattern in asking and found.column == "messages.text"
        ]
        if not waiting:
            return
        ids = list({str(found.keys["message_id"]) for found in waiting})
        before = {
            row["id"]: row["previous"] for row in session.rows(_PREVIOUS, {"ids": ids, "within": _SUCCESSIVE_MINUTES})
        }
        for found in waiting:
            previous = before.get(str(found.keys["message_id"]))
            found.match = replace(found.match, previous=previous or "")

    def _wanted(self) -> Iterable[Wanted]:
        """Yield what every text rule looks for; a rule with a pattern that can't be matched is left out here.

        It raises `BadPatternError` when its own turn comes (`check_patterns`), so that one bad rule spoils no other.
        """
        for resolved in self.rules:
            rule = resolved.rule
            if not isinstance(rule, TextRule):
                continue
            try:
                patterns = list(rule.patterns(resolved.params))
                if any(pattern_problem(pattern) for pattern in patterns):
                    continue
            except RuleTimeoutError:
                raise
            except BaseException:  # noqa: S112 - whatever it raises, it raises again when its own turn comes
                continue
            for pattern in patterns:
                yield Wanted(resolved.id, pattern, rule.reads)


def check_patterns(resolved: ResolvedRule) -> None:
    """Raise BadPatternError when a text rule has a pattern that linear time does not allow."""
    if isinstance(resolved.rule, TextRule):
        for pattern in resolved.rule.patterns(resolved.params):
            problem = pattern_problem(pattern)
            if problem:
                raise BadPatternError(f"{pattern.id}: {problem}")
