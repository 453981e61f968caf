"""Parcels, letters and faxes: told of and fetched, forgotten, sent back, one lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from ...domain.messages import Contact
from ...domain.parcel import commands as p
from ..people import Team
from . import words
from .home import Errand, Home, Steps

PARCELS = 48
"""So many come in the year that somebody signs for or asks about."""

KINDS: dict[p.ParcelKind, float] = {
    "parcel": 40,
    "ems": 20,
    "registered": 14,
    "money_order": 3,
    "magazine": 8,
    "ordinary": 6,
    "press": 4,
    "fax": 5,
}

BOXED = ("ordinary", "press")
RECENT_HOURS = (150, 125, 60, 30, 6)
"""How long before the end the newest come in; they wait still."""


def mail(team: Team, homes: Sequence[Home], start: datetime, end: datetime, rng: Random) -> Steps:
    """Yield the centre's mail of the year, and what waits at its end."""
    moments = sorted(rng.randint(60 * 1440, 350 * 1440) for _ in range(PARCELS))
    kinds: list[p.ParcelKind] = [*KINDS]
    kinds += rng.choices(list(KINDS), list(KINDS.values()), k=PARCELS - len(KINDS))
    for number, (minutes, kind) in enumerate(zip(moments, kinds, strict=True), 1):
        e = Errand(team, rng.choice(homes[:20]), start + timedelta(minutes=minutes), rng)
        yield from _kept(e, _name(team, number), kind, lost=number == PARCELS // 2)
    for number, hours in enumerate(RECENT_HOURS, PARCELS + 1):
        e = Errand(team, rng.choice(homes[:20]), end - timedelta(hours=hours), rng)
        yield from _waiting(e, _name(team, number))
    yield from _unclaimed(Errand(team, homes[0], end - timedelta(days=2), rng))


def _name(team: Team, number: int) -> str:
    return f"{team.profile.prefix}-E{number:03}"


def _kept(e: Errand, name: str, kind: p.ParcelKind, *, lost: bool) -> Steps:
    """Keep one until it is fetched, sent back or, once a year, lost."""
    yield from _registered(e, name, kind)
    if kind in BOXED:
        return
    yield from _told(e, name)
    if lost:
        e.pass_days(1, 2)
        yield e.does(e.desk(), p.ReportParcelLost(parcel=name, reason=words.LOST))
    elif e.chance(0.93):
        yield from _fetched(e, name)
    else:
        e.pass_days(5, 9)
        yield from _told(e, name)
        e.pass_days(1, 6)
        reason = "overdue" if e.chance(0.6) else "moved"
        yield e.does(e.desk(), p.ReturnParcel(parcel=name, reason=reason))


def _registered(e: Errand, name: str, kind: p.ParcelKind) -> Steps:
    e.until_daytime()
    condition: p.Condition = "damaged" if e.chance(0.06) else "intact"
    yield e.does(
        e.desk(),
        p.RegisterParcel(
            parcel=name,
            centre=e.team.code,
            unit=e.home.unit,
            kind=kind,
            consent=kind not in BOXED,
            condition=condition,
            addressee=_addressee(e, kind),
        ),
    )


def _addressee(e: Errand, kind: p.ParcelKind) -> Contact | None:
    return None if kind == "press" else e.somebody()


def _told(e: Errand, name: str) -> Steps:
    e.pass_minutes(10, 300)
    e.until_daytime()
    channel: p.NoticeChannel = "phone" if e.chance(0.6) else "message"
    yield e.does(e.desk(), p.NotifyAddressee(parcel=name, channel=channel))


def _fetched(e: Errand, name: str) -> Steps:
    """Hand it out, mostly within the days allowed; some send somebody else."""
    e.pass_minutes(60, 3000) if e.chance(e.profile.prompt - 0.06) else e.pass_days(4, 8)
    e.until_daytime()
    identity: p.Identity = "known" if e.chance(0.5) else "code"
    collector = e.one_of(words.COLLECTORS) if e.chance(0.2) else None
    signature = e.one_of(words.SIGNATURES)
    yield e.does(
        e.desk(),
        p.HandOutParcel(parcel=name, collector=collector, identity=identity, signature=signature),
    )


def _waiting(e: Errand, name: str) -> Steps:
    """Let one wait, overdue by now or not."""
    yield from _registered(e, name, "parcel" if e.chance(0.7) else "ems")
    yield from _told(e, name)


def _unclaimed(e: Errand) -> Steps:
    """Keep a fax that says to nobody whom it is for."""
    e.until_daytime()
    fax = p.RegisterParcel(
        parcel=f"{e.profile.prefix}-F001", centre=e.team.code, kind="fax", condition="intact"
    )
    yield e.does(e.desk(), fax)
