from __future__ import annotations

import json
from datetime import datetime

import openpyxl
import pyarrow.parquet
import pytest

from policycore.estate.snapshot import open_snapshot

HEADER = "id,created_at,dissolved_at\n"


def day(moment: datetime | None) -> str | None:
    return moment and moment.isoformat()


def test_a_month_keeps_its_earliest_and_its_latest_moment_in_a_column_beside_it(estate, rows):
    estate.write("groups.csv", HEADER + "g1,2019年8月,\ng2,2023-09-01,\ng3,,\n")
    snapshot = open_snapshot(estate.run().folder)
    assert snapshot.tables["groups"].columns == ("id", "source", "created_at", "dissolved_at", "created_at_latest")
    found = [(day(row["created_at"]), day(row["created_at_latest"])) for row in rows(snapshot, "groups")]
    assert found == [
        ("2019-07-31T16:00:00+00:00", "2019-08-31T15:59:59.999999+00:00"),
        ("2023-08-31T16:00:00+00:00", None),
        (None, None),
    ]


def test_exact_dates_have_no_column_beside_them(estate):
    estate.write("groups.csv", HEADER + "g1,2019-08-01,\n")
    assert "created_at_latest" not in estate.run().tables["groups"].columns


def test_an_office_file_loses_no_group_over_its_date(estate, rows):
    book = openpyxl.Workbook()
    book.active.title = "群组"
    lines = [["甲", "2019年"], ["乙", 2019.9], ["丙", 45200], ["丁", "不详"], ["戊", "很久以前"], ["己", 2023]]
    for line in [["群名称", "建群时间"], *lines]:
        book.active.append(line)
    book.save(estate.folder / "群组.xlsx")
    found = rows(estate.run(), "groups")
    assert [(row["created_at"] and row["created_at"].year, row["_unknown"]) for row in found] == [
        (2018, None),  # in UTC
        (2019, None),
        (2023, None),
        (None, ["created_at"]),
        (None, ["created_at"]),
        (2022, None),
    ]
    assert [row["created_at_latest"] is not None for row in found] == [True, True, False, False, False, True]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_what_is_copied_out_of_a_snapshot_keeps_its_precision(estate, rows, form):
    estate.write("groups.csv", HEADER + "g1,2019-08,\ng2,2023-09-01,\n")
    first = estate.run()
    path = first.tables["groups"].path
    (estate.folder / "groups.csv").unlink()
    if form == "parquet":
        (estate.folder / "groups.parquet").write_bytes(path.read_bytes())
    else:
        content = pyarrow.parquet.read_table(path).select(["id", "created_at", "created_at_latest"]).to_pylist()
        estate.write("groups.jsonl", "".join(json.dumps(row, default=str) + "\n" for row in content))
    again = estate.run(force=True)
    assert [row["created_at_latest"] for row in rows(again, "groups")] == [
        row["created_at_latest"] for row in rows(first, "groups")
    ]


def test_a_latest_moment_before_the_earliest_is_a_mistake(estate):
    estate.write("groups.csv", "id,created_at,created_at_latest\ng1,2019-08-01,2019-07-01\n")
    assert estate.codes() == ["bad-value"]


@pytest.mark.parametrize("since", ["1901", "1962年9月", "1988-07-01"])
def test_people_may_be_in_post_since_long_before_there_were_groups(estate, rows, since):
    estate.write("people.csv", f"id,name,status,status_since\np1,x,active,{since}\n")
    estate.write("appointments.csv", f"person_id,department_id,since,until\np1,d1,{since},\n")
    snapshot = estate.run()
    assert rows(snapshot, "people")[0]["status_since"].year <= 1988
    assert rows(snapshot, "appointments")[0]["since"].year <= 1988


def test_a_group_is_no_older_than_chat_and_nobody_in_post_since_the_nineteenth_century(estate):
    estate.write("groups.csv", "id,created_at\ng1,1988-07-01\n")
    estate.write("people.csv", "id,name,status_since\np1,x,1899-07-01\n")
    texts = " ".join(text for _, text in estate.problems())
    assert "from 1990 to 2199" in texts
    assert "from 1900 to 2199" in texts


def test_a_status_that_begins_in_decades_is_a_slip_and_a_planned_one_is_none(estate, rows):
    lines = "p1,x,retired,2099-01-01\np2,y,retired,2025-03-01\n"
    estate.write("people.csv", "id,name,status,status_since\n" + lines)
    [(code, text)] = estate.problems()
    assert code == "bad-value"
    assert "line 2, column status_since" in text
    found = rows(estate.run(lenient=True), "people")
    assert [(row["status"], row["status_since"] is None, row["_unknown"]) for row in found] == [
        (None, True, ["status", "status_since"]),
        ("retired", False, None),
    ]
