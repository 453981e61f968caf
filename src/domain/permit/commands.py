"""What people do with a renovation; each class is one command (domain section 6)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, StringConstraints

from ..messages import Command, Flag, FreeText, Id, Message

Applicant = Literal["owner", "tenant"]
Review = Literal["approved", "rejected"]
Step = Literal["found", "dissuaded", "notice", "reported", "legal", "corrected"]

Money = Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d{0,11})(\.\d{1,2})?$")]
"""An amount as decimal text, such as ``2000`` or ``1999.50``; never a float."""

Reading = Annotated[str, StringConstraints(pattern=r"^\d{1,9}(\.\d{1,3})?$")]
"""What a meter shows, as decimal text."""

Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2999, 12, 31))]
"""A calendar day; one beyond these is a slip of the keyboard."""

Pass = Annotated[
    Id, Field(validation_alias=AliasChoices("pass", "pass_"), serialization_alias="pass")
]


class PermitCommand(Command):
    """A command about one renovation, named by ``permit``."""

    permit: Id


class Meters(Message):
    """What the three meters showed before the work began."""

    water: Reading
    electricity: Reading
    gas: Reading


class ApplyForPermit(PermitCommand):
    """装修申请: ask for a permit with the plan, the contractor and its licence.

    ``owner_consent`` is the document by which the owner of a let home agrees. ``centre`` is
    that of the home, or the actor's own where the home is not registered, unless it is named.
    """

    do: Literal["apply_for_permit"] = "apply_for_permit"
    unit: Id
    resident: Id
    centre: Id | None = None
    applicant: Applicant | None = None
    owner_consent: Id | None = None
    plan: FreeText
    contractor: FreeText
    licence: Id


class ReviewPermit(PermitCommand):
    """装修审批: approve the application, or reject it with a reason."""

    do: Literal["review_permit"] = "review_permit"
    outcome: Review
    reason: FreeText | None = None


class SignAgreement(PermitCommand):
    """签订三方协议: owner, contractor and centre sign; deposit, fees and the pre-check.

    Signed again before the issue it replaces what was signed before.
    """

    do: Literal["sign_agreement"] = "sign_agreement"
    agreement: Id
    deposit: Money
    fees_paid: Flag
    water_test_ok: Flag
    meters: Meters


class IssuePermit(PermitCommand):
    """发放装修许可证: work may begin, from the first to the last day of the validity."""

    do: Literal["issue_permit"] = "issue_permit"
    valid_from: Day
    valid_to: Day


class ExtendPermit(PermitCommand):
    """延期: a later last day, given before or after the old one."""

    do: Literal["extend_permit"] = "extend_permit"
    valid_to: Day


class IssuePass(PermitCommand):
    """发放出入证: give a worker a pass."""

    do: Literal["issue_pass"] = "issue_pass"
    pass_: Pass


class ReturnPass(PermitCommand):
    """收回出入证: a worker's pass is back, or reported lost."""

    do: Literal["return_pass"] = "return_pass"
    pass_: Pass
    lost: Flag = False


class PatrolRenovation(PermitCommand):
    """装修巡查: fire safety, passes, violations and the site are looked at; true means in order.

    A violation that nobody has recorded yet is found by the patrol that names it.
    """

    do: Literal["patrol_renovation"] = "patrol_renovation"
    fire_safety: Flag
    passes: Flag
    site: Flag
    violation: Id | None = None


class RecordViolation(PermitCommand):
    """违章处理: the next step against a violation, or its correction."""

    do: Literal["record_violation"] = "record_violation"
    violation: Id
    step: Step


class StopWork(PermitCommand):
    """停工: no work until it is resumed."""

    do: Literal["stop_work"] = "stop_work"
    reason: FreeText


class ResumeWork(PermitCommand):
    """复工: stopped work goes on."""

    do: Literal["resume_work"] = "resume_work"


class CompleteRenovation(PermitCommand):
    """竣工: the work is done and waits for its acceptance."""

    do: Literal["complete_renovation"] = "complete_renovation"


class AcceptRenovation(PermitCommand):
    """竣工验收: closed-water test and structure; if either fails the work goes back."""

    do: Literal["accept_renovation"] = "accept_renovation"
    water_test_ok: Flag
    structure_ok: Flag


class SettleDeposit(PermitCommand):
    """退还押金: refund the deposit, or withhold of it with a reason."""

    do: Literal["settle_deposit"] = "settle_deposit"
    refunded: Money
    withheld: Money
    reason: FreeText | None = None


class ArchivePermit(PermitCommand):
    """归档: the papers go to the household's file."""

    do: Literal["archive_permit"] = "archive_permit"
