"""Write the facets beside the list: every value with how many findings it would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policycore.language import say
from policycore.model.verdict import Severity, Verdict
from policycore_tui.pages.lines import Line, blank, heading, one, paragraph
from policycore_tui.pages.words import LOOK_OF, platform_word, severity_word, state_word, verdict_word
from policycore_tui.state.cells import fit

__all__ = ["FacetTarget", "facet_lines", "facet_value"]

_MOST = 12
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "severity": tuple(Severity),
    "verdict": (Verdict.FAIL, Verdict.SUSPECT, Verdict.NEEDS_ATTESTATION),
}
"""Closed facets go from the worst on; all others but `_BY_NAME` begin with what there is most of."""
_BY_NAME = ("department", "responsible")
"""Departments and people are no ranking: they stand in the order of their names, as everywhere."""


@dataclass(frozen=True, slots=True)
class FacetTarget:
    """A line that leads to picking a value of a facet."""

    facet: str
    value: str


def facet_value(facet: str, value: str, titles: Mapping[str, str]) -> str:
    """Return a facet's value in words; `titles` names rules by their id."""
    if not value:
        return say("tui.none")
    words = {
        "severity": severity_word,
        "verdict": verdict_word,
        "state": state_word,
        "platform": platform_word,
    }
    if facet in words:
        return words[facet](value)
    return f"{value} {titles[value]}" if facet == "rule" and value in titles else value


def facet_lines(
    counts: Mapping[str, Mapping[str, int]],
    picked: Mapping[str, tuple[str, ...]],
    width: int,
    titles: Mapping[str, str],
) -> list[Line]:
    """Return all facets as lines; picked values come first and are ticked."""
    lines: list[Line] = []
    for facet, values in counts.items():
        chosen = picked.get(facet, ())
        lines.append(heading(say(f"tui.facet.{facet}")))
        order = _ORDERS.get(facet, ())
        others = sorted(values, key=lambda value: (not value, value)) if facet in _BY_NAME else values
        known = [*(value for value in order if value in values), *(value for value in others if value not in order)]
        if facet == "severity":
            known = [value for value in known if value]
        ordered = [*chosen, *(value for value in known if value not in chosen)]
        more = len(ordered) - _MOST - len(chosen)
        for value in ordered[: _MOST + len(chosen)]:
            count = str(values.get(value, 0))
            name = fit(facet_value(facet, value, titles), max(4, width - len(count) - 5))
            look = LOOK_OF.get(value, "") if facet == "severity" else ""
            mark = "[x] " if value in chosen else "[ ] "
            lines.append(one(mark, (name, look), (f" {count}", "muted"), target=FacetTarget(facet, value)))
        if more > 0:
            typed = say(f"tui.facet-key.{facet}")
            lines += paragraph(say("tui.facet.more", count=more, name=typed), width, "muted")
        lines.append(blank())
    return lines
