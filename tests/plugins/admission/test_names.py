"""Right names are let pass by all three rules, wrong ones found by one of them at least."""

from __future__ import annotations

from typing import Any

import pytest

from policycore import Case
from policycore.testing import run_rule
from policycore_admission.rules.adm001_display_name_format import DisplayNameFormat
from policycore_admission.rules.adm002_name_in_directory import NameInDirectory
from policycore_admission.rules.adm003_unit_matches import UnitMatches

from .conftest import FORMS, written

# A head who shows a department below the own one: by default that counts (the parameter `related` of unit-matches).
COUNTS = {"考试中心-刘伟"}


def found(directory: dict[str, Any], names: list[dict[str, str]], form: str) -> set[str]:
    """Return which of `names` any of the three rules finds."""
    shown = [name for name in names if name["form"] == form]
    case = Case(
        form,
        given={
            **directory,
            "groups": [{"id": "g"}],
            "accounts": [
                {"id": f"a{place}", "kind": "internal", "person_id": name["person"]} for place, name in enumerate(shown)
            ],
            "memberships": [
                {"group_id": "g", "account_id": f"a{place}", "display_name": name["shown"]}
                for place, name in enumerate(shown)
            ],
        },
        params={"forms": FORMS[form]},
    )
    results = [run_rule(rule(), case) for rule in (DisplayNameFormat, NameInDirectory, UnitMatches)]
    assert not any(result.problems for result in results)
    places = {finding.subject.id.removeprefix("g/a") for result in results for finding in result.findings}
    return {shown[int(place)]["shown"] for place in places}


@pytest.mark.parametrize("form", FORMS)
def test_nobody_is_accused_for_a_name_that_is_right(directory: dict[str, Any], form: str) -> None:
    names = written("names_right.jsonl")
    assert len(names) >= 200
    assert found(directory, names, form) == set()


@pytest.mark.parametrize("form", FORMS)
def test_whoever_shows_something_else_is_found(directory: dict[str, Any], form: str) -> None:
    names = written("names_wrong.jsonl")
    assert len(names) >= 200
    wrong = {name["shown"] for name in names if name["form"] == form}
    assert wrong - found(directory, names, form) <= COUNTS


def test_members_listed_by_display_names_alone_are_judged_by_those(tmp_path):
    from policycore import check, import_estate, load_ruleset

    (tmp_path / "甲群成员.txt").write_text("教务处-张敏\n🌻向阳花\n13812345678\n李强\n学生处-李强\n", encoding="utf-8")
    roster = "工号,姓名,部门,状态\n1,张敏,教务处,在职\n2,李强,学生处,在职\n"
    (tmp_path / "名册.csv").write_text(roster, encoding="utf-8")
    rules = "policycore: 1\nruleset: r\ntitle: {zh: t, en: t}\nrules: [{use: admission/display-name-format}]\n"
    (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
    import_estate([tmp_path / "甲群成员.txt", tmp_path / "名册.csv"], tmp_path / "estate", as_of="2024-04-15")
    result = check(tmp_path / "estate", load_ruleset(tmp_path / "rules.yaml"), record=False)
    found = sorted((one.verdict, one.facts["display_name"]) for one in result.findings)
    assert [verdict for verdict, _ in found] == ["fail"] * 3
    assert {"🌻向阳花", "李强"} <= {name for _, name in found}
    assert not any("13812345678" in str(one) for one in result.findings)
    assert not result.gaps
