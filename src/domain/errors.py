"""Refusals: every reason for which a command is not carried out.

A refusal's ``code`` is its class name in snake case and never changes; its docstring is what the
person reads. Only identifiers go into the detail, never an input value that could be personal.
"""

from __future__ import annotations

import re
from typing import ClassVar


class Rejected(Exception):
    """The command was refused and nothing was recorded."""

    code: str = "rejected"
    keepable: ClassVar[bool] = True
    """Whether an import that keeps irregular history may record it all the same."""

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, detail: str = "") -> None:
        self.reason = " ".join((type(self).__doc__ or "").split())
        self.detail = detail
        super().__init__(f"{self.code}: {self.reason}" + (f" ({detail})" if detail else ""))


class Malformed(Rejected):
    """The command itself is not well formed; mend it as the detail says and send it again."""

    # Its ``code`` may name the fault of one field more closely.

    keepable = False

    def __init__(self, detail: str = "", code: str = "malformed") -> None:
        self.code = code
        super().__init__(detail)


class Impossible(Rejected):
    """The command speaks of something that cannot be."""

    keepable = False


class InFuture(Impossible):
    """The time lies in the future; record what has happened, when it has happened."""


class RecordedTooEarly(Impossible):
    """A recorded_at earlier than `at`, or than the record before it, cannot be; leave it out."""


class ImportOnly(Impossible):
    """Only the history import may give this field; leave it out."""


class UnknownStaff(Impossible):
    """No such account is on the roster; post_staff first, or correct the account."""


class UnknownCentre(Impossible):
    """No such centre; a centre exists once someone is posted to it."""


class UnknownComplaint(Impossible):
    """No such case; receive_complaint first, or correct its identifier."""


class DuplicateComplaint(Impossible):
    """A case with this identifier exists; choose another."""


class UnknownKey(Impossible):
    """No such key; receive_key first, or correct its identifier."""


class DuplicateKey(Impossible):
    """A key with this identifier exists; give every key and card one of its own."""


class UnknownParcel(Impossible):
    """No such parcel; register_parcel first, or correct its identifier."""


class DuplicateParcel(Impossible):
    """A parcel with this identifier exists; choose another."""


class ActorMissing(Impossible):
    """The command needs `by`, the account that acts."""


class StaffExists(Impossible):
    """The account is posted already; use transfer_staff, or staff_leaves first."""


class NotPosted(Impossible):
    """The account is not posted at that time; post_staff first."""


class PostWithoutCentre(Impossible):
    """A centre's post needs its centre; company posts carry neither centre nor department."""


class VersionExists(Impossible):
    """That version is adopted already; give the new one another name."""


class UnknownPolicyValue(Impossible):
    """No policy value of that name; `guanjia policy show` lists them."""


class CalendarInvalid(Impossible):
    """A calendar's dates must lie in its year, once each, as holiday or as working day."""


class KeyReused(Impossible):
    """This idempotency key stood for another command or actor; use a new key."""


class WrongPost(Rejected):
    """The account's post may not do this."""


class OtherCentre(Rejected):
    """Centre posts act in their own centre only."""


class StaffLeft(Rejected):
    """The account's holder had left by then."""


class NotHandler(Rejected):
    """Only a handler of the case may do this; dispatch it to the account first."""


class NotDispatched(Rejected):
    """The case was not dispatched to this account; dispatch_complaint first."""


class OutOfOrder(Rejected):
    """The time lies before the receipt, the current round or a step it presupposes."""


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


class SignatureMissing(Rejected):
    """The signature named is not by a head of the case's centre."""


class UrgencyUnchanged(Rejected):
    """The case has this urgency already."""


class EvidenceMissing(Rejected):
    """Satisfied on the spot needs its evidence: a signature or a recording."""


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


class HeadOnly(Rejected):
    """Only a head of the case's centre may do this."""


class MajorCase(Rejected):
    """A major case is force-closed by the complaint commissioner or the general manager only."""


class PostedAfterReceipt(Rejected):
    """A posting is made before it is forwarded, and forwarded before it is received."""


class PromiseInPast(Rejected):
    """A promised reply lies after the receipt."""


class UnknownPermit(Impossible):
    """No such renovation; apply_for_permit first, or correct its identifier."""


class DuplicatePermit(Impossible):
    """A renovation with this identifier exists; choose another."""


class CentreMissing(Impossible):
    """A company post belongs to no centre; name the `centre` of the home."""


class ConsentMissing(Rejected):
    """A tenant applies with the owner's written consent; name it as `owner_consent`."""


class ReasonMissing(Rejected):
    """A rejection, and a deposit withheld, need their reason; give it."""


class AlreadyReviewed(Rejected):
    """The application was reviewed already; apply anew for another plan."""


class PermitNotApproved(Rejected):
    """The application is not approved; review_permit first."""


class AlreadyIssued(Rejected):
    """The permit is issued already; extend_permit gives it a later end."""


class AgreementMissing(Rejected):
    """The three-party agreement is not signed; sign_agreement first."""


class FeesUnpaid(Rejected):
    """The fees are not paid; sign_agreement again once they are."""


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


class NotSignedByBoth(Rejected):
    """A key is taken over with both sides' signatures; let both sign the record first."""


class KeyNotInCabinet(Rejected):
    """The key is not in the cabinet, so it cannot leave it; return_key first."""


class KeyNotIssued(Rejected):
    """Only a key that a resident holds is entrusted back; issue_key first."""


class KeyNotOut(Rejected):
    """The key is neither lent, entrusted nor lost, so it cannot come back; lend_key first."""


class KeyGone(Rejected):
    """The key was destroyed or its lock changed; receive_key its successor by another name."""


class KeyLostAlready(Rejected):
    """The loss is recorded; report it once more only when the lock was changed."""


class DueBackPassed(Rejected):
    """A key is lent or entrusted until a later time; give one after `at`."""


class NoOccasion(Rejected):
    """A key is lent for a permit or for a case; name one of them."""


class AddresseeConsentMissing(Rejected):
    """Ask the addressee whether the centre shall hold it, and register it with their consent."""


class ParcelDone(Rejected):
    """It is in the letter box, handed out, returned or lost; nothing more is recorded of it."""


class ParcelNotOverdue(Rejected):
    """It is not overdue yet; wait until it is, or return it for another reason."""


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


class UnknownGlass(Impossible):
    """The glass was not broken under this identifier; break_glass first, or correct it."""


class DuplicateGlass(Impossible):
    """A breaking of the glass with this identifier exists; choose another."""


class GlassReviewed(Rejected):
    """This breaking of the glass was reviewed already."""


class OwnGlass(Rejected):
    """Nobody reviews their own breaking of the glass; another data custodian does."""
