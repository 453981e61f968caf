"""Completes an event with the rows of the home's standing that it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from ..messages import Message
from ..policy import Policies
from ..promises import changed
from ..workdays import Counting
from .clocks import clocks
from .events import UnitEvent
from .evolve import carried, evolve
from .standing import UnitRow
from .state import Unit

E = TypeVar("E", bound=UnitEvent)
R = TypeVar("R", bound=Message)

TABLES = ("residents", "parking", "documents", "copies", "defects")


def complete(
    unit: Unit | None, event: E, id: str, policies: Policies, counting: Counting
) -> tuple[E, Unit]:
    """Return ``event`` with the rows and clocks that differ after it, and the home after it."""
    after = evolve(unit, event, id)
    row = _unit_row(after)
    tables = {table: _changed(getattr(unit, table, {}), getattr(after, table)) for table in TABLES}
    due = clocks(after, policies.version(after.policy), counting.zone)
    completed = event.model_copy(
        update={
            "unit": None if row == after.row else row,
            "clocks": changed(after.clocks, due, event.at),
            **tables,
        }
    )
    return completed, carried(after, completed)


def _changed(before: Mapping[str, R], after: Mapping[str, R]) -> tuple[R, ...]:
    return tuple(row for name, row in after.items() if before.get(name) != row)


def _unit_row(unit: Unit) -> UnitRow:
    notice, passed = unit.notice, unit.handed_over
    return UnitRow(
        centre=unit.centre,
        building=unit.building,
        area=unit.area,
        status=unit.status,
        registered_at=unit.registered_at,
        owner=unit.owner.resident if unit.owner else None,
        noticed_at=notice.at if notice else None,
        handover_on=notice.handover_on if notice else None,
        notice_days=(notice.handover_on - notice.at.date()).days if notice else None,
        inspected_at=unit.inspected_at,
        defects_found=unit.defects_found,
        handed_over_at=passed.at if passed else None,
        keys=passed.keys if passed else 0,
        cards=passed.cards if passed else 0,
        irregular=",".join(unit.irregular) or None,
    )
