"""Properties of composing: associative along a chain, never outside a floor, explained as it is."""

from __future__ import annotations

import tempfile
from functools import reduce
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policycore.errors import Place, RuleSetError
from policycore.plugin_api.rule_catalogue import RuleCatalogue
from policycore.rulesets.layers.floors import within_floor
from policycore.rulesets.layers.layer import Floor, Layer, Setting, merge, over
from policycore.rulesets.load import Loading
from policycore.yaml.nodes import Node

PATHS = [("rules", "A", "with", name) for name in "xyz"] + [("title",), ("rules", "B", "severity")]


def layer(number: int, values: dict[int, int], floors: list[int]) -> Layer:
    """Return a layer of file `number` that sets the given paths."""
    at = {
        PATHS[which]: Setting(Node("integer", Place(f"{number}.yaml", line + 1, 1), value))
        for line, (which, value) in enumerate(sorted(values.items()))
    }
    return Layer(
        at, tuple(Floor(PATHS[which], {"max": 3}, Place(f"{number}.yaml", 100 + which, 1)) for which in floors)
    )


chains = st.lists(
    st.tuples(
        st.dictionaries(st.integers(0, len(PATHS) - 1), st.integers(0, 5)),
        st.lists(st.integers(0, 2), unique=True, max_size=2),
    ),
    min_size=3,
    max_size=6,
).map(lambda parts: [layer(number, values, floors) for number, (values, floors) in enumerate(parts)])


@given(chains, st.data())
def test_a_chain_means_the_same_however_it_is_cut(chain: list[Layer], data: Any) -> None:
    whole = reduce(over, chain)
    left = list(chain)
    while len(left) > 1:
        at = data.draw(st.integers(0, len(left) - 2))
        left[at : at + 2] = [over(left[at], left[at + 1])]
    assert left[0] == whole
    assert list(left[0].settings) == list(whole.settings)


@given(chains)
def test_the_last_word_wins_and_the_others_are_all_kept(chain: list[Layer]) -> None:
    whole = reduce(over, chain)
    for path, setting in whole.settings.items():
        spoken = [one.settings[path] for one in chain if path in one.settings]
        assert setting.value == spoken[-1].value
        assert [place for place, _ in setting.lost] == [one.place for one in reversed(spoken[:-1])]


@given(chains)
def test_the_order_of_parents_never_decides(chain: list[Layer]) -> None:
    first, second = reduce(over, chain[:-2]), reduce(over, chain[-2:])
    one, two = merge(first, second), merge(second, first)
    assert one.conflicts.keys() == two.conflicts.keys()
    for path in one.settings:
        if path not in one.conflicts:
            assert one.settings[path].value == two.settings[path].value
    child = Layer({path: Setting(Node("integer", Place("c.yaml", 1, 1), 0)) for path in one.conflicts})
    assert over(one, child).conflicts == {}


numbers = st.integers(0, 20)
floors = st.fixed_dictionaries({}, optional={"min": numbers, "max": numbers})
levels = st.lists(st.tuples(st.none() | numbers, floors), min_size=1, max_size=4)


@given(levels=levels, parameter=st.none() | numbers)
def test_no_descendant_ends_outside_a_floor_and_explain_says_what_holds(
    catalogue: RuleCatalogue, levels: list[tuple[int | None, dict[str, int]]], parameter: int | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, (value, floor) in enumerate(levels):
            lines = ["policycore: 1", f"ruleset: s{number}", "title: {zh: 甲}"]
            lines += [f"extends: [s{number - 1}]"] if number else []
            if parameter is not None and number in (0, len(levels) - 1):
                lines.append(f"parameters: {{days: {parameter if number else 1}}}")
            if value is not None:
                given_value = "$days" if parameter is not None and value % 2 else value
                lines += ["rules:", "  - use: test/small", f"    with: {{days: {given_value}}}"]
                lines += (
                    [f"    floor: {{days: {{{', '.join(f'{k}: {v}' for k, v in floor.items())}}}}}"] if floor else []
                )
            Path(folder, f"s{number}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            loaded = Loading(catalogue, [Path(folder)]).load(Path(folder, f"s{len(levels) - 1}.yaml").resolve())
        except RuleSetError as error:
            codes = {problem.code for problem in error.problems}
            if codes <= {"ruleset.outside-floor", "ruleset.looser-floor"}:
                return
            if codes == {"ruleset.no-rules"} and all(value is None for value, _ in levels):
                return
            raise
        days = loaded.ruleset.rules[0].params.model_dump()["days"]
        for value, floor in levels:
            assert value is None or within_floor(days, floor)
        origin = next(one for one in loaded.ruleset.origins if one.path.endswith(".with.days"))
        assert origin.value == days
