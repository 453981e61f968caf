"""From the register to the keys: notice, joint inspection, handover, greeting, the file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from ...domain.key.commands import KeyKind, ReceiveKey
from ...domain.unit import commands as u
from ...domain.unit.commands import DefectKind
from ..people import Team
from . import words
from .home import Errand, Home, Steps

WARRANTY_YEARS: dict[DefectKind, int] = {
    "civil": 5,
    "plumbing": 2,
    "electrical": 2,
    "doors_windows": 2,
    "entrance_door": 2,
}
FILED: tuple[u.DocumentKind, ...] = (
    "purchase_contract",
    "handover_flow_sheet",
    "goods_receipt",
    "registration",
    "inspection",
    "id_copy",
)


def delivered(team: Team, homes: Iterable[Home], start: datetime, rng: Random) -> Steps:
    """Yield each home's way from the register to its owner, in time or not."""
    for home in homes:
        e = Errand(team, home, start + timedelta(days=1, hours=9), rng)
        yield from _registered(e)
        yield from _noticed(e)
        yield from _inspected(e)
        yield from _handed_over(e)
        yield from _filed(e)
        yield from greeted(e)


def _registered(e: Errand) -> Steps:
    """Enter the home and who bought it."""
    home, keeper = e.home, e.team.account("custodian")
    e.until_office()
    e.pass_minutes(1, 200)
    until: dict[DefectKind, date] = {
        kind: _years_on(home.moves_in, years) for kind, years in WARRANTY_YEARS.items()
    }
    yield e.does(
        keeper,
        u.RegisterUnit(
            unit=home.unit, centre=e.team.code, building=home.building, warranty_until=until
        ),
    )
    e.pass_minutes(2, 60)
    owner = u.RegisterResident(
        unit=home.unit, resident=home.owner, role="owner", contact=e.somebody()
    )
    yield e.does(keeper, owner)


def _years_on(moment: datetime, years: int) -> date:
    return date(moment.year + years, moment.month, min(moment.day, 28))


def _noticed(e: Errand) -> Steps:
    """Take the keys over from the builder and tell the owner the day, at times too late."""
    home = e.home
    on_time = e.chance(e.profile.prompt - 0.06)
    before = e.rng.randint(11, 18) if on_time else e.rng.randint(4, 8)
    e.until(home.moves_in - timedelta(days=before + e.rng.randint(1, 4)))
    yield from _keys_received(e)
    e.until(home.moves_in - timedelta(days=before))
    notice = u.GiveHandoverNotice(unit=home.unit, handover_on=home.moves_in.date())
    yield e.does(e.desk(), notice)


def _keys_received(e: Errand) -> Steps:
    home = e.home
    kinds: dict[str, KeyKind] = {home.door_key(n): "door" for n in (1, 2)}
    kinds |= {home.card(n): "card" for n in (1, 2)}
    for name, kind in kinds.items():
        yield e.does(
            e.desk(),
            ReceiveKey(
                key=name,
                centre=e.team.code,
                unit=home.unit,
                kind=kind,
                record=f"YJ-{home.unit}",
                signed_by_both=True,
            ),
        )


def _inspected(e: Errand) -> Steps:
    """Look at the home with its owner; most have something."""
    home = e.home
    e.until(home.moves_in - timedelta(days=e.rng.randint(2, 5)))
    kinds = e.rng.sample(list(words.DEFECTS), e.rng.choice((0, 1, 1, 2, 2, 3)))
    found = tuple(
        u.FoundDefect(
            defect=f"{home.unit}-D{number}", kind=kind, text=e.one_of(words.DEFECTS[kind])
        )
        for number, kind in enumerate(kinds, 1)
    )
    water, electricity = f"{e.rng.uniform(0, 4):.1f}", f"{e.rng.uniform(5, 40):.1f}"
    inspection = u.InspectUnit(unit=home.unit, water=water, electricity=electricity, defects=found)
    yield e.does(e.technician(), inspection)


def _handed_over(e: Errand) -> Steps:
    """Pass the home to its owner with its keys and cards."""
    home = e.home
    e.until(home.moves_in)
    e.pass_minutes(1, 40)
    yield e.does(
        e.desk(),
        u.HandOverUnit(
            unit=home.unit,
            documents=("id_copy", "purchase_contract"),
            fees_paid=True,
            confirmation=f"JF-{home.unit}",
            keys=(home.door_key(1), home.door_key(2)),
            cards=(home.card(1), home.card(2)),
        ),
    )


def _filed(e: Errand) -> Steps:
    """File the papers of the handover; the title comes later, if it comes."""
    home, keeper = e.home, e.team.account("custodian")
    e.pass_days(0, 3)
    for number, kind in enumerate(FILED, 1):
        e.pass_minutes(1, 5)
        paper = u.FileDocument(unit=home.unit, document=home.document(number), kind=kind)
        yield e.does(keeper, paper)


def greeted(e: Errand) -> Steps:
    """Greet who moved in: within the month, later or never."""
    care = e.rng.random()
    if care > e.profile.careful:
        return
    e.pass_days(2, 16) if care < e.profile.careful - 0.12 else e.pass_days(34, 48)
    e.pass_minutes(10, 300)
    text = e.one_of(words.GREETINGS)
    yield e.does(e.steward(), u.RecordVisit(unit=e.home.unit, kind="greeting", text=text))
