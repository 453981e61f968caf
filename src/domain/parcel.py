"""Parcel 代收邮件: told, held unopened, and handed to whom it is for (domain section 7).

Read top to bottom: what people do, what happened, the state and how events change it, the rules,
the promises, and the row that rides on each event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Literal, NamedTuple, TypeVar

from pydantic import Field

from . import errors, posts
from .context import Context
from .messages import (
    Command,
    Contact,
    ContactRefs,
    Event,
    Flag,
    FreeText,
    Id,
    Message,
    Ref,
    Sealed,
    stored_as,
)
from .moments import Moment
from .policy import Policies
from .promises import Clock, End, Key, Step, calendar_days, changed, keyed, merged, promise, steps
from .workdays import Counting

ParcelKind = Literal[
    "ems", "registered", "parcel", "money_order", "magazine", "ordinary", "press", "fax"
]
Condition = Literal["intact", "damaged"]
NoticeChannel = Literal["phone", "visit", "letter", "app", "message"]
Identity = Literal["id_card", "known", "code"]
ReturnReason = Literal["overdue", "refused", "moved"]
Keeping = Literal["held", "pending", "letter_box"]
"""How it is kept: held for its addressee, 待查 without one, or put in the letter box at once."""
Ending = Literal["handed_out", "returned", "lost"]

BOXED: frozenset[ParcelKind] = frozenset({"ordinary", "press"})
"""Goes to the letter box; every other kind is told of, and signed for."""

CollectorName = Annotated[str, Field(min_length=1, max_length=200), Sealed("name")]


# --- What people do -------------------------------------------------------------------------------


class ParcelCommand(Command):
    """A command about one parcel, letter or fax, named by ``parcel``."""

    parcel: Id


class RegisterParcel(ParcelCommand):
    """登记: take a parcel in; its condition was inspected, and the addressee wants it held.

    Ordinary mail and press go to the letter box and are done. Without addressee and unit, and a
    fax without addressee, it is 待查. ``consent`` is needed of who can be asked: not for these,
    nor for a fax.
    """

    do: Literal["register_parcel"] = "register_parcel"
    centre: Id
    unit: Id | None = None
    kind: ParcelKind
    consent: Flag = False
    condition: Condition
    addressee: Contact | None = None


class NotifyAddressee(ParcelCommand):
    """通知: tell the addressee, again once it is overdue; of a 待查 one: the addressee is found."""

    do: Literal["notify_addressee"] = "notify_addressee"
    channel: NoticeChannel


class HandOutParcel(ParcelCommand):
    """领取: hand it to the addressee, or to the ``collector`` they named, once identified."""

    do: Literal["hand_out_parcel"] = "hand_out_parcel"
    collector: CollectorName | None = None
    identity: Identity
    signature: FreeText


class ReturnParcel(ParcelCommand):
    """退回: give it back to the carrier."""

    do: Literal["return_parcel"] = "return_parcel"
    reason: ReturnReason


class ReportParcelLost(ParcelCommand):
    """报失: it is lost, or was damaged beyond handing out."""

    do: Literal["report_parcel_lost"] = "report_parcel_lost"
    reason: FreeText


# --- What happened --------------------------------------------------------------------------------


class ParcelRow(Message):
    """The parcel as the register has it; ``reminded_at`` is the first notice once overdue."""

    centre: str
    unit: str | None = None
    kind: ParcelKind
    condition: Condition
    status: Keeping | Ending
    registered_at: Moment
    notified_at: Moment | None = None
    notices: int = 0
    reminded_at: Moment | None = None
    due_at: Moment | None = None
    ended_at: Moment | None = None
    irregular: str | None = None


class ParcelEvent(Event):
    """A fact about one parcel, with its row and the clocks that it changed."""

    parcel: ParcelRow | None = None
    clocks: tuple[Clock, ...] = ()


@stored_as("parcel.registered.1")
class ParcelRegistered(ParcelEvent):
    """It was taken in and is bound by this policy version."""

    policy: str
    centre: str
    unit: str | None = None
    kind: ParcelKind
    keeping: Keeping
    consent: bool
    condition: Condition
    addressee: ContactRefs | None = None


@stored_as("parcel.addressee_notified.1")
class AddresseeNotified(ParcelEvent):
    """The addressee was told."""

    channel: NoticeChannel


@stored_as("parcel.handed_out.1")
class ParcelHandedOut(ParcelEvent):
    """It was signed for, by the addressee if ``collector`` is null."""

    collector: Ref | None = None
    identity: Identity
    signature: Ref


@stored_as("parcel.returned.1")
class ParcelReturned(ParcelEvent):
    """The carrier has it back."""

    reason: ReturnReason


@stored_as("parcel.lost.1")
class ParcelLost(ParcelEvent):
    """It was lost or spoiled."""

    reason: Ref


# --- The state, and how events change it ----------------------------------------------------------


class Ended(NamedTuple):
    """How and when it left the centre."""

    how: Ending
    at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as decisions see it; it ends once."""

    id: str
    centre: str
    unit: str | None
    kind: ParcelKind
    keeping: Keeping
    condition: Condition
    policy: str
    registered_at: datetime
    recorded_at: datetime
    notices: tuple[datetime, ...] = ()
    ended: Ended | None = None
    irregular: tuple[str, ...] = ()
    row: ParcelRow | None = None
    clocks: dict[Key, Clock] = field(default_factory=dict)

    @property
    def due_at(self) -> datetime | None:
        """By when it should be picked up, or while nobody knows for whom it is, archived."""
        awaited = (c for c in self.clocks.values() if c.commitment != "parcel_notice")
        return max((clock.due_at for clock in awaited), default=None)


def evolve(parcel: Parcel | None, event: Event, id: str) -> Parcel:
    """Return the parcel after one more event; refuses nothing."""
    if isinstance(event, ParcelRegistered):
        after = _registered(event, id)
    elif parcel is None:
        msg = f"{id}: the stream does not begin with a registration"
        raise ValueError(msg)
    else:
        after = _step(parcel, event)
    if not isinstance(event, ParcelEvent):
        return after
    irregular = tuple(dict.fromkeys((*after.irregular, *event.irregular)))
    return _carried(replace(after, recorded_at=event.recorded_at, irregular=irregular), event)


def _carried(parcel: Parcel, event: ParcelEvent) -> Parcel:
    return replace(
        parcel, row=event.parcel or parcel.row, clocks=merged(parcel.clocks, event.clocks)
    )


def _registered(event: ParcelRegistered, id: str) -> Parcel:
    return Parcel(
        id=id,
        centre=event.centre,
        unit=event.unit,
        kind=event.kind,
        keeping=event.keeping,
        condition=event.condition,
        policy=event.policy,
        registered_at=event.at,
        recorded_at=event.recorded_at,
    )


def _step(parcel: Parcel, event: Event) -> Parcel:
    match event:
        case AddresseeNotified():
            return replace(parcel, notices=tuple(sorted((*parcel.notices, event.at))))
        case ParcelHandedOut():
            return _ended(parcel, "handed_out", event.at)
        case ParcelReturned():
            return _ended(parcel, "returned", event.at)
        case ParcelLost():
            return _ended(parcel, "lost", event.at)
        case _:
            return parcel


def _ended(parcel: Parcel, how: Ending, at: datetime) -> Parcel:
    """Of two ends that an irregular history brings, the first stands."""
    done = parcel.ended or parcel.keeping == "letter_box"
    return parcel if done else replace(parcel, ended=Ended(how, at))


# --- The rules ------------------------------------------------------------------------------------


def decide(parcel: Parcel | None, command: ParcelCommand, ctx: Context) -> ParcelEvent:
    """Return the event of one command; raises ``Rejected`` and its children."""
    if isinstance(command, RegisterParcel):
        if parcel is not None:
            raise errors.DuplicateParcel(command.parcel)
        return _register(command, ctx)
    if parcel is None:
        raise errors.UnknownParcel(command.parcel)
    match command:
        case NotifyAddressee():
            return _notify(parcel, command, ctx)
        case HandOutParcel():
            return _hand_out(parcel, command, ctx)
        case ReturnParcel():
            return _return(parcel, command, ctx)
        case ReportParcelLost():
            return _lose(parcel, command, ctx)
        case _:
            raise TypeError(command.do)


def _register(command: RegisterParcel, ctx: Context) -> ParcelRegistered:
    """Take a parcel in; desk posts, who sit where mail comes in and sort it."""
    if command.centre not in ctx.organisation.roster.centres:
        raise errors.UnknownCentre(command.centre)
    ctx.require_post(posts.DESK, command.centre)
    keeping = _keeping(command)
    asked = keeping == "held" and command.kind != "fax"  # a fax is here before anybody can ask
    ctx.require(command.consent or not asked, errors.AddresseeConsentMissing())
    policy, _ = ctx.organisation.policies.binding(ctx.at, ctx.recorded_at)
    return ParcelRegistered(
        policy=policy,
        centre=command.centre,
        unit=command.unit,
        kind=command.kind,
        keeping=keeping,
        consent=command.consent,
        condition=command.condition,
        addressee=ctx.contact_refs("addressee") if command.addressee else None,
        **ctx.facts,
    )


def _keeping(command: RegisterParcel) -> Keeping:
    nobody = command.addressee is None and (command.unit is None or command.kind == "fax")
    if nobody and command.kind != "press":
        return "pending"
    return "letter_box" if command.kind in BOXED else "held"


def _notify(parcel: Parcel, command: NotifyAddressee, ctx: Context) -> AddresseeNotified:
    """Record that the addressee was told; typed in late it may follow the hand-out."""
    late = parcel.ended is not None and ctx.at < parcel.ended.at
    _require_kept(ctx, parcel, late=late)
    return AddresseeNotified(channel=command.channel, **ctx.facts)


def _hand_out(parcel: Parcel, command: HandOutParcel, ctx: Context) -> ParcelHandedOut:
    """Hand it over against a signature."""
    _require_kept(ctx, parcel)
    return ParcelHandedOut(
        collector=ctx.refs.get("collector"),
        identity=command.identity,
        signature=ctx.refs["signature"],
        **ctx.facts,
    )


def _return(parcel: Parcel, command: ReturnParcel, ctx: Context) -> ParcelReturned:
    """Give it back to the carrier; as overdue only once it is."""
    _require_kept(ctx, parcel)
    overdue = parcel.due_at is not None and ctx.at > parcel.due_at
    ctx.require(overdue or command.reason != "overdue", errors.ParcelNotOverdue(parcel.id))
    return ParcelReturned(reason=command.reason, **ctx.facts)


def _lose(parcel: Parcel, _: ReportParcelLost, ctx: Context) -> ParcelLost:
    """Report the loss; the desk itself, for it must not wait for anybody."""
    _require_kept(ctx, parcel)
    return ParcelLost(reason=ctx.refs["reason"], **ctx.facts)


def _require_kept(ctx: Context, parcel: Parcel, *, late: bool = False) -> None:
    """Require a desk post, and a parcel that the centre still keeps at that time."""
    ctx.require_post(posts.DESK, parcel.centre)
    done = parcel.keeping == "letter_box" or (parcel.ended is not None and not late)
    ctx.require(not done, errors.ParcelDone(parcel.id))
    ctx.require(ctx.at >= parcel.registered_at, errors.OutOfOrder(parcel.id))


# --- The promises, and the row --------------------------------------------------------------------

E = TypeVar("E", bound=ParcelEvent)


def complete(
    parcel: Parcel | None, event: E, id: str, policies: Policies, counting: Counting
) -> tuple[E, Parcel]:
    """Return ``event`` carrying the parcel's row and the clocks that differ after it, and the
    parcel after it.
    """
    after = evolve(parcel, event, id)
    clocks = keyed(_clocks(after, policies, counting))
    row = _row(replace(after, clocks=clocks))
    completed = event.model_copy(
        update={
            "parcel": None if row == after.row else row,
            "clocks": changed(after.clocks, clocks, event.at),
        }
    )
    return completed, _carried(after, completed)


def _clocks(parcel: Parcel, policies: Policies, counting: Counting) -> Iterator[Clock]:
    if parcel.keeping == "letter_box":
        return
    policy = policies.version(parcel.policy)
    zone = counting.zone
    taken, ends = _endings(parcel)
    told = [*steps("notice", parcel.notices), *taken]
    start = parcel.registered_at
    if parcel.keeping == "pending":
        search = calendar_days(start, policy.fax_days, zone)
        yield promise("parcel_search", 1, start, search, parcel.policy)(told, ends)
        if not parcel.notices:
            return
        start = parcel.notices[0]
    else:
        notice = calendar_days(start, 0, zone)
        yield promise("parcel_notice", 1, start, notice, parcel.policy)(told, ends)
    pickup = calendar_days(start, policy.parcel_days, zone)
    yield promise("parcel_pickup", 1, start, pickup, parcel.policy)(taken, ends)


def _endings(parcel: Parcel) -> tuple[list[Step], list[End]]:
    """Return what keeps the promises to the end, and what ends them otherwise."""
    ended = parcel.ended
    if ended is None:
        return [], []
    if ended.how == "handed_out":
        return [Step(ended.at, "hand-out")], []
    return [], [End(ended.at, "superseded", ended.how)]


def _row(parcel: Parcel) -> ParcelRow:
    due = parcel.due_at
    return ParcelRow(
        centre=parcel.centre,
        unit=parcel.unit,
        kind=parcel.kind,
        condition=parcel.condition,
        status=_status(parcel),
        registered_at=parcel.registered_at,
        notified_at=parcel.notices[0] if parcel.notices else None,
        notices=len(parcel.notices),
        reminded_at=next((at for at in parcel.notices if due and at > due), None),
        due_at=due,
        ended_at=parcel.ended.at if parcel.ended else None,
        irregular=",".join(parcel.irregular) or None,
    )


def _status(parcel: Parcel) -> Keeping | Ending:
    if parcel.ended:
        return parcel.ended.how
    found = parcel.keeping == "pending" and parcel.notices
    return "held" if found else parcel.keeping
