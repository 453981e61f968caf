"""Whose data was looked at, exported and erased during the year, and what was denied.

The record alone is made: nobody sees a value, for what a demonstration records has happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ..domain import matrix
from ..domain.complaint.commands import CaseCommand, ReceiveComplaint, RevisitComplaint
from ..domain.complaint.commands import StartHandling as Start
from ..domain.disclosure import commands as d
from ..domain.disclosure.events import Concerned, DataDenied
from ..domain.export import commands as x
from ..domain.matrix import PersonalField, Purpose
from ..domain.messages import Command
from ..domain.privacy import commands as p
from ..domain.privacy.state import subject_of_case
from ..domain.unit.commands import ChangeOwner
from . import phrases
from .estate.home import Errand, Home
from .people import Staff, Team
from .tale import Step

CURIOUS = "river.desk2"
LOOKED_AT = 60
"""So often somebody looks at names without a case, in one month."""

EXPORTED = 5
REPEATED = 3
"""So often a guard asks again for what was denied."""

Asked = tuple[tuple[PersonalField, ...], Purpose]


def matrix_versions(staff: Staff) -> Iterator[Step]:
    """Yield a second permission matrix: stewards may call for a handover, too."""
    quality, manager = staff.at_company("quality"), staff.at_company("general_manager")
    at = staff.hours.office(staff.start + timedelta(days=200))
    more = matrix.Grant(
        posts=("steward",), fields=("phone",), purposes=("handover",), condition="own_area"
    )
    adopted = matrix.AdoptMatrix(
        version="2", effective_from=at + timedelta(days=14), grants=(*matrix.built_in(), more)
    )
    yield Step(at, quality.account, adopted)
    approved = staff.hours.office(at + timedelta(days=1))
    yield Step(approved, manager.account, matrix.ApproveMatrix(version="2"))


def asked(team: Team, cases: Iterable[Step], rng: Random) -> Iterator[Step]:
    """Yield what is asked for before a call or a repair, and who called."""
    technicians = {one.account for one in team.people if one.post == "technician"}
    for step in cases:
        if rng.random() > 0.4:
            continue
        match step.command:
            case RevisitComplaint():
                yield _about_case(step, ("name", "phone"), "callback")
            case Start() if step.by in technicians:
                yield _about_case(step, ("surname", "phone", "text"), "repair")
            case ReceiveComplaint(channel="phone") if rng.random() < 0.1 and not step.recorded_at:
                subjects = (subject_of_case(step.command.complaint),)
                at, by = step.at + timedelta(seconds=90), step.by or ""
                look_up = d.LookUp(
                    trail=_trail(by, at), subjects=subjects, origin="page", request=_request(by, at)
                )
                yield Step(at, by, look_up)
            case _:
                pass


def _about_case(step: Step, fields: tuple[PersonalField, ...], purpose: Purpose) -> Step:
    if not isinstance(step.command, CaseCommand):
        raise TypeError(step.command.do)
    about = d.About(kind="complaint", id=step.command.complaint)
    at = step.at - timedelta(seconds=50)
    return _disclosure(at, step.by or "", about, (fields, purpose), complaint=about.id)


def _disclosure(at: datetime, by: str, about: d.About, asked: Asked, **more: Any) -> Step:  # noqa: ANN401
    fields, purpose = asked
    ask = d.Ask(
        about=(about,), asked=fields, purpose=purpose, origin="page", request=_request(by, at),
        **more,
    )  # fmt: skip
    return Step(at, by, d.Disclose(trail=_trail(by, at), ask=ask))


def _trail(by: str, at: datetime) -> str:
    return f"{by}/{at.date()}"


def _request(by: str, at: datetime) -> str:
    return f"{by}-{at:%Y%m%d%H%M%S}"


def strange(team: Team, homes: Sequence[Home], end: datetime, rng: Random) -> Iterator[Step]:
    """Yield what auditors look for: a guard who asks for numbers, a desk that reads along."""
    guard = team.account("guard1").account
    at = end - timedelta(days=rng.randint(40, 70), hours=3)
    home = homes[0]
    step = _disclosure(at, guard, _home(home), (("phone",), "security"))
    yield step
    yield _counted(step, home, team)
    if guard.startswith(CURIOUS.partition(".")[0]):
        for number in range(LOOKED_AT):
            at = end - timedelta(days=35) + timedelta(hours=3 * number)
            about = _home(rng.choice(homes))
            yield _disclosure(at, CURIOUS, about, (("name",), "visit"))


def _counted(step: Step, home: Home, team: Team) -> Step:
    """Return how often the denial of a step was repeated in the minute after it."""
    command, by, last = step.command, step.by or "", step.at + timedelta(seconds=40)
    if not isinstance(command, d.Disclose):
        raise TypeError(command.do)
    denied = DataDenied(
        about=(Concerned(kind="unit", id=home.unit, centre=team.code, unit=home.unit),),
        fields_asked=command.ask.asked,
        purpose=command.ask.purpose,
        matrix="2",
        origin=command.ask.origin,
        request=command.ask.request,
        reason="not_granted",
        refused=command.ask.asked,
        at=step.at,
        recorded_at=step.at,
        by=by,
        post="security",
    )
    stored = denied.to_bytes().decode()
    counts = d.CountDenials(trail=command.trail, denial=stored, count=REPEATED, first_at=step.at)
    return Step(last, by, counts)


def _home(home: Home) -> d.About:
    return d.About(kind="unit", id=home.unit)


def broken(team: Team, homes: Sequence[Home], rng: Random) -> Iterator[Step]:
    """Yield emergencies at night, in which a guard sees more than the matrix shows."""
    guard, custodian = team.account("guard2"), team.account("custodian")
    for number, home in enumerate(homes[:2]):
        e = Errand(team, home, home.moves_in, rng)
        e.pass_days(20, 60)
        e.now = e.now.replace(hour=22)
        glass = f"{team.profile.prefix}-G{number + 1}"
        about, reason = _home(home), e.one_of(phrases.EMERGENCIES)
        yield e.does(guard, d.BreakGlass(glass=glass, about=about, reason=reason))
        seen: Asked = (("name", "phone"), "emergency")
        yield _disclosure(e.now + timedelta(minutes=1), guard.account, about, seen, glass=glass)
        forgotten = number == 1 and team.code == "river"
        e.now += timedelta(hours=40 if forgotten else 11)
        review = d.ReviewGlass(glass=glass, justified=True, note=phrases.REVIEWED)
        yield e.does(custodian, review)


def exported(team: Team, homes: Sequence[Home], end: datetime, rng: Random) -> Iterator[Step]:
    """Yield a list in clear, asked for and approved; its file is destroyed where care is taken."""
    e = Errand(team, homes[0], end - timedelta(days=50), rng)
    custodian, name = team.account("custodian"), f"{team.profile.prefix}-MC1"
    units = tuple(home.unit for home in homes if home.moves_in < e.now)[:EXPORTED]
    steps: list[Command] = [x.ReleaseExport(export=name)]
    if team.code != "river":
        steps.append(x.DestroyExport(export=name))
    e.until_office()
    ask = x.RequestExport(
        export=name, centre=team.code, units=units, fields_asked=("name", "phone"),
        purpose="owner_request",
    )  # fmt: skip
    yield e.does(custodian, ask)
    e.pass_minutes(60, 600)
    e.until_head()
    yield e.does(team.head, x.ApproveExport(export=name))
    for command in steps:
        e.pass_days(1, 4)
        yield e.does(custodian, command)


def erased(
    team: Team, people: Iterable[Step], homes: Sequence[Home], rng: Random
) -> Iterator[Step]:
    """Yield how former owners' data is erased, held for the law, and erased after that."""
    sold = {s.command.unit: s.at for s in people if isinstance(s.command, ChangeOwner)}
    moved = [home for home in homes if home.unit in sold]
    for home, fate in zip(moved, (_erased, _held, _kept), strict=False):
        e = Errand(team, home, sold[home.unit], rng)
        e.pass_days(10, 20)
        e.until_head()
        yield from fate(e, {"unit": home.unit, "resident": home.owner})


def _erased(e: Errand, whose: dict[str, Any]) -> Iterator[Step]:
    yield e.does(e.team.account("custodian"), p.RequestErasure(**whose))
    e.pass_days(1, 5)
    e.until_head()
    yield e.does(e.team.head, p.EraseResident(**whose))


def _held(e: Errand, whose: dict[str, Any]) -> Iterator[Step]:
    yield from _kept(e, whose)
    yield from _erased(e, whose)
    e.pass_days(5, 15)
    e.until_head()
    yield e.does(e.team.head, p.LiftLegalHold(**whose))
    yield e.does(e.team.head, p.EraseResident(**whose))


def _kept(e: Errand, whose: dict[str, Any]) -> Iterator[Step]:
    yield e.does(e.team.head, p.PlaceLegalHold(reason=phrases.LAWSUIT, **whose))
