"""A small directory, and display names that were written before the rules were looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
FORMS = {
    "unit+name": [["unit", "name", "post?"]],
    "name+unit": [["name", "unit"]],
    "class-name": [["class", "name"]],
    "company+unit+title+name": [["company", "unit", "title", "name"]],
    "region+name": [["region", "name"]],
    "team+name+phone": [["team", "name", "phone"]],
    "unit+name+title?": [["unit", "name", "title?"]],
}


def written(file: str) -> list[dict[str, str]]:
    """Return the display names of a file, each with whose it is and the form that is asked for."""
    return [json.loads(line) for line in (HERE / file).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def directory() -> dict[str, Any]:
    """Return the tables of the directory as cases give them."""
    found = json.loads((HERE / "directory.json").read_text(encoding="utf-8"))
    return {
        "departments": found["departments"],
        "people": [{key: row[key] for key in ("id", "name", "former_names")} for row in found["people"]],
        "appointments": [
            {"person_id": row["id"], "department_id": row["department_id"], "title": row["title"]}
            for row in found["people"]
        ],
    }
