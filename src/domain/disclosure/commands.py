"""What people ask of the gateway to owners' data (domain section 8)."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex
from typing import Literal, Self

from pydantic import Field, ValidationError

from ..errors import Malformed
from ..matrix import PersonalField, Purpose
from ..messages import Command, FreeText, Id, Message
from ..moments import Moment

Kind = Literal["unit", "complaint", "permit", "parcel", "key", "glass", "centre"]
Origin = Literal["python", "command_line", "api", "page"]

PAGE = 200
"""How many homes or cases one request can name: a page of a list."""


class About(Message):
    """Whose data is asked for: a home's, or that of a case, renovation, parcel, key or centre."""

    kind: Kind
    id: Id


class Ask(Message):
    """A request for clear values.

    ``complaint`` is the case for which they are needed, ``request`` the caller's own number for the
    request, ``glass`` the broken glass it is under.
    """

    about: tuple[About, ...] = Field(min_length=1, max_length=PAGE)
    asked: tuple[PersonalField, ...] = Field(min_length=1)
    purpose: Purpose
    complaint: Id | None = None
    origin: Origin = "python"
    request: Id = Field(default_factory=lambda: token_hex(8))
    glass: Id | None = None

    @classmethod
    def of(
        cls,
        fields: Sequence[str],
        purpose: str,
        unit: str | None = None,
        complaint: str | None = None,
        **more: object,
    ) -> Self:
        """Return a request about one home, or about one case; raises ``Malformed``."""
        about = {"kind": "unit", "id": unit} if unit else {"kind": "complaint", "id": complaint}
        asked = {"about": [about], "asked": fields, "purpose": purpose, "complaint": complaint}
        try:
            return cls.model_validate({**asked, **more})
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            detail = f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            raise Malformed(detail) from None


class AccessCommand(Command):
    """A command of the gateway's own, entered in the record ``trail``."""

    trail: str


class Disclose(AccessCommand):
    """Answer a request by an event, granted or denied.

    A denial for the reason ``counted`` has its event already: it is counted instead.
    """

    do: Literal["disclose"] = "disclose"
    ask: Ask
    counted: str | None = None


class LookUp(AccessCommand):
    """Answer whose a telephone number is: ``subjects`` are the names of the keys it was found by.

    The number itself is in no command and no event.
    """

    do: Literal["look_up"] = "look_up"
    subjects: tuple[str, ...]
    counted: str | None = None
    origin: Origin = "python"
    request: Id = Field(default_factory=lambda: token_hex(8))


class CountDenials(AccessCommand):
    """Record how often a denial (its stored form) was repeated since ``first_at``."""

    do: Literal["count_denials"] = "count_denials"
    denial: str
    count: int
    first_at: Moment


class GlassCommand(Command):
    """A command about one breaking of the glass, named by ``glass``."""

    glass: Id


class BreakGlass(GlassCommand):
    """紧急查看: see what the matrix does not grant, in an emergency, for fifteen minutes."""

    do: Literal["break_glass"] = "break_glass"
    about: About
    reason: FreeText


class ReviewGlass(GlassCommand):
    """复核: say whether the emergency justified it; nobody reviews their own."""

    do: Literal["review_glass"] = "review_glass"
    justified: bool
    note: FreeText | None = None
