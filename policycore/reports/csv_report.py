"""Write the findings as CSV that Excel opens rightly: BOM, CRLF, cells that cannot act as formulas."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import BinaryIO

from policycore.language import Language, use_language
from policycore.model.result import RunResult
from policycore.reports.words import COLUMNS, row_of

__all__ = ["CsvReport"]


@dataclass(frozen=True, slots=True)
class CsvReport:
    """Write one row a finding; the header's names are the same in both languages, for scripts."""

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
            rows.writerow(COLUMNS)
            with use_language(language):
                for finding in result.findings:
                    rows.writerow(row_of(finding))
            text.flush()
        finally:
            text.detach()
