"""One error tree and one table of exit codes for every way policycore is started."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from policycore.language import current_language, find_text, say

__all__ = [
    "DataError",
    "ExitCode",
    "InterruptedRunError",
    "LockedError",
    "Place",
    "PluginError",
    "PolicycoreError",
    "Problem",
    "RuleSetError",
    "UsageError",
    "located",
    "worst",
]


class ExitCode(IntEnum):
    """The exit codes of the command line; where several apply the highest of 2-5 wins over 1."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    DATA = 3
    INCOMPLETE = 4
    LOCKED_OR_OUT_OF_TIME = 5
    INTERRUPTED = 130


def worst(*codes: int) -> ExitCode:
    """Return the exit code that wins where several apply: the highest, as 2 to 5 win over 1."""
    return ExitCode(max(codes, default=0))


def located(file: str, number: int) -> tuple[str, str]:
    """Return a file and the place inside it; none where `number` is a line, a row or nothing.

    A document without lines is named with what `number` counts, from 0: of ``result.json: messages[*]`` and 3 the
    place is ``messages[3]``.
    """
    if "[*]" not in file:
        return file, ""
    name, _, inside = file.rpartition(": ")
    return name, inside.replace("[*]", f"[{number}]")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and column (both from 1) of a file; 0 means "the whole file". `located` files hold numbers, no lines."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        file, inside = located(self.file, self.line)
        if inside or not self.line:
            return f"{file}: {inside}" if inside else file
        return f"{self.file}:{self.line}:{self.column or 1}"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, why it matters and what to try, at one place.

    The three texts are already in the reader's language; `code` is stable and machine-readable
    (for example ``ruleset.unknown-key``), so that tests and JSON never depend on wording.
    """

    code: str
    what: str
    why: str = ""
    fix: str = ""
    place: Place | None = None

    @classmethod
    def of(cls, key: str, *, code: str = "", place: Place | None = None, fix: str = "", **values: object) -> Problem:
        """Return the problem of the catalogue's texts ``key``, ``key.why`` and ``key.fix``, filled with `values`.

        The last two may be missing there. `code` is the key where none is given; `fix` replaces the catalogue's advice.
        """
        why, general = (say(f"{key}.{part}", **values) if find_text(f"{key}.{part}") else "" for part in ("why", "fix"))
        return cls(code or key, say(key, **values), why, fix or general, place)

    def __str__(self) -> str:
        words = ("，" if current_language() == "zh" else ", ").join(
            part for part in (self.what, self.why, self.fix) if part
        )
        return f"{self.place}: {words}" if self.place else words


class PolicycoreError(Exception):
    """One or more problems that end a command, and the exit code they end it with."""

    exit_code = ExitCode.INCOMPLETE

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class UsageError(PolicycoreError):
    """The error of a command that was called in a way it does not understand."""

    exit_code = ExitCode.USAGE


class RuleSetError(PolicycoreError):
    """Every mistake of a rule set at once."""

    exit_code = ExitCode.USAGE


class DataError(PolicycoreError):
    """The error of data that could not be read or that broke the schema, or a place that cannot be written."""

    exit_code = ExitCode.DATA


class PluginError(PolicycoreError):
    """The error of a plugin or a rule that failed; the result of a run is incomplete."""

    exit_code = ExitCode.INCOMPLETE


class LockedError(PolicycoreError):
    """The error of a run whose workspace another run holds, or whose time budget ran out."""

    exit_code = ExitCode.LOCKED_OR_OUT_OF_TIME


class InterruptedRunError(PolicycoreError):
    """The error of a command that a person or the system stopped."""

    exit_code = ExitCode.INTERRUPTED
