"""Refusals of a complaint's commands."""

from __future__ import annotations

from .base import Impossible, Rejected


class UnknownComplaint(Impossible):
    """No such case; receive_complaint first, or correct its identifier."""


class DuplicateComplaint(Impossible):
    """A case with this identifier exists; choose another."""


class NotHandler(Rejected):
    """Only a handler of the case may do this; dispatch it to the account first."""


class NotDispatched(Rejected):
    """The case was not dispatched to this account; dispatch_complaint first."""


class CaseClosed(Rejected):
    """The case is closed; reopen_complaint first."""


class CaseVoided(Rejected):
    """The case was voided as entered by mistake; its number stays, nothing more is recorded."""


class CaseMerged(Rejected):
    """The case was merged into another; do this on the surviving case."""


class CaseOpen(Rejected):
    """The case is still open; only a closed one can be reopened."""


class AlreadyFinished(Rejected):
    """This round's work is finished; a new round follows a revisit or a reopening."""


class NotFinished(Rejected):
    """The work is not finished; finish_handling first."""


class AlreadyRevisited(Rejected):
    """This round was revisited already; one settled revisit a round."""


class NotRevisited(Rejected):
    """A satisfied revisit is owed before closing, or three vain attempts and the head."""


class NotReplied(Rejected):
    """The customer was not replied to yet; reply_to_complaint first."""


class NotApproved(Rejected):
    """The head has not approved this yet: approve_remedy, or approve_reply for web and forum."""


class NotConfirmed(Rejected):
    """The head has not checked the result; confirm_result first."""


class NotVerified(Rejected):
    """The company's commissioner has not verified this round; verify_closure first."""


class VerificationNotNeeded(Rejected):
    """Only company-level, web and forum cases are verified by the commissioner."""


class NotAnInquiry(Rejected):
    """Only an inquiry is answered and closed at once; reply to the others."""


class NotClassified(Rejected):
    """No classification waits for this signature; classify_complaint first, with that validity."""


class UrgencyUnchanged(Rejected):
    """The case has this urgency already."""


class EvidenceMissing(Rejected):
    """Satisfied on the spot, or a defect of the design, needs its evidence; say what it is."""


class AnswersWithoutContact(Rejected):
    """An unreachable customer gave no answers; leave them out."""


class AppointmentOpen(Rejected):
    """An appointment is open; move it instead."""


class NoAppointment(Rejected):
    """No appointment of this round is left to move; agree one first."""


class WindowInvalid(Rejected):
    """An appointment's window must end after it begins and after it is agreed."""


class TopRung(Rejected):
    """The case stands on the company's rung; there is none above."""


class AlreadyMarked(Rejected):
    """The case carries this mark already."""


class MergedIntoItself(Impossible):
    """A case cannot be merged into itself; name the case in which it goes on."""


class OtherCentreMerge(Rejected):
    """Only cases of one centre are merged."""


class MergeChain(Rejected):
    """A case that others were merged into is not merged itself; merge them the other way round."""


class HasMembers(Rejected):
    """Other cases were merged into this one; it cannot be voided."""


class OldValueDiffers(Rejected):
    """The old value is not what the record says; look again before correcting."""


class MajorCase(Rejected):
    """A major case is force-closed by the complaint commissioner or the general manager only."""


class PostedAfterReceipt(Rejected):
    """A posting is made before it is forwarded, and forwarded before it is received."""


class PromiseInPast(Rejected):
    """A promised reply lies after the receipt."""
