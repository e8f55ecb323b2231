"""Check the names in the texts of a rule set: a ``{name}`` that nothing fills, a label of what is not there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from policycore.errors import Problem
from policycore.language import PLACE
from policycore.rulesets.layers.layer import Setting
from policycore.rulesets.layers.problems import problem
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import Node, walk

__all__ = ["unfilled", "unfilled_in"]

# Wider than what is ever filled, so that `{ count }` is told and not shown as it stands.
_written = re.compile(r"\{([^{}\n]*)\}")
_ALWAYS = ("name", "group")
"""Names that every finding has besides columns and parameters."""


def unfilled(settings: Mapping[str, Setting], facts: Collection[str]) -> Iterator[Problem]:
    """Yield each place in the texts of a rule that stays empty; `facts` are its columns and parameters.

    A finding's message and steps are filled; the rule's title, headline and explanation are shown as they stand.
    """
    known = sorted(name for name in {*facts, *_ALWAYS} - {"verdict"} if PLACE.fullmatch(f"{{{name}}}"))
    for key in ("message", "remediation"):
        if key in settings:
            yield from _open_braces(settings[key].node)
            for node, name in _places(settings[key].node):
                if name not in known:
                    yield problem("unknown-placeholder", node.place, name=name, fix=suggestion(name, known))
    for key in ("title", "headline", "explanation"):
        if key in settings:
            yield from unfilled_in(settings[key].node)
    labels = settings["fact_labels"].node if "fact_labels" in settings else None
    for name, label in labels.value.items() if labels is not None and labels.kind == "map" else ():
        yield from unfilled_in(label)
        if labels is not None and name not in {*facts} - {"verdict"}:
            yield problem("unknown-fact", labels.keys[name], name=name, fix=suggestion(name, facts))


def unfilled_in(node: Node) -> Iterator[Problem]:
    """Return a problem for each place in a text that is shown as it stands."""
    return (problem("placeholder-not-here", text.place, name=name) for text, name in _places(node))


def _open_braces(node: Node) -> Iterator[Problem]:
    """Yield a problem for each text, of both languages and of steps, with a brace that nothing answers."""
    for part in walk(node):
        if part.kind == "text" and re.search(r"[{}]|｛\w*｝", _written.sub("", str(part.value))):
            yield problem("open-brace", part.place)


def _places(node: Node) -> Iterator[tuple[Node, str]]:
    """Yield the texts of a bilingual text, or of steps that hold some, with each name between braces in them."""
    for step in node.items():
        what = step.get("what")
        if what is not None:
            yield from _places(what)
    for language in ("zh", "en"):
        text = node.get(language)
        if text is not None and text.kind == "text":
            for written in dict.fromkeys(_written.findall(str(text.value))):
                place = PLACE.fullmatch(f"{{{written}}}")
                yield text, place[1] if place else written
