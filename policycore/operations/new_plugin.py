"""Write the project of a new plugin: one rule with cases, a test, the entry point; it works as it is."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from policycore import __version__
from policycore.errors import DataError, Problem, UsageError
from policycore.language import say
from policycore.plugin_api.plugins import load_plugins
from policycore.system.refusals import refusal_words

__all__ = ["write_project"]

_name = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_project = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "policycore-{name}"
version = "0.1.0"
description = "Rules for policycore"
requires-python = ">=3.11"
dependencies = ["policycore>={version}"]

[project.optional-dependencies]
test = ["pytest>=8.3"]

[project.entry-points.policycore]
{name} = "{package}"

[tool.hatch.build.targets.wheel]
packages = ["{package}"]
"""

_hooks = '''\
"""Hook implementations only; rules are imported inside the hook, so that finding the plugin costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the rules of this plugin."""
    from {package}.rules.{module}_purpose_given import PurposeGiven

    return (PurposeGiven,)
'''

_rule = '''\
"""A group whose purpose nobody wrote down cannot be judged by it."""

from __future__ import annotations

from policycore import Case, Field, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class PurposeGiven(Rule):
    """A group whose purpose nobody wrote down cannot be judged by it: is its content about work, is it still needed?

    Put it right by writing the purpose into the register.
    """

    id = "{code}001"
    name = "{name}/purpose-given"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    # Every field without which the rule cannot judge: where one is missing, the engine answers "unknown".
    requires = ("groups.purpose",)
    title = Text(zh="群有用途说明", en="Group has a purpose")
    message = Text(zh="用途说明不足{{shortest}}个字", en="the purpose has fewer than {{shortest}} characters")
    explanation = Text(
        zh="没有写明用途的群，无法判断其内容是否与工作有关、是否仍有必要。",
        en="A group whose purpose nobody wrote down cannot be judged by it.",
    )
    remediation = (Step("owner", Text(zh="补写用途", en="write the purpose down"), within_days=7),)

    class Params(Rule.Params):
        """Parameters that a rule set may change."""

        shortest: int = Field(
            4,
            ge=1,
            le=200,
            description="characters that a purpose has at least",
            json_schema_extra={{"zh": "用途说明至少应有的字数"}},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups whose purpose is missing or too short."""
        return estate.query(
            """
            SELECT id AS group_id, purpose, $shortest AS shortest
            FROM groups
            WHERE coalesce(length(trim(purpose)), 0) < $shortest
            """,
            params,
        )

    cases = (
        Case("no purpose at all", zh="没有用途说明", given={{"groups": [{{"id": "g1"}}]}}, finds=("g1",)),
        Case(
            "a purpose of one word",
            zh="用途说明只有一个词",
            given={{"groups": [{{"id": "g1", "purpose": "工作"}}]}},
            finds=("g1",),
        ),
        Case(
            "a purpose that says something",
            zh="写明了用途",
            given={{"groups": [{{"id": "g1", "purpose": "教学通知与答疑"}}]}},
        ),
    )
'''

_test = '''\
"""Run every case of every rule, and fill and take away in them what it needs."""

from __future__ import annotations

import pytest

from policycore import Case, Rule
from policycore.needs_proof import check_needs, check_reads
from policycore.testing import case_parameters, check_case, check_per_group, per_group_rules
from {package} import policycore_rules

RULES = [rule() for rule in policycore_rules()]


@pytest.mark.parametrize(("rule", "case"), case_parameters(RULES))
def test_case(rule: Rule, case: Case) -> None:
    check_case(rule, case)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_every_column_it_judges_by(rule: Rule) -> None:
    check_reads(rule)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_needs_exactly_what_its_verdicts_hang_on(rule: Rule) -> None:
    check_needs(rule)


@pytest.mark.parametrize("rule", per_group_rules(RULES))
def test_groups_together_are_judged_as_apart(rule: Rule) -> None:
    check_per_group(rule)
'''

_readme = """\
# policycore-{name}

Rules for policycore. Try them out, then install them:

```console
policycore plugin test .
python -m pip install .
policycore rules {name}
```
"""


def write_project(name: str, folder: Path | None = None) -> list[Path]:
    """Write the project into `folder` (``policycore-NAME`` by default) and return its files, pyproject.toml first.

    Raises UsageError for a name that is no plain lower-case word or is taken already, and for a folder with something
    in it; DataError where nothing can be written.
    """
    if not _name.fullmatch(name):
        raise UsageError(_problem("plugin-name", name=name))
    taken = list(_taken(name))
    if taken:
        raise UsageError(*taken)
    folder = folder or Path(f"policycore-{name}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(_problem("plugin-exists", folder=folder))
    words = {"name": name, "package": _package(name), "code": _code(name), "version": __version__}
    words["module"] = words["code"].lower() + "001"
    package = folder / words["package"]
    files = {
        folder / "pyproject.toml": _project,
        folder / "README.md": _readme,
        package / "__init__.py": _hooks,
        package / "rules" / "__init__.py": '"""One rule a file."""\n',
        package / "rules" / f"{words['module']}_purpose_given.py": _rule,
        folder / "tests" / "test_rules.py": _test,
    }
    try:
        for path, template in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(template.format_map(words), encoding="utf-8")
    except OSError as error:
        reason = refusal_words(error)
        raise DataError(Problem.of("operations.unwritable", path=folder, reason=reason)) from error
    return list(files)


def _package(name: str) -> str:
    return f"policycore_{name.replace('-', '_')}"


def _code(name: str) -> str:
    """Return the letters of the ids of a new plugin's rules."""
    letters = re.sub("[^a-z]", "", name).upper()
    return letters[:8] if len(letters) > 3 else (letters + "XX")[:4]


def _is_installed(package: str) -> bool:
    """Return whether a package of this name can be imported; a mere folder where the command runs is none."""
    spec = find_spec(package)
    return spec is not None and spec.origin is not None


def _taken(name: str) -> Iterator[Problem]:
    """Yield what in this installation, or in Python itself, a new plugin of this name would replace or be taken for."""
    plain = name.replace("-", "_")
    if plain in sys.stdlib_module_names or plain in ("policycore", "tests"):
        yield _problem("plugin-taken", name=name, what=say("operations.taken.module"), by=plain)
    elif _is_installed(plain):
        yield _problem("plugin-taken", name=name, what=say("operations.taken.package"), by=plain)
    if _is_installed(_package(name)):
        yield _problem("plugin-taken", name=name, what=say("operations.taken.package"), by=_package(name))
    with suppress(PackageNotFoundError):
        by = distribution(f"policycore-{name}").metadata["Name"]
        yield _problem("plugin-taken", name=name, what=say("operations.taken.distribution"), by=by)
    plugins = load_plugins()
    if any(plugin.name == name for plugin in plugins.plugins):
        yield _problem("plugin-taken", name=name, what=say("operations.taken.plugin"), by=name)
    for rule in plugins.rules.all():
        if rule.name.startswith(f"{name}/") or rule.id == f"{_code(name)}001":
            yield _problem("plugin-taken", name=name, what=say("operations.taken.rule"), by=f"{rule.id} {rule.name}")
            break


def _problem(kind: str, **values: Any) -> Problem:
    """Return a problem whose sentences stand under ``operations.`` and `kind`."""
    return Problem.of(f"operations.{kind}", code=f"cli.{kind.replace('-', '.')}", **values)
