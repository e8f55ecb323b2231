"""Call code of a rule while a rule set is loaded: held to time and output, and whatever it raises held against it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from policycore.errors import Place, PluginError
from policycore.language import say
from policycore.plugin_api.rule import Rule
from policycore.rulesets.layers.problems import problem
from policycore.system.deadline import Overrun, deadline
from policycore.system.one_process import RefusedError
from policycore.system.process import Interruption
from policycore.system.speech import captured
from policycore.system.traces import code_place
from policycore.text.shown import shown_words

__all__ = ["called"]

Answer = TypeVar("Answer")

SECONDS = 10.0
"""How long a rule may take to check its parameters, or to say what it looks for."""


def called(rule: Rule, work: Callable[[], Answer], place: Place, passes: tuple[type[Exception], ...] = ()) -> Answer:
    """Return what `work` returns, which is code of `rule`, used at `place` of a rule set.

    Raises PluginError for whatever else it does, but leaves what `passes`; KeyboardInterrupt for a signal.
    """
    interruption = Interruption()
    try:
        with interruption, captured(rule.name), deadline(SECONDS, say("rulesets.hung-rule", rule=rule.name)):
            return work()
    except BaseException as error:  # it may fail in any way, or end the process
        interruption.halt()
        if isinstance(error, passes):
            raise
        at = code_place(error, type(rule).__module__.partition(".")[0])
        what = shown_words(error) if isinstance(error, RefusedError) else type(error).__name__
        if isinstance(error, Overrun):
            what = say("plugin_api.overran", seconds=f"{SECONDS:g}")
        raise PluginError(
            problem("broken-rule", place, rule=rule.name, error=f"{what} ({at})" if at else what)
        ) from error
