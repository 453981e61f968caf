"""The page of events: their topics and fields, and the rows that ride on them."""

from __future__ import annotations

from guanjia.domain import promises
from guanjia.domain.complaint import standing
from guanjia.domain.complaint.events import ComplaintEvent
from guanjia.domain.key.events import KeyEvent
from guanjia.domain.key.standing import KeyRow
from guanjia.domain.messages import TOPICS, Event, Message
from guanjia.domain.parcel.events import ParcelEvent
from guanjia.domain.parcel.standing import ParcelRow
from guanjia.domain.permit import standing as permit
from guanjia.domain.permit.events import PermitEvent
from guanjia.domain.unit import standing as unit
from guanjia.domain.unit.events import UnitEvent

from .fields import sentence
from .words import beginning

UNIT_ROWS = (
    unit.UnitRow,
    unit.ResidentRow,
    unit.ParkingRow,
    unit.DocumentRow,
    unit.CopyRow,
    unit.DefectRow,
)


def page() -> str:
    """Return the catalogue of events."""
    text = beginning("events")
    for group in dict.fromkeys(topic.split(".")[0] for topic in sorted(TOPICS)):
        text += f"## {group}\n\n| topic | what happened | its own fields |\n|---|---|---|\n"
        for topic, event in sorted(TOPICS.items()):
            if topic.split(".")[0] == group:
                own = (n for n in event.model_fields if n not in _common(event))
                text += f"| `{topic}` | {sentence(event)} | {', '.join(f'`{n}`' for n in own)} |\n"
        text += "\n"
    text += "## The rows that ride on a complaint's events\n\n"
    text += _rows(standing.CaseRow, standing.RoundRow, standing.WorkOrderRow, promises.Clock)
    text += (
        "## The rows that ride on a renovation's events\n\nAnd its clocks, as a complaint's.\n\n"
    )
    text += _rows(permit.PermitRow, permit.WorkRow, permit.ViolationRow)
    text += "## The rows that ride on a home's events\n\nAnd its clocks, as a complaint's.\n\n"
    text += _rows(*UNIT_ROWS)
    text += "## The row that rides on a key's or a parcel's events, beside its clocks\n\n"
    text += _rows(KeyRow, ParcelRow)
    return text.rstrip() + "\n"


def _rows(*rows: type[Message]) -> str:
    text = ""
    for row in rows:
        names = ", ".join(f"`{name}`" for name in row.model_fields)
        about = " ".join((row.__doc__ or "").split()).replace("``", "`")
        text += f"**{row.__name__}**: {about} Fields: {names}.\n\n"
    return text


def _common(event: type[Event]) -> set[str]:
    """Return the fields that every event of this kind has: the envelope and the rows."""
    kinds = (ComplaintEvent, PermitEvent, KeyEvent, ParcelEvent, UnitEvent)
    base = next((kind for kind in kinds if issubclass(event, kind)), Event)
    return set(base.model_fields)
