"""The rule set: every rule with its values in force, where they come from, and its cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from policycore.language import say
from policycore.rulesets.resolved import ResolvedRule, ResolvedRuleSet
from policycore.store.query import FindingFilter, counts_by
from policycore_tui.pages.rules import rule_lines
from policycore_tui.pages.words import LOOK_OF, severity_word
from policycore_tui.screens.editing import edit
from policycore_tui.screens.table_section import TableSection
from policycore_tui.state.lines import Line
from policycore_tui.widgets.line_table import Cells, Column

__all__ = ["RulesScreen"]


class RulesScreen(TableSection[ResolvedRule]):
    """Show the rule set of the newest run."""

    where: ClassVar[str] = "rules"

    def __init__(self) -> None:
        super().__init__()
        self.ruleset: ResolvedRuleSet | None = None
        self.why_empty = ""
        self.counts: dict[str, int] = {}

    def refill(self) -> None:
        """Look which rule set the newest run was judged by, and show its rules."""
        run = self.office_app.office.latest()
        found = self.office_app.rulesets.get(run.ruleset) if run else say("tui.overview.no-run")
        self.ruleset, self.why_empty = (None, found) if isinstance(found, str) else (found, "")
        super().refill()

    def load(self) -> Sequence[ResolvedRule]:
        """Return the rules, none while they are being read or where they can't be."""
        if self.ruleset is None:
            return ()
        with self.office_app.office.store.read() as connection:
            self.counts = counts_by(connection, FindingFilter(), "rule")
        return self.ruleset.rules

    def empty_words(self) -> str:
        """Return why there are no rules."""
        return self.why_empty or super().empty_words()

    def ruleset_arrived(self) -> None:
        """Show the rules."""
        self.refill()

    def columns(self) -> list[Column]:
        """Return id, name, severity, clauses, findings."""
        return [
            Column("rule", say("tui.column.rule"), 7),
            Column("title", say("tui.column.name"), 0),
            Column("severity", say("tui.column.severity"), 10, from_width=44),
            Column("clauses", say("tui.column.clauses"), 12, from_width=56),
            Column("open", say("tui.column.open"), 8, right=True),
        ]

    def cells(self, row: ResolvedRule) -> Cells:
        """Return what one rule shows."""
        count = self.counts.get(row.id, 0)
        return (
            (row.id, ""),
            (f"{row.rule.title.in_language()}  {row.name}", ""),
            (severity_word(row.severity.value), LOOK_OF[row.severity.value]),
            (" ".join(row.clauses) or "-", "muted"),
            (str(count), "error" if count else "muted"),
        )

    def page(self, row: ResolvedRule, width: int) -> Sequence[Line]:
        """Return everything about one rule."""
        return rule_lines(row, self.ruleset.origins if self.ruleset else (), width)

    def open_row(self, row: ResolvedRule) -> None:
        """Show the rule's findings."""
        self.office_app.show_violations("", {"rule": (row.id,)})

    def meets(self, condition: str) -> bool:
        """Return whether a condition of the key table holds."""
        return self.row is not None if condition == "place" else super().meets(condition)

    def do_edit_ruleset(self) -> None:
        """Open the rule set at the line of this rule."""
        if self.row is not None:
            edit(self.office_app, self.row.place)
