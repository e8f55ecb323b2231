"""Make the rules of a composed layer: parameters filled in and checked, SQL bound, floors kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from policycore.language import Text, current_language, say, say_both
from policycore.model.verdict import Enforcement, Severity, Subject
from policycore.model.words import meant_word
from policycore.plugin_api.rule import Rule, Step, TextRule
from policycore.rulesets.check_patterns import pattern_problems
from policycore.rulesets.document import MembershipEntry
from policycore.rulesets.layers.calendar import calendar_of
from policycore.rulesets.layers.cases import cases_of
from policycore.rulesets.layers.floors import outside, tighter_by
from policycore.rulesets.layers.layer import Layer, Setting
from policycore.rulesets.layers.parameters import filled
from policycore.rulesets.layers.placeholders import unfilled
from policycore.rulesets.layers.problems import problem
from policycore.rulesets.resolved import Membership, ResolvedRule
from policycore.rulesets.rule_code import called
from policycore.rulesets.sql.check import SqlChecker
from policycore.rulesets.sql.result_names import possible_names
from policycore.rulesets.sql.rule import SqlRuleParts, asks_workdays, kind_of_value, make_sql_rule, subject_of
from policycore.rulesets.sql.tree import SqlFault, place_in_sql
from policycore.rulesets.words.rule import FACTS, WordRuleParts, make_word_rule
from policycore.rulesets.words.sought import READABLE, Sought
from policycore.rulesets.words.vain import vain
from policycore.rulesets.written import WrittenRule
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import Node, plain, walk
from policycore.yaml.problems import Problems
from policycore.yaml.read import problems_of, validated, validated_json

if TYPE_CHECKING:
    from policycore.errors import Place
    from policycore.plugin_api.rule_catalogue import RuleCatalogue
    from policycore.rulesets.sql.empty_schema import BoundSql

__all__ = ["bilingual", "resolve_memberships", "resolve_rules"]


def resolve_rules(
    layer: Layer, catalogue: RuleCatalogue, checker: SqlChecker, problems: Problems
) -> list[ResolvedRule]:
    """Return the rules of `layer` that are switched on; every mistake in them goes to `problems`."""
    resolver = _Resolver(layer, catalogue, checker, problems)
    found = [resolver.rule(rule) for rule in layer.rules() if layer.get("rules", rule, "entry") is not None]
    return [rule for rule in found if rule is not None]


def resolve_memberships(
    layer: Layer, catalogue: RuleCatalogue, checker: SqlChecker, problems: Problems
) -> list[Membership]:
    """Return the formulas of `layer` with its parameters filled in; every mistake in them goes to `problems`."""
    resolver = _Resolver(layer, catalogue, checker, problems)
    found = [resolver.membership(setting) for _, setting in layer.below("memberships")]
    return [one for one in found if one is not None]


def bilingual(value: object) -> Text:
    """Return a text of the rule set in both languages; the one left out is shown in the other."""
    given = value if isinstance(value, dict) else {}
    zh, en = given.get("zh"), given.get("en")
    return Text(str(zh or en or ""), str(en or zh or ""))


@dataclass(frozen=True, slots=True)
class _Resolver:
    """The resolving of one layer's rules."""

    layer: Layer
    catalogue: RuleCatalogue
    checker: SqlChecker
    problems: Problems

    def rule(self, key: str) -> ResolvedRule | None:
        """Return one rule, or None when it is switched off or cannot be made."""
        settings = dict(self.layer.below("rules", key))
        nodes, complete = self._with(key)
        applies_to = self._applies_to(settings.get("applies_to"))
        values = {name: plain(node) for name, node in nodes.items()}
        rule = self.catalogue.get(key)
        if rule is None and "message" in settings:
            written = self._sql_rule if "sql" in settings else self._word_rule
            rule = written(key, settings, nodes, values)
        if rule is None:
            return None
        params = self._params(key, rule, nodes, complete)
        if params is None:
            return None
        switched_off = settings.get("off")
        if switched_off is not None and isinstance(switched_off.value, str):
            return None
        severity, enforcement = _value(settings, "severity"), _value(settings, "enforcement")
        return ResolvedRule(
            rule=rule,
            id=rule.id,
            name=rule.name,
            clauses=tuple(clause for clause, _ in self.layer.below("rules", key, "clause")),
            severity=Severity(str(severity)) if severity in list(Severity) else rule.severity,
            enforcement=Enforcement(str(enforcement)) if enforcement in list(Enforcement) else Enforcement.MANDATORY,
            params=params,
            applies_to=applies_to,
            place=settings["entry"].place,
            floors=self._tighter(key, rule),
            calendar=calendar_of(self.layer) if isinstance(rule, TextRule) else {},
        )

    def _tighter(self, key: str, rule: Rule) -> dict[str, tuple[str, ...]]:
        """Return which way the floors of the set say that each parameter becomes tighter."""
        names = {info.alias or name: name for name, info in rule.Params.model_fields.items()}
        found = {name: tighter_by(self.layer.floors_at(("rules", key, "with", alias))) for alias, name in names.items()}
        return {name: told for name, told in found.items() if told}

    def _with(self, key: str) -> tuple[dict[str, Node], bool]:
        """Return the values a rule is given, and whether all of them could be found."""
        given = self.layer.below("rules", key, "with")
        found = {name: filled(setting.node, self.layer, self.problems) for name, setting in given}
        return {name: node for name, node in found.items() if node is not None}, None not in found.values()

    def _params(self, key: str, rule: Rule, nodes: dict[str, Node], complete: bool) -> BaseModel | None:
        """Return the rule's parameters by its own model, within every floor."""
        entry = self.layer.settings[("rules", key, "entry")]
        known = [info.alias or name for name, info in rule.Params.model_fields.items()]
        for floor in self.layer.floors_below("rules", key, "with"):
            name = floor.path[3]
            if name not in known:
                self.problems.add(
                    problem("unknown-parameter", floor.place, word=name, rule=rule.name, fix=suggestion(name, known))
                )
        set_by = {name: self.layer.settings["rules", key, "with", name] for name in nodes}
        # What people write for a closed column's words in spreadsheets goes here too.
        nodes = {name: _meant(node, rule.Params, name) for name, node in nodes.items()}
        whole = Node("map", entry.place, nodes, {name: one.key_place or one.place for name, one in set_by.items()})
        try:
            # A plugin may check its parameters with code of its own.
            params: BaseModel = called(
                rule, lambda: validated_json(rule.Params, plain(whole)), entry.place, (ValueError, RecursionError)
            )
        except ValidationError as error:
            found = problems_of(error, whole, rule.Params, rule.name)
            # Of a rule of words the document's own check has told what stands in its entry.
            told = [one for one in found if isinstance(rule, WrittenRule) and self.problems.told_at(one.place)]
            self.problems.extend(
                one for one in found if one not in told and (complete or one.code != "rulesets.missing-parameter")
            )
            return None
        except (ValueError, RecursionError):
            self.problems.add(problem("yaml.refused", entry.place, value=rule.name))
            return None
        if complete:
            self._check_floors(key, params)
            faults = list(pattern_problems(rule, params, nodes, entry.place)) if isinstance(rule, TextRule) else []
            self.problems.extend(faults)
            if isinstance(params, Sought) and not faults:
                self._said_in_vain(key, params, nodes, entry.place)
        return params

    def _said_in_vain(self, key: str, params: Sought, nodes: Mapping[str, Node], place: Place) -> None:
        """Report what a rule of words says in vain, at the word or the key that says it."""
        if not (params.words or params.patterns):
            # Of a file that could not be read it is said already.
            if not any(self.problems.told_at(one.place) for one in nodes.values()):
                self.problems.add(problem("self-written-lacks", place, word="words"))
            return
        severity = self.layer.get("rules", key, "severity")
        known = severity is not None and severity.value in list(Severity)
        places = (
            {node.value: node.place for node in walk(nodes["words"]) if node.kind == "text"} if params.words else {}
        )
        for one in vain(params, Severity(str(severity.value)) if severity and known else Severity.ERROR):
            said = places.get(one.word, nodes[one.key].place)
            self.problems.add(problem(one.code, said, word=one.key, value=one.word))

    def _check_floors(self, key: str, params: BaseModel) -> None:
        """Report effective values that are looser than a floor."""
        values = params.model_dump(mode="json", by_alias=True)
        for floor in self.layer.floors_below("rules", key, "with"):
            if floor.path[3] in values:
                setting = self.layer.settings.get(floor.path)
                self.problems.extend(outside(self.layer, floor.path, values[floor.path[3]], setting))

    def _applies_to(self, setting: Setting | None) -> str | None:
        """Return the scope's condition after checking it."""
        if setting is None or not isinstance(setting.value, str):
            return None
        condition = setting.value.strip()
        _, faults = self.checker.condition(condition)
        self._report(faults, setting.node, setting.value)
        return condition

    def membership(self, setting: Setting) -> Membership | None:
        """Return one formula, None where something is wrong with it."""
        node = filled(setting.node, self.layer, self.problems)
        if node is None:
            return None
        replaced = node.get("replaces")
        for one in (node, replaced):
            self._applies_to(Setting(groups) if one is not None and (groups := one.get("groups")) else None)
        entry, found = validated(MembershipEntry, node)
        self.problems.extend(found)
        return None if entry is None else Membership(entry, setting.place)

    def _report(self, faults: list[SqlFault], node: Node, sql: str, given: Mapping[str, Node] | None = None) -> None:
        """Report faults of SQL at their places in the YAML file, those of a value `given` to it where that stands."""
        for fault in faults:
            place = place_in_sql(node, sql, fault.offset)
            for one in walk(given[fault.parameter]) if given and fault.parameter in given else ():
                place = one.place if one.value == fault.word or one.kind != "text" else place
            self.problems.add(
                problem(
                    fault.code,
                    place,
                    word=fault.word or ("''" if fault.code == "sql.unknown-word" else "SQL"),
                    column=fault.column or say("rulesets.sql.expression"),
                    known="、".join(fault.known) if current_language() == "zh" else ", ".join(fault.known),
                    fix=fault.fix,
                )
            )

    def _sql_rule(
        self, key: str, settings: Mapping[str, Setting], nodes: Mapping[str, Node], values: dict[str, object]
    ) -> Rule | None:
        """Return the rule that the set writes in SQL, with subject and fields derived from the statement."""
        written = settings["sql"]
        sql = str(written.value).strip().rstrip(";").rstrip()
        # A value of another type than the rule was written for is told of where it is given.
        fitting = {name: self._fitting(key, name, value) for name, value in values.items()}
        bound, faults = self.checker.select(sql, fitting)
        # A parameter whose value is wrong is told of where it is given; it is there all the same.
        given = {name for name, _ in self.layer.below("rules", key, "with")}
        told = {f"${name}" for name in given - values.keys()}
        self._report(
            [one for one in faults if one.code != "sql.unknown-value" or one.word not in told],
            written.node,
            str(written.value),
            nodes,
        )
        columns = possible_names(sql, self.checker.tree(sql), faults) if bound is None else bound.columns
        self.problems.extend(unfilled(settings, {*columns, *given}))
        if bound is None:
            return None
        subject = subject_of(bound.columns)
        if subject is None:
            self.problems.add(problem("sql.no-subject", written.place, columns=", ".join(bound.columns)))
        if not bound.reads:
            self.problems.add(problem("sql.reads-nothing", written.place))
        quoted = _quoting(bound, subject)
        if quoted:
            self.problems.add(problem("sql.quotes-messages", written.place, columns=", ".join(quoted)))
        if subject is None or not bound.reads or quoted:
            return None
        kinds = {name: kind_of_value(self._first_value(key, name, values[name])) for name in bound.names & set(values)}
        parts = SqlRuleParts(
            **_told(key, settings, subject, tuple(sorted(bound.reads))),
            sql=sql,
            kinds=tuple(sorted(kinds.items())),
            calendar=calendar_of(self.layer) if asks_workdays(sql) else {},
        )
        return make_sql_rule(parts, cases_of(settings.get("cases"), fitting, self.problems))

    def _word_rule(
        self, key: str, settings: Mapping[str, Setting], _nodes: Mapping[str, Node], values: dict[str, object]
    ) -> Rule | None:
        """Return the rule that the set writes as words and expressions; its subject follows from what it reads."""
        reads = settings.get("reads")
        listed = reads.value if reads is not None else ["messages.text"]
        known = [one for one in listed if one in READABLE] if isinstance(listed, list) else []
        subjects = {Subject.GROUP if one.startswith("groups.") else Subject.MESSAGE for one in known}
        if len(subjects) > 1 and reads is not None:
            self.problems.add(problem("reads-both", reads.place))
        of_sender = [name for name in ("quiet_hours", "senders", "not_senders") if name in values]
        if subjects == {Subject.GROUP} and of_sender:
            place = self.layer.settings[("rules", key, "with", of_sender[0])].place
            self.problems.add(problem("group-sends-nothing", place, word=of_sender[0]))
        self.problems.extend(unfilled(settings, {*FACTS, *values}))
        if len(subjects) != 1:
            return None
        late = _value(settings, "include_dissolved") is True
        parts = WordRuleParts(**_told(key, settings, subjects.pop(), ()), reads=tuple(known), include_dissolved=late)
        return make_word_rule(parts, cases_of(settings.get("cases"), values, self.problems))

    def _fitting(self, key: str, name: str, value: object) -> object:
        """Return a parameter's value, or the one that its type comes from where it is of another."""
        first = self._first_value(key, name, value)
        kinds = kind_of_value(first), kind_of_value(value)
        return value if kinds[0] == kinds[1] or kinds == ("number", "integer") else first

    def _first_value(self, key: str, name: str, value: object) -> object:
        """Return what the set that wrote the rule gave a parameter: that value says its type."""
        setting = self.layer.settings[("rules", key, "with", name)]
        first = setting.lost[-1][1] if setting.lost else value
        return value if isinstance(first, str) and first.startswith("$") else first


def _meant(node: Node, params: type[BaseModel], name: str) -> Node:
    """Return a parameter's value with the model's own words for those that people write (红包 for red_packet)."""
    info = next((info for key, info in params.model_fields.items() if (info.alias or key) == name), None)
    known = _literals(info.annotation) if info is not None else ()
    if not known:
        return node
    if node.kind == "list":
        return replace(node, value=[_meant(item, params, name) for item in node.value])
    word = meant_word(str(node.value), known) if node.kind == "text" and node.value not in known else None
    return node if word is None else replace(node, value=word)


def _literals(annotation: Any) -> tuple[str, ...]:
    """Return the words that a type allows, where it is a choice of words or a list of such choices."""
    if get_origin(annotation) is Literal:
        return tuple(word for word in get_args(annotation) if isinstance(word, str))
    return tuple(word for part in get_args(annotation) for word in _literals(part))


def _value(settings: Mapping[str, Setting], key: str) -> object:
    """Return the value of a setting, None when it is not set."""
    setting = settings.get(key)
    return None if setting is None else setting.value


def _quoting(bound: BoundSql, subject: Subject | None) -> list[str]:
    """Return the columns of a result that could carry the words of messages into findings."""
    if not {"messages.text", "attachments.text"} & bound.reads:
        return []
    keys = subject.keys if subject is not None else ()
    texts = ("VARCHAR", "BLOB", "JSON", "ENUM", "VARIANT", "UNION")
    return [
        name
        for name, kind in bound.columns.items()
        if name not in (*keys, "verdict") and any(text in kind for text in texts)
    ]


def _told(key: str, settings: Mapping[str, Setting], subject: Subject, requires: tuple[str, ...]) -> dict[str, Any]:
    """Return what the set says of a rule that it writes itself, whatever it is written in."""
    name, message = str(_value(settings, "name")), settings["message"]
    title, headline = settings.get("title"), settings.get("headline")
    labels = _value(settings, "fact_labels")
    return {
        "id": key,
        "name": name,
        "subject": subject,
        "requires": requires,
        "message": bilingual(message.value),
        "title": bilingual(title.value) if title else Text(name, name),
        "headline": bilingual(headline.value) if headline else None,
        "explanation": bilingual((settings.get("explanation") or message).value),
        "fact_labels": {key: bilingual(text) for key, text in labels.items()} if isinstance(labels, dict) else {},
        "remediation": _steps(settings.get("remediation")),
        "severity": Severity.ERROR,
    }


def _steps(setting: Setting | None) -> tuple[Step, ...]:
    """Return the steps that a rule set writes for its own rule; malformed ones are reported elsewhere."""
    listed = setting.value if setting is not None and isinstance(setting.value, list) else []
    entries = [entry for entry in listed if isinstance(entry, dict) and entry.get("who") and entry.get("what")]
    steps = tuple(Step(entry["who"], bilingual(entry["what"]), entry.get("within_days")) for entry in entries)
    return steps or (Step("department", say_both("rulesets.put-right")),)
