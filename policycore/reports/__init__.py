"""Reports: one format a file over one result model, streamed as bytes."""

from __future__ import annotations

from policycore.reports.formats import Presentation, ReportFormat, formats

__all__ = ["Presentation", "ReportFormat", "formats"]
