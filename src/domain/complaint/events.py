"""What happened to a complaint: immutable facts, stored under stable topics."""

from __future__ import annotations

from ..messages import ContactRefs, Event, Ref, stored_as
from ..moments import Moment
from ..promises import Clock
from .standing import CaseRow, RoundRow, WorkOrderRow


class ComplaintEvent(Event):
    """A fact about one case, with the rows of its standing that it changed."""

    case: CaseRow | None = None
    rounds: tuple[RoundRow, ...] = ()
    clocks: tuple[Clock, ...] = ()
    work_orders: tuple[WorkOrderRow, ...] = ()


@stored_as("complaint.received.1")
class ComplaintReceived(ComplaintEvent):
    """受理: the case was recorded and is bound by this policy version."""

    number: int
    policy: str
    centre: str
    channel: str
    category: str
    urgency: str
    level: str
    topic_code: str
    reach: str
    text: Ref
    contact: ContactRefs | None = None
    unit: str | None = None
    posted_at: Moment | None = None
    forwarded_at: Moment | None = None
    preferred_channel: str | None = None
    promised_reply_at: Moment | None = None
    read_back: bool = False
    major: bool = False


@stored_as("complaint.triaged.1")
class ComplaintTriaged(ComplaintEvent):
    """The urgency changed."""

    urgency: str


@stored_as("complaint.classified.1")
class ComplaintClassified(ComplaintEvent):
    """Validity was judged; ``in_force`` says whether it took effect at once."""

    validity: str
    in_force: bool
    cause: str | None = None
    topic_code: str | None = None
    reason: Ref | None = None
    signed_by: str | None = None


@stored_as("complaint.classification_signed.1")
class ClassificationSigned(ComplaintEvent):
    """The head signed; the validity took effect."""

    validity: str


@stored_as("complaint.answered.1")
class ComplaintAnswered(ComplaintEvent):
    """An inquiry was answered and closed."""

    text: Ref


@stored_as("complaint.dispatched.1")
class ComplaintDispatched(ComplaintEvent):
    """派单: sent to a handler."""

    department: str
    handler: str
    handler_person: str


@stored_as("complaint.transferred.1")
class ComplaintTransferred(ComplaintEvent):
    """Moved to another department and handler."""

    department: str
    handler: str
    handler_person: str


@stored_as("complaint.accepted.1")
class ComplaintAccepted(ComplaintEvent):
    """接单: the handler took it."""


@stored_as("complaint.consulted.1")
class ComplaintConsulted(ComplaintEvent):
    """The handler talked with the people concerned."""


@stored_as("complaint.reply_approved.1")
class ReplyApproved(ComplaintEvent):
    """The head approved a web or forum reply."""

    text: Ref | None = None


@stored_as("complaint.replied.1")
class ComplaintReplied(ComplaintEvent):
    """回复: the customer was told."""

    channel: str
    text: Ref
    approved: bool = False
    approved_by: str | None = None


@stored_as("complaint.handling_started.1")
class HandlingStarted(ComplaintEvent):
    """Work began on site."""


@stored_as("complaint.appointment_agreed.1")
class AppointmentAgreed(ComplaintEvent):
    """A window was agreed."""

    starts: Moment
    ends: Moment


@stored_as("complaint.appointment_moved.1")
class AppointmentMoved(ComplaintEvent):
    """The window moved; ``days`` between the old and the new end when the customer asked."""

    asked_by: str
    starts: Moment
    ends: Moment
    days: int = 0


@stored_as("complaint.progress_reported.1")
class ProgressReported(ComplaintEvent):
    """The customer was told how the work goes on."""

    text: Ref


@stored_as("complaint.remedy_approved.1")
class RemedyApproved(ComplaintEvent):
    """The head approved the remedy."""


@stored_as("complaint.finished.1")
class HandlingFinished(ComplaintEvent):
    """The round's work was done; ``through`` names the surviving case that finished it.

    ``handler_person`` did the work, where another person recorded it.
    """

    round: int
    handler_person: str | None = None
    on_the_spot_satisfied: bool = False
    result: Ref | None = None
    evidence: Ref | None = None
    through: str | None = None


@stored_as("complaint.result_confirmed.1")
class ResultConfirmed(ComplaintEvent):
    """The head checked and signed the result."""

    round: int


@stored_as("complaint.revisited.1")
class ComplaintRevisited(ComplaintEvent):
    """回访: the customer was asked; ``void`` when a handler of the case asked."""

    round: int
    outcome: str
    channel: str
    void: bool = False
    timely: bool | None = None
    result_ok: bool | None = None
    attitude_ok: bool | None = None


@stored_as("complaint.round_opened.1")
class RoundOpened(ComplaintEvent):
    """A merged reporter was unsatisfied: the matter goes to the next round."""

    because_of: str


@stored_as("complaint.escalated.1")
class ComplaintEscalated(ComplaintEvent):
    """升级: one rung up."""

    rung: str
    reason: str


@stored_as("complaint.head_alerted.1")
class HeadAlerted(ComplaintEvent):
    """The head was told at once."""


@stored_as("complaint.marked_sensitive.1")
class MarkedSensitive(ComplaintEvent):
    """A revisit would do harm; exempt from ``from_round`` on."""

    from_round: int
    reason: Ref


@stored_as("complaint.marked_major.1")
class MarkedMajor(ComplaintEvent):
    """The case is major."""

    reason: Ref | None = None


@stored_as("complaint.closure_verified.1")
class ClosureVerified(ComplaintEvent):
    """The commissioner verified the round."""

    round: int


@stored_as("complaint.closed.1")
class ComplaintClosed(ComplaintEvent):
    """闭合: ended; ``through`` names the surviving case that closed it."""

    through: str | None = None


@stored_as("complaint.force_closed.1")
class ComplaintForceClosed(ComplaintEvent):
    """强行关闭: ended by right of post and reported to the company."""

    reason: Ref | None = None
    through: str | None = None


@stored_as("complaint.reopened.1")
class ComplaintReopened(ComplaintEvent):
    """A new round began."""

    reason: Ref


@stored_as("complaint.merged.1")
class ComplaintMerged(ComplaintEvent):
    """The case goes on in ``into``."""

    into: str


@stored_as("complaint.absorbed.1")
class ComplaintAbsorbed(ComplaintEvent):
    """Another reporter's case was merged into this one, or its receipt corrected since."""

    member: str
    received_at: Moment
    policy: str
    handlers: tuple[str, ...] = ()


@stored_as("complaint.corrected.1")
class ComplaintCorrected(ComplaintEvent):
    """A fact was typed wrong; a contact's values stay in the vault."""

    fact: str
    old: str | None = None
    new: str | None = None
    reach: str | None = None
    contact: ContactRefs | None = None
    reason: Ref


@stored_as("complaint.voided.1")
class ComplaintVoided(ComplaintEvent):
    """Entered by mistake."""

    reason: Ref


@stored_as("complaint.deadlines_settled.1")
class DeadlinesSettled(ComplaintEvent):
    """Provisional deadlines became firm by this calendar version."""

    calendar: str
