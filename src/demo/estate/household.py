"""Who lives in the homes: family, tenants, parking, new owners, new telephone numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from ...domain.messages import Contact
from ...domain.unit import commands as u
from ..people import Team
from ..tale import Step
from . import words
from .handover import greeted
from .home import Errand, Home, Steps

SOLD = 3
"""So many homes pass to another owner."""


def households(team: Team, quiet: Sequence[Home], others: Sequence[Home], rng: Random) -> Steps:
    """Yield how the households change; the ``quiet`` homes neither let nor sell."""
    for home in (*quiet, *others):
        e = Errand(team, home, home.moves_in + timedelta(hours=2), rng)
        yield from _settled(e)
        if home in others[:SOLD]:
            yield from _sold(e)
        elif home not in quiet and e.chance(0.45):
            yield from _let(e)
        elif e.chance(0.5):
            e.pass_days(30, 200)
            yield _new_number(e, home.owner)


def _settled(e: Errand) -> Steps:
    """Enter the family and the parking space."""
    home, keeper = e.home, e.team.account("custodian")
    if e.chance(0.6):
        e.pass_days(1, 12)
        family = u.RegisterResident(
            unit=home.unit, resident=f"{home.unit}-F1", role="family", contact=e.somebody()
        )
        yield e.does(keeper, family)
    if e.chance(0.5):
        e.pass_days(1, 20)
        space = f"{e.profile.prefix}-B{home.unit.partition('-')[2]}"
        vehicle = e.one_of(words.VEHICLES)
        parking = u.AssignParking(unit=home.unit, space=space, resident=home.owner, vehicle=vehicle)
        yield e.does(e.desk(), parking)
        if e.chance(0.15):
            e.pass_days(60, 150)
            yield e.does(e.desk(), u.EndParking(unit=home.unit, space=space))


def _let(e: Errand) -> Steps:
    """Let the home to a tenant, who is owed a greeting and may move out again."""
    home, tenant = e.home, f"{e.home.unit}-T1"
    e.pass_days(15, 90)
    entry = u.RegisterResident(unit=home.unit, resident=tenant, role="tenant", contact=e.somebody())
    yield e.does(e.desk(), entry)
    yield from greeted(e)
    e.pass_days(20, 90)
    yield _new_number(e, tenant)
    if e.chance(0.4):
        e.pass_days(60, 120)
        yield e.does(e.desk(), u.EndResidence(unit=home.unit, resident=tenant))


def _sold(e: Errand) -> Steps:
    """Let the home pass to another owner."""
    home = e.home
    e.pass_days(60, 140)
    buyer = u.ChangeOwner(unit=home.unit, resident=f"{home.unit}-R2", contact=e.somebody())
    yield e.does(e.team.account("custodian"), buyer)
    yield from greeted(e)


def _new_number(e: Errand, resident: str) -> Step:
    known = e.somebody()
    contact = Contact(phone=known.phone if known else None)
    return e.does(e.desk(), u.UpdateContact(unit=e.home.unit, resident=resident, contact=contact))
