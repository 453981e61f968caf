"""What a disclosure shows, for the length of a ``with`` block."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn, Self, get_args

from ..errors import Rejected
from ..matrix import PersonalField
from .events import Concerned


class Denied(Rejected):
    """The permission matrix does not show this to your post for this purpose; it was recorded."""

    keepable = False

    def __init__(self, reason: str, position: int) -> None:
        self.why = reason
        self.position = position
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Value:
    """One clear value: whose, which field, which event brought it; its repr hides it."""

    about: Concerned
    name: str
    resident: str | None
    topic: str
    at: datetime
    clear: str = dataclasses.field(repr=False)


class Seen:
    """The clear values of one disclosure; forgets them at the end of its ``with`` block.

    ``position`` is that of the event that recorded it. ``seen.phone`` and the like give the value
    that is in force (a home's: the owner's), ``seen.text`` the first words, ``seen.texts`` all.
    """

    def __init__(self, position: int, values: Sequence[Value]) -> None:
        self.position = position
        self._values = list(values)

    def of(self, field: str) -> list[Value]:
        """Return every value of a matrix field, in order."""
        return [value for value in self._values if value.name == field]

    @property
    def texts(self) -> list[str]:
        """All words, in the order in which they were written."""
        return [value.clear for value in self.of("text")]

    def __getattr__(self, name: str) -> str | None:
        if name not in get_args(PersonalField):
            raise AttributeError(name)
        found = self.of(name)
        return (found[0] if name == "text" else found[-1]).clear if found else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._values.clear()

    def __repr__(self) -> str:
        return f"Seen(position={self.position}, …)"

    def __reduce__(self) -> NoReturn:
        msg = "clear values are neither copied nor stored"
        raise TypeError(msg)
