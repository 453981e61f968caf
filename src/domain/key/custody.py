"""The rules of custody: who may move a key, from where, and what is asked first."""

from __future__ import annotations

from collections.abc import Iterable

from .. import errors, posts
from ..context import Context
from ..roster import Actor
from . import commands as c
from . import events as e
from .standing import Place
from .state import FROM, GONE, Custody, Key, Move, Occasion


def receive(command: c.ReceiveKey, ctx: Context) -> e.KeyReceived:
    """Take a key into the cabinet, for which the office answers on every shift."""
    if command.centre not in ctx.organisation.roster.centres:
        raise errors.UnknownCentre(command.centre)
    ctx.require_post(posts.OFFICE, command.centre)
    ctx.require(command.signed_by_both, errors.NotSignedByBoth())
    return e.KeyReceived(
        centre=command.centre,
        unit=command.unit,
        kind=command.kind,
        record=command.record,
        **ctx.facts,
    )


def issue(key: Key, command: c.IssueKey, ctx: Context) -> e.KeyIssued:
    """Give a key of the cabinet to its resident."""
    ctx.require_post(posts.OFFICE, key.centre)
    _require_place(ctx, key, "issue", errors.KeyNotInCabinet(key.id))
    return e.KeyIssued(resident=command.resident, signature=command.signature, **ctx.facts)


def entrust(
    key: Key, command: c.EntrustKey, ctx: Context, occasions: Iterable[str]
) -> e.KeyEntrusted:
    """Take a resident's key back for a purpose."""
    ctx.require_post(posts.OFFICE, key.centre)
    _require_place(ctx, key, "entrust", errors.KeyNotIssued(key.id))
    _require_own(ctx, key, occasions)
    ctx.require(command.until > ctx.at, errors.DueBackPassed(key.id))
    return e.KeyEntrusted(
        resident=command.resident,
        purpose=command.purpose,
        permit=command.permit,
        complaint=command.complaint,
        until=command.until,
        **ctx.facts,
    )


def lend(key: Key, command: c.LendKey, ctx: Context, occasions: Iterable[str]) -> e.KeyLent:
    """Lend a key of the cabinet; whoever borrows it, the office lends it."""
    ctx.require_post(posts.OFFICE, key.centre)
    _require_place(ctx, key, "lend", errors.KeyNotInCabinet(key.id))
    ctx.require(command.permit or command.complaint, errors.NoOccasion(key.id))
    _require_own(ctx, key, occasions)
    wanted = Occasion(command.permit, command.complaint)
    ctx.require(key.now.occasion.covers(wanted), errors.OtherOccasion(key.id))
    ctx.require(command.due_back > ctx.at, errors.DueBackPassed(key.id))
    borrower = _borrower(key, command.to, ctx)
    policy, _ = ctx.organisation.policies.binding(ctx.at, ctx.recorded_at)
    return e.KeyLent(
        to=command.to,
        to_person=str(borrower.person),
        permit=command.permit,
        complaint=command.complaint,
        due_back=command.due_back,
        policy=policy,
        **ctx.facts,
    )


def _require_own(ctx: Context, key: Key, occasions: Iterable[str]) -> None:
    """Require that what a key is moved for belongs to the key's own centre."""
    for centre in occasions:
        ctx.require(centre == key.centre, errors.OtherCentre(key.centre))


def _borrower(key: Key, account: str, ctx: Context) -> Actor:
    borrower = ctx.named(account)
    ctx.require(borrower.post in posts.ANY, errors.WrongPost(borrower.post))
    ctx.require(borrower.acts_in(key.centre), errors.OtherCentre(key.centre))
    return borrower


def take_back(key: Key, _: c.ReturnKey, ctx: Context) -> e.KeyReturned:
    """Take a lent or found key in, or give an entrusted one back to its resident."""
    ctx.require_post(posts.OFFICE, key.centre)
    _require_place(ctx, key, "return", errors.KeyNotOut(key.id))
    return e.KeyReturned(place=_back(key.now), **ctx.facts)


def _back(custody: Custody) -> Place:
    """Return where a key goes back to; in one who entrusted it, the purpose lasts."""
    if custody.place == "lent" and custody.purpose:
        return "entrusted"
    return "owner" if custody.place == "entrusted" else "cabinet"


def surrender(key: Key, command: c.SurrenderKey, ctx: Context) -> e.KeySurrendered:
    """Take a resident's key back for good; both sign, as when it came from the builder."""
    ctx.require_post(posts.OFFICE, key.centre)
    _require_place(ctx, key, "surrender", errors.KeyNotIssued(key.id))
    ctx.require(command.signed_by_both, errors.NotSignedByBoth(key.id))
    return e.KeySurrendered(record=command.record, **ctx.facts)


def lose(key: Key, command: c.ReportKeyLost, ctx: Context) -> e.KeyLost:
    """Record a loss; the office itself, for whoever hears of it first must not wait."""
    ctx.require_post(posts.OFFICE, key.centre)
    _require_place(ctx, key, "lose", errors.KeyGone(key.id))
    news = key.now.place != "lost" or command.lock_changed
    ctx.require(news, errors.KeyLostAlready(key.id))
    return e.KeyLost(lock_changed=command.lock_changed, **ctx.facts)


def destroy(key: Key, _: c.DestroyKey, ctx: Context) -> e.KeyDestroyed:
    """Destroy a key the centre has, or write a lost one off; the head, who answers for it."""
    ctx.require_post(posts.HEAD, key.centre)
    _require_place(ctx, key, "destroy", errors.KeyNotInCabinet(key.id))
    return e.KeyDestroyed(reason=ctx.refs["reason"], **ctx.facts)


def _require_place(ctx: Context, key: Key, move: Move, refusal: errors.Rejected) -> None:
    """Require that the key is where the move begins, and came there before."""
    place = key.now.place
    ctx.require(ctx.at >= key.now.at, errors.OutOfOrder(key.id))
    ctx.require(place in FROM[move], errors.KeyGone(key.id) if place in GONE else refusal)
