from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policycore.errors import DataError, ExitCode
from policycore.estate.snapshot import EstateSource, open_snapshot, write_tables

AS_OF = datetime(2024, 4, 14, 16, tzinfo=UTC)
GROUPS = pa.table({"id": ["g1", "g2"], "name": ["[/x]‮", None], "created_at": [AS_OF, None]})
SOURCES = (EstateSource("register", "wechat", frozenset({"memberships.inviter_id"})),)


def write(out: Path, table: pa.Table = GROUPS, **options):
    return write_tables({"groups": table}, out, as_of=AS_OF, sources=SOURCES, **options)


def test_a_written_snapshot_opens_as_it_was_written(tmp_path):
    written = write(tmp_path / "a")
    opened = open_snapshot(tmp_path / "a")
    assert opened == written
    assert opened.sources == SOURCES
    assert opened.as_of == AS_OF
    assert opened.tables["groups"].columns == ("id", "name", "created_at")
    table = pq.read_table(opened.tables["groups"].path)
    assert table.column("name").to_pylist() == ["[/x]‮", None]
    assert table.column("_row").to_pylist() == [1, 2]
    assert table.column("_file").to_pylist() == ["groups.parquet"] * 2
    assert table.schema.field("created_at").type == pa.timestamp("us", "UTC")


def test_the_same_tables_have_the_same_id_and_other_ones_another(tmp_path):
    first, second = write(tmp_path / "a"), write(tmp_path / "b")
    other = write(tmp_path / "c", GROUPS.slice(0, 1))
    assert first.id == second.id != other.id
    assert len(first.id) == 16


def test_writing_the_same_again_changes_nothing_and_other_content_is_refused(tmp_path):
    first = write(tmp_path / "a")
    before = first.tables["groups"].path.stat().st_mtime_ns
    assert write(tmp_path / "a") == first
    assert first.tables["groups"].path.stat().st_mtime_ns == before
    with pytest.raises(DataError) as caught:
        write(tmp_path / "a", GROUPS.slice(0, 1))
    assert [problem.code for problem in caught.value.problems] == ["estate.exists"]
    replaced = write(tmp_path / "a", GROUPS.slice(0, 1), force=True)
    assert open_snapshot(tmp_path / "a").id == replaced.id != first.id
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_of_somebody_else_is_never_replaced(tmp_path):
    out = tmp_path / "a"
    out.mkdir()
    (out / "letter.txt").write_text("dear")
    with pytest.raises(DataError) as caught:
        write(out, force=True)
    assert caught.value.exit_code == ExitCode.DATA
    assert [problem.code for problem in caught.value.problems] == ["estate.not-ours"]
    assert (out / "letter.txt").read_text() == "dear"


def test_every_changed_or_missing_file_is_named(tmp_path):
    snapshot = write_tables(
        {"groups": GROUPS, "people": pa.table({"id": ["p"], "name": ["x"]})}, tmp_path / "a", as_of=AS_OF
    )
    snapshot.tables["people"].path.unlink()
    with snapshot.tables["groups"].path.open("ab") as stream:
        stream.write(b"\0")
    with pytest.raises(DataError) as caught:
        open_snapshot(tmp_path / "a")
    assert sorted(problem.code for problem in caught.value.problems) == ["estate.changed", "estate.unreadable"]


def test_a_changed_manifest_is_noticed(tmp_path):
    write(tmp_path / "a")
    manifest = tmp_path / "a" / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("memberships.inviter_id", "memberships.join_scene"))
    with pytest.raises(DataError) as caught:
        open_snapshot(tmp_path / "a")
    assert [problem.code for problem in caught.value.problems] == ["estate.changed"]


def test_unknown_tables_and_columns_come_with_a_suggestion(tmp_path):
    with pytest.raises(DataError) as caught:
        write_tables({"group": GROUPS, "people": pa.table({"id": ["p"], "nmae": ["x"]})}, tmp_path / "a", as_of=AS_OF)
    fixes = [(problem.code, problem.fix) for problem in caught.value.problems]
    assert [code for code, _ in fixes] == ["estate.unknown-table", "estate.unknown-column"]
    assert "groups" in fixes[0][1]
    assert "name" in fixes[1][1]


@pytest.mark.parametrize("what", ["nothing", "file", "interchange"])
def test_opening_what_is_no_snapshot_is_a_data_error(tmp_path, what):
    folder = tmp_path / "a"
    if what == "file":
        folder.write_text("x")
    elif what == "interchange":
        folder.mkdir()
        (folder / "manifest.yaml").write_text("policycore: 1\n")
    with pytest.raises(DataError):
        open_snapshot(folder)


def test_a_snapshot_of_personal_data_is_for_its_owner_only(tmp_path):
    write(tmp_path / "a")
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_written_is_a_data_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError) as caught:
        write(tmp_path / "file" / "a")
    assert [problem.code for problem in caught.value.problems] == ["estate.unwritable"]
