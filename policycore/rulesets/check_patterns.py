"""Check what text rules look for when the rule set is loaded: each mistake at the value that made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ValidationError

from policycore.errors import Place, PluginError, Problem
from policycore.plugin_api.rule import TextRule
from policycore.rulesets.layers.problems import problem
from policycore.rulesets.rule_code import called
from policycore.system.deadline import Overrun
from policycore.text.clean import clean
from policycore.text.expression import ExpressionError, size
from policycore.text.limits import MOST_SECONDS, too_costly
from policycore.text.patterns import Likely, Pattern, Words
from policycore.yaml.nodes import Node, walk

__all__ = ["pattern_problems"]

_SHOWN = 60
MOST_UNTRIED, FEW_BROAD = 24, (64, 12)
"""Characters up to which an expression is not tried, and more where so few of them may be nearly any.

The slowest of 3,000 random ones took less than is allowed, and of 2,500 with few that may be any a quarter of it.
"""


def pattern_problems(rule: TextRule, params: BaseModel, nodes: Mapping[str, Node], place: Place) -> Iterator[Problem]:
    """Yield what is wrong with the words and expressions of `rule` that the values in `nodes` make.

    What the rule looks for whatever it is given is its own, and trusted: it is read when the rule is run. `place` is
    where the rule set uses the rule, for what stands in no value as it is.
    """
    try:
        patterns, own = called(rule, lambda: (tuple(rule.patterns(params)), frozenset(_own(rule))), place)
    except PluginError as error:
        if isinstance(error.__cause__, Overrun):
            raise
        return  # the rule's own error, when its turn comes
    costly = []
    for pattern in patterns:
        if pattern in own or isinstance(pattern, Likely):
            continue
        try:
            pattern.expressions()
        except ExpressionError as error:
            written = pattern.words[error.place or 0] if isinstance(pattern, Words) else pattern.expression
            where = "" if error.place is None or isinstance(pattern, Words) else f" ({error.place + 1})"
            yield _problem("bad-pattern", written, nodes, place, what=f"{error}{where}")
        else:
            costly += [pattern] if isinstance(pattern, Pattern) and _may_be_costly(pattern) else []
    for number in too_costly([(pattern.expression, pattern.caseless) for pattern in costly]):
        yield _problem("costly-pattern", costly[number].expression, nodes, place, seconds=f"{MOST_SECONDS:g}")


def _may_be_costly(pattern: Pattern) -> bool:
    """Return whether an expression is to be tried: starting a process for what is small takes longer than that."""
    most, broad = FEW_BROAD
    return any(
        size(one) > MOST_UNTRIED and (size(one) > most or size(one, broad=True) > broad)
        for one in pattern.expressions()
    )


def _own(rule: TextRule) -> tuple[Pattern | Words | Likely, ...]:
    """Return what the rule looks for when it is given nothing."""
    try:
        return tuple(rule.patterns(rule.Params()))
    except ValidationError:
        return ()


def _problem(code: str, written: str, nodes: Mapping[str, Node], place: Place, **values: str) -> Problem:
    """Return a problem at the value that is, or holds, what is `written`."""
    texts = [node for value in nodes.values() for node in walk(value) if node.kind == "text"]
    exact = [node for node in texts if node.value == written]
    holding = [node for node in texts if node.value and (node.value in written or written in node.value)]
    found = next(iter(exact or holding), None)
    return problem(code, found.place if found else place, fix="", pattern=clean(written, limit=_SHOWN), **values)
