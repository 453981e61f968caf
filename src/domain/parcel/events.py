"""What happened to a parcel: immutable facts, stored under stable topics."""

from __future__ import annotations

from ..messages import ContactRefs, Event, Ref, stored_as
from ..promises import Clock
from .commands import Condition, Identity, NoticeChannel, ParcelKind, ReturnReason
from .standing import Keeping, ParcelRow


class ParcelEvent(Event):
    """A fact about one parcel, with its row and the clocks that it changed."""

    parcel: ParcelRow | None = None
    clocks: tuple[Clock, ...] = ()


@stored_as("parcel.registered.1")
class ParcelRegistered(ParcelEvent):
    """It was taken in and is bound by this policy version."""

    policy: str
    centre: str
    unit: str | None = None
    kind: ParcelKind
    keeping: Keeping
    consent: bool
    condition: Condition
    addressee: ContactRefs | None = None


@stored_as("parcel.addressee_notified.1")
class AddresseeNotified(ParcelEvent):
    """The addressee was told."""

    channel: NoticeChannel


@stored_as("parcel.handed_out.1")
class ParcelHandedOut(ParcelEvent):
    """It was signed for, by the addressee if ``collector`` is null."""

    collector: Ref | None = None
    identity: Identity
    signature: Ref


@stored_as("parcel.returned.1")
class ParcelReturned(ParcelEvent):
    """The carrier has it back."""

    reason: ReturnReason


@stored_as("parcel.lost.1")
class ParcelLost(ParcelEvent):
    """It was lost or spoiled."""

    reason: Ref
