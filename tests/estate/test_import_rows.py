from __future__ import annotations

import os

import pytest

from policycore.errors import DataError
from policycore.estate.importing import open_estate
from policycore.estate.snapshot import open_snapshot

GROUPS = "id,name,owner_id,successor_of,task_id\n"


def test_every_kind_of_bad_row_is_reported_in_one_go(estate):
    estate.write("accounts.csv", "id\nu1\nu1\n")
    estate.write("tasks.csv", "id,state,due_at\nt1,done,2024-02-30\nt2,finished,\n")
    estate.write("groups.csv", GROUPS + "g1,x,u1,g9,t1\ng1,y,u2,,t3\n,z,,,\n")
    assert sorted(estate.codes()) == sorted(
        ["duplicate", "bad-value", "bad-value", "dangling", "dangling", "dangling", "duplicate", "missing-value"]
    )


def test_lenient_sets_bad_rows_and_what_then_dangles_aside_and_loses_nothing(estate, rows, rejects):
    estate.write("departments.csv", "id,name,parent_id\nd1,x,\nd2,,\nd3,z,d2\n")
    estate.write("people.csv", "id,name\np1,a\np2,b\n")
    estate.write("appointments.csv", "person_id,department_id\np1,d1\np2,d2\n")
    snapshot = estate.run(lenient=True)
    assert rows(snapshot, "departments") == [
        {"id": "d1", "name": "x", "parent_id": None, "_unknown": None},
        {"id": "d3", "name": "z", "parent_id": None, "_unknown": ["parent_id"]},
    ]
    assert [row["person_id"] for row in rows(snapshot, "appointments")] == ["p1"]
    assert snapshot.rejected == 2
    found = rejects(snapshot)
    assert [(entry["file"], entry["row"], entry["problems"][0]["code"], "kept" in entry) for entry in found] == [
        ("departments.csv", 3, "estate.missing-value", False),
        ("departments.csv", 4, "estate.dangling-removed", True),
        ("appointments.csv", 3, "estate.dangling-removed", False),
    ]
    assert found[1]["content"] == {"id": "d3", "name": "z", "parent_id": "d2"}
    assert open_snapshot(snapshot.folder).rejected == 2


def test_the_first_good_row_of_a_key_is_kept(estate, rows):
    estate.write("people.csv", "id,name,status\np1,first,bad\np1,second,active\np1,third,active\n")
    snapshot = estate.run(lenient=True)
    assert [row["name"] for row in rows(snapshot, "people")] == ["second"]
    assert snapshot.rejected == 2


def test_a_membership_may_repeat_with_another_role_or_time_only(estate):
    header = "group_id,account_id,role,joined_at\n"
    estate.write("memberships.csv", header + "g,u,owner,\ng,u,admin,\ng,u,member,2024-01-01\ng,u,member,2024-01-02\n")
    assert estate.run().tables["memberships"].rows == 4
    estate.write("memberships.csv", header + "g,u,owner,\ng,u,owner,\n")
    with pytest.raises(DataError) as caught:
        estate.run(force=True)
    assert [problem.code for problem in caught.value.problems] == ["estate.duplicate"]


@pytest.mark.parametrize(
    "when", ["0001-01-01", "9999-12-31T00:00:00Z", "1989-12-31", "2200-01-01T00:00:00Z", "soon", "12:30"]
)
def test_times_out_of_reason_are_refused(estate, when):
    estate.write("tasks.csv", f"id,due_at\nt1,{when}\nt2,2024-01-01\n")
    [(code, message)] = estate.problems()
    assert code == "bad-value"
    assert "line 2, column due_at" in message


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../b", "C:\\x", "..\\x", "file:///x"])
def test_an_attachment_whose_path_leaves_the_folder_is_refused(estate, path):
    estate.write("attachments.csv", f"id,message_id,path\na1,m1,{path}\na2,m1,files/a..b/x.png\n")
    assert estate.codes() == ["path"]


def test_many_identical_problems_are_capped_in_print_and_never_in_the_rejects(estate, rejects):
    estate.write("people.csv", "id,name,status\n" + "".join(f"p{n},x,wrong\n" for n in range(1234)))
    found = estate.problems()
    assert len(found) == 201
    assert found[-1][0] == "more"
    assert "1034" in found[-1][1]
    assert len(rejects(estate.run(lenient=True))) == 1234


def test_groups_need_a_source_where_the_manifest_names_several(estate, rows):
    two = "policycore: 1\nas_of: 2024-01-01\ntimezone: Asia/Shanghai\n"
    two += "sources: [{name: a}, {name: b, lacks: [groups.kind]}]\n"
    estate.write("manifest.yaml", two)
    estate.write("groups.csv", "id\ng1\n")
    assert estate.codes() == ["source-missing"]
    estate.write("groups.csv", "id,source\ng1,a\ng2,c\ng3,\n")
    assert estate.codes() == ["source", "source"]
    estate.write("groups.csv", "id,source\ng1,a\ng2,b\n")
    snapshot = estate.run()
    assert [row["source"] for row in rows(snapshot, "groups")] == ["a", "b"]
    assert snapshot.sources[1].lacks == {"groups.kind"}


def test_a_scope_that_names_a_department_nobody_knows_is_reported(estate):
    estate.write("departments.csv", "id,name\nd1,x\n")
    estate.write("groups.csv", "id,scope\ng1,departments=d1\ng2,departments=d1|d2\n")
    assert estate.codes() == ["dangling"]


def test_what_is_decided_for_the_user_is_said(estate):
    (estate.folder / "manifest.yaml").unlink()
    estate.write("people.csv", "id,name\np1,x\n")
    snapshot = estate.run()
    assert [note.code for note in snapshot.notes] == ["estate.note-timezone", "estate.note-as-of"]
    assert snapshot.timezone == "Asia/Shanghai"


def test_times_without_offset_are_in_the_zone_that_was_asked_for(estate, rows):
    estate.write("tasks.csv", "id,due_at\nt1,2024-07-01 12:00\n")
    snapshot = estate.run(timezone="Europe/Berlin")
    assert rows(snapshot, "tasks")[0]["due_at"].isoformat() == "2024-07-01T10:00:00+00:00"


def test_one_table_in_two_files_is_an_error_and_so_is_an_empty_folder(estate, tmp_path):
    estate.write("people.csv", "id,name\np1,x\n")
    estate.write("people.jsonl", '{"id": "p1", "name": "x"}\n')
    assert estate.codes() == ["table-twice"]
    for name in ("people.csv", "people.jsonl"):
        (estate.folder / name).unlink()
    assert estate.codes() == ["no-tables"]
    (estate.folder / "manifest.yaml").unlink()
    assert estate.codes() == ["no-tables"]


def test_a_parquet_file_is_checked_like_any_other(estate, rows):
    from datetime import datetime

    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "id": pa.array(["m1", "m2"]).dictionary_encode(),
            "group_id": ["g", "g"],
            "sent_at": [datetime(2024, 1, 1, 8), datetime(1980, 1, 1)],
            "type": ["text", "图片"],
            "mentions": [["u"], None],
        }
    )
    pq.write_table(table.slice(0, 1), estate.folder / "messages.parquet")
    [row] = rows(estate.run(), "messages")
    assert row["sent_at"].isoformat() == "2024-01-01T00:00:00+00:00"
    far = pa.array([0, 9_000_000_000_000_000_000], pa.timestamp("us"))
    table = table.append_column("recalled_at", far)
    pq.write_table(table, estate.folder / "messages.parquet")
    with pytest.raises(DataError) as caught:
        estate.run(force=True)
    assert "1980-01-01" in str(caught.value)
    (estate.folder / "messages.parquet").write_bytes(b"PAR1 junk")
    with pytest.raises(DataError) as caught:
        estate.run(force=True)
    assert [problem.code for problem in caught.value.problems] == ["estate.parquet"]


def test_an_interchange_folder_opens_like_a_snapshot_and_leaves_nothing_behind(estate):
    estate.write("people.csv", "id,name\np1,x\n")
    with open_estate(estate.folder) as opened:
        folder = opened.folder
        assert opened.tables["people"].rows == 1
    assert not folder.exists()
    snapshot = estate.run()
    assert open_estate(snapshot.folder).id == opened.id == snapshot.id


def test_a_snapshot_is_no_input_of_an_import(estate, tmp_path):
    from policycore.estate.importing import import_estate

    estate.write("people.csv", "id,name\np1,x\n")
    snapshot = estate.run()
    with pytest.raises(DataError) as caught:
        import_estate([snapshot.folder], tmp_path / "again")
    assert "estate.is-snapshot" in [problem.code for problem in caught.value.problems]


@pytest.mark.skipif(os.name != "posix", reason="only these systems have file names that are no text")
def test_a_file_whose_name_is_no_text_is_read_under_a_name_that_is(estate, rows):
    (estate.folder / os.fsdecode(b"people\xff.jsonl")).write_text('{"id": "p1"}')
    assert estate.codes() == ["unknown-table"]
    (estate.folder / os.fsdecode(b"people\xff.jsonl")).unlink()
    (estate.folder / os.fsdecode(b"people\xff.csv")).write_text("工号,姓名\np1,x\n", "utf-8")
    assert rows(estate.run(), "people", origin=True)[0]["_file"] == "people?.csv"


def test_rejects_are_their_owners_alone(estate):
    estate.write("accounts.csv", "id\nu1\nu1\n")
    folder = estate.run(lenient=True).folder
    assert (folder / "rejects.jsonl").stat().st_mode & 0o077 == 0
