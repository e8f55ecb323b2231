"""What the README says is true: its commands and its code run here as a reader would run them."""

from __future__ import annotations

import importlib
import json
import re
import shlex
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from openpyxl import Workbook

from policycore.cli.commands import Commands

ROOT = Path(__file__).resolve().parents[2]


def test_both_languages_say_the_same(english: Any, chinese: Any) -> None:
    levels = [[heading.split()[0] for heading in readme.headings] for readme in (english, chinese)]
    assert levels[0] == levels[1]
    assert english.blocks == chinese.blocks
    assert english.tables == chinese.tables
    assert len(english.text.split("\n\n")) == len(chinese.text.split("\n\n")), "a paragraph is missing in one of them"
    common = [
        [link for link in readme.links if "README" not in link and "images" not in link]
        for readme in (english, chinese)
    ]
    assert sorted(common[0]) == sorted(common[1])


def test_figures_are_those_of_the_benchmarks(english: Any, chinese: Any) -> None:
    written = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    figures = []
    for readme, title in ((english, "## Figures"), (chinese, "## 数字")):
        section = readme.text.partition(title)[2].partition("\n## ")[0]
        figures.append(sorted(re.findall(r"\d[\d.,]*\d|\d", section)))
        for command in re.findall(r"`(python -m bench --[^`]+)`", section):
            assert command in written, f"docs/benchmarks.md has no figures of {command}"
    assert figures[0] == figures[1]
    assert [figure for figure in figures[0] if figure not in written] == [], "docs/benchmarks.md says something else"


def test_links_lead_to_files_that_are_there(readme: Any) -> None:
    for link in readme.links:
        assert "://" not in link
        assert (ROOT / link.partition("#")[0]).is_file(), link


def test_two_commands_do_everything(readme: Any) -> None:
    commands = [block.text.strip() for block in readme.blocks if "pip install" in block.text]
    ours = "python -m pip install --no-deps --no-build-isolation ."
    assert commands == [
        f"python -m pip install -r requirements/base.txt && {ours} && policycore demo",
        f"python -m pip install -r requirements/test.txt && {ours} && python -m pytest",
    ]


def write_workbook(readme: Any, path: Path) -> None:
    """Write the workbook that the README shows as tables, with the sheets that it names."""
    book = Workbook()
    book.remove(book.active)
    for title, (head, _, *rows) in zip(("工作群", "人员"), readme.tables, strict=False):
        assert title in readme.text
        sheet = book.create_sheet(title)
        for row in (head, *rows):
            sheet.append([cell or None for cell in row])
    book.save(path)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the README's import runs, once for all that comes after it; empty at first."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture
def imported(english: Any, shell: Any, desk: Path) -> Any:
    """Return a shell in a folder with what the README's import and rule set are then."""
    if not (desk / "estate").is_dir():
        write_workbook(english, desk / "register.xlsx")
        ran = replace(shell, folder=desk)(english.block("console", "policycore import"))
        assert ran.returncode == 0, ran.stdout + ran.stderr
        (desk / "our-work-groups.yaml").write_text(english.block("yaml", "\nruleset:"), encoding="utf-8")
    shutil.copytree(desk, shell.folder, dirs_exist_ok=True)
    return shell


def test_the_spreadsheet_leads_to_its_first_findings(english: Any, imported: Any) -> None:
    (line,) = english.block("console", "policycore check --ruleset work-groups-base --estate estate\n").splitlines()
    checked = imported(line)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "宿舍报修群" in checked.stdout
    assert "李强" in checked.stdout
    report = json.loads(imported(f"{line} --format json").stdout)
    found = {
        (finding["name"], finding["subject"]["id"]) for finding in report["findings"] if finding["verdict"] == "fail"
    }
    assert {("ownership/owner-present", "宿舍报修群"), ("ownership/owner-in-post", "迎新专班")} <= found
    assert report["summary"]["by_verdict"]["unknown"] > 0


def test_the_commands_after_it_run(english: Any, imported: Any) -> None:
    explain, report = english.block("console", "policycore explain").splitlines()
    explained = imported(explain)
    assert explained.returncode == 0, explained.stderr
    assert "grace_days" in explained.stdout
    assert imported(report).returncode == 1
    assert (imported.folder / "report.html").read_text(encoding="utf-8").startswith("<!")


def test_the_rule_set_is_short_and_right(english: Any, shell: Any) -> None:
    text = english.block("yaml", "\nruleset:")
    assert len(text.splitlines()) <= 15
    (shell.folder / "our-work-groups.yaml").write_text(text, encoding="utf-8")
    assert "policycore ruleset check our-work-groups.yaml" in english.text
    checked = shell("policycore ruleset check our-work-groups.yaml")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    clauses = shell("policycore clauses --ruleset our-work-groups.yaml")
    assert clauses.returncode == 0, clauses.stderr
    assert "2 clauses: 2 checked by rules" in clauses.stdout


def test_findings_live_in_a_workspace(english: Any, imported: Any) -> None:
    begin, check, findings, again, compare, verify = english.block("console", "policycore init").splitlines()
    assert imported(begin).returncode == 0
    assert imported(check).returncode == 1
    listed = imported(findings)
    assert listed.returncode == 0, listed.stderr
    assert "宿舍报修群" in listed.stdout
    early = imported(compare)
    assert early.returncode == 2
    assert "there is only run 1" in early.stderr
    assert imported(again).returncode == 1
    assert "宿舍报修群" not in imported(findings).stdout, "a finding is new once"
    compared = imported(compare)
    assert compared.returncode == 0, compared.stdout + compared.stderr
    verified = imported(verify)
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.long
def test_the_scheduled_job_speaks_up_only_when_it_should(english: Any, imported: Any) -> None:
    job = english.block("console", "30 6 * * 1-5").split(None, 5)[5].strip()
    job = job.replace("cd /srv/policycore", f"cd {shlex.quote(str(imported.folder))}")
    assert imported("policycore init").returncode == 0
    ran = imported(job)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", ""), "cron mails every line"
    again = imported(job)
    assert (again.returncode, again.stdout) == (1, "")
    assert "the data are those that run 1 judged" in again.stderr
    (*_, head) = re.findall(
        r'"audit_head": "([0-9a-f]{64})"', (imported.folder / "policycore-log.jsonl").read_text("utf-8")
    )
    assert imported("policycore audit verify").stdout.strip() == head
    assert (
        json.loads((imported.folder / "report.json").read_text(encoding="utf-8"))["summary"]["by_verdict"]["fail"] > 0
    )
    (imported.folder / "our-work-groups.yaml").write_text("policycore: 2\n", encoding="utf-8")
    broken = imported(job)
    assert broken.returncode == 2
    assert broken.stderr


@pytest.mark.long
def test_units_and_notices_are_printed(english: Any, imported: Any) -> None:
    begin, check, *_ = english.block("console", "policycore init").splitlines()
    assert imported(begin).returncode == 0
    assert imported(check).returncode == 1
    systemd, cron, notify = (imported(line) for line in english.block("console", "schedule systemd").splitlines())
    assert systemd.returncode == cron.returncode == notify.returncode == 0, systemd.stderr + cron.stderr + notify.stderr
    assert "OnCalendar" in systemd.stdout
    assert "30 6 * * *" in cron.stdout
    quiet = imported(cron.stdout.splitlines()[-1].split(None, 5)[5])
    assert (quiet.returncode, quiet.stdout, quiet.stderr.count("\n")) == (1, "", 1), "the data are the same"
    assert "宿舍报修群" in notify.stdout


@pytest.fixture
def example_rule(english: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the README's rule, imported from a file."""
    package = tmp_path / "our_rules"
    package.mkdir()
    (package / "announcement.py").write_text(english.block("python", "class AnnouncementPresent"), encoding="utf-8")
    (package / "__init__.py").write_text(english.block("python", "hookimpl"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "our_rules"]:
        monkeypatch.delitem(sys.modules, name)
    (rule,) = importlib.import_module("our_rules").policycore_rules()
    return rule()


def test_the_rule_is_short_and_keeps_the_contract(english: Any, example_rule: Any) -> None:
    from policycore.plugin_api.rule_contract import rule_faults

    assert len(english.block("python", "class AnnouncementPresent").splitlines()) <= 30
    assert rule_faults(type(example_rule)) == []


def test_the_rule_passes_its_own_cases(example_rule: Any) -> None:
    from policycore.needs_proof import check_needs
    from policycore.testing import check_case

    assert len(example_rule.cases) == 2
    for case in example_rule.cases:
        check_case(example_rule, case)
    assert not check_needs(example_rule).warnings


def test_the_plugin_is_found_as_the_readme_registers_it(english: Any, example_rule: Any, shell: Any) -> None:
    assert example_rule
    information = shell.folder / "our_rules-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: our-rules\nVersion: 1.0\n", encoding="utf-8")
    (name, module) = re.findall(r'^(\w+) = "(\w+)"$', english.block("toml", "entry-points"), re.MULTILINE)[0]
    (information / "entry_points.txt").write_text(f"[policycore]\n{name} = {module}\n", encoding="utf-8")
    listed = shell("policycore plugin list", PYTHONPATH=str(shell.folder))
    assert listed.returncode == 0, listed.stdout + listed.stderr
    assert "ours" in listed.stdout
    explained = shell("policycore explain local/announcement-present", PYTHONPATH=str(shell.folder))
    assert explained.returncode == 0, explained.stderr


def test_a_plugin_is_begun_and_tried_as_the_readme_says(english: Any, shell: Any) -> None:
    text = " ".join(english.text.split())
    for command in ("policycore plugin new ours", "policycore plugin test policycore-ours"):
        assert f"`{command}`" in text
        ran = shell(command)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_command_and_option_that_is_named_exists(readme: Any) -> None:
    program = Commands()
    for line in re.findall(r"policycore ((?:[a-z]+|--)[^\n`&|]*)", readme.text):
        words = [word for word in shlex.split(line.replace("'", "")) if word not in ("\\",)]
        with click.Context(program, info_name="policycore") as context:
            found: click.Command | None = program
            if words[0] not in program.list_commands(context):
                continue
            while isinstance(found, click.Group) and words and not words[0].startswith("-"):
                found = found.get_command(context, words.pop(0))
            assert found is not None, line
            known = {option for parameter in found.params for option in parameter.opts} | {"--lang", "--help"}
            assert {word for word in words if word.startswith("--")} <= known, line
