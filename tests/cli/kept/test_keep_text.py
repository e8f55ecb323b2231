"""A workspace that keeps no texts of chats: hashes and findings stay, and a later check says why it can't judge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.kept.test_key import MARKED, MESSAGES, RULE

ATTACHED = f"id,message_id,name,text\nf1,m1,通知.docx,{MARKED} 附件里的话\n"
SNAPSHOTS = Path(".policycore/snapshots")


def bytes_of(folder: Path) -> bytes:
    import pyarrow.parquet

    tables = [pyarrow.parquet.read_table(file).to_pylist() for file in sorted(folder.rglob("*.parquet"))]
    return repr(tables).encode()


@pytest.fixture
def marked(office: Any) -> Any:
    """Give an office whose messages and attachments bear marks."""
    text = (office.folder / "set.yaml").read_text("utf-8")
    (office.folder / "set.yaml").write_text(text.replace("attestations:\n", RULE), "utf-8")
    office.estate(15, messages=MESSAGES, attachments=ATTACHED)
    return office


def test_texts_are_not_kept_and_a_later_check_says_so(marked: Any) -> None:
    said = marked.call("init", "--keep-text", "no").err
    assert "the hashes alone" in said
    assert "keep_text: no" in Path(".policycore/workspace.yaml").read_text()
    assert marked.check().code == 1
    kept = bytes_of(SNAPSHOTS)
    assert "处分".encode() not in kept
    assert "附件里的话".encode() not in kept
    assert b"_text_hash" in kept
    [name] = [line.split()[0] for line in marked.call("snapshots").out.splitlines()]
    found = json.loads(marked.call("report", "--format", "json").out)
    assert found["snapshot"] == name
    assert {one["rule"] for one in found["findings"]} >= {"SEC001"}
    # The same data again: what is kept stays as it is.
    before = sorted((path, path.stat().st_mtime_ns) for path in SNAPSHOTS.rglob("*"))
    assert marked.check().code == 1
    assert sorted((path, path.stat().st_mtime_ns) for path in SNAPSHOTS.rglob("*")) == before
    again = marked.call(
        "check", "--ruleset", "set.yaml", "--estate", SNAPSHOTS / name, "--no-store", "--format", "json"
    )
    later = json.loads(again.out)
    assert again.code == 1
    assert "not kept by choice" in json.dumps(later["notes"])
    assert {gap["rule"] for gap in later["gaps"]} == {"SEC001"}
    assert "SEC001" not in {one["rule"] for one in later["findings"]}
    # Waivers, the life of findings and the snapshot's own hashes go on.
    marked.estate(16, messages=MESSAGES, attachments=ATTACHED)
    assert marked.check().code == 1
    assert set(marked.states()) == {"open"}
    assert marked.call("audit", "verify").code == 0


def test_what_was_kept_before_goes_when_the_same_data_are_checked_again(marked: Any) -> None:
    assert "texts of messages" in marked.call("init").err
    assert marked.check().code == 1
    assert "处分".encode() in bytes_of(SNAPSHOTS)
    assert marked.call("init", "--keep-text", "no").code == 0
    assert marked.check().code == 1
    assert "处分".encode() not in bytes_of(SNAPSHOTS)
    assert marked.call("init", "--keep-text", "yes").code == 0
    assert marked.check().code == 1
    assert "处分".encode() in bytes_of(SNAPSHOTS)
    assert marked.call("init", "--keep-text", "maybe").code == 2
