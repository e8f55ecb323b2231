"""The generator: the same seed gives the same bytes, and the estate is what the notice describes."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from policycore.demo.estate import DemoEstate
from policycore.demo.forms import FORM_HEADER, REGISTER_HEADER
from policycore.demo.generate import MINIMUM_GROUPS, generate_demo
from policycore.demo.write import SOURCES

Made = tuple[Path, DemoEstate]


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, made: Made) -> None:
    generate_demo(tmp_path)
    again = _hashes(tmp_path)
    assert again == _hashes(made[0])
    assert sum(name.endswith(".xlsx") for name in again) > 20


def test_another_seed_gives_another_university(tmp_path: Path, made: Made) -> None:
    generate_demo(tmp_path, seed=2025)
    other, first = _hashes(tmp_path), _hashes(made[0])
    assert other["estate/people.csv"] != first["estate/people.csv"]
    assert other["estate/departments.csv"] == first["estate/departments.csv"]


@pytest.mark.parametrize("groups", [MINIMUM_GROUPS, 150])
def test_the_number_of_groups_is_the_one_asked_for(tmp_path: Path, groups: int) -> None:
    generate_demo(tmp_path, groups=groups)
    lines = (tmp_path / "estate" / "groups.jsonl").read_text(encoding="utf-8").splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == groups


def test_too_few_groups_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least"):
        generate_demo(tmp_path, groups=MINIMUM_GROUPS - 1)


def test_the_old_groups_have_64_and_40_members_and_successors_of_the_same_name(made: Made) -> None:
    _, estate = made
    dissolved = {row["id"]: row for row in estate.tables["groups"] if row["dissolved_at"]}
    sizes = {
        row["name"]: len({stay["account_id"] for stay in estate.tables["memberships"] if stay["group_id"] == group})
        for group, row in dissolved.items()
    }
    assert sizes == {"机关党委工作群": 64, "机关党委联络员群": 40}
    successors = [row for row in estate.tables["groups"] if row["successor_of"]]
    assert {(row["name"], dissolved[row["successor_of"]]["name"]) for row in successors} == {
        ("机关党委工作群", "机关党委工作群"),
        ("机关党委联络员群", "机关党委联络员群"),
    }


def test_each_form_has_the_notice_s_header_and_those_who_are_named(made: Made) -> None:
    folder, _ = made
    forms = sorted((folder / "forms" / "附件1").glob("*.xlsx"))
    assert len(forms) == 21
    for path in forms:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        header = next(number for number, row in enumerate(rows) if tuple(row[:6]) == FORM_HEADER)
        named = [row for row in rows[header + 1 :] if row[0]]
        department = path.stem.removeprefix("附件1-")
        # One office has two deputies in charge, one no liaison.
        assert len(named) == {"财务处": 3, "招生就业处": 1}.get(department, 2)
        assert [row[0] for row in named] == list(range(1, len(named) + 1))
        assert {row[1] for row in named} == {department}
        assert len({row[2] for row in named}) == len(named)
        phones = [str(row[4]) for row in named]
        assert all(re.fullmatch(r"1[3-9]\d{9}", phone) for phone in phones)
        assert all(phone.startswith("1900000") for phone in phones)
        assert not any("XXX" in str(cell) for row in rows for cell in row)


def test_the_register_says_the_same_as_xlsx_and_csv(made: Made) -> None:
    folder, estate = made
    rows = CalamineWorkbook.from_path(str(folder / "forms" / "工作群备案表.xlsx")).get_sheet_by_index(0).to_python()
    assert tuple(rows[0]) == REGISTER_HEADER
    raw = (folder / "forms" / "工作群备案表.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == len(rows)
    read = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert [row[3] for row in read] == [row[3] for row in rows]
    registered = {row["id"] for row in estate.tables["groups"] if row["source"] == "register"}
    assert {row[2] for row in read[1:]} == registered


def test_a_source_never_supplies_what_it_lacks(made: Made) -> None:
    _, estate = made
    source_of = {row["id"]: row["source"] for row in estate.tables["groups"]}
    assert set(source_of.values()) == set(SOURCES)
    for source, (_, lacks) in SOURCES.items():
        for field in lacks:
            table, _, column = field.partition(".")
            key = "id" if table == "groups" else "group_id"
            rows = [row for row in estate.tables[table] if source_of.get(row.get(key)) == source]
            assert {row[column] for row in rows} <= {None}, field


def test_names_and_numbers_are_invented_and_unique_but_for_namesakes(made: Made) -> None:
    _, estate = made
    names = [row["name"] for row in estate.tables["people"]]
    assert len(names) - len(set(names)) == 1
    texts = " ".join(str(row["text"]) for row in estate.tables["messages"])
    assert all(phone.startswith("13900000") for phone in re.findall(r"1[3-9]\d{9}", texts))
