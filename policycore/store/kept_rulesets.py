"""Keep each rule set that a run used, so that a later question can be judged by the rules of then."""

from __future__ import annotations

import hmac
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from pydantic import BaseModel

from policycore.errors import Problem, UsageError
from policycore.plugin_api.rule import Rule
from policycore.rulesets.resolved import ResolvedRule, ResolvedRuleSet
from policycore.rulesets.sql.rule import SqlRuleParts, make_sql_rule
from policycore.rulesets.words.rule import WordRuleParts, make_word_rule
from policycore.rulesets.written import WrittenRule
from policycore.store.workspace import Workspace
from policycore.system.atomic_files import write_atomically
from policycore.yaml.read import validated_json

if TYPE_CHECKING:
    from policycore.plugin_api.rule_catalogue import RuleCatalogue

__all__ = ["keep_ruleset", "kept_ruleset"]


def _file(workspace: Workspace, digest: str) -> Path:
    """Return where the rule set with this hash lies."""
    return workspace.folder / "rulesets" / f"{digest}.json"


def keep_ruleset(workspace: Workspace, ruleset: ResolvedRuleSet) -> None:
    """Keep `ruleset` as it was composed; one that is kept already stays as it is.

    The code of plugin rules is not part of it: a replay runs today's code with the parameters of then, and says
    so where that is another one than the run recorded.
    """
    file = _file(workspace, ruleset.hash)
    if file.is_file():
        return
    try:
        if not file.parent.is_dir():
            file.parent.mkdir(exist_ok=True)
            (file.parent / ".gitignore").write_text("*\n", encoding="ascii")
    except OSError:
        # Recording the run itself says what is wrong with the folder.
        return
    body = msgspec.json.encode(ruleset, enc_hook=_encoded)
    write_atomically(file, _seal(workspace.key(), body) + b"\n" + body)


def kept_ruleset(workspace: Workspace, digest: str, catalogue: RuleCatalogue) -> ResolvedRuleSet:
    """Return the rule set that a run with this hash used.

    Raises UsageError when it is not kept, or names a rule that is no longer installed.
    """
    try:
        seal, _, body = _file(workspace, digest).read_bytes().partition(b"\n")
        if not any(hmac.compare_digest(seal, _seal(key, body)) for key in workspace.every_key()):
            raise ValueError(digest)
        kept = msgspec.json.decode(body)
        rules = tuple(_rule(data, catalogue) for data in kept["rules"])
        found = replace(msgspec.convert({**kept, "rules": ()}, ResolvedRuleSet, dec_hook=_checked), rules=rules)
    except FileNotFoundError:
        raise UsageError(Problem.of("store.ruleset.gone", hash=digest[:12])) from None
    except (OSError, KeyError, TypeError, ValueError):
        raise UsageError(Problem.of("store.ruleset.unreadable", hash=digest[:12])) from None
    if found.hash != digest:
        raise UsageError(Problem.of("store.ruleset.unreadable", hash=digest[:12]))
    return found


def _encoded(value: object) -> object:
    """Return a rule written in the set as its parts, one of the catalogue as its id, parameters as their values."""
    if isinstance(value, WrittenRule):
        return value.parts
    if isinstance(value, Rule):
        return value.id
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    raise TypeError(type(value))


def _checked(kind: type, data: Any) -> object:
    """Return a part of a rule set as the model that says what it may be, a value of any kind as it is."""
    return validated_json(kind, data) if issubclass(kind, BaseModel) else data


def _rule(data: dict[str, Any], catalogue: RuleCatalogue) -> ResolvedRule:
    """Return one rule, its parameters checked by its own model.

    Raises KeyError for a rule that is no longer installed, ValueError for parameters that it does not take.
    """
    written = data["rule"]
    rule = catalogue.get(written) if isinstance(written, str) else _written_rule(written)
    if rule is None:
        raise KeyError(written)
    params = validated_json(rule.Params, data["params"])
    return msgspec.convert(data, ResolvedRule, dec_hook=lambda kind, _: rule if kind is Rule else params)


def _written_rule(data: dict[str, Any]) -> WrittenRule:
    """Return a rule that was written in the set."""
    if "sql" in data:
        return make_sql_rule(msgspec.convert(data, SqlRuleParts))
    return make_word_rule(msgspec.convert(data, WordRuleParts))


def _seal(key: bytes, body: bytes) -> bytes:
    """Return what only this workspace can put on a rule set: what is read back was checked when it was kept."""
    return hmac.new(key, b"policycore-ruleset-2\0" + body, "sha256").hexdigest().encode()
