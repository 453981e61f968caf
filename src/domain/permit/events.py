"""What happened to a renovation: immutable facts, stored under stable topics."""

from __future__ import annotations

from datetime import date

from ..messages import Event, Message, Ref, stored_as
from ..promises import Clock
from .commands import Step
from .standing import PermitRow, ViolationRow, WorkRow


class PermitEvent(Event):
    """A fact about one renovation, with the rows of its standing that it changed."""

    permit: PermitRow | None = None
    works: tuple[WorkRow, ...] = ()
    violations: tuple[ViolationRow, ...] = ()
    clocks: tuple[Clock, ...] = ()


class MeterReadings(Message):
    """What the three meters showed, as decimal text."""

    water: str
    electricity: str
    gas: str


@stored_as("permit.applied.1")
class PermitApplied(PermitEvent):
    """装修申请: somebody asked for a permit and is bound by this policy version."""

    policy: str
    centre: str
    unit: str
    resident: str
    applicant: str | None = None
    owner_consent: str | None = None
    plan: Ref
    contractor: Ref
    licence: str


@stored_as("permit.reviewed.1")
class PermitReviewed(PermitEvent):
    """装修审批: the application was approved or rejected."""

    outcome: str
    reason: Ref | None = None


@stored_as("permit.agreement_signed.1")
class AgreementSigned(PermitEvent):
    """签订三方协议: the agreement with its deposit (decimal text), fees and pre-check."""

    agreement: str
    deposit: str
    fees_paid: bool
    water_test_ok: bool
    meters: MeterReadings


@stored_as("permit.issued.1")
class PermitIssued(PermitEvent):
    """发放装修许可证: work may begin; both days included."""

    valid_from: date
    valid_to: date


@stored_as("permit.extended.1")
class PermitExtended(PermitEvent):
    """延期: the permit is valid longer."""

    valid_to: date


@stored_as("permit.pass_issued.1")
class PassIssued(PermitEvent):
    """发放出入证: a worker has this pass."""

    number: str


@stored_as("permit.pass_returned.1")
class PassReturned(PermitEvent):
    """收回出入证: the pass is back, or known as lost."""

    number: str
    lost: bool = False


@stored_as("permit.patrolled.1")
class RenovationPatrolled(PermitEvent):
    """装修巡查: somebody was on the site; true means in order."""

    fire_safety: bool
    passes: bool
    site: bool
    violation: str | None = None


@stored_as("permit.violation_recorded.1")
class ViolationRecorded(PermitEvent):
    """违章处理: a step against a violation was taken, or it was corrected."""

    violation: str
    step: Step


@stored_as("permit.work_stopped.1")
class WorkStopped(PermitEvent):
    """停工: the work was stopped."""

    reason: Ref


@stored_as("permit.work_resumed.1")
class WorkResumed(PermitEvent):
    """复工: the work went on."""


@stored_as("permit.completed.1")
class RenovationCompleted(PermitEvent):
    """竣工: the work was done."""


@stored_as("permit.accepted.1")
class RenovationAccepted(PermitEvent):
    """竣工验收: closed-water test and structure were in order."""


@stored_as("permit.acceptance_failed.1")
class AcceptanceFailed(PermitEvent):
    """验收不合格: a test failed and the work went back."""

    water_test_ok: bool
    structure_ok: bool


@stored_as("permit.deposit_settled.1")
class DepositSettled(PermitEvent):
    """退还押金: what was refunded and what withheld, as decimal text."""

    refunded: str
    withheld: str
    reason: Ref | None = None


@stored_as("permit.archived.1")
class PermitArchived(PermitEvent):
    """归档: the papers are in the household's file."""
