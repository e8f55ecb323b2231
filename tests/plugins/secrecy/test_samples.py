"""Evasions are found and look-alikes are not; official texts hold next to none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pyarrow
import pytest

from policycore import TextMatch, TextRule
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset
from policycore.text.matcher import Matcher
from policycore.text.patterns import Place, Words
from tests.plugins.secrecy import samples

Found = Callable[[Sequence[str]], set[int]]
_SAMPLES = {
    "secrecy/bulk-personal-data": (samples.bulk(), samples.bulk_look_alikes()),
    "secrecy/credential": (samples.credentials(), samples.CREDENTIAL_LOOK_ALIKES),
    "phrases": (samples.PHRASES, samples.PHRASE_LOOK_ALIKES),
}
_LATER = ("secrecy/classification-mark", "secrecy/credential", "secrecy/passed-on", "phrases")
_PHRASES = ("secrecy/listed-phrases", "secrecy/not-to-be-passed-on", "secrecy/passed-on")


@pytest.fixture(scope="module", params=[*_SAMPLES, "secrecy/classification-mark", "secrecy/passed-on"])
def kind(request: pytest.FixtureRequest) -> tuple[str, Found]:
    """Return a kind, and a function that says which of some texts its rules of the shipped set find."""
    plugins = load_plugins()
    ruleset = load_ruleset("work-groups-base", plugins.rules, plugins.ruleset_folders)
    names = _PHRASES if request.param == "phrases" else (request.param,)
    chosen = [rule for rule in ruleset.rules if rule.name in names]
    assert len(chosen) == len(names)

    def found(texts: Sequence[str]) -> set[int]:
        return set().union(*(_found(rule.rule, rule.params, texts) for rule in chosen))

    return request.param, found


def _found(rule: object, params: object, texts: Sequence[str]) -> set[int]:
    assert isinstance(rule, TextRule)
    patterns = list(rule.patterns(params))
    asked = [
        (expression, one.id, word)
        for one in patterns
        for expression, word in zip(one.expressions(), one.words if isinstance(one, Words) else [""], strict=True)
    ]
    each = list(dict.fromkeys(expression for expression, _, _ in asked))
    numbers = {expression: number for number, expression in enumerate(each)}
    meant: dict[int, list[tuple[str, str]]] = {}
    for expression, name, word in asked:
        meant.setdefault(numbers[expression], []).append((name, word))
    hits = Matcher(each).scan(pyarrow.array(texts))
    places: dict[int, list[Place]] = {}
    for row, which, begin, end in zip(hits.rows, hits.which, hits.begins, hits.ends, strict=True):
        here = [Place(name, int(begin), int(end), word) for name, word in meant[int(which)]]
        places.setdefault(int(row), []).extend(here)
    confirmed = []
    for row, listed in places.items():
        match = TextMatch(texts[row], tuple({one.pattern for one in listed}), partial(list, listed))
        confirmed += [{"group_id": row, "message_id": row, **hit} for hit in rule.confirm(match, params)]
    return {int(str(hit["message_id"])) for hit in rule.conclude(confirmed, params) if hit.get("verdict") != "unknown"}


def test_evasions_are_found_and_look_alikes_are_not(kind: tuple[str, Found]) -> None:
    name, found = kind
    if name not in _SAMPLES:
        pytest.skip("has samples of its own")
    evasions, look_alikes = _SAMPLES[name]
    assert len(evasions) >= 100
    seen = found(evasions)
    assert [text for number, text in enumerate(evasions) if number not in seen] == []
    assert [look_alikes[number] for number in sorted(found(look_alikes))] == []


def _later(name: str, sort: str) -> list[str]:
    """Return the texts of a kind that were written after the others."""
    sections = (Path(__file__).parent / "later_samples.txt").read_text(encoding="utf-8").split("\n# ")
    (section,) = (one for one in sections if one.startswith(f"{name} {sort}\n"))
    return section.splitlines()[1:]


def test_what_was_written_later_is_found_too(kind: tuple[str, Found]) -> None:
    name, found = kind
    for sort in ("found", "not") if name in _LATER else ():
        texts = _later(name, sort)
        seen = found(texts)
        wrong = [text for number, text in enumerate(texts) if (number in seen) != (sort == "found")]
        assert len(wrong) <= len(texts) // 100, wrong


@pytest.mark.long
def test_official_texts_and_the_notice_hold_next_to_none(kind: tuple[str, Found], shared_data: Path) -> None:
    files = [*sorted((shared_data / "official-texts").rglob("*.md")), shared_data.parent / "notice-2024-03-22.txt"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) > 20_000
    assert len(kind[1](lines)) < len(lines) / 1000
