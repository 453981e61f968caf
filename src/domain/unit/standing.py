"""A home's standing after an event: its row, its residents, spaces, documents, copies and defects.

Every event of a home carries the rows it changed; the read side takes the latest of each key.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from ..messages import Message
from ..moments import Moment
from .commands import DefectKind, DocumentKind, Role, Warranty

Status = Literal["registered", "noticed", "inspected", "handed_over"]
DocumentStatus = Literal["filed", "borrowed", "missing"]
DefectStatus = Literal["reported", "notified", "finished", "verified"]


class UnitRow(Message):
    """The home itself, as figures need it; ``notice_days`` are the days from notice to handover."""

    centre: str
    building: str
    area: str | None = None
    status: Status
    registered_at: Moment
    owner: str | None = None
    noticed_at: Moment | None = None
    handover_on: date | None = None
    notice_days: int | None = None
    inspected_at: Moment | None = None
    defects_found: int = 0
    handed_over_at: Moment | None = None
    keys: int = 0
    cards: int = 0
    irregular: str | None = None


class ResidentRow(Message):
    """Who lives or owns here, from when until when; family is that of an owner or a tenant."""

    resident: str
    role: Role
    family_of: str | None = None
    since: Moment
    until: Moment | None = None


class ParkingRow(Message):
    """A parking space of the home's."""

    space: str
    resident: str
    since: Moment
    until: Moment | None = None


class DocumentRow(Message):
    """A document of the household's file, where it is since when; ``copies`` were handed out."""

    document: str
    kind: DocumentKind
    status: DocumentStatus
    since: Moment
    copies: int = 0
    holder: str | None = None
    person: str | None = None
    signed_by: str | None = None
    due_back: Moment | None = None
    irregular: str | None = None


class CopyRow(Message):
    """A numbered paper copy: who holds it with which post, how fresh it is, when it came back."""

    copy_no: str
    holder: str
    person: str
    post: str
    issued_at: Moment
    updated_at: Moment
    pages_replaced: int = 0
    recalled_at: Moment | None = None
    irregular: str | None = None


class DefectRow(Message):
    """A defect and how far it is; ``warranty_until`` is the last day for its kind.

    ``turn`` counts the repairs: one more each time the repair was not accepted, last at
    ``sent_back_at``.
    """

    defect: str
    kind: DefectKind
    where: Warranty
    design: bool = False
    evidenced: bool = False
    complaint: str | None = None
    warranty_until: date | None = None
    status: DefectStatus
    turn: int = 1
    reported_at: Moment
    letter: str | None = None
    notified_at: Moment | None = None
    finished_at: Moment | None = None
    verified_at: Moment | None = None
    sent_back_at: Moment | None = None
    irregular: str | None = None
