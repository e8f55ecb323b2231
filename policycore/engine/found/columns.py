"""Turn a rule's hits into the columns of its findings: identity, names, facts, in one order whatever the threads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pyarrow
import pyarrow.compute

from policycore.engine.found.facts import fact_column, shown_ids, shown_names, shown_texts
from policycore.engine.found.group_summaries import SUMMARY, group_summaries
from policycore.engine.session import EstateSession
from policycore.language import Text
from policycore.model.found import FACT, STANDARD, FoundRows, PlannedStep, RuleTexts, fingerprint
from policycore.model.result import Finding
from policycore.model.schema import all_schemas
from policycore.model.sentences import word
from policycore.model.verdict import Subject
from policycore.rulesets.resolved import ResolvedRule

__all__ = ["found_rows", "rule_texts"]


def rule_texts(resolved: ResolvedRule) -> RuleTexts:
    """Return what all findings of a rule share."""
    rule = resolved.rule
    messages = {"": rule.message} if isinstance(rule.message, Text) else dict(rule.message)
    steps = tuple(PlannedStep(step.who, step.what, step.within_days, step.reasons) for step in rule.remediation)
    named = frozenset().union(*(text.placeholders() for text in (*messages.values(), *(step.what for step in steps))))
    params = resolved.params.model_dump(include=set(named))
    return RuleTexts(
        rule=resolved.id,
        name=resolved.name,
        title=rule.headline or rule.title,
        clauses=resolved.clauses,
        severity=resolved.severity,
        enforcement=resolved.enforcement,
        kind=rule.subject,
        messages=messages,
        steps=steps,
        values={name: Text(word(value, "zh"), word(value, "en")) for name, value in sorted(params.items())},
        labels=dict(sorted(rule.fact_labels.items())),
    )


def found_rows(session: EstateSession, resolved: ResolvedRule, hits: pyarrow.Table) -> FoundRows:
    """Return the findings of one rule, sorted by subject id and fingerprint; `hits` as `enrich` returns them."""
    rule = resolved.rule
    standard = _standard(session, rule.subject, hits)
    names = [name for name in hits.column_names if name not in rule.subject.keys and name[:2] != "__"]
    known = _names_of_ids()
    facts = {
        name: shown_ids(column, session.evidence_key)
        if name in known and pyarrow.types.is_string(column.type)
        else fact_column(column, session.timezone, session.evidence_key)
        for name, column in zip(names, hits.select(names).columns, strict=True)
        if name != "verdict"
    }
    if "display_name" in facts:
        facts["display_name"] = shown_names(facts["display_name"], session.evidence_key)
    standard["verdict"] = _verdicts(resolved, hits)
    # From the hits, not from what is shown of them: two numbers may look the same once their middle is hidden.
    keys = {name: hits.column(name).to_pylist() if name in hits.column_names else None for name in rule.key_facts}
    subjects = _subject_ids(rule.subject, {key: _ids(hits, key) for key in rule.subject.keys}, hits.num_rows)
    standard["fingerprint"] = pyarrow.array(_fingerprints(resolved.id, rule.subject, subjects, keys))
    former = [_fingerprints(alias, rule.subject, subjects, keys) for alias in rule.aliases]
    nobody = pyarrow.nulls(hits.num_rows, pyarrow.list_(pyarrow.string()))
    standard["former"] = (
        pyarrow.array([*map(list, zip(*former, strict=True))], pyarrow.list_(pyarrow.string())) if former else nobody
    )
    columns = {name: standard[name] for name in STANDARD} | {FACT + name: column for name, column in facts.items()}
    table = pyarrow.table(columns).sort_by([("subject_id", "ascending"), ("fingerprint", "ascending")])
    return _told_apart(session, FoundRows(rule_texts(resolved), table.combine_chunks()), rule.aliases)


def _names_of_ids() -> frozenset[str]:
    """Return what facts are called that are ids of the model: whole they tell rows apart."""
    tables = all_schemas()
    columns = (column for table in tables.values() for column in table.columns.values())
    named = (column.name for column in columns if column.references is not None)
    return frozenset({"other_id", *named, *(f"{name.removesuffix('s')}_id" for name in tables)})


def _standard(session: EstateSession, kind: Subject, hits: pyarrow.Table) -> dict[str, Any]:
    """Return the standard columns but for the fingerprints and the verdict."""
    count = hits.num_rows
    columns: dict[str, Any] = dict.fromkeys(STANDARD, pyarrow.nulls(count, pyarrow.string()))
    columns["row"] = pyarrow.nulls(count, pyarrow.int64())

    def given(name: str) -> Any:
        """Return a column that `enrich` looked up, ready to be shown."""
        found = hits.column(name) if name in hits.column_names else None
        return columns["name"] if found is None else shown_texts(found, session.evidence_key)

    keys = {key: shown_ids(_ids(hits, key), session.evidence_key) for key in kind.keys}
    columns["group_id"] = keys.get("group_id", columns["group_id"])
    columns["subject_id"] = _subject_ids(kind, keys, count)
    name, columns["member"] = given("__name"), given("__member")
    if kind is Subject.MEMBERSHIP:
        name, columns["member"] = (shown_names(one, session.evidence_key) for one in (name, columns["member"]))
    if "__file" in hits.column_names:
        columns["file"], columns["row"] = given("__file"), hits.column("__row").combine_chunks().cast(pyarrow.int64())
    if "group_id" in keys:
        summaries = group_summaries(session, hits.column("group_id"))
        for said in SUMMARY:
            if kind is Subject.GROUP or said not in ("file", "row"):
                columns[said] = summaries.column(said).combine_chunks()
        name = columns["group"] if kind is Subject.GROUP else name
    else:
        if "__department_id" in hits.column_names:
            columns["department_id"] = shown_ids(hits.column("__department_id"), session.evidence_key)
        columns["department"] = given("__department")
        if "__responsible_id" in hits.column_names:
            columns["responsible_id"] = shown_ids(hits.column("__responsible_id"), session.evidence_key)
        columns["responsible"] = columns["member"] if kind is Subject.PERSON else columns["responsible"]
    named = pyarrow.compute.if_else(pyarrow.compute.equal(name, ""), pyarrow.scalar(None, pyarrow.string()), name)
    columns["name"] = pyarrow.compute.coalesce(named, columns["subject_id"])
    return columns


def _ids(hits: pyarrow.Table, key: str) -> pyarrow.Array:
    """Return a column of ids as the estate has them."""
    return hits.column(key).combine_chunks().cast(pyarrow.string())


def _subject_ids(kind: Subject, keys: dict[str, pyarrow.Array], count: int) -> pyarrow.Array:
    """Return the id of each subject, made of its keys."""
    if kind is Subject.ESTATE:
        return pyarrow.repeat("estate", count)
    if kind is Subject.MESSAGE:
        return keys["message_id"]
    return pyarrow.compute.binary_join_element_wise(*keys.values(), "/")


def _verdicts(resolved: ResolvedRule, hits: pyarrow.Table) -> Any:
    """Return the verdict of each hit: the rule's own, or what its ``verdict`` column says (see `check_words`)."""
    default = pyarrow.repeat(resolved.rule.verdict.value, hits.num_rows)
    if "verdict" not in hits.column_names:
        return default
    said = hits.column("verdict").combine_chunks().cast(pyarrow.string())
    return pyarrow.compute.coalesce(said, default)


def _fingerprints(
    rule: str, kind: Subject, subjects: pyarrow.Array, keys: dict[str, Sequence[object] | None]
) -> list[str]:
    """Return for each subject what `model.found.fingerprint` says of it."""
    named = sorted(keys)
    values = [column if (column := keys[name]) is not None else [None] * len(subjects) for name in named]
    # The text of `fingerprint` in pieces: what all rows share is written once.
    begins = json.dumps([rule, kind.value], ensure_ascii=False)[:-1] + ", "
    quoted = json.encoder.encode_basestring
    texts = [begins + quoted(subject) for subject in subjects.to_pylist()]
    if named:
        rows = zip(*values, strict=True)
        pairs = ([[name, str(value)] for name, value in zip(named, row, strict=True)] for row in rows)
        ends = (f", {json.dumps(pair, ensure_ascii=False)}]" for pair in pairs)
        texts = [text + end for text, end in zip(texts, ends, strict=True)]
    else:
        texts = [text + ", []]" for text in texts]
    return [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]


def _told_apart(session: EstateSession, found: FoundRows, aliases: Sequence[str]) -> FoundRows:
    """Tell apart, by numbers, findings that share a fingerprint, so that none hides another."""
    digests = found.table.column("fingerprint").to_pylist()
    if len(set(digests)) == len(digests):
        return found
    order: list[int] = []
    fresh, former = list(digests), list(found.columns["former"])
    for digest, alike in groupby(range(len(digests)), key=digests.__getitem__):
        same = list(alike)
        if len(same) > 1:
            # Whatever order they came in, they are numbered in one.
            findings = found.take(same).findings(session.timezone, session.as_of)
            ranked = sorted(zip(same, findings, strict=True), key=lambda pair: _plain_order(pair[1]))
            same = [place for place, _ in ranked]
        order += same
        for number, place in enumerate(same):
            if number:
                subject = found.columns["subject_id"][place]
                again = {"#": [digest, number + 1]}
                fresh[place] = fingerprint(found.texts.rule, found.texts.kind, subject, again)
                former[place] = [
                    fingerprint(alias, found.texts.kind, subject, {"#": [before, number + 1]})
                    for alias, before in zip(aliases, former[place] or (), strict=False)
                ] or None
    table = found.table
    for name, values in (("fingerprint", fresh), ("former", former)):
        column = pyarrow.array(values, table.column(name).type)
        table = table.set_column(table.column_names.index(name), name, column)
    table = table.take(order).sort_by([("subject_id", "ascending"), ("fingerprint", "ascending")])
    return FoundRows(found.texts, table.combine_chunks())


def _plain_order(finding: Finding) -> tuple[str, str]:
    """Return texts by which findings that differ in anything sort."""
    source = finding.source
    rest = [finding.message.en, dict(finding.facts), source.file if source else "", source.row if source else 0]
    return finding.message.zh, json.dumps(rest, ensure_ascii=False, sort_keys=True, default=str)
