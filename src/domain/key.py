"""Key 钥匙: in one place at a time, from the builder's hand to its end (domain section 5).

Read top to bottom: what people do, what happened, the state and how events change it, the rules,
the promise to bring a lent key back, and the row that rides on each event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, NamedTuple, TypeVar

from . import errors, posts
from .context import Context
from .messages import Command, Event, Flag, FreeText, Id, Message, Ref, stored_as
from .moments import Moment
from .policy import Policies
from .promises import Clock, End, Step, changed, fixed, keyed, merged, promise
from .promises import Key as ClockKey
from .roster import Actor
from .workdays import Counting

KeyKind = Literal["door", "card"]
Purpose = Literal["renovation", "repair", "other"]
Place = Literal["cabinet", "owner", "entrusted", "lent", "lost", "replaced", "destroyed"]
"""Where a key is: ``entrusted`` ones hang in the cabinet for a resident; ``replaced`` is a lost one
whose lock was changed.
"""
Move = Literal["issue", "entrust", "lend", "return", "lose", "destroy"]

FROM: dict[Move, frozenset[Place]] = {
    "issue": frozenset({"cabinet"}),
    "entrust": frozenset({"owner"}),
    "lend": frozenset({"cabinet", "entrusted"}),
    "return": frozenset({"lent", "entrusted", "lost"}),
    "lose": frozenset({"cabinet", "owner", "entrusted", "lent", "lost"}),
    "destroy": frozenset({"cabinet", "lost", "replaced"}),
}
"""From which places a move begins."""

IN_CABINET: frozenset[Place] = frozenset({"cabinet", "entrusted"})
GONE: frozenset[Place] = frozenset({"replaced", "destroyed"})


# --- What people do -------------------------------------------------------------------------------


class KeyCommand(Command):
    """A command about one key or card, named by ``key``."""

    key: Id


class ReceiveKey(KeyCommand):
    """接收: take a key over from the builder; who records it is the receiver named in the record.

    ``record`` is the number of the 钥匙移交记录表 that both sides sign.
    """

    do: Literal["receive_key"] = "receive_key"
    centre: Id
    unit: Id
    kind: KeyKind
    record: Id
    signed_by_both: Flag


class IssueKey(KeyCommand):
    """发放: give the key to the resident; ``signature`` is the number of the signed receipt."""

    do: Literal["issue_key"] = "issue_key"
    resident: Id
    signature: Id


class EntrustKey(KeyCommand):
    """委托: take the key back from a resident for a purpose, until a time."""

    do: Literal["entrust_key"] = "entrust_key"
    resident: Id
    purpose: Purpose
    until: Moment


class LendKey(KeyCommand):
    """借出: lend the key to a member of staff for a permit or a case, due back at a time."""

    do: Literal["lend_key"] = "lend_key"
    to: Id
    permit: Id | None = None
    complaint: Id | None = None
    due_back: Moment


class ReturnKey(KeyCommand):
    """归还: a lent key goes back where it was, an entrusted one to its resident, a found one in."""

    do: Literal["return_key"] = "return_key"


class ReportKeyLost(KeyCommand):
    """挂失: the key is lost; once more, with ``lock_changed``, when the lock was changed later."""

    do: Literal["report_key_lost"] = "report_key_lost"
    lock_changed: Flag = False


class DestroyKey(KeyCommand):
    """销毁: destroy a key that opens nothing any more."""

    do: Literal["destroy_key"] = "destroy_key"
    reason: FreeText


# --- What happened --------------------------------------------------------------------------------


class KeyRow(Message):
    """The key as the register has it; ``since`` is when it came to its place."""

    centre: str
    unit: str
    kind: KeyKind
    place: Place
    since: Moment
    resident: str | None = None
    purpose: Purpose | None = None
    until: Moment | None = None
    holder: str | None = None
    person: str | None = None
    permit: str | None = None
    complaint: str | None = None
    due_back: Moment | None = None
    irregular: str | None = None


class KeyEvent(Event):
    """A fact about one key, with its row and the clocks that it changed."""

    key: KeyRow | None = None
    clocks: tuple[Clock, ...] = ()


@stored_as("key.received.1")
class KeyReceived(KeyEvent):
    """The builder handed the key over; both sides signed ``record``."""

    centre: str
    unit: str
    kind: KeyKind
    record: str


@stored_as("key.issued.1")
class KeyIssued(KeyEvent):
    """A resident signed for the key and has it."""

    resident: str
    signature: str


@stored_as("key.entrusted.1")
class KeyEntrusted(KeyEvent):
    """A resident left the key with the centre."""

    resident: str
    purpose: Purpose
    until: Moment


@stored_as("key.lent.1")
class KeyLent(KeyEvent):
    """The key was lent; the policy version in force then is that of its promise."""

    to: str
    to_person: str
    permit: str | None = None
    complaint: str | None = None
    due_back: Moment
    policy: str


@stored_as("key.returned.1")
class KeyReturned(KeyEvent):
    """The key came back to ``place``."""

    place: Place


@stored_as("key.lost.1")
class KeyLost(KeyEvent):
    """The key is lost; with ``lock_changed`` it opens nothing any more."""

    lock_changed: bool


@stored_as("key.destroyed.1")
class KeyDestroyed(KeyEvent):
    """The key is no more."""

    reason: Ref


# --- The state, and how events change it ----------------------------------------------------------


class Loan(NamedTuple):
    """To whom a key is lent, for what, and until when."""

    to: str
    person: str
    permit: str | None
    complaint: str | None
    due_back: datetime
    policy: str


@dataclass(frozen=True, slots=True)
class Custody:
    """Where the key was from ``at`` on, by which step it came there, and on whose behalf."""

    at: datetime
    step: str
    place: Place
    resident: str | None = None
    purpose: Purpose | None = None
    until: datetime | None = None
    loan: Loan | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A key as decisions see it; ``custodies`` in order of time, never two at once."""

    id: str
    centre: str
    unit: str
    kind: KeyKind
    recorded_at: datetime
    custodies: tuple[Custody, ...]
    irregular: tuple[str, ...] = ()
    row: KeyRow | None = None
    clocks: dict[ClockKey, Clock] = field(default_factory=dict)

    @property
    def now(self) -> Custody:
        """Where it is."""
        return self.custodies[-1]

    def on(self, moment: datetime) -> Custody | None:
        """Return where it was at ``moment``, None before its receipt."""
        return next((one for one in reversed(self.custodies) if one.at <= moment), None)


def evolve(key: Key | None, event: Event, id: str) -> Key:
    """Return the key after one more event; refuses nothing."""
    if isinstance(event, KeyReceived):
        received = (Custody(event.at, "receive", "cabinet"),)
        after = Key(id, event.centre, event.unit, event.kind, event.recorded_at, received)
    elif key is None:
        msg = f"{id}: the stream does not begin with a receipt"
        raise ValueError(msg)
    else:
        before = key.on(event.at) or key.custodies[0]
        moves = sorted((*key.custodies, _moved(before, event)), key=lambda move: move.at)
        after = replace(key, custodies=tuple(moves))
    if not isinstance(event, KeyEvent):
        return after
    irregular = tuple(dict.fromkeys((*after.irregular, *event.irregular)))
    return _carried(replace(after, recorded_at=event.recorded_at, irregular=irregular), event)


def _carried(key: Key, event: KeyEvent) -> Key:
    return replace(key, row=event.key or key.row, clocks=merged(key.clocks, event.clocks))


def _moved(before: Custody, event: Event) -> Custody:  # noqa: PLR0911 - a case per event
    at = event.at
    match event:
        case KeyIssued():
            return Custody(at, "issue", "owner", event.resident)
        case KeyEntrusted():
            return Custody(at, "entrust", "entrusted", event.resident, event.purpose, event.until)
        case KeyLent():
            loan = Loan(
                event.to,
                event.to_person,
                event.permit,
                event.complaint,
                event.due_back,
                event.policy,
            )
            return replace(before, at=at, step="lend", place="lent", loan=loan)
        case KeyReturned(place="entrusted"):
            return replace(before, at=at, step="return", place="entrusted", loan=None)
        case KeyReturned():
            resident = before.resident if event.place == "owner" else None
            return Custody(at, "return", event.place, resident)
        case KeyLost():
            return Custody(at, "lose", "replaced" if event.lock_changed else "lost")
        case _:
            return Custody(at, "destroy", "destroyed")


# --- The rules ------------------------------------------------------------------------------------


def decide(  # noqa: PLR0911 - a case per command
    key: Key | None, command: KeyCommand, ctx: Context, occasions: Iterable[str]
) -> KeyEvent:
    """Return the event of one command; ``occasions`` are the centres of what a loan is for.

    Raises ``Rejected`` and its children.
    """
    if isinstance(command, ReceiveKey):
        if key is not None:
            raise errors.DuplicateKey(command.key)
        return _receive(command, ctx)
    if key is None:
        raise errors.UnknownKey(command.key)
    match command:
        case IssueKey():
            return _issue(key, command, ctx)
        case EntrustKey():
            return _entrust(key, command, ctx)
        case LendKey():
            return _lend(key, command, ctx, occasions)
        case ReturnKey():
            return _return(key, command, ctx)
        case ReportKeyLost():
            return _lose(key, command, ctx)
        case DestroyKey():
            return _destroy(key, command, ctx)
        case _:
            raise TypeError(command.do)


def _receive(command: ReceiveKey, ctx: Context) -> KeyReceived:
    """Take a key into the cabinet; desk posts, as they answer for the cabinet on every shift."""
    if command.centre not in ctx.organisation.roster.centres:
        raise errors.UnknownCentre(command.centre)
    ctx.require_post(posts.DESK, command.centre)
    ctx.require(command.signed_by_both, errors.NotSignedByBoth())
    return KeyReceived(
        centre=command.centre,
        unit=command.unit,
        kind=command.kind,
        record=command.record,
        **ctx.facts,
    )


def _issue(key: Key, command: IssueKey, ctx: Context) -> KeyIssued:
    """Give a key of the cabinet to its resident."""
    ctx.require_post(posts.DESK, key.centre)
    _require_place(ctx, key, "issue", errors.KeyNotInCabinet(key.id))
    return KeyIssued(resident=command.resident, signature=command.signature, **ctx.facts)


def _entrust(key: Key, command: EntrustKey, ctx: Context) -> KeyEntrusted:
    """Take a resident's key back for a purpose."""
    ctx.require_post(posts.DESK, key.centre)
    _require_place(ctx, key, "entrust", errors.KeyNotIssued(key.id))
    ctx.require(command.until > ctx.at, errors.DueBackPassed(key.id))
    return KeyEntrusted(
        resident=command.resident, purpose=command.purpose, until=command.until, **ctx.facts
    )


def _lend(key: Key, command: LendKey, ctx: Context, occasions: Iterable[str]) -> KeyLent:
    """Lend a key of the cabinet; whoever borrows it, the desk lends it."""
    ctx.require_post(posts.DESK, key.centre)
    _require_place(ctx, key, "lend", errors.KeyNotInCabinet(key.id))
    ctx.require(command.permit or command.complaint, errors.NoOccasion(key.id))
    for centre in occasions:
        ctx.require(centre == key.centre, errors.OtherCentre(key.centre))
    ctx.require(command.due_back > ctx.at, errors.DueBackPassed(key.id))
    borrower = _borrower(key, command.to, ctx)
    policy, _ = ctx.organisation.policies.binding(ctx.at, ctx.recorded_at)
    return KeyLent(
        to=command.to,
        to_person=str(borrower.person),
        permit=command.permit,
        complaint=command.complaint,
        due_back=command.due_back,
        policy=policy,
        **ctx.facts,
    )


def _borrower(key: Key, account: str, ctx: Context) -> Actor:
    borrower = ctx.named(account)
    ctx.require(borrower.post in posts.ANY, errors.WrongPost(borrower.post))
    ctx.require(borrower.acts_in(key.centre), errors.OtherCentre(key.centre))
    return borrower


def _return(key: Key, _: ReturnKey, ctx: Context) -> KeyReturned:
    """Take a lent or found key in, or give an entrusted one back to its resident."""
    ctx.require_post(posts.DESK, key.centre)
    _require_place(ctx, key, "return", errors.KeyNotOut(key.id))
    return KeyReturned(place=_back(key.now), **ctx.facts)


def _back(custody: Custody) -> Place:
    """Return where a key goes back to; in one who entrusted it, the purpose lasts."""
    if custody.place == "lent" and custody.purpose:
        return "entrusted"
    return "owner" if custody.place == "entrusted" else "cabinet"


def _lose(key: Key, command: ReportKeyLost, ctx: Context) -> KeyLost:
    """Record a loss; the head of the department, who decides about the lock and answers for it."""
    ctx.require_post(posts.HEAD, key.centre)
    _require_place(ctx, key, "lose", errors.KeyGone(key.id))
    news = key.now.place != "lost" or command.lock_changed
    ctx.require(news, errors.KeyLostAlready(key.id))
    return KeyLost(lock_changed=command.lock_changed, **ctx.facts)


def _destroy(key: Key, _: DestroyKey, ctx: Context) -> KeyDestroyed:
    """Destroy a key the centre has, or write a lost one off; the head, as for a loss."""
    ctx.require_post(posts.HEAD, key.centre)
    _require_place(ctx, key, "destroy", errors.KeyNotInCabinet(key.id))
    return KeyDestroyed(reason=ctx.refs["reason"], **ctx.facts)


def _require_place(ctx: Context, key: Key, move: Move, refusal: errors.Rejected) -> None:
    """Require that the key is where the move begins, and came there before."""
    place = key.now.place
    ctx.require(ctx.at >= key.now.at, errors.OutOfOrder(key.id))
    ctx.require(place in FROM[move], errors.KeyGone(key.id) if place in GONE else refusal)


# --- The promise to bring it back, and the row ----------------------------------------------------

E = TypeVar("E", bound=KeyEvent)


def complete(key: Key | None, event: E, id: str, _: Policies, __: Counting) -> tuple[E, Key]:
    """Return ``event`` carrying the key's row and the clocks that differ after it, and the key
    after it.
    """
    after = evolve(key, event, id)
    row = _row(after)
    clocks = changed(after.clocks, keyed(_due_back(after)), event.at)
    rows = {"key": None if row == after.row else row, "clocks": clocks}
    completed = event.model_copy(update=rows)
    return completed, _carried(after, completed)


def _due_back(key: Key) -> Iterator[Clock]:
    """Yield a clock for each loan: the return stops it, and any other move ends it."""
    loans = 0
    for place, custody in enumerate(key.custodies):
        if custody.step != "lend" or custody.loan is None:
            continue
        loans += 1
        limit = fixed("as agreed", custody.loan.due_back)
        clock = promise("key_due_back", loans, custody.at, limit, custody.loan.policy)
        following = key.custodies[place + 1 : place + 2]
        stops = [Step(one.at, "return") for one in following if one.step == "return"]
        ends = [End(one.at, "superseded", one.step) for one in following]
        yield clock(stops, () if stops else ends)


def _row(key: Key) -> KeyRow:
    now = key.now
    loan = now.loan
    return KeyRow(
        centre=key.centre,
        unit=key.unit,
        kind=key.kind,
        place=now.place,
        since=now.at,
        resident=now.resident,
        purpose=now.purpose,
        until=now.until,
        holder=loan.to if loan else None,
        person=loan.person if loan else None,
        permit=loan.permit if loan else None,
        complaint=loan.complaint if loan else None,
        due_back=loan.due_back if loan else None,
        irregular=",".join(key.irregular) or None,
    )
