"""What a rule is given of the estate: questions, and nothing that it could change for the rules after it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from policycore.engine.session import EstateSession
from policycore.plugin_api.rule import Query

__all__ = ["RuleView"]

Made = TypeVar("Made")


class RuleView:
    """The `RuleEstate` of one rule; with `shown`, which changes its SQL, it shares nothing with other rules."""

    __slots__ = ("__session", "__shown")

    def __init__(self, session: EstateSession, shown: Callable[[str], str] | None = None) -> None:
        self.__session = session
        self.__shown = shown

    @property
    def timezone(self) -> ZoneInfo:
        """Return the estate's zone."""
        return self.__session.timezone

    @property
    def as_of(self) -> datetime:
        """Return the moment of the run."""
        self.__session.asked_moment = True
        return self.__session.as_of

    def query(self, sql: str, params: BaseModel | Mapping[str, object] | None = None) -> Query:
        """Return a query for the engine to run."""
        return self.__session.query(sql, params)

    def rows(self, sql: str, params: BaseModel | Mapping[str, object] | None = None) -> Iterator[dict[str, Any]]:
        """Run `sql` and yield its rows."""
        return self.__session.rows(self.__shown(sql) if self.__shown else sql, params)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` returned when a rule of this run first asked for `key`."""
        return make() if self.__shown else self.__session.once(key, make)
