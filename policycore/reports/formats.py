"""The report formats there are, and how a report may look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from policycore.model.result import Finding
from policycore.plugin_api.offers import ReportFormat
from policycore.reports.summary import Counts

__all__ = ["FORMAT_NAMES", "Presentation", "ReportFormat", "built_in_format", "formats"]

FORMAT_NAMES = ("text", "json", "csv", "md", "html", "sarif", "junit", "xlsx", "prom")
"""The built-in formats, in the order in which help lists them."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """How wide and how colourful a report may be, and whether it tells timings."""

    width: int = 80
    colour: bool = False
    profile: bool = False
    """Whether seconds and rows per rule are written; they differ from run to run, the rest does not."""
    gap_subjects: bool = False
    """Whether JSON lists the subjects of gaps."""
    finished: datetime | None = None
    """When the run ended by the wall clock; for metrics alone."""
    last_success: datetime | None = None
    """When a complete run last ended, this one included; for metrics alone."""
    expected_every: float | None = None
    """Seconds after which the next run is due, where somebody said so; for metrics alone."""
    estate: str = ""
    """What the estate is called; for metrics alone."""
    unchanged: bool | None = None
    """Whether the run before judged the same data, where somebody knows; for metrics alone."""
    runs: Sequence[Counts] = ()
    """The last runs up to this one, the oldest first; for HTML alone."""
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
    known = {name: built_in_format(name, presentation) for name in FORMAT_NAMES}
    return known | {item.name: item for item in plugged if item.name not in known}


def built_in_format(name: str, presentation: Presentation | None = None) -> ReportFormat:
    """Return the built-in format called `name`, importing no other; KeyError where there is none."""
    shown = presentation or Presentation()
    match name:
        case "text":
            from policycore.reports.text_report import TextReport

            return TextReport(width=shown.width, colour=shown.colour, profile=shown.profile)
        case "json":
            from policycore.reports.json_report import JsonReport

            return JsonReport(profile=shown.profile, gap_subjects=shown.gap_subjects)
        case "csv":
            from policycore.reports.csv_report import CsvReport

            return CsvReport()
        case "md":
            from policycore.reports.markdown_report import MarkdownReport

            return MarkdownReport()
        case "html":
            from policycore.reports.html_report import HtmlReport

            return HtmlReport(shown.runs)
        case "sarif":
            from policycore.reports.sarif_report import SarifReport

            return SarifReport(baseline=shown.baseline, lost=shown.lost, absent=shown.absent)
        case "junit":
            from policycore.reports.junit_report import JunitReport

            return JunitReport()
        case "xlsx":
            from policycore.reports.xlsx_report import XlsxReport

            return XlsxReport()
        case "prom":
            from policycore.reports.prometheus_report import PrometheusReport

            return PrometheusReport(
                shown.finished, shown.last_success, shown.expected_every, shown.estate, shown.unchanged
            )
    raise KeyError(name)
