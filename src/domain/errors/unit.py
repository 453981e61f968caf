"""Refusals of a home's commands."""

from __future__ import annotations

from .base import Impossible, Rejected


class UnknownUnit(Impossible):
    """No such home; register_unit first, or correct its identifier."""


class DuplicateUnit(Impossible):
    """A home with this identifier exists; choose another."""


class UnknownResident(Impossible):
    """Nobody of this name is registered in the home; register_resident first."""


class DuplicateResident(Impossible):
    """Somebody of this name lives in the home already; choose another name."""


class UnknownSpace(Impossible):
    """The home has no such parking space; assign_parking first, or correct it."""


class UnknownDocument(Impossible):
    """The household's file has no such document; file_document first, or correct it."""


class UnknownCopy(Impossible):
    """No such paper copy was issued for this home; correct its number."""


class DuplicateCopy(Impossible):
    """This number was used for another paper copy of the centre; number each anew."""


class UnknownDefect(Impossible):
    """No such defect of this home; report_defect first, or correct its identifier."""


class DuplicateDefect(Impossible):
    """A defect with this identifier exists in the home; choose another."""


class UnitOfOtherCentre(Rejected):
    """The home is in the register of another service centre; name that one, or correct the home."""


class NotOwnerOrTenant(Rejected):
    """Owner and tenants apply for a renovation; this person was neither of the home at the time."""


class NobodyToHandOver(Impossible):
    """The home has no owner to sign for its keys; register_resident with the role owner first."""


class NotFamily(Rejected):
    """``family_of`` is for members of the family, and names an owner or a tenant."""


class ResidentGone(Rejected):
    """The person does not live here any more."""


class OwnerRegistered(Rejected):
    """The home has an owner; change_owner when it passes to another."""


class OwnerMissing(Rejected):
    """The home has no owner in the register; register_resident with the role owner first."""


class SameOwner(Rejected):
    """This person owns the home already; update_contact if only their data changed."""


class OwnerStays(Rejected):
    """An owner's residence ends when another takes the home over; change_owner."""


class SpaceTaken(Rejected):
    """The home has this parking space already; end_parking first."""


class SpaceGivenUp(Rejected):
    """The home does not have this parking space any more."""


class AlreadyHandedOver(Rejected):
    """The home was handed over to its owner; this belongs before it."""


class HandoverDayPassed(Rejected):
    """The day told to the owner lies before the notice; give a day to come."""


class NoticeMissing(Rejected):
    """The owner was not told of the handover; give_handover_notice first."""


class NotInspected(Rejected):
    """The home was not inspected with its owner; inspect_unit first."""


class CardsMissing(Rejected):
    """Fewer cards than an owner receives; name those that are issued with the keys."""


class KeyOfOtherUnit(Rejected):
    """The key or card belongs to another home."""


class KeyKindDiffers(Rejected):
    """A card was named as a key, or a key as a card."""


class DocumentKindDiffers(Rejected):
    """The document was filed as another kind; file this one under a name of its own."""


class DocumentOut(Rejected):
    """The document is lent or missing; return_document first."""


class DocumentNotOut(Rejected):
    """The document is in the file."""


class DocumentMissingAlready(Rejected):
    """The document is recorded as missing already."""


class CopyRecalledAlready(Rejected):
    """The paper copy came back already."""


class BuilderNotNotified(Rejected):
    """Inside the warranty the builder is told in writing first; notify_builder."""


class DefectFinishedAlready(Rejected):
    """The defect was put right; verify_defect says whether that is accepted."""


class DefectNotFinished(Rejected):
    """The repair is not finished; finish_defect first."""


class PeriodInvalid(Impossible):
    """A week begins on its Monday and a month on its first day; correct ``period_from``."""


class PeriodNotBegun(Rejected):
    """The period has not begun; its figures are explained when they are known."""
