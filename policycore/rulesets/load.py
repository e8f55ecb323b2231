"""Load a rule set: find, read, compose along `extends`, resolve; one error with every mistake in it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.errors import Place, Problem, RuleSetError
from policycore.model.schema import declared
from policycore.rulesets.document import MOST_PARENTS, RuleSetDocument
from policycore.rulesets.layers.find import find_ruleset
from policycore.rulesets.layers.include import FileReader
from policycore.rulesets.layers.layer import Layer, merge, over
from policycore.rulesets.layers.problems import problem
from policycore.rulesets.resolved import DATA_AGE, Membership, ResolvedRule, ResolvedRuleSet
from policycore.yaml.nodes import Node
from policycore.yaml.problems import Problems, excerpt

if TYPE_CHECKING:
    from policycore.plugin_api.rule_catalogue import RuleCatalogue
    from policycore.rulesets.sql.check import SqlChecker

__all__ = ["LoadedRuleSet", "check_ruleset", "load_ruleset"]

MAX_CHAIN = 20
_LONGEST_AGE = 3660
_Composed = tuple[Layer, list[ResolvedRule], list[Membership]]


@dataclass(frozen=True, slots=True)
class LoadedRuleSet:
    """A rule set that holds, and what in it deserves a second look."""

    ruleset: ResolvedRuleSet
    warnings: tuple[Problem, ...] = ()


def load_ruleset(name_or_path: str | Path, catalogue: RuleCatalogue, folders: Sequence[Path]) -> ResolvedRuleSet:
    """Return the rule set called `name_or_path`, checked and composed.

    Raises RuleSetError with every problem, each with its place.
    """
    return check_ruleset(name_or_path, catalogue, folders).ruleset


def check_ruleset(name_or_path: str | Path, catalogue: RuleCatalogue, folders: Sequence[Path]) -> LoadedRuleSet:
    """Return the rule set with its warnings.

    Raises RuleSetError with every problem.
    """
    word = str(name_or_path)
    found = find_ruleset(word, folders, Place(word))
    if isinstance(found, Problem):
        raise RuleSetError(found)
    return Loading(catalogue, folders).load(found)


class Loading:
    """The loading of one set and all that it extends, with the problems met on the way."""

    def __init__(self, catalogue: RuleCatalogue, folders: Sequence[Path]) -> None:
        self.catalogue = catalogue
        self.folders = folders
        self.problems = Problems("ruleset")
        self.reader = FileReader(self.problems)
        self._layers: dict[Path, _Composed | None] = {}

    def load(self, path: Path) -> LoadedRuleSet:
        """Return the set at `path`.

        Raises RuleSetError with every problem found in it and in the sets it extends.
        """
        from policycore.rulesets.finish import finished
        from policycore.rulesets.sql.check import SqlChecker

        with closing(SqlChecker()) as checker:
            composed = self._composed(path, (), checker)
        if composed is not None and not len(self.problems) and not composed[1] and not _asks(composed[0]):
            self.problems.add(problem("no-rules", composed[0].settings[("ruleset",)].place))
        limit = None if composed is None else composed[0].settings.get(("parameters", DATA_AGE))
        if limit is not None and not (type(limit.value) is int and 1 <= limit.value <= _LONGEST_AGE):
            self.problems.add(problem("data-age", limit.place, name=DATA_AGE))
        if composed is None or len(self.problems):
            raise RuleSetError(*self.problems.all())
        return LoadedRuleSet(*finished(*composed, self.reader.hashes))

    def _composed(self, path: Path, chain: tuple[Path, ...], checker: SqlChecker) -> _Composed | None:
        """Return the layer of the set at `path` over its parents; None when it could not be read."""
        if path in self._layers:
            return self._layers[path]
        self._layers[path] = None
        node = self.reader.document(path)
        if node is not None:
            self._layers[path] = self._compose(node, path, (*chain, path), checker)
        return self._layers[path]

    def _compose(self, node: Node, path: Path, chain: tuple[Path, ...], checker: SqlChecker) -> _Composed | None:
        """Check one document, put it over its parents and resolve the rules at this level."""
        from policycore.rulesets.finish import composed_own
        from policycore.rulesets.layers.floors import loosened
        from policycore.rulesets.layers.read import read_layer
        from policycore.rulesets.resolve import resolve_memberships, resolve_rules
        from policycore.yaml.read import validated

        if node.kind != "map":
            self.problems.add(problem("no-ruleset", node.place))
            return None
        _, found = validated(RuleSetDocument, node)
        self.problems.extend(found)
        inherited, whole = self._parents(node, path, chain, checker)
        own = read_layer(node, inherited, self.catalogue, self.problems, whole=whole)
        self.problems.extend(loosened(inherited, own, self.catalogue))
        composed = over(inherited, own)
        extends = node.get("extends")
        for where, (first, second) in composed.conflicts.items():
            self.problems.add(
                problem(
                    "conflict",
                    extends.place if extends else node.place,
                    path=".".join(where),
                    first=f"{excerpt(first.value)} ({first.place})",
                    second=f"{excerpt(second.value)} ({second.place})",
                )
            )
        columns, found = composed_own(composed)
        self.problems.extend(found)
        if found:  # what the rules read can't be told
            return composed, [], []
        given = composed, self.catalogue, checker, self.problems
        with declared(columns):
            return composed, resolve_rules(*given), resolve_memberships(*given)

    def _parents(self, node: Node, path: Path, chain: tuple[Path, ...], checker: SqlChecker) -> tuple[Layer, bool]:
        """Return the parents side by side, and whether all of them could be read."""
        extends = node.get("extends")
        asked = [item for item in extends.items()[:MOST_PARENTS] if item.kind == "text"] if extends else []
        own = node.get("ruleset")
        found = [self._parent(item, own.value if own else None, path, chain, checker) for item in asked]
        layers = [composed[0] for composed in found if composed is not None]
        return (reduce(merge, layers) if layers else Layer()), None not in found

    def _parent(
        self, item: Node, name: object, path: Path, chain: tuple[Path, ...], checker: SqlChecker
    ) -> _Composed | None:
        """Return the set that `item` names in the one called `name`; None after saying why it could not be read."""
        parent = find_ruleset(str(item.value), self.folders, item.place, beside=path.parent)
        if parent == path or (isinstance(parent, Problem) and item.value == name):
            parent = problem("extends-itself", item.place, name=str(item.value))
        elif not isinstance(parent, Problem) and (parent in chain or len(chain) >= MAX_CHAIN):
            parent = problem("extends-cycle", item.place, chain=_links(chain, parent))
        if isinstance(parent, Problem):
            self.problems.add(parent)
            return None
        return self._composed(parent, chain, checker)


def _asks(layer: Layer) -> bool:
    """Return whether a set asks for a statement."""
    return any(path[0] == "attestations" for path in layer.settings)


def _links(chain: tuple[Path, ...], parent: Path) -> str:
    """Return the names along a chain of sets, from where it closes; a chain without end shows its last links."""
    start = chain.index(parent) if parent in chain else len(chain) - 3
    return " -> ".join(known.name for known in (*chain[start:], parent))
