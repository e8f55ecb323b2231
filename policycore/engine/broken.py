"""Say why a rule broke, and where in its own code, without quoting any data."""

from __future__ import annotations

import duckdb

from policycore.engine.judging.existing import BrokenRuleError
from policycore.engine.limit import RuleEndedError, RuleTimeoutError
from policycore.engine.texts import BadPatternError
from policycore.language import Text, fill, say_both
from policycore.plugin_api.paths import PathError
from policycore.rulesets.resolved import ResolvedRule
from policycore.rulesets.sql.rule import ROW_LIMIT, TOO_MANY_ROWS, SqlRule
from policycore.rulesets.written import WrittenRule
from policycore.system.memory import MEMORY_VARIABLE
from policycore.system.one_process import RefusedError
from policycore.system.traces import code_place, place_of

__all__ = ["what_broke"]


def what_broke(resolved: ResolvedRule, error: Exception) -> Text:
    """Return why a rule failed; of foreign errors only the kind, for databases repeat the values they choke on."""
    place = _place(resolved, error)
    if isinstance(error, RuleTimeoutError):
        return say_both("engine.timeout", seconds=str(error))
    if isinstance(error, BrokenRuleError):
        said = say_both("engine.broken", place=place)
        return Text(
            *(fill(text, {"what": what}) for text, what in ((said.zh, error.what.zh), (said.en, error.what.en)))
        )
    if isinstance(error, RefusedError):
        return Text(f"{error.what.zh}（{place}）", f"{error.what.en} ({place})")
    if isinstance(error, (BadPatternError, PathError)):
        return say_both("engine.broken", what=str(error), place=place)
    if isinstance(error, (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)):
        # These speak of names in the SQL, which is the rule's own text.
        return say_both("engine.sql", what=str(error).splitlines()[0], place=place)
    if isinstance(error, (duckdb.OutOfMemoryException, MemoryError)):
        return say_both("engine.memory", place=place, variable=MEMORY_VARIABLE)
    if isinstance(error, duckdb.InvalidInputException) and TOO_MANY_ROWS in str(error):
        return say_both("engine.broken.rows", limit=ROW_LIMIT)
    if isinstance(error, duckdb.DataError) and isinstance(resolved.rule, SqlRule):
        return say_both("engine.value", kind=type(error).__name__, place=place)
    raised = error.__cause__ if isinstance(error, RuleEndedError) and error.__cause__ else error
    return say_both("engine.raised", kind=type(raised).__name__, place=_place(resolved, raised))


def _place(resolved: ResolvedRule, error: BaseException) -> str:
    """Return ``file:line`` in the rule's own package, or rule set: where it broke, else where its work begins."""
    rule = resolved.rule
    if isinstance(rule, WrittenRule):
        return str(resolved.place)
    package = type(rule).__module__.partition(".")[0]
    work = getattr(type(rule), "confirm", type(rule).check)
    return code_place(error, package) or place_of(getattr(work, "__code__", None), package)
