"""Run one rule from wherever it stands, installed or not, on an estate: for who writes rules."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from policycore.engine.expected import expected_tables
from policycore.engine.judging.needs import Knowledge
from policycore.engine.judging.subjects import subject_table
from policycore.engine.run import Evaluation, RuleJudged
from policycore.engine.session import EstateData, EstateSession
from policycore.errors import Place, PluginError, Problem, UsageError
from policycore.language import say
from policycore.model.gap import Gap
from policycore.model.result import Finding
from policycore.model.schema import declared
from policycore.model.verdict import Subject, Verdict
from policycore.operations.choose_ruleset import load_ruleset
from policycore.operations.import_estate import open_estate
from policycore.operations.moments import moment_of
from policycore.operations.query_estate import Cell, cell_of
from policycore.plugin_api.paths import FieldPath, as_needs, need_fields, visible
from policycore.plugin_api.plugin import Plugin
from policycore.plugin_api.plugins import PluginSet
from policycore.plugin_api.rule import Case, Rule, TextRule
from policycore.plugin_api.rule_contract import rule_faults
from policycore.rulesets.resolved import ResolvedRule, ResolvedRuleSet
from policycore.system.traces import code_place
from policycore.testing import case_parameters, check_case, own_rules, ruleset_of
from policycore.text.clean import clean
from policycore.text.shown import shown_line, shown_words
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import plain
from policycore.yaml.parse import parse
from policycore.yaml.read import problems_of, validated_json
from policycore.yaml.scan import WRITTEN

__all__ = ["Trial", "Why", "file_of", "try_rule"]

_ENGINE = str(Path(__file__).parent.parent)
"""What stands in every frame of a trace that says nothing to the author of a rule."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why one subject is found, passes, is a gap or none of the rule's business, and what the rule knows of it."""

    verdict: str
    """fail, suspect, pass, unknown, not-applicable, or absent for what the estate does not know."""
    because: str
    values: tuple[tuple[str, tuple[Cell, ...]], ...]
    """Each field that the rule needs and to which a path leads from the subject, with what stands there."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one rule said of an estate."""

    rule: ResolvedRule
    findings: Sequence[Finding]
    gaps: Sequence[Gap]
    passes: int
    not_applicable: int
    reads: tuple[str, ...]
    """Every ``table.column`` that the rule says it needs."""
    seconds: float
    cases: int
    failed: tuple[str, ...]
    """What each of the rule's own cases that fail says."""
    broken: tuple[str, ...]
    """Why the rule broke, with the way to the line; nothing where it did not."""
    why: Why | None = None


def file_of(target: str) -> Path | None:
    """Return the file in which the rule called `target` is written; None for an installed one."""
    path = Path(target.partition("#")[0])
    return path if path.suffix in (".py", ".yaml", ".yml") else None


def try_rule(
    target: str,
    estate: str | Path,
    *,
    plugins: PluginSet,
    ruleset: str | None = None,
    given: Sequence[str] = (),
    subject: str | None = None,
    as_of: datetime | str | None = None,
) -> list[Trial]:
    """Return what each rule that `target` means says of `estate`; see `Trial`.

    `target` is an installed rule, a Python file or ``FILE.py#ID``, ``SET.yaml#ID`` or ``SET#ID``; a rule that stands
    in no set takes the formulas of `ruleset`. `given` are parameters, ``name=value`` in YAML. Raises UsageError for
    what is not there, a subject that no rule of these could judge too, RuleSetError for a set that is wrong,
    PluginError for Python that does not load.
    """
    sets = [_with_given(one, given) for one in _sets(target, plugins, ruleset)]
    with open_estate(estate, plugins=plugins) as snapshot:
        moment = moment_of(as_of, snapshot.timezone)
        data = EstateData.from_snapshot(snapshot)
        trials = [_trial(data, one, moment, subject) for one in sets]
    if subject is not None and all(trial.why is not None and trial.why.verdict == "absent" for trial in trials):
        raise UsageError(Problem.of("operations.try.no-subject", subject=clean(subject, limit=80)))
    return trials


def _sets(target: str, plugins: PluginSet, ruleset: str | None) -> Iterator[ResolvedRuleSet]:
    """Yield a rule set of one rule for each rule that `target` means."""
    where, _, wanted = target.partition("#")
    file = file_of(target)
    if (wanted and (file is None or file.suffix != ".py")) or (file is not None and file.suffix != ".py"):
        whole = load_ruleset(where, plugins=plugins)
        own = {rule.id for rule in own_rules(whole.rules)}
        chosen = [one for one in whole.rules if wanted in (one.id, one.name) or (not wanted and one.id in own)]
        if not chosen:
            known = [word for one in whole.rules for word in (one.id, one.name)]
            raise _unknown(wanted or where, known)
        yield from (replace(whole, rules=(one,), attestations=()) for one in chosen)
        return
    if file is None:
        rule = plugins.rules.get(target)
        if rule is None:
            raise _unknown(target, plugins.rules.names())
        rules = [rule]
    else:
        rules = [rule for rule in _written(file) if not wanted or wanted in (rule.id, rule.name)]
        if not rules:
            raise _unknown(wanted or where, [rule.id for rule in _written(file)])
    memberships = load_ruleset(ruleset, plugins=plugins).memberships if ruleset else ()
    for rule in rules:
        made = ruleset_of(rule, Case("try", {}))
        (resolved,) = made.rules
        placed = replace(resolved, place=Place(str(file or rule.name)))
        yield replace(made, rules=(placed,), memberships=memberships)


def _unknown(word: str, known: Sequence[str]) -> UsageError:
    fix = suggestion(word, known) or say("operations.try.no-rule.fix")
    return UsageError(Problem.of("operations.try.no-rule", rule=clean(word, limit=80), fix=fix))


def _written(file: Path) -> list[Rule]:
    """Return the rules that a Python file defines; PluginError says where it does not load, or is no rule."""
    if not file.is_file():
        raise UsageError(Problem.of("operations.try.no-file", place=Place(str(file))))
    name = f"policycore_try_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    try:
        if spec is None or spec.loader is None:
            raise ImportError(str(file))
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        # Printing, hanging and leaving are held against the file as they are against a plugin.
        whose = Plugin(file.stem, name, str(file), "")
        whose.call("import", partial(spec.loader.exec_module, module), kind="import", passes=(Exception,))
    except PluginError:
        raise
    except Exception as error:  # code that is being written fails in any way
        line = int(code_place(error, name).rpartition(":")[2] or 0)
        words = clean(shown_words(error), limit=300)
        raise PluginError(Problem.of("operations.try.broken", place=Place(str(file), line), words=words)) from None
    classes = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Rule) and one.__module__ == name and hasattr(one, "id")
    ]
    faults = [
        Problem.of("operations.try.broken", place=place, words=clean(f"{one.__name__}: {fault}", limit=600))
        for one in classes
        for place in [Place(str(file), inspect.getsourcelines(one)[1], 1)]
        for fault in rule_faults(one)
    ]
    if faults:
        raise PluginError(*faults)
    return [one() for one in classes]


def _with_given(ruleset: ResolvedRuleSet, given: Sequence[str]) -> ResolvedRuleSet:
    """Return the set with the parameters of its one rule that are given."""
    if not given:
        return ruleset
    (resolved,) = ruleset.rules
    text = "".join("{}: {}\n".format(*(part.strip() for part in one.partition("=")[::2])) for one in given)
    node, problems = parse(text, "--with", WRITTEN)
    if node is None or problems or node.kind != "map":
        raise UsageError(*(problems or [Problem.of("operations.try.with")]))
    model = type(resolved.params)
    values = {**resolved.params.model_dump(mode="json", by_alias=True), **plain(node)}
    try:
        return replace(ruleset, rules=(replace(resolved, params=validated_json(model, values)),))
    except ValidationError as error:
        raise UsageError(*problems_of(error, node, model, resolved.name)) from None


def _trial(data: EstateData, ruleset: ResolvedRuleSet, as_of: datetime | None, subject: str | None) -> Trial:
    """Judge the one rule of `ruleset`, run its cases and look at one subject."""
    (resolved,) = ruleset.rules
    rule = resolved.rule
    failed = []
    for one, case in case_parameters([rule]):
        try:
            check_case(one, case)
        except Exception as error:  # a rule under work may raise anything; its words help its author
            words = " ".join(str(error).split()) if isinstance(error, AssertionError) else shown_words(error)
            failed.append(shown_line(clean(f"{case.title.in_language()}: {words}", limit=500)))
    began = time.perf_counter()
    broken: tuple[str, ...] = ()
    with Evaluation(data, ruleset, as_of=as_of) as evaluation:
        for event in evaluation:
            if isinstance(event, RuleJudged) and event.problem is not None:
                own = [line for line in event.trace[:-1] if line.lstrip().startswith("File") and _ENGINE not in line]
                broken = (str(event.problem), *own, shown_line(clean(event.raised, limit=500)))
        result, data = evaluation.result(), evaluation.data
    seconds = time.perf_counter() - began
    verdicts = result.outcomes[0].verdicts
    with declared(data.own):
        fields = [field for need in as_needs(rule.requires) for field in need_fields(need.path)]
    fields += list(rule.reads) if isinstance(rule, TextRule) else []
    trial = Trial(
        rule=resolved,
        findings=[one for one in result.findings if one.verdict is not Verdict.ERROR],
        gaps=result.gaps,
        passes=verdicts.get(Verdict.PASS, 0),
        not_applicable=verdicts.get(Verdict.NOT_APPLICABLE, 0),
        reads=tuple(sorted(set(fields))),
        seconds=seconds,
        cases=len(rule.cases),
        failed=tuple(failed),
        broken=broken,
    )
    return trial if subject is None else replace(trial, why=_why(data, ruleset, as_of, trial, subject))


def _why(data: EstateData, ruleset: ResolvedRuleSet, as_of: datetime | None, trial: Trial, subject: str) -> Why:
    """Return what came of one subject and what the rule knows of it."""
    resolved = trial.rule
    table = subject_table(resolved.rule.subject)
    with EstateSession(data, as_of) as session:
        session.offer_expected(expected_tables(ruleset.memberships, Knowledge(session)))
        own = _row(session, resolved.rule.subject, subject)
        values = tuple(_values(session, resolved.rule, own)) if own else ()
        found = [one for one in trial.findings if subject in (one.subject.id, one.id)]
        if found:
            because = say("operations.try.separator").join(one.message.in_language() for one in found)
            return Why(found[0].verdict.value, because, values)
        if table is not None and own is None:
            return Why("absent", say("operations.try.absent"), ())
        fields = [field for gap in trial.gaps if subject in gap.subjects or not gap.subjects for field in gap.fields]
        if fields:
            return Why("unknown", say("operations.try.unknown", fields=", ".join(dict.fromkeys(fields))), values)
        for key, condition, alias in _conditions(resolved):
            sql = f"SELECT ({condition}) AS holds FROM {visible(alias)} {alias} WHERE {_where(alias, own or {})}"
            rows = list(session.rows(sql))
            if rows and not rows[0]["holds"]:
                return Why("not-applicable", say(f"operations.try.{key}", condition=condition), values)
    return Why("pass", say("operations.try.pass"), values)


def _row(session: EstateSession, kind: Subject, subject: str) -> dict[str, Any] | None:
    """Return the keys of a subject's row, its group's among them; None where there is no such row."""
    table = subject_table(kind)
    if table is None:
        return None
    group, slash, account = subject.partition("/")
    if kind is Subject.MEMBERSHIP:
        where, values = (
            "group_id = $group AND account_id = $account",
            {"group": group, "account": account if slash else ""},
        )
    else:
        where, values = "id = $id", {"id": subject}
    chosen = ", ".join(dict.fromkeys([*table.keys.values(), *(["group_id"] if kind is Subject.MESSAGE else [])]))
    rows = list(session.rows(f"SELECT DISTINCT {chosen} FROM {visible(table.table)} WHERE {where}", values))
    if not rows:
        return None
    row = rows[0]
    if kind is Subject.GROUP:
        row["group_id"] = row["id"]
    return {"table": table.table, **row}


def _conditions(resolved: ResolvedRule) -> Iterator[tuple[str, str, str]]:
    """Yield what a subject must meet to be judged: key of the words, condition, table."""
    rule, table = resolved.rule, subject_table(resolved.rule.subject)
    if table is not None and table.in_groups:
        if not rule.include_dissolved:
            yield "dissolved", "dissolved_at IS NULL", "groups"
        if resolved.applies_to:
            yield "applies-to", resolved.applies_to, "groups"
    if table is not None and rule.applies_when:
        yield "applies-when", rule.applies_when, table.table


def _where(table: str, own: dict[str, Any]) -> str:
    """Return the condition that picks the subject's row, or its group's, out of `table`."""
    keys = {"id": own["group_id"]} if table == "groups" else {key: own[key] for key in own if key != "table"}
    return " AND ".join(f"{table}.{key} = '{str(value).replace(chr(39), chr(39) * 2)}'" for key, value in keys.items())


def _values(session: EstateSession, rule: Rule, own: dict[str, Any]) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """Yield each path from the subject to what the rule needs, with the different values at its end."""
    reads = rule.reads if isinstance(rule, TextRule) else ()
    for name in dict.fromkeys([*(need.path for need in as_needs(rule.requires) if not need.via), *reads]):
        path = FieldPath(name)
        if path.first != own["table"] and not (path.first == "groups" and "group_id" in own):
            continue
        column, alias = path.columns[-1]
        rows = session.rows(
            f"SELECT DISTINCT {alias}.{column.name} AS value FROM {visible(path.first)} {path.first} "
            f"{' '.join(path.joins)} WHERE {_where(path.first, own)} ORDER BY 1 LIMIT 20"
        )
        yield name, tuple(cell_of(row["value"]) for row in rows)
