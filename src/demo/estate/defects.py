"""What is found wrong with the homes, and how the builder is made to put it right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from ...domain.complaint.commands import ReceiveComplaint
from ...domain.unit import commands as u
from ...domain.unit.commands import DefectKind
from ...domain.warranty_report import ExplainWarranty
from ..people import Team
from ..tale import Step
from . import words
from .home import Errand, Home, Steps

STUCK = 0.1
"""The share of defects that the builder does nothing about."""


def followed_up(team: Team, homes: Sequence[Home], handovers: Iterable[Step], rng: Random) -> Steps:
    """Yield what became of the defects that the inspections found."""
    at_home = {home.unit: home for home in homes}
    for step in handovers:
        if isinstance(step.command, u.InspectUnit):
            for found in step.command.defects:
                e = Errand(team, at_home[step.command.unit], step.at, rng)
                yield from _put_right(e, found.defect, slow=e.chance(STUCK))


def reported(
    team: Team, homes: Sequence[Home], cases: Iterable[Step], end: datetime, rng: Random
) -> Steps:
    """Yield the defects reported after the handovers: each kind, outside the warranty, design."""
    of_home = _cases(cases)
    kinds = cycle(words.DEFECTS)
    for number, home in enumerate(homes[:16]):
        e = Errand(team, home, home.moves_in, rng)
        e.pass_days(10, 150)
        kind, case = next(kinds), of_home.get(home.unit)
        if case and number % 2:
            e.until(case.at)
        yield from _in_warranty(e, kind, case)
        if number % 5 == 0:
            yield from _out_of_warranty(e)
    yield from _badly_designed(Errand(team, homes[4], homes[4].moves_in, rng))
    yield from _fresh(team, homes, end, rng)


def _cases(cases: Iterable[Step]) -> dict[str, Step]:
    """Return the first repair case of each home."""
    first: dict[str, Step] = {}
    for step in cases:
        match step.command:
            case ReceiveComplaint(category="repair", unit=str(unit)):
                first.setdefault(unit, step)
            case _:
                pass
    return first


def _in_warranty(e: Errand, kind: DefectKind, case: Step | None) -> Steps:
    defect = f"{e.home.unit}-D8"
    known = case and case.at <= e.now and isinstance(case.command, ReceiveComplaint)
    complaint = getattr(case.command, "complaint", None) if case and known else None
    yield e.does(
        e.desk(),
        u.ReportDefect(
            unit=e.home.unit,
            defect=defect,
            kind=kind,
            where="inside",
            text=e.one_of(words.DEFECTS[kind]),
            complaint=complaint,
        ),
    )
    yield from _put_right(e, defect, slow=e.chance(STUCK))


def _out_of_warranty(e: Errand) -> Steps:
    """Repair at the owner's expense what the owner broke: no letter to the builder."""
    unit, defect = e.home.unit, f"{e.home.unit}-D9"
    e.pass_days(1, 20)
    text = e.one_of(words.OUTSIDE)
    report = u.ReportDefect(unit=unit, defect=defect, kind="other", where="outside", text=text)
    yield e.does(e.technician(), report)
    e.pass_days(1, 4)
    yield e.does(e.technician(), u.FinishDefect(unit=unit, defect=defect))
    e.pass_days(0, 2)
    yield e.does(e.desk(), u.VerifyDefect(unit=unit, defect=defect, accepted=True))


def _badly_designed(e: Errand) -> Steps:
    """Report what the drawings have wrong, with evidence."""
    defect = f"{e.home.unit}-S1"
    e.pass_days(20, 60)
    yield e.does(
        e.team.supervisor,
        u.ReportDefect(
            unit=e.home.unit,
            defect=defect,
            kind="civil",
            where="inside",
            design=True,
            evidence=e.one_of(words.EVIDENCE),
            text=e.one_of(words.DESIGN),
        ),
    )
    yield from _put_right(e, defect, slow=False)


def _fresh(team: Team, homes: Sequence[Home], end: datetime, rng: Random) -> Steps:
    """Report two in the last weeks: the builder has a letter and has not come yet."""
    for home, ago in zip(homes[17:19], (12, 3), strict=True):
        e = Errand(team, home, max(end - timedelta(days=ago), home.moves_in), rng)
        e.until_office()
        defect, kind = f"{home.unit}-D7", rng.choice(list(words.DEFECTS))
        text = e.one_of(words.DEFECTS[kind])
        report = u.ReportDefect(unit=home.unit, defect=defect, kind=kind, where="inside", text=text)
        yield e.does(e.desk(), report)
        yield from _put_right(e, defect, slow=True)


def _put_right(e: Errand, defect: str, *, slow: bool) -> Steps:
    """Tell the builder in writing, wait, look at the repair; some need a second letter."""
    yield from _told(e, defect, 1)
    if slow:
        return
    yield from _repaired(e, defect)
    accepted = e.chance(0.88)
    yield e.does(e.desk(), u.VerifyDefect(unit=e.home.unit, defect=defect, accepted=accepted))
    if not accepted:
        yield from _told(e, defect, 2)
        yield from _repaired(e, defect)
        yield e.does(e.desk(), u.VerifyDefect(unit=e.home.unit, defect=defect, accepted=True))


def _told(e: Errand, defect: str, time: int) -> Steps:
    e.pass_days(0, 3)
    letter = f"BX-{defect}-{time}"
    yield e.does(e.desk(), u.NotifyBuilder(unit=e.home.unit, defect=defect, letter=letter))


def _repaired(e: Errand, defect: str) -> Steps:
    e.pass_days(2, 18) if e.chance(e.profile.prompt) else e.pass_days(25, 70)
    yield e.does(e.technician(), u.FinishDefect(unit=e.home.unit, defect=defect))
    e.pass_days(0, 3)


def explained(team: Team, defects: Iterable[Step], rng: Random) -> Steps:
    """Yield the head's explanation of the first month with a defect that stayed as it was."""
    finished = {s.command.defect for s in defects if isinstance(s.command, u.FinishDefect)}
    told = [s for s in defects if isinstance(s.command, u.NotifyBuilder)]
    stuck = [s for s in told if getattr(s.command, "defect", None) not in finished]
    if stuck:
        first = min(step.at for step in stuck).replace(day=1)
        at = team.hours.office(first + timedelta(days=33)) + timedelta(minutes=rng.randint(5, 90))
        command = ExplainWarranty(
            centre=team.code,
            period="month",
            period_from=first.date(),
            text=rng.choice(words.EXPLANATIONS),
        )
        yield Step(at, team.supervisor.account, command)
