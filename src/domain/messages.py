"""What commands and events are made of.

A command is an intention (imperative, with a ``do`` tag); an event is a fact (past tense, with a
stable ``topic``). Both are frozen. Clear text and personal values stand in commands only: fields
marked ``Sealed`` go to the vault, and events carry the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, ClassVar, Self, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints
from pydantic_core import from_json

from .moments import Moment

LONGEST_TEXT = 20_000

Id = Annotated[str, StringConstraints(pattern=r"^[\w(#][\w\-.:/#() ]{0,63}$")]
"""An identifier or code: letters of any script, digits and ``- . : / # ( )``; at most 64."""

Flag = StrictBool


@dataclass(frozen=True, slots=True)
class Sealed:
    """Marks a command's field whose value goes to the vault under this matrix field."""

    field: str


FreeText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT), Sealed("text")]
"""Words in a person's own writing: sealed, never in events."""

Ref = Annotated[str, Sealed("text")]
"""A vault reference: what an event carries in place of sealed words."""


class Message(BaseModel):
    """A frozen model that refuses fields it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True
    )


def digits(phone: str) -> str:
    """Return a telephone number's digits, of whatever script; none where no number was given."""
    return "".join(str(int(one)) for one in phone if one.isdecimal())


class Contact(Message):
    """How to reach a customer; without ``phone`` and ``address_other`` the case is pathless.

    A number without a digit (无, 不详) is none, and a blank address neither.
    """

    name: Annotated[str | None, Field(max_length=200), Sealed("name")] = None
    phone: Annotated[str | None, Field(max_length=50), Sealed("phone")] = None
    address_other: Annotated[str | None, Field(max_length=500), Sealed("address_other")] = None

    @property
    def reach(self) -> str:
        """``path`` when the customer can be reached, else ``pathless``."""
        has_path = digits(self.phone or "") or (self.address_other or "").strip()
        return "path" if has_path else "pathless"

    def __repr__(self) -> str:
        return "Contact(…)"

    __str__ = __repr__


class ContactRefs(Message):
    """Where the vault keeps a contact's sealed fields."""

    name: Annotated[str | None, Sealed("name")] = None
    phone: Annotated[str | None, Sealed("phone")] = None
    address_other: Annotated[str | None, Sealed("address_other")] = None


class Command(Message):
    """Base of all commands; ``do`` is the tag that names one outside Python."""

    do: str

    def secrets(self) -> Iterator[tuple[str, str, str]]:
        """Yield (path, matrix field, clear value) of each sealed field that has a value."""
        yield from _secrets(self, "")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


def _secrets(model: BaseModel, prefix: str) -> Iterator[tuple[str, str, str]]:
    marks = _marks(type(model))
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, Message):
            yield from _secrets(value, f"{prefix}{name}.")
        elif isinstance(value, tuple):
            for number, part in enumerate(value):
                if isinstance(part, Message):
                    yield from _secrets(part, f"{prefix}{name}.{number}.")
        elif value is not None and name in marks:
            yield f"{prefix}{name}", marks[name], value


@cache
def _marks(model: type[BaseModel]) -> dict[str, str]:
    """Return the matrix field of each sealed field; an optional one keeps its mark inside."""
    hints = get_type_hints(model, include_extras=True)
    sealed = ((name, next(_sealed(hints[name]), None)) for name in model.model_fields)
    return {name: mark.field for name, mark in sealed if mark}


def _sealed(hint: object) -> Iterator[Sealed]:
    if isinstance(hint, Sealed):
        yield hint
    for part in get_args(hint):
        yield from _sealed(part)


class Event(Message):
    """Base of all events: who did it, when it happened and when the register learned of it.

    ``at`` and ``recorded_at`` are in the organisation's zone, whole seconds. ``irregular`` holds
    the codes of the refusals that an import of irregular history passed over.
    """

    topic: ClassVar[str]

    at: Moment
    recorded_at: Moment
    by: str
    person: str | None = None
    post: str
    irregular: tuple[str, ...] = ()

    def sealed(self) -> Iterator[tuple[str, str, str]]:
        """Yield (path, matrix field, vault reference) of each value this event stands for."""
        yield from _secrets(self, "")

    def to_bytes(self) -> bytes:
        """Return the stored form: JSON without fields that hold their default."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)

    def codes_after(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """Return the irregular codes known before the event and its own, each once."""
        return tuple(dict.fromkeys((*known, *self.irregular))) if self.irregular else known

    def refs(self) -> Iterator[str]:
        """Yield every vault reference the event carries."""
        return (ref for _, _, ref in self.sealed())

    @classmethod
    def from_bytes(cls, state: bytes) -> Self:
        """Read the stored form; raises ``pydantic.ValidationError``."""
        return cls.model_validate(from_json(state))


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What surrounds a command: who acts, when it happened, when the register learned of it.

    Only the history import sets ``recorded_at``, ``imported`` and ``keep_irregular``. ``version``
    is the number of events that the aggregate must have.
    """

    by: str | None = None
    at: datetime | None = None
    recorded_at: datetime | None = None
    imported: bool = False
    keep_irregular: bool = False
    key: str | None = None
    version: int | None = None


TOPICS: dict[str, type[Event]] = {}
"""Every event by its stored topic; filled by ``stored_as`` as the aggregates are imported."""


def stored_as(topic: str) -> Callable[[type[E]], type[E]]:
    """Give an event its stable stored topic, ``<aggregate>.<fact>.<version>``."""

    def register(cls: type[E]) -> type[E]:
        cls.topic = topic
        TOPICS[topic] = cls
        return cls

    return register
