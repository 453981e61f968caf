"""Refusals of a parcel's commands."""

from __future__ import annotations

from .base import Impossible, Rejected


class UnknownParcel(Impossible):
    """No such parcel; register_parcel first, or correct its identifier."""


class DuplicateParcel(Impossible):
    """A parcel with this identifier exists; choose another."""


class AddresseeConsentMissing(Rejected):
    """Ask the addressee whether the centre shall hold it, and register it with their consent."""


class ParcelDone(Rejected):
    """It is in the letter box, handed out, returned or lost; nothing more is recorded of it."""


class ParcelNotOverdue(Rejected):
    """It is not overdue yet; wait until it is, or return it for another reason."""
