"""Who acts, and the commands that concern the organisation rather than one case."""

from __future__ import annotations

from datetime import datetime

from . import duties, errors, posts, warranty_report
from .centre import (
    AreaAssigned,
    AssignArea,
    CorrectiveActionTaken,
    CountKeys,
    Delegate,
    Delegated,
    DutyHandedOver,
    HandOverDuty,
    KeysCounted,
    RecordDuty,
    TakeCorrectiveAction,
)
from .complaint.state import Case
from .context import Context
from .key.state import IN_CABINET
from .matrix import AdoptMatrix, ApproveMatrix
from .messages import Command, Event
from .policy import AdoptPolicy
from .roster import SYSTEM, Actor, PostStaff, Roster, StaffLeaves, TransferStaff
from .streams import COMPLAINT, KEY, UNIT, Find
from .workdays import LoadCalendar

ADMINISTRATIVE = (
    PostStaff,
    TransferStaff,
    StaffLeaves,
    AdoptPolicy,
    LoadCalendar,
    AdoptMatrix,
    ApproveMatrix,
)


def actor(known: Roster, command: Command, by: str | None, at: datetime) -> tuple[Actor, bool]:
    """Return who acts at ``at`` and whether that account's holder had left.

    Administration without ``by`` is the local operator's. Raises ``ActorMissing`` or
    ``UnknownStaff``.
    """
    if by == posts.SYSTEM or (by is None and isinstance(command, ADMINISTRATIVE)):
        return SYSTEM, False
    if by is None:
        raise errors.ActorMissing
    return known.last_known(by, at), known.has_left(by, at)


def require_administration(ctx: Context) -> None:
    """Require a post that may change the organisation's facts."""
    ctx.require(ctx.actor.post in posts.ADMINISTRATION, errors.WrongPost(ctx.actor.post))


def decide(  # noqa: PLR0911 - a case per command
    command: Command, ctx: Context, find: Find
) -> tuple[str, Event]:
    """Return the centre and the event of a command about a centre's register."""
    match command:
        case HandOverDuty():
            return command.centre, _hand_over(command, ctx, find)
        case TakeCorrectiveAction():
            return command.centre, _take_corrective_action(command, ctx, find)
        case Delegate():
            return _delegate(command, ctx)
        case CountKeys():
            return command.centre, _count_keys(command, ctx, find)
        case AssignArea():
            return command.centre, _assign_area(command, ctx, find)
        case RecordDuty():
            _require_centre(command.centre, ctx)
            return command.centre, duties.decide(command, ctx)
        case warranty_report.ExplainWarranty():
            _require_centre(command.centre, ctx)
            return command.centre, warranty_report.decide(command, ctx)
        case _:
            raise TypeError(command.do)


def _hand_over(command: HandOverDuty, ctx: Context, find: Find) -> DutyHandedOver:
    _require_centre(command.centre, ctx)
    ctx.require_post(posts.DESK, command.centre)
    receiver = ctx.named(command.to)
    ctx.require(receiver.post in posts.DESK, errors.WrongPost(receiver.post))
    ctx.require(receiver.acts_in(command.centre), errors.OtherCentre(command.centre))
    cases = [_case_of(command.centre, id, ctx, find) for id in command.complaints]
    important = (case for case in cases if case.major or case.urgency_now == "emergency")
    return DutyHandedOver(
        centre=command.centre,
        complaints=command.complaints,
        to=command.to,
        unalerted=tuple(case.id for case in important if not case.alerted),
        **ctx.facts,
    )


def _take_corrective_action(
    command: TakeCorrectiveAction, ctx: Context, find: Find
) -> CorrectiveActionTaken:
    _require_centre(command.centre, ctx)
    ctx.require_post(posts.HEAD, command.centre)
    for id in command.complaints:
        _case_of(command.centre, id, ctx, find)
    return CorrectiveActionTaken(
        centre=command.centre,
        topic_code=command.topic,
        complaints=command.complaints,
        cause=ctx.refs["cause"],
        correction=ctx.refs["correction"],
        prevention=ctx.refs["prevention"],
        **ctx.facts,
    )


def _delegate(command: Delegate, ctx: Context) -> tuple[str, Delegated]:
    ctx.require(ctx.actor.post == "department_head", errors.HeadOnly())
    centre = ctx.actor.centre
    if centre is None:
        raise errors.UnknownCentre
    ctx.require(command.from_ <= command.until, errors.WindowInvalid())
    receiver = ctx.named(command.to)
    ctx.require(receiver.post in posts.ANY, errors.WrongPost(receiver.post))
    ctx.require(receiver.acts_in(centre), errors.OtherCentre(centre))
    delegated = Delegated(
        to=command.to,
        to_person=str(receiver.person),
        rights=command.rights,
        starts=command.from_,
        until=command.until,
        **ctx.facts,
    )
    return centre, delegated


def _count_keys(command: CountKeys, ctx: Context, find: Find) -> KeysCounted:
    """Compare what hangs in the cabinet with where the register had each key at that time."""
    _require_centre(command.centre, ctx)
    ctx.require_post(posts.OFFICE, command.centre)
    ours = {id: find(KEY, id) for id in ctx.centre.keys}
    known = {id: key.on(ctx.at) for id, key in ours.items() if key}
    hanging = [id for id, custody in known.items() if custody and custody.place in IN_CABINET]
    found = tuple(dict.fromkeys(command.found))
    return KeysCounted(
        centre=command.centre,
        found=found,
        missing=tuple(id for id in hanging if id not in set(found)),
        unexpected=tuple(id for id in found if id in ours and id not in set(hanging)),
        unregistered=tuple(id for id in found if id not in ours),
        **ctx.facts,
    )


def _assign_area(command: AssignArea, ctx: Context, find: Find) -> AreaAssigned:
    """Give a steward an area; its homes leave the areas of others."""
    _require_centre(command.centre, ctx)
    ctx.require_post(posts.OFFICE, command.centre)
    steward = ctx.named(command.staff)
    ctx.require(steward.post == "steward", errors.WrongPost(steward.post))
    ctx.require(steward.acts_in(command.centre), errors.OtherCentre(command.centre))
    for id in command.units:
        unit = find(UNIT, id)
        if unit is None:
            raise errors.UnknownUnit(id)
        ctx.require(unit.centre == command.centre, errors.OtherCentre(command.centre))
    return AreaAssigned(
        centre=command.centre,
        staff=command.staff,
        holder=str(steward.person),
        units=tuple(dict.fromkeys(command.units)),
        **ctx.facts,
    )


def _require_centre(centre: str, ctx: Context) -> None:
    if centre not in ctx.organisation.roster.centres:
        raise errors.UnknownCentre(centre)


def _case_of(centre: str, id: str, ctx: Context, find: Find) -> Case:
    case = find(COMPLAINT, id)
    if case is None:
        raise errors.UnknownComplaint(id)
    ctx.require(case.centre == centre, errors.OtherCentre(centre))
    return case
