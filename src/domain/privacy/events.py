"""What binds a person's data: holds, restrictions, erasure."""

from __future__ import annotations

from ..messages import Event, Ref, stored_as


class PrivacyEvent(Event):
    """A fact about the data of one resident, or of one case of theirs."""

    unit: str
    resident: str
    centre: str


@stored_as("privacy.erasure_requested.1")
class ErasureRequested(PrivacyEvent):
    """申请删除: another person has to approve it."""

    complaints: tuple[str, ...] = ()


@stored_as("privacy.erased.1")
class DataErased(PrivacyEvent):
    """删除: the key and the sealed values of ``subject`` were destroyed."""

    subject: str


@stored_as("privacy.restricted.1")
class DataRestricted(PrivacyEvent):
    """限制处理: a hold forbids the erasure; it is shown for legal purposes alone."""

    subject: str


@stored_as("privacy.hold_placed.1")
class HoldPlaced(PrivacyEvent):
    """法律保全: the data may not be erased."""

    reason: Ref


@stored_as("privacy.hold_lifted.1")
class HoldLifted(PrivacyEvent):
    """解除保全: the data may be erased again."""
