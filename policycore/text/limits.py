"""Compile expressions that come from anywhere in a process of its own, within limits of time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

from policycore.system.memory import memory_bounded
from policycore.text.engines import TooLargeError, hyperscan_is_here
from policycore.text.expression import Expression, read
from policycore.text.matcher import Matcher

__all__ = ["MOST_BYTES", "MOST_SECONDS", "too_costly"]

MOST_SECONDS = 3.0
"""For one expression: a usual one takes a hundredth of that."""
MOST_BYTES = 512 * 1024 * 1024

Written = tuple[str, bool]
"""An expression as a rule set writes it, and whether letter case counts for nothing."""


def too_costly(expressions: Sequence[Written]) -> list[int]:
    """Return which of `expressions` take more time or memory to compile than one may.

    Each is read and compiled, alone, in another process, which is stopped where it exceeds a limit; the others go on
    in a new one. Nothing is too costly for the automaton that takes hyperscan's place where that is not installed.
    """
    refused: list[int] = []
    first = 0
    while first < len(expressions) and hyperscan_is_here():
        done = _compiled_elsewhere(expressions[first:])
        first += done
        if first < len(expressions):
            refused.append(first)
            first += 1
    return refused


def _compiled_elsewhere(expressions: Sequence[Written]) -> int:
    """Return how many expressions, from the first on, compile within the limits."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii"
    )
    done = 0
    with child:
        assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - both are pipes
        try:
            # One at a time, so that the limit is each one's own; the first answer says that the child has started.
            _answer(child, 10 * MOST_SECONDS)
            for written in expressions:
                child.stdin.write(json.dumps(written) + "\n")
                child.stdin.flush()
                if not _answer(child, MOST_SECONDS):
                    break
                done += 1
        except BrokenPipeError:
            pass  # the child ended itself: `done` says how far it came
        finally:
            child.kill()
    return done


def _answer(child: subprocess.Popen[str], seconds: float) -> bool:
    """Return whether the child says yes in time."""
    from threading import Timer

    assert child.stdout is not None  # noqa: S101 - a pipe
    timer = Timer(seconds, child.kill)
    timer.start()
    try:
        return child.stdout.readline() == "yes\n"
    finally:
        timer.cancel()


def compiles(expression: Expression) -> bool:
    """Return whether hyperscan takes the expression."""
    try:
        Matcher([expression])
    except TooLargeError:
        return False
    return True


def main() -> None:
    """Answer for each expression on standard input whether it compiles."""
    compiles(read("a"))  # whatever is to be imported is by now
    with memory_bounded(MOST_BYTES):
        sys.stdout.write("yes\n")
        sys.stdout.flush()
        for line in sys.stdin:
            source, caseless = json.loads(line)
            sys.stdout.write("yes\n" if compiles(read(source, caseless=caseless)) else "no\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
