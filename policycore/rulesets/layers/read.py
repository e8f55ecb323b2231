"""Read one file's nodes into a layer, going on past what is wrong so that every mistake is found at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from policycore.errors import Place, Problem
from policycore.rulesets.layers.calendar import calendar_mistakes
from policycore.rulesets.layers.layer import Floor, Layer, Path, Setting
from policycore.rulesets.layers.placeholders import unfilled_in
from policycore.rulesets.layers.problems import problem
from policycore.rulesets.words.sought import Sought
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import Node, plain
from policycore.yaml.problems import Problems

if TYPE_CHECKING:
    from policycore.plugin_api.rule_catalogue import RuleCatalogue

__all__ = ["SQL_KEYS", "read_layer"]

SOUGHT_KEYS = tuple(info.alias or name for name, info in Sought.model_fields.items())
"""Keys of a rule of words: values of its parameters, which a set that extends this one may give otherwise."""
_WRITTEN_IN = ("sql", "words", "patterns")

SQL_KEYS = (
    *("sql", "message", "title", "headline", "explanation", "fact_labels", "remediation", "cases"),
    *("reads", "include_dissolved"),
)
"""Keys that only a rule written in the set has; they define it and nothing may set them again."""
_SETTABLE = ("severity", "enforcement", "applies_to", "off")


def read_layer(document: Node, inherited: Layer, catalogue: RuleCatalogue, problems: Problems, *, whole: bool) -> Layer:
    """Return what one file sets; `inherited` are its parents, composed.

    `whole` is false when a parent could not be read, so that what it may have defined is not called unknown.
    """
    return _Reading(inherited, catalogue, problems, whole).read(document)


@dataclass(slots=True)
class _Reading:
    """What the reading of one file needs and finds."""

    inherited: Layer
    catalogue: RuleCatalogue
    problems: Problems
    whole: bool
    settings: dict[Path, Setting] = field(default_factory=dict)
    floors: list[Floor] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Id by id and name of the rules written in SQL, inherited and own."""

    def read(self, document: Node) -> Layer:
        """Return the file's layer."""
        for key in ("ruleset", "title"):
            self._set((key,), document.get(key))
        self._document(document.get("document"))
        parameters = document.get("parameters")
        for name, node in _entries(parameters):
            self.settings[("parameters", name)] = Setting(node, key_place=parameters.keys[name] if parameters else None)
        for year, node in _entries(document.get("calendar")):
            self.settings[("calendar", year)] = Setting(node)
            self.problems.extend(calendar_mistakes(year, node))
        self._own(document.get("own"))
        self._inherited_names()
        memberships = document.get("memberships")
        for entry in memberships.items() if memberships else ():
            self._membership(entry)
        rules = document.get("rules")
        for entry in rules.items() if rules else ():
            if entry.kind == "map":
                self._rule(entry)
        attestations = document.get("attestations")
        for entry in attestations.items() if attestations else ():
            self._attestation(entry)
        return Layer(self.settings, tuple(self.floors))

    def _set(self, path: Path, node: Node | None) -> None:
        if node is not None:
            self.settings[path] = Setting(node)

    def _own(self, node: Node | None) -> None:
        """Set own columns one by one; what a parent declares stays as it is."""
        for table, columns in _entries(node):
            self.settings[("own", table)] = Setting(columns, key_place=node.keys[table] if node else None)
            for name, column in _entries(columns):
                path = ("own", table, name)
                before = self.inherited.settings.get(path)
                if before is not None and plain(before.node) != plain(column):
                    field, other = f"{table}.{name}", str(before.place)
                    self.problems.add(problem("yaml.own-differs", column.place, field=field, other=other))
                self.settings[path] = Setting(column, key_place=columns.keys[name])

    def _document(self, node: Node | None) -> None:
        """Set every field of the policy document: a set's own document replaces an inherited one whole."""
        if node is None or node.kind != "map":
            return
        for key in ("title", "issuer", "date", "source"):
            self._set(("document", key), node.get(key) or Node("null", node.place))
        clauses = node.get("clauses")
        known = {clause for clause, _ in self.inherited.below("document", "clauses")}
        seen: dict[str, Place] = {}
        entries = [entry for entry in clauses.items() if entry.kind == "map"] if clauses else []
        for entry in entries:
            clause = _text(entry.get("id"))
            if clause is None:
                continue
            if clause in seen:
                place = _place(entry, "id")
                self.problems.add(problem("duplicate-clause", place, clause=clause, other=str(seen[clause])))
                continue
            seen[clause] = _place(entry, "id")
            self._set(("document", "clauses", clause), entry)
        self._parents(entries, known | seen.keys())

    def _parents(self, entries: list[Node], known: set[str]) -> None:
        """Report clauses that are part of a clause nobody lists, or of themselves."""
        above = {_text(entry.get("id")): _text(entry.get("parent")) for entry in entries}
        for entry in entries:
            parent = _text(entry.get("parent"))
            if parent is None:
                continue
            place = _place(entry, "parent")
            if parent not in known and self.whole:
                self.problems.add(problem("unknown-parent", place, clause=parent, fix=suggestion(parent, known)))
            step, seen = _text(entry.get("id")), set()
            while step is not None and step not in seen:
                seen.add(step)
                step = above.get(step)
            if step is not None and step == _text(entry.get("id")):
                self.problems.add(problem("clause-cycle", place, clause=step))

    def _inherited_names(self) -> None:
        """Learn by which words rules of the parents that are written in SQL can be called."""
        for rule in self.inherited.rules():
            name = self.inherited.get("rules", rule, "name")
            if name is not None:
                self.names[rule] = self.names[str(name.value)] = rule

    def _rule(self, entry: Node) -> None:
        rule = (
            self._defined(entry) if any(entry.get(key) for key in ("id", "name", *_WRITTEN_IN)) else self._used(entry)
        )
        if rule is None:
            return
        if rule in self.places:
            self.problems.add(problem("duplicate-rule", entry.place, rule=_label(entry), other=str(self.places[rule])))
            return
        self.places[rule] = entry.place
        self._set(("rules", rule, "entry"), Node("boolean", entry.place, True))
        for key in _SETTABLE:
            self._set(("rules", rule, key), entry.get(key))
        for name, node in _entries(entry.get("with")):
            with_ = entry.value["with"]
            self.settings[("rules", rule, "with", name)] = Setting(node, key_place=with_.keys[name])
        clauses = entry.get("clause")
        for node in clauses.items() if clauses else ():
            clause = _text(node)
            if clause is not None:
                self._clause(clause, node.place)
                self._set(("rules", rule, "clause", clause), node)
        self._floor(rule, entry.get("floor"))

    def _clause(self, clause: str, place: Place) -> None:
        """Report a clause that neither this set nor its parents list."""
        path = ("document", "clauses", clause)
        if path in self.settings or path in self.inherited.settings or not self.whole:
            return
        known = [found[-1] for found in (*self.settings, *self.inherited.settings) if found[:2] == path[:2]]
        self.problems.add(problem("unknown-clause", place, clause=clause, fix=suggestion(clause, known)))

    def _used(self, entry: Node) -> str | None:
        """Return the id of the rule that an entry takes or changes."""
        node = entry.get("use")
        word = _text(node)
        for key in (*SQL_KEYS[1:], *SOUGHT_KEYS):
            if entry.get(key) is not None and word is not None:
                self.problems.add(problem("only-with-sql", entry.keys[key], word=key))
        if node is None:
            self.problems.add(problem("neither-use-nor-sql", entry.place))
        if node is None or word is None:
            return None
        if word in self.names:
            return self.names[word]
        rule = self.catalogue.get(word)
        if rule is not None:
            return rule.id
        if self.whole or not self.inherited.settings:
            known = [*self.catalogue.names(), *self.names]
            self.problems.add(self._no_rule(word, node.place, known))
        return None

    def _no_rule(self, word: str, place: Place, known: Sequence[str]) -> Problem:
        """Return the problem of a rule that is not there: unknown, or of a plugin that failed, and then why."""
        why = self.catalogue.why_absent(word)
        found = problem("unknown-rule", place, rule=word, fix=suggestion(word, known))
        return replace(found, why=why) if why else found

    def _defined(self, entry: Node) -> str | None:
        """Return the id of the rule that an entry writes, in SQL or as words."""
        if entry.get("use") is not None:
            self.problems.add(problem("use-and-sql", entry.keys["use"]))
            return None
        of_words = entry.get("sql") is None and any(entry.get(key) is not None for key in SOUGHT_KEYS)
        self._refuse_and_miss(entry, of_words=of_words)
        rule, name = _text(entry.get("id")), _text(entry.get("name"))
        for word, key in ((rule, "id"), (name, "name")):
            if word is not None and (self.catalogue.get(word) is not None or word in self.names):
                self.problems.add(problem("rule-name-taken", _place(entry, key), rule=word))
                return None
        if rule is None or name is None or not (_text(entry.get("sql")) or of_words):
            return None
        self.names[rule] = self.names[name] = rule
        for key in ("name", *SQL_KEYS):
            self._set(("rules", rule, key), entry.get(key))
        for key in SOUGHT_KEYS if of_words else ():
            if (node := entry.get(key)) is not None:
                self.settings[("rules", rule, "with", key)] = Setting(node, key_place=entry.keys[key])
        return rule

    def _refuse_and_miss(self, entry: Node, *, of_words: bool) -> None:
        """Report the keys that a rule written here lacks, and those that go with another kind of rule."""
        for key in ("with",) if of_words else ("reads", "include_dissolved", *SOUGHT_KEYS):
            if entry.get(key) is not None:
                code = "not-with-words" if of_words else "only-with-words"
                self.problems.add(problem(code, entry.keys[key], word=key))
        for key in ("id", "name", *(() if of_words else ("sql",)), "message"):
            if entry.get(key) is None:
                self.problems.add(problem("self-written-lacks", entry.place, word=key))

    def _floor(self, rule: str, node: Node | None) -> None:
        """Read how far sets that extend this one may go."""
        for name, bound in _entries(node):
            value = plain(bound)
            place = node.keys[name] if node is not None else bound.place
            if isinstance(value, dict) and name in _SETTABLE:
                self.problems.add(problem("floor-only-any", bound.place, word=name))
            elif isinstance(value, dict):
                self.floors.append(Floor(("rules", rule, "with", name), value, place))
            elif value == "any" and name in _SETTABLE:
                self.floors.append(Floor(("rules", rule, name), "any", place))
            elif value == "any":
                self.problems.add(problem("floor-any-parameter", bound.place, word=name))

    def _membership(self, entry: Node) -> None:
        name = _text(entry.get("id")) if entry.kind == "map" else None
        if name is None:
            return
        path = ("memberships", name)
        if path in self.settings:
            place, other = _place(entry, "id"), str(self.settings[path].place)
            self.problems.add(problem("duplicate-membership", place, id=name, other=other))
        clauses = entry.get("clause")
        for node in clauses.items() if clauses else ():
            if (clause := _text(node)) is not None:
                self._clause(clause, node.place)
        self._set(path, entry)

    def _attestation(self, entry: Node) -> None:
        if entry.kind != "map":
            return
        clause, asks = _text(entry.get("clause")), entry.get("asks")
        if clause is None or asks is None:
            return
        self._clause(clause, _place(entry, "clause"))
        self.problems.extend(unfilled_in(asks))
        words = "|".join(str(plain(item)) for _, item in sorted(_entries(asks)))
        path = ("attestations", clause, words)
        if path in self.settings:
            self.problems.add(problem("duplicate-attestation", entry.place, clause=clause))
        self._set(path, entry)


def _entries(node: Node | None) -> list[tuple[str, Node]]:
    """Return the keys and values of a mapping; nothing for any other node."""
    return list(node.value.items()) if node is not None and node.kind == "map" else []


def _text(node: Node | None) -> str | None:
    return str(node.value) if node is not None and node.kind == "text" and node.value else None


def _place(entry: Node, key: str) -> Place:
    """Return where the value under `key` stands."""
    node = entry.get(key)
    return entry.place if node is None else node.place


def _label(entry: Node) -> str:
    """Return how an entry calls its rule."""
    return _text(entry.get("use")) or _text(entry.get("name")) or _text(entry.get("id")) or "?"
