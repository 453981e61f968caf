"""What people do with a parcel, letter or fax; each class is one command (domain section 7)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..messages import Command, Contact, Flag, FreeText, Id, Sealed

ParcelKind = Literal[
    "ems", "registered", "parcel", "money_order", "magazine", "ordinary", "press", "fax"
]
Condition = Literal["intact", "damaged"]
NoticeChannel = Literal["phone", "visit", "letter", "app", "message"]
Identity = Literal["id_card", "known", "code"]
ReturnReason = Literal["overdue", "refused", "moved"]

CollectorName = Annotated[str, Field(min_length=1, max_length=200), Sealed("name")]


class ParcelCommand(Command):
    """A command about one parcel, letter or fax, named by ``parcel``."""

    parcel: Id


class RegisterParcel(ParcelCommand):
    """登记: take a parcel in; its condition was inspected, and the addressee wants it held.

    Ordinary mail and press go to the letter box and are done. Without addressee and unit, and a
    fax without addressee, it is 待查. ``consent`` is needed of who can be asked: not for these,
    nor for a fax.
    """

    do: Literal["register_parcel"] = "register_parcel"
    centre: Id
    unit: Id | None = None
    kind: ParcelKind
    consent: Flag = False
    condition: Condition
    addressee: Contact | None = None


class NotifyAddressee(ParcelCommand):
    """通知: tell the addressee, again once it is overdue; of a 待查 one: the addressee is found."""

    do: Literal["notify_addressee"] = "notify_addressee"
    channel: NoticeChannel


class HandOutParcel(ParcelCommand):
    """领取: hand it to the addressee, or to the ``collector`` they named, once identified."""

    do: Literal["hand_out_parcel"] = "hand_out_parcel"
    collector: CollectorName | None = None
    identity: Identity
    signature: FreeText


class ReturnParcel(ParcelCommand):
    """退回: give it back to the carrier."""

    do: Literal["return_parcel"] = "return_parcel"
    reason: ReturnReason


class ReportParcelLost(ParcelCommand):
    """报失: it is lost, or was damaged beyond handing out."""

    do: Literal["report_parcel_lost"] = "report_parcel_lost"
    reason: FreeText
