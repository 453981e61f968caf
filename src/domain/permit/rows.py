"""Completes an event with the rows of the renovation's standing that it changed."""

from __future__ import annotations

from typing import TypeVar

from ..policy import Policies
from ..promises import changed
from ..workdays import Counting
from .clocks import clocks
from .events import PermitEvent
from .evolve import carried, evolve
from .standing import PermitRow, ViolationRow, WorkRow
from .state import Permit

E = TypeVar("E", bound=PermitEvent)


def complete(
    permit: Permit | None, event: E, id: str, policies: Policies, counting: Counting
) -> tuple[E, Permit]:
    """Return ``event`` carrying the rows and clocks that differ after it, and the renovation
    after it.
    """
    after = evolve(permit, event, id)
    row = _permit_row(after, policies)
    works = [WorkRow(**work._asdict()) for work in after.works]
    violations = [
        ViolationRow(violation=name, **violation._asdict())
        for name, violation in after.violations.items()
    ]
    completed = event.model_copy(
        update={
            "permit": None if row == after.row else row,
            "works": tuple(w for w in works if after.work_rows.get(w.round) != w),
            "violations": tuple(
                v for v in violations if after.violation_rows.get(v.violation) != v
            ),
            "clocks": changed(after.clocks, clocks(after, counting.zone), event.at),
        }
    )
    return completed, carried(after, completed)


def _permit_row(permit: Permit, policies: Policies) -> PermitRow:
    return PermitRow(
        centre=permit.centre,
        unit=permit.unit,
        status=permit.status,
        applied_at=permit.applied_at,
        issued_at=permit.issued_at,
        valid_from=permit.valid_from,
        valid_to=permit.valid_to,
        completed_at=permit.completed_at,
        patrols_per_day=policies.version(permit.policy).renovation_patrols_per_day,
        irregular=",".join(permit.irregular) or None,
    )
