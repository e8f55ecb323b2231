"""Write the findings as CSV that Excel opens rightly: BOM, CRLF, cells that cannot act as formulas."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import BinaryIO

from policycore.language import Language, say, use_language
from policycore.model.findings import Findings
from policycore.model.result import RunResult
from policycore.reports.gaps import missing_fields
from policycore.reports.summary import most_urgent_first
from policycore.reports.words import COLUMNS, row_of, row_of_missing

__all__ = ["CsvReport"]


@dataclass(frozen=True, slots=True)
class CsvReport:
    """A table of one row a finding, then one for each missing field.

    In Chinese header and words are what officers read; in English they are the names that programs know.
    """

    name: str = "csv"
    suffix: str = ".csv"
    media_type: str = "text/csv"
    is_text: bool = True

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:
        """Write the report."""
        stream.write(codecs.BOM_UTF8)
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
        try:
            # Every cell is quoted, so that one holding ";=" can't split where ";" separates cells.
            rows = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            in_words = language == "zh"
            with use_language(language):
                rows.writerow([say(f"reports.column.{name}") for name in COLUMNS] if in_words else COLUMNS)
                findings = Findings.of(result.findings)
                for finding in findings.each(most_urgent_first(findings)):
                    rows.writerow(row_of(finding, in_words=in_words))
                for item in missing_fields(result.gaps):
                    rows.writerow(row_of_missing(item, in_words=in_words))
            text.flush()
        finally:
            text.detach()
