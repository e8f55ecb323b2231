"""Say why a rule broke, and where in its own code, without quoting any data."""

from __future__ import annotations

import duckdb

from policycore.engine.hits import BrokenRuleError
from policycore.engine.limit import RuleEndedError, RuleTimeoutError
from policycore.engine.texts import BadPatternError
from policycore.language import Text, say_both
from policycore.plugin_api.paths import PathError
from policycore.plugin_api.rule import Rule
from policycore.system.traces import code_place, place_of

__all__ = ["what_broke"]


def what_broke(rule: Rule, error: Exception) -> Text:
    """Return why `rule` failed; of foreign errors only the kind, for databases repeat the values they choke on."""
    if isinstance(error, RuleTimeoutError):
        return say_both("engine.timeout", seconds=str(error))
    if isinstance(error, (BrokenRuleError, BadPatternError, PathError)):
        return say_both("engine.broken", what=str(error), place=_place(rule, error))
    if isinstance(error, (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)):
        # These speak of names in the SQL, which is the rule's own text.
        return say_both("engine.sql", what=str(error).splitlines()[0], place=_place(rule, error))
    raised = error.__cause__ if isinstance(error, RuleEndedError) and error.__cause__ else error
    return say_both("engine.raised", kind=type(raised).__name__, place=_place(rule, raised))


def _place(rule: Rule, error: BaseException) -> str:
    """Return ``file:line`` in the rule's own package: where it broke, else where its work begins."""
    package = type(rule).__module__.partition(".")[0]
    work = getattr(type(rule), "confirm", type(rule).check)
    return code_place(error, package) or place_of(getattr(work, "__code__", None), package)
