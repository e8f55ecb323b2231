"""Send notices through apprise and through plugins' notifiers, never more often than stated."""

from __future__ import annotations

import logging
import re
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from policycore.errors import PluginError, Problem, UsageError
from policycore.notices.addresses import Addresses
from policycore.notices.digest import Notice, combined
from policycore.notices.told import Told
from policycore.plugin_api.offers import Notifier
from policycore.system.deadline import Overrun

__all__ = ["Outcome", "Parcel", "parcels", "require_services", "send_all", "send_to_plugins"]

_WAIT_SECONDS = 1.0
_status = re.compile(r"error=(\d{3})\b|\((\d{3}),")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message for one address; `number` is how it is called, for the address is secret."""

    number: int
    address: str
    service: Any
    notices: Sequence[Notice]
    title: str
    text: str

    def __repr__(self) -> str:
        return f"Parcel({self.number})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether one message went out and after how many attempts."""

    name: str
    sent: bool
    attempts: int
    problem: Problem | None = None
    """What went wrong with a plugin's notifier."""


def parcels(notices: Sequence[Notice], addresses: Addresses, told: Told) -> list[Parcel]:
    """Return the messages to send, one for each address: people get their own, the others get all of them in one.

    What an address was `told` already is left out. Raises UsageError with every address that is none, by its number.
    """
    require_services(addresses)
    wanted: dict[str, dict[tuple[str, str], Notice]] = {}
    for address in addresses.everybody:
        wanted[address] = {(one.person, one.name): one for one in notices}
    for one in notices:
        for address in addresses.people.get(one.person, ()):
            wanted.setdefault(address, {})[one.person, one.name] = one
    news = {address: told.news(address, mine.values()) for address, mine in wanted.items()}
    return [
        Parcel(number, address, _service(address), mine, *combined(mine))
        for number, (address, mine) in enumerate(news.items(), start=1)
        if mine
    ]


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


def send_all(parcels: Iterable[Parcel], told: Told, *, retries: int) -> list[Outcome]:
    """Send each message with at most `retries` further attempts, waiting longer before each; note what went out."""
    outcomes = []
    for parcel in parcels:
        outcome = _send(f"#{parcel.number}", partial(_deliver, parcel), retries)
        if outcome.sent:
            told.note(parcel.address, parcel.notices)
        outcomes.append(outcome)
    return outcomes


def _deliver(parcel: Parcel) -> bool:
    """Send one message once; PluginError with the reason where it is refused."""
    said = _Said()
    logger = logging.getLogger("apprise")
    # Its log tells addresses and answers of servers: it is read here, for the reason, and shown nowhere.
    logger.handlers, logger.propagate, logger.disabled = [said], False, False
    try:
        if parcel.service.notify(body=parcel.text, title=parcel.title, body_format="text"):
            return True
    finally:
        logger.handlers, logger.disabled = [], True
    raise PluginError(Problem.of(f"notices.reason.{said.reason()}", status=said.status))


class _Said(logging.Handler):
    """What apprise logged of one message, from which only a status and a kind are taken."""

    def __init__(self) -> None:
        super().__init__()
        self.status = ""
        self._text = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the status of an answer, and the words for a moment."""
        text = record.getMessage()
        self._text += text.lower()[:2000]
        if found := _status.search(text):
            self.status = found[1] or found[2]

    def reason(self) -> str:
        """Return what kind of failure it was."""
        if self.status in ("401", "403", "535") or "authentication" in self._text or "credentials" in self._text:
            return "password"
        if self.status:
            return "status"
        return "connection" if "connection" in self._text or "socket" in self._text else "other"


def send_to_plugins(
    notifiers: Iterable[Notifier],
    notices: Sequence[Notice],
    told: Told,
    *,
    retries: int,
) -> list[Outcome]:
    """Hand to the notifiers of plugins what each was not told yet; what one raises stops no other."""

    def deliver(notifier: Notifier, news: Sequence[Notice]) -> bool:
        notifier.send(news)
        told.note(f"plugin:{notifier.name}", news)
        return True

    asked = [(notifier, told.news(f"plugin:{notifier.name}", notices)) for notifier in notifiers]
    return [_send(str(one.name)[:80], partial(deliver, one, news), retries) for one, news in asked if news]


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
