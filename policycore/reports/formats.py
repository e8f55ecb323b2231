"""The report formats there are, and how a report may look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from policycore.model.result import Finding
from policycore.plugin_api.offers import ReportFormat

__all__ = ["FORMAT_NAMES", "Presentation", "ReportFormat", "formats"]

FORMAT_NAMES = ("text", "json", "csv", "md", "html", "sarif", "junit", "xlsx", "prom")
"""The built-in formats, in the order in which help lists them."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """Say how wide and how colourful a report may be, and whether it tells timings."""

    width: int = 80
    colour: bool = False
    profile: bool = False
    """Whether seconds and rows per rule are written; they differ from run to run, the rest does not."""
    finished: datetime | None = None
    """When the run ended by the wall clock; for metrics alone."""
    last_success: datetime | None = None
    """When a complete run last ended, this one included; for metrics alone."""
    expected_every: float | None = None
    """Seconds after which the next run is due, where somebody said so; for metrics alone."""
    baseline: Mapping[str, str] = field(default_factory=dict)
    """By fingerprint, how findings compare with the run before: ``new``, ``updated``, ``unchanged``, ``absent``; for
    SARIF, as what follows."""
    lost: Sequence[Finding] = ()
    """What an earlier run found and this one can't see."""
    absent: Sequence[Finding] = ()
    """What the run before found and this one did not."""


def formats(
    plugged: Iterable[ReportFormat] = (), presentation: Presentation | None = None
) -> Mapping[str, ReportFormat]:
    """Return the formats by name: the built-in ones, then plugins' under names that are still free."""
    from policycore.reports.csv_report import CsvReport
    from policycore.reports.html_report import HtmlReport
    from policycore.reports.json_report import JsonReport
    from policycore.reports.junit_report import JunitReport
    from policycore.reports.markdown_report import MarkdownReport
    from policycore.reports.prometheus_report import PrometheusReport
    from policycore.reports.sarif_report import SarifReport
    from policycore.reports.text_report import TextReport
    from policycore.reports.xlsx_report import XlsxReport

    shown = presentation or Presentation()
    known: dict[str, ReportFormat] = {
        "text": TextReport(width=shown.width, colour=shown.colour, profile=shown.profile),
        "json": JsonReport(profile=shown.profile),
        "csv": CsvReport(),
        "md": MarkdownReport(),
        "html": HtmlReport(),
        "sarif": SarifReport(baseline=shown.baseline, lost=shown.lost, absent=shown.absent),
        "junit": JunitReport(),
        "xlsx": XlsxReport(),
        "prom": PrometheusReport(shown.finished, shown.last_success, shown.expected_every),
    }
    return known | {item.name: item for item in plugged if item.name not in known}
