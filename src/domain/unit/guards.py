"""Guards the home's decisions share: which posts, in what order of time.

The office enters people and papers. *Custodians* hand out and recall what shows owners' data: the
data custodian, who is the head of customer service or above, and those above [000].
"""

from __future__ import annotations

from datetime import datetime

from .. import errors, posts
from ..context import Context
from ..roster import Actor
from .events import UnitEvent
from .state import Unit

Decided = tuple[UnitEvent, ...]
"""Events of one home, in order."""

CUSTODIANS = posts.SENIOR | {"data_custodian"}


def require_keeper(ctx: Context, unit: Unit) -> None:
    """Require a post that enters people and papers, after the home was registered."""
    ctx.require_post(posts.OFFICE, unit.centre)
    require_after(ctx, unit, unit.registered_at)


def require_resident(ctx: Context, unit: Unit, resident: str) -> None:
    """Require a resident of the home who has not moved out, registered by then."""
    if resident not in unit.residents:
        raise errors.UnknownResident(resident)
    ctx.require(unit.lives_here(resident), errors.ResidentGone(resident))
    require_after(ctx, unit, unit.residents[resident].since)


def require_reader(ctx: Context, unit: Unit, account: str) -> Actor:
    """Return who gets a paper of the household: somebody of its centre who may see owners' data.

    An auditor sees trails and identifiers only (domain section 8).
    """
    reader = ctx.named(account)
    ctx.require(reader.post in posts.ANY, errors.WrongPost(reader.post))
    ctx.require(reader.acts_in(unit.centre), errors.OtherCentre(unit.centre))
    return reader


def require_after(ctx: Context, unit: Unit, *steps: datetime | None) -> None:
    """Require that the command happened no earlier than the steps it presupposes."""
    for step in steps:
        ctx.require(step is None or ctx.at >= step, errors.OutOfOrder(unit.id))
