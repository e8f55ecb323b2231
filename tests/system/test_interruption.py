"""An interrupt stays an interrupt, whatever it hit."""

from __future__ import annotations

import contextlib
import os
import signal

import pytest

from policycore.system.process import Interruption


def _library(number: signal.Signals) -> None:
    """Do what a database library does with an interrupt that reaches it."""
    try:
        os.kill(os.getpid(), number)
    except KeyboardInterrupt:
        raise RuntimeError("query interrupted") from None


def _watched(number: signal.Signals) -> None:
    with Interruption():
        _library(number)


def _swallowed() -> None:
    with Interruption() as interruption:
        interruption.halt()
        with contextlib.suppress(RuntimeError):
            _library(signal.SIGTERM)
        interruption.halt()


def _unrelated() -> None:
    with Interruption():
        raise RuntimeError


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_a_library_turned_into_its_own_error(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt):
        _watched(number)
    assert signal.getsignal(number) is before


def test_a_signal_that_was_swallowed_still_halts() -> None:
    with pytest.raises(KeyboardInterrupt):
        _swallowed()


def test_other_errors_are_left_alone() -> None:
    with pytest.raises(RuntimeError):
        _unrelated()
