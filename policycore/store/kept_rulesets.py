"""Keep each rule set that a run used, so that a later question can be judged by the rules of then."""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.store.workspace import Workspace, write_atomically

if TYPE_CHECKING:
    from policycore.plugin_api.rule_catalogue import RuleCatalogue
    from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["keep_ruleset", "kept_ruleset"]


def _file(workspace: Workspace, digest: str) -> Path:
    """Return where the rule set with this hash lies."""
    return workspace.folder / "rulesets" / f"{digest}.json"


def keep_ruleset(workspace: Workspace, ruleset: ResolvedRuleSet) -> None:
    """Keep `ruleset` as it was composed; one that is kept already stays as it is.

    The code of plugin rules is not part of it: a replay runs today's code with the parameters of then, and says
    so where that is another one than the run recorded.
    """
    from policycore.rulesets.cached_form import to_json
    from policycore.rulesets.load import LoadedRuleSet

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
    body = json.dumps(to_json(LoadedRuleSet(ruleset)), ensure_ascii=False).encode()
    write_atomically(file, _seal(workspace, body) + b"\n" + body)


def kept_ruleset(workspace: Workspace, digest: str, catalogue: RuleCatalogue) -> ResolvedRuleSet:
    """Return the rule set that a run with this hash used.

    Raises UsageError when it is not kept, or names a rule that is no longer installed.
    """
    from policycore.rulesets.cached_form import from_json

    try:
        seal, _, body = _file(workspace, digest).read_bytes().partition(b"\n")
        if not hmac.compare_digest(seal, _seal(workspace, body)):
            raise ValueError(digest)
        found = from_json(json.loads(body), catalogue).ruleset
    except FileNotFoundError:
        raise UsageError(_problem("headless.ruleset.gone", digest)) from None
    except (OSError, KeyError, TypeError, ValueError, IndexError):
        raise UsageError(_problem("headless.ruleset.unreadable", digest)) from None
    if found.hash != digest:
        raise UsageError(_problem("headless.ruleset.unreadable", digest))
    return found


def _seal(workspace: Workspace, body: bytes) -> bytes:
    """Return what only this workspace can put on a rule set: what is read back was checked when it was kept."""
    return hmac.new(workspace.key(), b"policycore-ruleset-1\0" + body, "sha256").hexdigest().encode()


def _problem(key: str, digest: str) -> Problem:
    """Return a problem whose sentences stand under `key`."""
    return Problem(key, say(key, hash=digest[:12]), say(f"{key}.why"), say(f"{key}.fix"))
