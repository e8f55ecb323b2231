"""The rule set: every rule with its values in force, where they come from, and its cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from typing_extensions import override

from policycore.language import say
from policycore.rulesets.resolved import ResolvedRule, ResolvedRuleSet
from policycore_tui.pages.lines import Line
from policycore_tui.pages.rules import rule_lines
from policycore_tui.pages.words import LOOK_OF, count_word, severity_word
from policycore_tui.screens.table_screen import TableScreen
from policycore_tui.widgets.line_table import Column

__all__ = ["RulesScreen"]


class RulesScreen(TableScreen[ResolvedRule]):
    """The rule set of the newest run."""

    where: ClassVar[str] = "rules"
    ruleset: ResolvedRuleSet | str = ""
    """The rule set, or why it is not at hand."""
    counts: Mapping[str, int] = {}
    precise: Mapping[str, str] = {}
    """How often each rule was right, in words, by its name."""

    def refill(self) -> None:
        """Look which rule set the newest run was judged by, and show its rules."""
        newest = self.host.rulesets.newest
        self.ruleset = self.host.rulesets.get(newest) if newest else say("tui.overview.no-run")
        super().refill()

    def load(self) -> Sequence[ResolvedRule]:
        """Return the rules, none while they are being read or where they can't be."""
        if isinstance(self.ruleset, str):
            return ()
        self.counts = self.host.repository.open_by("rule")
        self.precise = self.host.repository.precise()
        return self.ruleset.rules

    @override
    def empty_words(self) -> str:
        return self.ruleset if isinstance(self.ruleset, str) else super().empty_words()

    @override
    def ruleset_arrived(self) -> None:
        self.refill()

    @override
    def columns(self) -> list[Column]:
        return [
            Column("rule", say("tui.column.rule"), 7, lambda row: row.id),
            Column("title", say("tui.column.name"), 0, lambda row: f"{row.rule.title.in_language()}  {row.name}"),
            Column("severity", say("tui.column.severity"), 13, _severity, from_width=44),
            Column("clauses", say("tui.column.clauses"), 12, lambda row: (" ".join(row.clauses) or "-", "muted"), 56),
            Column("open", say("tui.column.open"), 8, lambda row: count_word(self.counts.get(row.id, 0)), right=True),
        ]

    @override
    def page(self, row: ResolvedRule, width: int) -> Sequence[Line]:
        origins = () if isinstance(self.ruleset, str) else self.ruleset.origins
        return rule_lines(row, origins, width, self.precise.get(row.name, ""))

    @override
    def open_row(self, row: ResolvedRule) -> None:
        self.host.show_violations("", {"rule": (row.id,)})

    @override
    def conditions(self) -> Mapping[str, Callable[[], object]]:
        return {**super().conditions(), "place": lambda: self.row}

    def do_edit_ruleset(self) -> None:
        """Open the rule set at the line of this rule."""
        if self.row is not None:
            self.host.edit(self.row.place)


def _severity(row: ResolvedRule) -> tuple[str, str]:
    return severity_word(row.severity.value), LOOK_OF[row.severity.value]
