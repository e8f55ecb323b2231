"""What the models of files are built of in which a scalar means what is written: ``007`` and ``1e3`` are ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, Strict, ValidationError
from pydantic import model_validator as _model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from policycore.errors import Place
from policycore.yaml.nodes import PlacedMap

__all__ = ["Mistake", "Moment", "Several", "Truth", "Whole", "Word", "Written", "entries_of", "moment_of"]

_whole = re.compile(r"[-+]?[0-9]{1,15}")
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that no type shows, with what its sentences need."""

    code: str
    at: tuple[str | int, ...] = ()
    """Steps that lead to it from the mapping that it was found in."""
    values: Mapping[str, object] = field(default_factory=dict)
    known: Iterable[str] = ()
    """Words of which one was probably meant."""
    on_key: bool = False
    """Whether the last step's key is wrong and not the value behind it."""

    def error(self) -> PydanticCustomError:
        """Return it as pydantic takes it."""
        context = {"values": dict(self.values), "known": tuple(self.known), "on_key": self.on_key}
        return PydanticCustomError("mistake", "mistake", {"code": self.code, **context})


class Written(BaseModel):
    """One mapping of a file: no unknown keys, every scalar a text as it is written."""

    # Built by the first who reads such a file: a check reads few of them.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    may_be_empty: ClassVar[frozenset[str]] = frozenset()
    """Keys that may have nothing behind them; it is as if they were not there."""
    _place: Place = PrivateAttr(default=Place(""))

    @property
    def place(self) -> Place:
        """Return where the mapping begins."""
        return self._place

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield what is wrong with a mapping besides its types; its values may be of any type."""
        del data
        return iter(())

    @_model_validator(mode="wrap")
    @classmethod
    def _checked(cls, data: Any, handler: Callable[[Any], Self]) -> Self:
        """Return the model with its place; say what types and `mistakes` have to say in one go."""
        if not isinstance(data, PlacedMap):
            return handler(data)
        given = {key: value for key, value in data.items() if value is not None or key not in cls.may_be_empty}
        wrong = [InitErrorDetails(type=one.error(), loc=one.at, input=None) for one in cls.mistakes(given)]
        try:
            made = handler(given)
        except ValidationError as error:
            wrong += [
                InitErrorDetails(
                    type=PydanticCustomError(one["type"], "mistake", one.get("ctx")), loc=one["loc"], input=None
                )
                for one in error.errors(include_url=False)
            ]
        if wrong:
            raise ValidationError.from_exception_data(cls.__name__, wrong)
        made._place = data.place
        return made


def entries_of(value: object) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Yield key and value, or number and item, of each mapping in a mapping or list; nothing of anything else."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    yield from ((key, entry) for key, entry in pairs if isinstance(entry, dict))


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and _whole.fullmatch(value) else value


def _truth(value: object) -> object:
    # "yes" and "on" are words, whatever an older YAML took them for.
    return _TRUTHS.get(value, value) if isinstance(value, str) else value


def moment_of(value: object) -> datetime | None:
    """Return the time that a text spells with its offset, None for anything else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if found is None or found.tzinfo is None else found


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = moment_of(value)
    if found is None:
        code = "no-offset" if moment_of(f"{value}Z") or moment_of(f"{value}T00Z") else "not-a-time"
        raise Mistake(code, values={"value": value}).error()
    return found


def _words(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _worded(value: object) -> object:
    return value.strip() and value if isinstance(value, str) else value


Word = Annotated[str, Field(min_length=1), BeforeValidator(_worded)]
"""A text that says something."""
Several = Annotated[list[Word], BeforeValidator(_words)]
"""A list of texts; one text counts as a list of one."""
Whole = Annotated[int, Strict(), BeforeValidator(_number)]
Truth = Annotated[bool, Strict(), BeforeValidator(_truth)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
"""A time that names its offset."""
