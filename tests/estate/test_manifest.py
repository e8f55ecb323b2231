from __future__ import annotations

from pathlib import Path

import pytest

from policycore.errors import DataError
from policycore.estate.manifest import read_manifest

GOOD = """\
policycore: 1
as_of: 2024-04-15
timezone: Asia/Shanghai
sources:
  - {name: register, platform: wechat, lacks: [memberships.inviter_id, receipts]}
"""


@pytest.fixture
def read(tmp_path: Path):
    def read_text(text: str):
        (tmp_path / "manifest.yaml").write_text(text, encoding="utf-8")
        return read_manifest(tmp_path / "manifest.yaml", "manifest.yaml")

    return read_text


def test_a_manifest_reads_with_its_zone_and_whole_tables_under_lacks(read):
    manifest = read(GOOD)
    assert manifest.as_of.isoformat() == "2024-04-15T15:59:59.999999+00:00"
    [source] = manifest.sources
    assert source.lacks == {"memberships.inviter_id", "receipts.message_id", "receipts.account_id", "receipts.read_at"}


@pytest.mark.parametrize(
    ("old", "new", "place", "hint"),
    [
        ("policycore: 1", "policycore: 2", "1:13", "1"),
        ("timezone:", "timezome:", "3:1", "timezone"),
        ("Asia/Shanghai", "Asia/Beijing", "3:11", ""),
        ("2024-04-15", "yesterday", "2:8", ""),
        ("2024-04-15", "[2024]", "2:8", ""),
        ("platform:", "plattform:", "5:22", "platform"),
        ("memberships.inviter_id", "memberships.inviter", "5:48", "memberships.inviter_id"),
        ("{name: register,", "{", "5:5", ""),
        ("sources:", "sources: x", "", ""),
        ("name: register", "name: ''", "5:12", ""),
    ],
)
def test_every_mistake_has_its_place(read, old, new, place, hint):
    with pytest.raises(DataError) as caught:
        read(GOOD.replace(old, new))
    assert any(str(problem).startswith(f"manifest.yaml:{place}") for problem in caught.value.problems)
    assert any(hint in problem.fix for problem in caught.value.problems)


def test_a_time_without_offset_and_zone_is_refused(read):
    with pytest.raises(DataError):
        read("policycore: 1\nas_of: 2024-04-15\n")
    assert read("policycore: 1\nas_of: 2024-04-15T00:00:00Z\n").timezone is None


def test_all_mistakes_are_reported_at_once(read):
    with pytest.raises(DataError) as caught:
        read("policycore: 2\nas_of: x\ntimezone: y\nsources: [{name: a}, {name: a, foo: 1}]\nbar: 1\n")
    assert len(caught.value.problems) == 6


def test_an_interchange_folder_with_a_broken_manifest_ends_in_its_problems(estate):
    estate.write("manifest.yaml", "policycore: 1\nfoo: [")
    estate.write("people.csv", "id,name\np1,x,y\n")
    assert sorted(estate.codes()) == ["ragged", "syntax"]
    estate.write("manifest.yaml", b"\xff\xfe\x00")
    assert "encoding" in estate.codes()
