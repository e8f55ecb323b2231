"""Throw arbitrary content at the import: it keeps, sets aside or refuses, and loses nothing."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policycore.errors import DataError
from policycore.estate.importing import import_estate

# An import costs the same for eight texts as for eighty.
many_each = settings(max_examples=settings().max_examples // 5)
cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


def imported(files: dict[str, bytes], table: str, *columns: str) -> tuple[list[Any], int]:
    """Import files leniently; return columns of one table, each row a tuple of several, and how many were set aside."""
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder) / "in"
        inside.mkdir()
        for name, content in files.items():
            (inside / name).write_bytes(content)
        snapshot = import_estate([inside], Path(folder) / "out", lenient=True)
        content = pq.read_table(snapshot.tables[table].path)
        found = [content.column(column).to_pylist() for column in columns]
        return found[0] if len(found) == 1 else list(zip(*found, strict=True)), snapshot.rejected


@many_each
@given(st.lists(cells, min_size=20, max_size=80))
@example(["\r", "\n", '"', "|", ",", "\ufeff", "\u202e", "=1", " "])
def test_any_text_in_a_csv_cell_comes_back_as_it_was(texts):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "announcement"], *([f"g{index}", text] for index, text in enumerate(texts))])
    found, rejected = imported({"groups.csv": stream.getvalue().encode()}, "groups", "announcement")
    assert rejected == 0
    assert found == [text or None for text in texts]


@many_each
@given(st.lists(st.tuples(cells, st.lists(cells, max_size=3)), min_size=20, max_size=60))
def test_any_text_in_json_lines_comes_back_as_it_was(messages):
    lines = [
        json.dumps(
            {"id": f"m{index}", "group_id": "g", "text": text, "mentions": mentions}, ensure_ascii=index % 2 == 0
        )
        for index, (text, mentions) in enumerate(messages)
    ]
    content = {"messages.jsonl": "\n".join(lines).encode()}
    assert imported(content, "messages", "text", "mentions") == (messages, 0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", ""]), st.sampled_from(["x", ""]), st.sampled_from(["在职", "bad", ""])
        ),
        max_size=12,
    ),
    st.lists(st.tuples(st.sampled_from(["a", "b", "z"]), st.sampled_from(["d", ""])), max_size=6),
)
def test_rows_in_are_rows_kept_and_rows_set_aside(people, posts):
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder) / "in"
        inside.mkdir()
        (inside / "people.csv").write_text("id,name,status\n" + "".join(",".join(row) + "\n" for row in people))
        (inside / "appointments.csv").write_text(
            "person_id,department_id\n" + "".join(",".join(row) + "\n" for row in posts)
        )
        snapshot = import_estate([inside], Path(folder) / "out", lenient=True)
        kept = {name: pq.read_table(table.path).to_pylist() for name, table in snapshot.tables.items()}
        rejects = Path(folder) / "out" / "rejects.jsonl"
        listed = rejects.read_text().splitlines() if rejects.exists() else []
    assert sum(map(len, kept.values())) + snapshot.rejected == len(people) + len(posts)
    told = [json.loads(line) for line in listed]
    # A row that stays with an unknown cell is told, and is not among those that were set aside.
    assert sum(not row.get("kept") for row in told) == snapshot.rejected
    assert all(row["problems"] for row in told)
    ids = [row["id"] for row in kept["people"]]
    assert len(ids) == len(set(ids))
    assert {row["person_id"] for row in kept["appointments"]} <= set(ids)


@pytest.mark.parametrize(
    "name", ["groups.csv", "groups.jsonl", "groups.parquet", "groups.xlsx", "manifest.yaml", "群.csv"]
)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: f"id,name\n{text}".encode())))
@example(b'id,name\n"')
@example(b"\xef\xbb\xbf")
@example(b'{"id": 1e999, "name": {"a": [[[]]]}}')
@example(b"\r\r\r")
def test_arbitrary_bytes_end_in_a_snapshot_or_a_data_error(name, content):
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder) / "in"
        inside.mkdir()
        (inside / name).write_bytes(content)
        for lenient in (False, True):
            with suppress(DataError):
                import_estate([inside], Path(folder) / "out", lenient=lenient, force=True)


@given(st.text(max_size=80))
def test_arbitrary_recipes_end_in_a_data_error(text):
    with tempfile.TemporaryDirectory() as folder:
        recipe = Path(folder) / "recipe.yaml"
        recipe.write_text(text, encoding="utf-8", newline="")
        with pytest.raises(DataError):
            import_estate([Path(folder)], Path(folder) / "out", recipe=recipe)
