"""Completes an event with the row and the clocks that it changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from ..policy import Policies
from ..promises import changed
from ..workdays import Counting
from .clocks import clocks
from .events import ParcelEvent
from .evolve import carried, evolve
from .standing import Ending, Keeping, ParcelRow
from .state import Parcel

E = TypeVar("E", bound=ParcelEvent)


def complete(
    parcel: Parcel | None, event: E, id: str, policies: Policies, counting: Counting
) -> tuple[E, Parcel]:
    """Return ``event`` with the row and clocks that differ after it, and the parcel after it."""
    after = evolve(parcel, event, id)
    promised = clocks(after, policies, counting)
    row = _row(replace(after, clocks=promised))
    completed = event.model_copy(
        update={
            "parcel": None if row == after.row else row,
            "clocks": changed(after.clocks, promised, event.at),
        }
    )
    return completed, carried(after, completed)


def _row(parcel: Parcel) -> ParcelRow:
    due = parcel.due_at
    return ParcelRow(
        centre=parcel.centre,
        unit=parcel.unit,
        kind=parcel.kind,
        condition=parcel.condition,
        status=_status(parcel),
        registered_at=parcel.registered_at,
        notified_at=parcel.notices[0] if parcel.notices else None,
        notices=len(parcel.notices),
        reminded_at=next((at for at in parcel.notices if due and at > due), None),
        due_at=due,
        ended_at=parcel.ended.at if parcel.ended else None,
        irregular=",".join(parcel.irregular) or None,
    )


def _status(parcel: Parcel) -> Keeping | Ending:
    if parcel.ended:
        return parcel.ended.how
    found = parcel.keeping == "pending" and parcel.notices
    return "held" if found else parcel.keeping
