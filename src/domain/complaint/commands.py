"""What people do with a complaint; each class is one command (domain section 3)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AliasChoices, Field, StrictStr

from ..messages import Command, Contact, Flag, FreeText, Id, Message, Sealed
from ..moments import Given, Moment

Channel = Literal["phone", "visit", "letter", "web", "forum", "authority", "patrol", "app"]
Category = Literal["inquiry", "suggestion", "complaint", "praise", "repair", "special_service"]
Urgency = Literal["normal", "emergency"]
Level = Literal["department", "company"]
Validity = Literal["valid", "invalid"]
Cause = Literal["self", "merchant", "third_party", "coordination"]
EscalationReason = Literal["missed", "unsatisfied", "beyond_authority", "repeated", "other"]
Outcome = Literal["satisfied", "unsatisfied", "unreachable"]
Fact = Literal[
    "at", "category", "level", "urgency", "topic", "contact", "posted_at", "forwarded_at"
]
From = Annotated[
    Given,
    Field(validation_alias=AliasChoices("from", "from_"), serialization_alias="from"),
]


class CaseCommand(Command):
    """A command about one case, named by ``complaint``."""

    complaint: Id


class ReceiveComplaint(CaseCommand):
    """受理: record what a customer brings, at any hour."""

    do: Literal["receive_complaint"] = "receive_complaint"
    centre: Id
    channel: Channel
    category: Category
    urgency: Urgency = "normal"
    level: Level = "department"
    topic: Id
    text: FreeText
    contact: Contact | None = None
    unit: Id | None = None
    posted_at: Moment | None = None
    forwarded_at: Moment | None = None
    preferred_channel: Channel | None = None
    promised_reply_at: Given | None = None
    read_back: Flag = False
    major: Flag = False


class TriageComplaint(CaseCommand):
    """Change the urgency."""

    do: Literal["triage_complaint"] = "triage_complaint"
    urgency: Urgency


class ClassifyComplaint(CaseCommand):
    """Say whether the company is responsible; invalid waits for the head's signature."""

    do: Literal["classify_complaint"] = "classify_complaint"
    validity: Validity
    cause: Cause | None = None
    topic: Id | None = None
    reason: FreeText | None = None
    signed_by: Id | None = None


class SignClassification(CaseCommand):
    """The head signs a classification; only then does invalid take effect."""

    do: Literal["sign_classification"] = "sign_classification"
    validity: Validity


class AnswerComplaint(CaseCommand):
    """Answer an inquiry at once: answered and closed."""

    do: Literal["answer_complaint"] = "answer_complaint"
    text: FreeText


class DispatchComplaint(CaseCommand):
    """派单: send the case to a handler."""

    do: Literal["dispatch_complaint"] = "dispatch_complaint"
    department: Id
    handler: Id


class TransferComplaint(CaseCommand):
    """Move the case to another department and handler."""

    do: Literal["transfer_complaint"] = "transfer_complaint"
    department: Id
    handler: Id


class AcceptComplaint(CaseCommand):
    """接单: the handler named takes the case."""

    do: Literal["accept_complaint"] = "accept_complaint"


class ConsultOnComplaint(CaseCommand):
    """The handler has talked with the people concerned: the 15-minute limit starts."""

    do: Literal["consult_on_complaint"] = "consult_on_complaint"


class ApproveReply(CaseCommand):
    """The head approves what will be replied on the web or a forum."""

    do: Literal["approve_reply"] = "approve_reply"
    text: FreeText | None = None


class ReplyToComplaint(CaseCommand):
    """回复: tell the customer what happens."""

    do: Literal["reply_to_complaint"] = "reply_to_complaint"
    channel: Channel
    text: FreeText
    approved_by: Id | None = None


class StartHandling(CaseCommand):
    """Work has begun on site."""

    do: Literal["start_handling"] = "start_handling"


class AgreeAppointment(CaseCommand):
    """Agree a window with the customer."""

    do: Literal["agree_appointment"] = "agree_appointment"
    from_: From
    to: Given


class MoveAppointment(CaseCommand):
    """Move the window; who asked for it decides whether the promise was broken."""

    do: Literal["move_appointment"] = "move_appointment"
    asked_by: Literal["customer", "company"]
    from_: From
    to: Given


class ReportProgress(CaseCommand):
    """Tell the customer how the work goes on."""

    do: Literal["report_progress"] = "report_progress"
    text: FreeText


class ApproveRemedy(CaseCommand):
    """The head approves how a valid complaint will be put right."""

    do: Literal["approve_remedy"] = "approve_remedy"


class FinishHandling(CaseCommand):
    """The work of this round is done."""

    do: Literal["finish_handling"] = "finish_handling"
    result: FreeText
    on_the_spot_satisfied: Flag = False
    evidence: Annotated[StrictStr, Field(min_length=1, max_length=2000), Sealed("text")] | None = (
        None
    )


class ConfirmResult(CaseCommand):
    """The head checks and signs the result."""

    do: Literal["confirm_result"] = "confirm_result"


class RevisitComplaint(CaseCommand):
    """回访: ask the customer afterwards, by someone who did not handle the case."""

    do: Literal["revisit_complaint"] = "revisit_complaint"
    outcome: Outcome
    channel: Channel
    timely: Flag | None = None
    result_ok: Flag | None = None
    attitude_ok: Flag | None = None


class EscalateComplaint(CaseCommand):
    """升级: one rung up."""

    do: Literal["escalate_complaint"] = "escalate_complaint"
    reason: EscalationReason


class AlertHead(CaseCommand):
    """The head was told at once of an important case."""

    do: Literal["alert_head"] = "alert_head"


class MarkSensitive(CaseCommand):
    """A revisit would do harm: exempt, if recorded before it is due."""

    do: Literal["mark_sensitive"] = "mark_sensitive"
    reason: FreeText


class MarkMajor(CaseCommand):
    """The case is major: only the company may force-close it."""

    do: Literal["mark_major"] = "mark_major"
    reason: FreeText | None = None


class VerifyClosure(CaseCommand):
    """The company's commissioner verifies that the case may close."""

    do: Literal["verify_closure"] = "verify_closure"


class CloseComplaint(CaseCommand):
    """闭合: end the case."""

    do: Literal["close_complaint"] = "close_complaint"


class ForceCloseComplaint(CaseCommand):
    """强行关闭: end the case without the customer's satisfaction, reported to the company."""

    do: Literal["force_close_complaint"] = "force_close_complaint"
    reason: FreeText


class ReopenComplaint(CaseCommand):
    """Open a closed case for a new round."""

    do: Literal["reopen_complaint"] = "reopen_complaint"
    reason: FreeText


class MergeComplaint(CaseCommand):
    """Several reporters of one matter: this case goes on in the case ``into``."""

    do: Literal["merge_complaint"] = "merge_complaint"
    into: Id


class CorrectComplaint(CaseCommand):
    """A fact was typed wrong: its old and new value."""

    do: Literal["correct_complaint"] = "correct_complaint"
    fact: Fact
    old: StrictStr | Contact | None = None
    new: StrictStr | Contact | None
    reason: FreeText


class VoidComplaint(CaseCommand):
    """Entered by mistake: the number stays with its reason."""

    do: Literal["void_complaint"] = "void_complaint"
    reason: FreeText


class ReceiptFacts(Message):
    """The facts of a receipt that a correction may change; used to check a correction's values."""

    at: Moment | None = None
    category: Category | None = None
    level: Level | None = None
    urgency: Urgency | None = None
    topic: Id | None = None
    contact: Contact | None = None
    posted_at: Moment | None = None
    forwarded_at: Moment | None = None
