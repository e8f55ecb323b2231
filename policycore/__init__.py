"""Policy as code for chat work groups: what programs call and what plugins use.

A program checks an estate as the command line does::

    import policycore

    result = policycore.check("estate", ruleset="work-groups-base")
    for finding in result.findings:
        print(finding.rule, finding.subject.name, finding.message)
    Path("report.json").write_bytes(result.report("json"))

`load_ruleset`, `import_estate` and `open_estate` give what it takes: a rule set, a snapshot written once and checked
often. Plugins build their rules on `Rule` and what stands beside it.

Names are imported on first use, so that ``import policycore`` loads neither pydantic nor DuckDB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import Field

    from policycore.estate.cells.times import since_1970
    from policycore.language import Text
    from policycore.model.verdict import Severity, Subject, Verdict
    from policycore.operations.check import CheckOutcome, check
    from policycore.operations.choose_ruleset import load_ruleset
    from policycore.operations.import_estate import import_estate, open_estate
    from policycore.plugin_api.hookspecs import hookimpl
    from policycore.plugin_api.offers import LazyCommand, Notice, Notifier, Panel, ReportFormat
    from policycore.plugin_api.rule import CONTENT, Case, Hit, Needs, Query, Rule, RuleEstate, Step, TextRule
    from policycore.plugin_api.source import Source, SourceError
    from policycore.text import marks
    from policycore.text.dates import OfficeHours, StatedTime, stated_deadline, stated_times
    from policycore.text.demands import REPLY_SIGNS, Demand, reply_demands, without_demands
    from policycore.text.fold import ZERO_WIDTH, fold, spread
    from policycore.text.learned import Learned
    from policycore.text.numbers import NUMBERS_PATTERN, personal_numbers
    from policycore.text.patterns import Around, Likely, Pattern, Place, TextMatch, Words
    from policycore.text.topics import Meeting, Topic, TopicRule, Topics, any_of, topic_hit

__version__ = "0.1.0"

__all__ = [
    "CONTENT",
    "NUMBERS_PATTERN",
    "REPLY_SIGNS",
    "ZERO_WIDTH",
    "Around",
    "Case",
    "CheckOutcome",
    "Demand",
    "Field",
    "Hit",
    "LazyCommand",
    "Learned",
    "Likely",
    "Meeting",
    "Needs",
    "Notice",
    "Notifier",
    "OfficeHours",
    "Panel",
    "Pattern",
    "Place",
    "Query",
    "ReportFormat",
    "Rule",
    "RuleEstate",
    "Severity",
    "Source",
    "SourceError",
    "StatedTime",
    "Step",
    "Subject",
    "Text",
    "TextMatch",
    "TextRule",
    "Topic",
    "TopicRule",
    "Topics",
    "Verdict",
    "Words",
    "__version__",
    "any_of",
    "check",
    "fold",
    "hookimpl",
    "import_estate",
    "load_ruleset",
    "marks",
    "open_estate",
    "personal_numbers",
    "reply_demands",
    "since_1970",
    "spread",
    "stated_deadline",
    "stated_times",
    "topic_hit",
    "without_demands",
]

_HOMES = {
    "Field": "pydantic",
    **dict.fromkeys(("LazyCommand", "Notice", "Notifier", "Panel", "ReportFormat"), "policycore.plugin_api.offers"),
    "hookimpl": "policycore.plugin_api.hookspecs",
    "Text": "policycore.language",
    "Severity": "policycore.model.verdict",
    "Subject": "policycore.model.verdict",
    "Verdict": "policycore.model.verdict",
    **dict.fromkeys(("Source", "SourceError"), "policycore.plugin_api.source"),
    "Learned": "policycore.text.learned",
    "since_1970": "policycore.estate.cells.times",
    **dict.fromkeys(("CheckOutcome", "check"), "policycore.operations.check"),
    "load_ruleset": "policycore.operations.choose_ruleset",
    **dict.fromkeys(("import_estate", "open_estate"), "policycore.operations.import_estate"),
    **dict.fromkeys(("OfficeHours", "StatedTime", "stated_deadline", "stated_times"), "policycore.text.dates"),
    **dict.fromkeys(("REPLY_SIGNS", "Demand", "reply_demands", "without_demands"), "policycore.text.demands"),
    **dict.fromkeys(("ZERO_WIDTH", "fold", "spread"), "policycore.text.fold"),
    "marks": "policycore.text.marks",
    **dict.fromkeys(("NUMBERS_PATTERN", "personal_numbers"), "policycore.text.numbers"),
    **dict.fromkeys(("Meeting", "Topic", "TopicRule", "Topics", "any_of", "topic_hit"), "policycore.text.topics"),
    **dict.fromkeys(("Around", "Likely", "Pattern", "Place", "TextMatch", "Words"), "policycore.text.patterns"),
}


def __getattr__(name: str) -> Any:
    """Import an exported name from its home the first time it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'policycore' has no attribute {name!r}")
    import importlib

    home = importlib.import_module(_HOMES.get(name, "policycore.plugin_api.rule"))
    return getattr(home, name, home)  # `marks` is a module
