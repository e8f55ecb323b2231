"""Included files: read with places of their own, inside the folder, never in a circle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.rulesets.load import LoadedRuleSet

Write = Callable[..., Path]
Mistakes = Callable[[Path], list[str]]
DOCUMENT = "document: {title: d, clauses: !include clauses.yaml}\n"


def test_clauses_can_stand_in_a_file_of_their_own(write: Write, load: Callable[[Path], LoadedRuleSet]) -> None:
    write("- {id: 一, text: 甲}\n", "clauses.yaml", head=False)
    ruleset = load(write(DOCUMENT + "rules: [{use: test/small}]\n")).ruleset
    clause = ruleset.document.clauses[0]
    assert (clause.id, clause.text) == ("一", "甲")
    assert clause.place is not None
    assert clause.place.file.endswith("clauses.yaml")
    assert len(ruleset.files) == 2


def test_a_mistake_in_an_included_file_has_its_place_there(write: Write, mistakes: Mistakes) -> None:
    write("- id: 一\n  txt: 甲\n", "clauses.yaml", head=False)
    assert mistakes(write(DOCUMENT)) == ["missing-key clauses.yaml:1:3", "unknown-key clauses.yaml:2:3"]


def test_a_missing_file(write: Write, mistakes: Mistakes) -> None:
    assert mistakes(write(DOCUMENT)) == ["no-file a.yaml:4:31"]


@pytest.mark.parametrize("name", ["../secret.yaml", "/etc/passwd", "''", "sub/../../secret.yaml", "~/x"])
def test_a_file_that_leaves_the_folder(write: Write, mistakes: Mistakes, name: str) -> None:
    path = write(f"document: {{title: d, clauses: !include {name}}}\n", "folder/a.yaml")
    write("- {id: 一, text: 甲}\n", "secret.yaml", head=False)
    (found,) = mistakes(path)
    assert found.split()[0] in ("include-outside", "no-file")
    assert found.endswith(" a.yaml:4:31")


def test_a_link_does_not_lead_out(write: Write, mistakes: Mistakes, tmp_path: Path) -> None:
    write("- {id: 一, text: 甲}\n", "secret.yaml", head=False)
    path = write(DOCUMENT, "folder/a.yaml")
    (tmp_path / "folder" / "clauses.yaml").symlink_to(tmp_path / "secret.yaml")
    assert mistakes(path) == ["include-outside a.yaml:4:31"]


def test_files_that_include_one_another(write: Write, mistakes: Mistakes) -> None:
    write("- !include other.yaml\n", "clauses.yaml", head=False)
    write("- !include clauses.yaml\n", "other.yaml", head=False)
    found = mistakes(write(DOCUMENT))
    assert "include-cycle other.yaml:1:3" in found


def test_a_folder_cannot_be_included(write: Write, mistakes: Mistakes, tmp_path: Path) -> None:
    (tmp_path / "clauses.yaml").mkdir()
    assert mistakes(write(DOCUMENT)) == ["is-folder a.yaml:4:31"]


@pytest.mark.long
def test_many_includes_of_one_file_stay_bounded(write: Write, mistakes: Mistakes) -> None:
    write("[" + ", ".join(["!include b.yaml"] * 300) + "]", "clauses.yaml", head=False)
    write("[" + ", ".join(["!include c.yaml"] * 300) + "]", "b.yaml", head=False)
    write("[" + ", ".join(["{}"] * 300) + "]", "c.yaml", head=False)
    found = mistakes(write(DOCUMENT))
    assert any(one.startswith("too-many-files") for one in found)
