"""Decisions on a home's entry in the register and on who lives in it (domain section 4)."""

from __future__ import annotations

from .. import errors, posts
from ..context import Context
from . import commands as c
from . import events as e
from .guards import Decided, require_after, require_keeper, require_resident
from .state import Unit


def register(command: c.RegisterUnit, ctx: Context) -> Decided:
    """Enter a home; the policy in force then binds its promises."""
    if command.centre not in ctx.organisation.roster.centres:
        raise errors.UnknownCentre(command.centre)
    ctx.require_post(posts.OFFICE, command.centre)
    policy, _ = ctx.organisation.policies.binding(ctx.at, ctx.recorded_at)
    registered = e.UnitRegistered(
        policy=policy,
        centre=command.centre,
        building=command.building,
        area=command.area,
        warranty_until=command.warranty_until,
        **ctx.facts,
    )
    return (registered,)


def register_resident(unit: Unit, command: c.RegisterResident, ctx: Context) -> Decided:
    """Enter a person; a home has one owner at a time, and each person is entered once."""
    require_keeper(ctx, unit)
    if unit.lives_here(command.resident):
        raise errors.DuplicateResident(command.resident)
    known = unit.residents.get(command.resident)
    require_after(ctx, unit, known.until if known else None)
    second = command.role == "owner" and unit.owner
    ctx.require(not second, errors.OwnerRegistered(unit.id))
    entered = e.ResidentRegistered(
        resident=command.resident,
        role=command.role,
        family_of=_family_of(unit, command, ctx),
        contact=ctx.contact_refs("contact") if command.contact else None,
        id_number=ctx.refs.get("id_number"),
        **ctx.facts,
    )
    return (entered,)


def _family_of(unit: Unit, command: c.RegisterResident, ctx: Context) -> str | None:
    """Return whose family the person is: as named, else the owner's."""
    if command.role != "family":
        ctx.require(command.family_of is None, errors.NotFamily(command.resident))
        return None
    if command.family_of is None:
        return unit.owner.resident if unit.owner else None
    require_resident(ctx, unit, command.family_of)
    head = unit.residents[command.family_of]
    ctx.require(head.role != "family", errors.NotFamily(command.family_of))
    return command.family_of


def change_owner(unit: Unit, command: c.ChangeOwner, ctx: Context) -> Decided:
    """Let the home pass to another owner, whether or not that person lives here already.

    Tenants stay: a sale does not end a tenancy. The former owner's family leave with them, unless
    the home passes to one of the family.
    """
    require_keeper(ctx, unit)
    former = unit.owner
    ctx.require(former, errors.OwnerMissing(unit.id))
    if former:
        ctx.require(former.resident != command.resident, errors.SameOwner(unit.id))
        known = unit.residents.get(command.resident)
        require_after(ctx, unit, former.since, *((known.until, known.since) if known else ()))
    changed = e.OwnerChanged(
        resident=command.resident,
        former=former.resident if former else None,
        contact=ctx.contact_refs("contact") if command.contact else None,
        id_number=ctx.refs.get("id_number"),
        **ctx.facts,
    )
    return (changed,)


def end_residence(unit: Unit, command: c.EndResidence, ctx: Context) -> Decided:
    """Let a tenant or a member of the family move out; an owner goes by ``change_owner``."""
    require_keeper(ctx, unit)
    require_resident(ctx, unit, command.resident)
    owns = unit.residents[command.resident].role == "owner"
    ctx.require(not owns, errors.OwnerStays(command.resident))
    return (e.ResidenceEnded(resident=command.resident, **ctx.facts),)


def update_contact(unit: Unit, command: c.UpdateContact, ctx: Context) -> Decided:
    """Replace what is known of how to reach a resident."""
    require_keeper(ctx, unit)
    require_resident(ctx, unit, command.resident)
    updated = e.ContactUpdated(
        resident=command.resident, contact=ctx.contact_refs("contact"), **ctx.facts
    )
    return (updated,)


def assign_parking(unit: Unit, command: c.AssignParking, ctx: Context) -> Decided:
    """Enter a parking space with the resident who has it."""
    require_keeper(ctx, unit)
    require_resident(ctx, unit, command.resident)
    space = unit.parking.get(command.space)
    ctx.require(space is None or space.until, errors.SpaceTaken(command.space))
    require_after(ctx, unit, space.until if space else None)
    assigned = e.ParkingAssigned(
        space=command.space,
        resident=command.resident,
        vehicle=ctx.refs.get("vehicle"),
        **ctx.facts,
    )
    return (assigned,)


def end_parking(unit: Unit, command: c.EndParking, ctx: Context) -> Decided:
    """End the home's use of a parking space."""
    require_keeper(ctx, unit)
    space = unit.parking.get(command.space)
    if space is None:
        raise errors.UnknownSpace(command.space)
    ctx.require(space.until is None, errors.SpaceGivenUp(command.space))
    require_after(ctx, unit, space.since)
    return (e.ParkingEnded(space=command.space, **ctx.facts),)
