"""Send notices through apprise and through plugins' notifiers, never more often than stated."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from policycore.errors import PluginError, Problem, UsageError
from policycore.notices.addresses import Addresses
from policycore.notices.digest import Notice, combined
from policycore.plugin_api.offers import Notifier
from policycore.system.deadline import Overrun

__all__ = ["Outcome", "Parcel", "parcels", "require_services", "send_all", "send_to_plugins"]

_WAIT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message for one address; `number` is how it is called, for the address is secret."""

    number: int
    service: Any
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether one message went out and after how many attempts."""

    name: str
    sent: bool
    attempts: int
    problem: Problem | None = None
    """What went wrong with a plugin's notifier."""


def parcels(notices: Sequence[Notice], addresses: Addresses) -> list[Parcel]:
    """Return the messages to send: people get their own, the others get all of them in one.

    Raises UsageError with every address that is none, named by its number.
    """
    wanted = [(address, *combined(notices)) for address in addresses.everybody if notices]
    for notice in notices:
        wanted += [(address, notice.title, notice.text()) for address in addresses.people.get(notice.person, ())]
    found, wrong = [], []
    for number, (address, title, text) in enumerate(wanted, start=1):
        service = _service(address)
        if service is None:
            wrong.append(number)
        else:
            found.append(Parcel(number, service, title, text))
    if wrong:
        key = "notices.address"
        listed = ", ".join(str(number) for number in wrong)
        raise UsageError(Problem.of(key, numbers=listed))
    return found


def require_services(addresses: Addresses) -> None:
    """Raise UsageError with every address that is none, named by its number among all."""
    every = [*addresses.everybody, *(one for several in addresses.people.values() for one in several)]
    wrong = [number for number, address in enumerate(every, start=1) if _service(address) is None]
    if wrong:
        raise UsageError(Problem.of("notices.address", numbers=", ".join(str(number) for number in wrong)))


def _service(address: str) -> Any:
    """Return apprise's service for an address, None for one it can't read."""
    with warnings.catch_warnings():
        # Of what it imports, some will be old one day; that is its makers' business.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            import apprise
        except ModuleNotFoundError:
            key = "notices.missing"
            raise UsageError(Problem.of(key)) from None
        # Its log tells addresses and answers of servers.
        logging.getLogger("apprise").disabled = True
        asset = apprise.AppriseAsset(app_id="policycore", storage_mode="memory", secure_logging=True)
        service = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if service is not None:
        # How often to try is said in one place, and a failure that an address calls optional is one all the same.
        service.retry = 0
        service.optional = False
    return service


def send_all(parcels: Iterable[Parcel], *, retries: int) -> list[Outcome]:
    """Send each message with at most `retries` further attempts, waiting longer before each."""
    return [_send(f"#{parcel.number}", partial(_deliver, parcel), retries) for parcel in parcels]


def _deliver(parcel: Parcel) -> bool:
    """Send one message once."""
    return bool(parcel.service.notify(body=parcel.text, title=parcel.title, body_format="text"))


def send_to_plugins(
    notifiers: Iterable[Notifier],
    notices: Sequence[Notice],
    *,
    retries: int,
) -> list[Outcome]:
    """Hand the notices to the notifiers of plugins; what one raises stops no other."""

    def deliver(notifier: Notifier) -> bool:
        notifier.send(notices)
        return True

    return [_send(str(notifier.name)[:80], partial(deliver, notifier), retries) for notifier in notifiers]


def _send(name: str, deliver: Callable[[], bool], retries: int) -> Outcome:
    """Try until it is sent or the attempts are used up."""
    problem = None
    for attempt in range(retries + 1):
        if attempt:
            time.sleep(_WAIT_SECONDS * 2 ** (attempt - 1))
        try:
            if deliver():
                return Outcome(name, True, attempt + 1)
        except PluginError as error:
            problem = error.problems[0]
            if isinstance(error.__cause__, Overrun):
                return Outcome(name, False, attempt + 1, problem)
        except Exception:  # noqa: S112 - a service may fail in any way, and its words may hold an address
            continue
    return Outcome(name, False, retries + 1, problem)
