"""Ask the same questions in plain DuckDB over the integer keys of the same snapshot: what the rules cost at best."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

__all__ = ["ask_plainly"]

_section = re.compile(r"^-- (.+)\n((?:(?!-- ).+\n)+)", re.MULTILINE)


def ask_plainly(snapshot: Path, rules: list[str]) -> list[dict[str, Any]]:
    """Return the CPU seconds and the answers of loading, and of the question of each of `rules` that has one here."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").replace("$snapshot", str(snapshot))
    answers = []
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        connection.sql("SELECT 1").to_arrow_table()  # imports what every answer needs
        for name, sql in _section.findall(script):
            if "/" in name and name not in rules:
                continue
            began = time.process_time()
            # The first sections make tables: their statements answer nothing.
            answer = connection.sql(sql)
            rows = answer.to_arrow_table().num_rows if answer else None
            answers.append({"question": name, "cpu_seconds": time.process_time() - began, "answers": rows})
    return answers


if __name__ == "__main__":
    print(json.dumps(ask_plainly(Path(sys.argv[1]), sys.argv[2:])))  # noqa: T201 - for the parent
