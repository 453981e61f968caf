"""What people ask about one resident's data as a whole (domain section 8)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..messages import Command, FreeText, Id
from .state import subject_of_resident


class PrivacyCommand(Command):
    """A command about the data of ``resident`` of the home ``unit``."""

    unit: Id
    resident: Id

    @property
    def holder(self) -> str:
        """Whose data: the name of the person's key."""
        return subject_of_resident(self.unit, self.resident)


class RequestErasure(PrivacyCommand):
    """申请删除: ask, for the resident, that their data be erased, and the words of these cases.

    Cases of the home whose contact is theirs are found without being named.
    """

    do: Literal["request_erasure"] = "request_erasure"
    complaints: tuple[Id, ...] = Field(default=(), max_length=1000)


class EraseResident(PrivacyCommand):
    """批准删除: a second person approves; the data is destroyed, or restricted under a hold."""

    do: Literal["erase_resident"] = "erase_resident"


class PlaceLegalHold(PrivacyCommand):
    """法律保全: keep the data as long as the law needs it."""

    do: Literal["place_legal_hold"] = "place_legal_hold"
    reason: FreeText


class LiftLegalHold(PrivacyCommand):
    """解除保全: the law needs the data no longer."""

    do: Literal["lift_legal_hold"] = "lift_legal_hold"
