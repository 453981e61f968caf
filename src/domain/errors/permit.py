"""Refusals of a renovation's commands."""

from __future__ import annotations

from .base import Impossible, Rejected


class UnknownPermit(Impossible):
    """No such renovation; apply_for_permit first, or correct its identifier."""


class DuplicatePermit(Impossible):
    """A renovation with this identifier exists; choose another."""


class ConsentMissing(Rejected):
    """A tenant applies with the owner's written consent; name it as `owner_consent`."""


class AlreadyReviewed(Rejected):
    """The application was reviewed already; apply anew for another plan."""


class PermitNotApproved(Rejected):
    """The application is not approved; review_permit first."""


class AlreadyIssued(Rejected):
    """The permit is issued already; extend_permit gives it a later end."""


class AgreementMissing(Rejected):
    """The three-party agreement is not signed; sign_agreement first."""


class FeesUnpaid(Rejected):
    """The fees are not paid; record it once they are."""


class WaterTestFailed(Rejected):
    """The closed-water test before the work is not in order; sign_agreement again once it is."""


class PermitNotIssued(Rejected):
    """The permit is not issued; issue_permit first."""


class ValidityInvalid(Rejected):
    """A validity ends no earlier than it begins, and not before the day on which it is given."""


class ExtensionNotLater(Rejected):
    """An extension ends later than the validity it extends; give a later day."""


class PassOut(Rejected):
    """The pass is out; return_pass first, as lost if it is."""


class PassNotOut(Rejected):
    """No worker of this renovation has that pass; issue_pass first, or correct its number."""


class WorkDone(Rejected):
    """The work was completed by then; a failed acceptance sends it back."""


class WorkNotDone(Rejected):
    """The work is not completed; complete_renovation first."""


class WorkHalted(Rejected):
    """The work is stopped; resume_work first."""


class WorkNotHalted(Rejected):
    """The work is not stopped."""


class StepSkipped(Rejected):
    """Take the next step: found, dissuaded, notice, reported, legal; or record it as corrected."""


class ViolationCorrected(Rejected):
    """That violation is corrected; a new one has an identifier of its own."""


class ViolationOpen(Rejected):
    """A violation is open; record it as corrected before the renovation is accepted."""


class AlreadyAccepted(Rejected):
    """The renovation is accepted already."""


class NotAccepted(Rejected):
    """The renovation is not accepted; accept_renovation first."""


class DepositDiffers(Rejected):
    """What is refunded and what is withheld make up the deposit that was agreed."""


class AlreadySettled(Rejected):
    """The deposit is settled already."""


class DepositNotSettled(Rejected):
    """The deposit is not settled; settle_deposit first."""


class AlreadyArchived(Rejected):
    """The papers are archived; nothing more is recorded of this renovation."""
