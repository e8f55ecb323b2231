"""Reports: one format a file over one result model, streamed as bytes."""

from __future__ import annotations

from policycore.reports.formats import Presentation, ReportFormat, built_in_format, formats

__all__ = ["Presentation", "ReportFormat", "built_in_format", "formats"]
