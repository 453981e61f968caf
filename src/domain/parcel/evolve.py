"""How events change a parcel's state; nothing is refused here, irregular history neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..changing import headless
from ..messages import Event
from ..promises import merged
from . import events as e
from .standing import Ending
from .state import Ended, Parcel


def evolve(parcel: Parcel | None, event: Event, id: str) -> Parcel:
    """Return the parcel after one more event; refuses nothing."""
    if isinstance(event, e.ParcelRegistered):
        after = _registered(event, id)
    elif parcel is None:
        raise headless(id, "a registration")
    else:
        after = _step(parcel, event)
    if not isinstance(event, e.ParcelEvent):
        return after
    irregular = event.codes_after(after.irregular)
    return carried(replace(after, recorded_at=event.recorded_at, irregular=irregular), event)


def carried(parcel: Parcel, event: e.ParcelEvent) -> Parcel:
    """Return the parcel with the row and the clocks that the event carries."""
    return replace(
        parcel, row=event.parcel or parcel.row, clocks=merged(parcel.clocks, event.clocks)
    )


def _registered(event: e.ParcelRegistered, id: str) -> Parcel:
    return Parcel(
        id=id,
        centre=event.centre,
        unit=event.unit,
        kind=event.kind,
        keeping=event.keeping,
        condition=event.condition,
        policy=event.policy,
        registered_at=event.at,
        recorded_at=event.recorded_at,
    )


def _step(parcel: Parcel, event: Event) -> Parcel:
    match event:
        case e.AddresseeNotified():
            return replace(parcel, notices=tuple(sorted((*parcel.notices, event.at))))
        case e.ParcelHandedOut():
            return _ended(parcel, "handed_out", event.at)
        case e.ParcelReturned():
            return _ended(parcel, "returned", event.at)
        case e.ParcelLost():
            return _ended(parcel, "lost", event.at)
        case _:
            return parcel


def _ended(parcel: Parcel, how: Ending, at: datetime) -> Parcel:
    """Of two ends that an irregular history brings, the first stands."""
    done = parcel.ended or parcel.keeping == "letter_box"
    return parcel if done else replace(parcel, ended=Ended(how, at))
