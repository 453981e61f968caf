"""What was shown and what was denied: the durable record before anything is decrypted."""

from __future__ import annotations

from ..messages import Event, Message, Ref, stored_as
from ..moments import Moment
from ..promises import Clock


class Concerned(Message):
    """Whose data: the home, case, renovation, parcel, key or centre, and where it belongs.

    Of a home ``residents`` are the people whose data may be shown, its owner last, and ``family``
    the members of their families.
    """

    kind: str
    id: str
    centre: str
    unit: str | None = None
    residents: tuple[str, ...] = ()
    family: tuple[str, ...] = ()


class AccessEvent(Event):
    """Somebody asked for clear values.

    ``open_case`` says whether the case named was open; ``matrix`` is the version that answered.
    """

    about: tuple[Concerned, ...]
    fields_asked: tuple[str, ...]
    purpose: str
    complaint: str | None = None
    open_case: bool = False
    matrix: str
    origin: str
    request: str
    glass: str | None = None


@stored_as("access.disclosed.1")
class DataDisclosed(AccessEvent):
    """The matrix, or a broken glass, granted it; the values follow this event."""


@stored_as("access.looked_up.1")
class PhoneLookedUp(AccessEvent):
    """A caller was looked up by telephone number: ``about`` are those found, masks were shown."""


@stored_as("access.denied.1")
class DataDenied(AccessEvent):
    """It was denied: by ``reason``, a code, for the fields ``refused``."""

    reason: str
    refused: tuple[str, ...]


@stored_as("access.denials_counted.1")
class DenialsCounted(AccessEvent):
    """The same was denied ``count`` times more, from ``first_at`` to ``at``."""

    reason: str
    refused: tuple[str, ...]
    count: int
    first_at: Moment


class GlassEvent(Event):
    """A fact about one breaking of the glass, with the clocks that it changed."""

    clocks: tuple[Clock, ...] = ()


@stored_as("glass.broken.1")
class GlassBroken(GlassEvent):
    """The matrix was overridden until ``until``; the data custodian reviews it."""

    policy: str
    about: Concerned
    reason: Ref
    until: Moment


@stored_as("glass.reviewed.1")
class GlassReviewed(GlassEvent):
    """The custodian judged whether the emergency justified it."""

    justified: bool
    note: Ref | None = None
