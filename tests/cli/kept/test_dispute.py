"""A fail can be disputed: it is shown beside the finding, is never a pass, and ends with new data or an approver."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pytest

TEXT = "名册有误：他三月已复职"
PEOPLE = "id,name,status,status_since\np1,张三,active,\np2,李四,active,\n"
SHOWN = ("text", "json", "csv", "md", "html", "junit", "sarif", "xlsx")


def dispute(office: Any, group: str = "g1", *more: str) -> str:
    (finding,) = office.ids("--group", group)
    ran = office.call("dispute", finding, "--text", TEXT, *more)
    assert ran.code == 0, ran.err
    return str(ran.out.strip())


def content(data: bytes) -> str:
    """Return the words of a report, those of a workbook too."""
    if data[:2] != b"PK":
        return data.decode().replace("\n", "").replace(" ", "")
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "".join(unescape(book.read(name).decode()) for name in book.namelist() if name.endswith(".xml"))


def test_it_stands_beside_the_finding_in_lists_and_reports_and_is_no_pass(kept: Any) -> None:
    Path("letter.pdf").write_bytes(b"letter")
    made = dispute(kept, "g1", "--person", "王五", "--evidence", "letter.pdf")
    digest = hashlib.sha256(b"letter").hexdigest()
    listed = kept.call("dispute").out
    assert all(word in listed for word in (made, "王五", digest[:12], TEXT))
    (finding,) = kept.ids("--group", "g1")
    # At once in what is live, from the next run on in reports.
    for ran in (kept.call("findings", "--group", "g1"), kept.call("explain", finding), kept.call("history", finding)):
        assert TEXT in ran.out.replace("\n", "").replace("    ", "")
    then = kept.call("report", "1", "--format", "json").out
    assert TEXT not in then
    ran = kept.check("--format", "json")
    assert ran.code == 1
    found = {item["subject"]["id"]: item for item in json.loads(ran.out)["findings"]}
    assert found["g1"]["verdict"] == "fail"
    assert found["g1"]["decision"] == {
        "kind": "dispute",
        "id": made,
        "reason": f"sha256:{digest}",
        "text": TEXT,
        "decided_by": "王五",
        "until": None,
    }
    assert found["g2"]["decision"] is None
    assert kept.states() == {"open": 3}
    for name in SHOWN:
        kept.call("report", "latest", "--format", name, "--output", f"r.{name}")
        assert TEXT in content(Path(f"r.{name}").read_bytes()), name
    assert kept.call("report", "2", "--format", "json").out == ran.out
    assert kept.call("report", "1", "--format", "json").out == then
    assert kept.call("diff", "1", "2").code == 0
    assert kept.call("audit", "verify").code == 0


@pytest.mark.parametrize(
    ("people", "why"),
    [
        (PEOPLE + "p3,王五,active,\n", "no longer give"),
        (PEOPLE + "p3,王伍,retired,2024-01-01\n", "other facts"),
        (PEOPLE + "p3,王五,retired,2024-02-01\n", ""),
        (PEOPLE + "p3,王五,,\n", ""),
    ],
)
def test_the_next_data_close_it_where_they_decide_it(kept: Any, people: str, why: str) -> None:
    dispute(kept)
    kept.check()
    assert TEXT in kept.call("findings").out, "the same data decide nothing"
    kept.estate(16, people=people)
    kept.check()
    assert (TEXT in kept.call("dispute").out) is not why
    assert why in kept.call("dispute", "--all").out
    assert (TEXT in kept.call("findings", "--all").out) is (why == "")
    ran = kept.check("--format", "json")
    assert (TEXT in ran.out) is (why == "" and "fail" in ran.out and '"g1"' in ran.out and ",," not in people)
    assert kept.call("audit", "verify").code == 0


def test_an_approver_closes_it_or_who_made_it_takes_it_back(kept: Any) -> None:
    first, second = dispute(kept), dispute(kept, "g2")
    kept.check()
    assert kept.call("dispute", "--close", first).code == 2, "why it is closed has to be said"
    assert kept.call("dispute", "--close", first, "--text", "已核实，名册无误").code == 0
    assert kept.call("dispute", "--withdraw", second).code == 0
    assert TEXT not in kept.call("findings").out
    assert "已核实" in kept.call("dispute", "--all").out
    assert kept.call("dispute", "--close", first, "--text", "x").code == 2
    assert TEXT not in kept.check("--format", "json").out
    dispute(kept)


def test_what_cannot_be_disputed(kept: Any) -> None:
    (finding,) = kept.ids("--group", "g1")
    assert kept.call("dispute", finding).code == 2
    assert kept.call("dispute", "--text", "x").code == 2
    assert kept.call("dispute", "NONE-123456", "--text", "x").code == 2
    assert kept.call("dispute", finding, "--text", "x", "--evidence", "none.pdf").code == 3
    assert kept.call("dispute", "ATTEST", "--text", "x").code == 2
    assert kept.call("dispute", finding, "--list").code == 2
    dispute(kept)
    assert "disputed already" in kept.call("dispute", finding, "--text", "x").err
    # The text is shown wherever the finding is: personal numbers are masked.
    (other,) = kept.ids("--group", "g2")
    kept.call("dispute", other, "--text", "电话13812345678\x1b[31m")
    assert "13812345678" not in kept.call("dispute").out
    assert "\x1b" not in kept.call("findings").out
