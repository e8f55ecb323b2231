"""The examples of the documentation load, so that nobody copies a mistake."""

from __future__ import annotations

import re
from pathlib import Path

from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import check_ruleset
from policycore.testing import case_parameters, check_case, own_rules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rulesets.md"


def _page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_every_example_loads_without_a_warning(tmp_path: Path) -> None:
    plugins = load_plugins({})
    examples = re.findall(r"```yaml\n(.*?)```", _page(), re.DOTALL)
    assert len(examples) == 6
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "check-in.txt").write_text(re.findall(r"```text\n(.*?)```", _page(), re.DOTALL)[0], "utf-8")
    for example in examples:
        name = re.search(r"^ruleset: (\S+)", example, re.MULTILINE)
        assert name is not None
        path = tmp_path / f"{name[1]}.yaml"
        path.write_text(example, encoding="utf-8")
        loaded = check_ruleset(path, plugins.rules, plugins.ruleset_folders)
        assert loaded.warnings == ()
        assert loaded.ruleset.rules
        for rule, case in case_parameters(own_rules(loaded.ruleset.rules)) if name[1] == "our-words" else ():
            check_case(rule, case)


def test_what_the_page_says_of_the_last_example_is_so(tmp_path: Path) -> None:
    plugins = load_plugins({})
    for example in re.findall(r"```yaml\n(.*?)```", _page(), re.DOTALL):
        name = example.split("ruleset: ")[1].split()[0]
        (tmp_path / f"{name}.yaml").write_text(example, encoding="utf-8")
    for rule, case in case_parameters(
        own_rules(check_ruleset(tmp_path / "quiet-hours.yaml", plugins.rules, plugins.ruleset_folders).ruleset.rules)
    ):
        check_case(rule, case)
    path = tmp_path / "our-college.yaml"
    ruleset = check_ruleset(path, plugins.rules, plugins.ruleset_folders).ruleset
    by_name = {rule.name: rule for rule in ruleset.rules}
    assert by_name["ownership/owner-in-post"].params.model_dump()["grace_days"] == 1
    assert by_name["local/too-large"].params.model_dump() == {"limit": 100}
    assert [clause.id for clause in ruleset.document.clauses] == ["一", "二", "三"]
