"""How events change the defects of a home."""

from __future__ import annotations

from collections.abc import Mapping

from ..changing import replace
from ..messages import Event
from . import events as e
from .standing import DefectRow
from .state import Unit


def repaired(unit: Unit, event: Event) -> Unit:
    """Return the home after what happened to its defects; other events change nothing."""
    at = event.at
    match event:
        case e.DefectReported():
            row = DefectRow(
                defect=event.defect,
                kind=event.kind,
                where=event.where,
                design=event.design,
                evidenced=event.evidence is not None,
                complaint=event.complaint,
                warranty_until=unit.warranty_until.get(event.kind),
                status="reported",
                reported_at=at,
                irregular=codes(None, event),
            )
            return replace(unit, defects={**unit.defects, row.defect: row})
        case e.BuilderNotified() | e.DefectFinished() | e.DefectVerified():
            known = unit.defects[event.defect]
            changes = {**_repair(known, event), "irregular": codes(known.irregular, event)}
            row = known.model_copy(update=changes)
            return replace(unit, defects={**unit.defects, row.defect: row})
        case _:
            return unit


def _repair(
    known: DefectRow, event: e.BuilderNotified | e.DefectFinished | e.DefectVerified
) -> Mapping[str, object]:
    """Return what changes of a defect; of two irregular repairs of one turn the first stands."""
    at, undone = event.at, known.finished_at is None
    match event:
        case e.BuilderNotified():
            told = {"letter": event.letter, "notified_at": at}
            return told | ({"status": "notified"} if undone else {})
        case e.DefectFinished():
            return {"status": "finished", "finished_at": at} if undone else {}
        case e.DefectVerified(accepted=True):
            verified_at = known.verified_at or at
            finished_at = known.finished_at or at
            return {"status": "verified", "verified_at": verified_at, "finished_at": finished_at}
        case _:
            return {
                "status": "notified" if known.notified_at else "reported",
                "turn": known.turn + 1,
                "finished_at": None,
                "verified_at": None,
                "sent_back_at": at,
            }


def codes(known: str | None, event: e.UnitEvent) -> str | None:
    """Return the codes passed over so far, joined by commas, each once."""
    return ",".join(event.codes_after(tuple((known or "").split(",")))).strip(",") or None
