"""The key cabinet: keys for repairs, cards lost and found, the count of every month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from ...domain.centre import CountKeys
from ...domain.complaint.commands import ReceiveComplaint, StartHandling
from ...domain.key import commands as k
from ...domain.unit.commands import HandOverUnit
from ..people import Team
from ..tale import Step
from . import words
from .home import Errand, Home, Steps


def for_repairs(team: Team, homes: Sequence[Home], cases: Iterable[Step], rng: Random) -> Steps:
    """Yield the keys that owners entrust for a repair, lent to the handler and back."""
    at_home = {home.unit: home for home in homes}
    free: dict[str, datetime] = {home.unit: home.moves_in + timedelta(hours=2) for home in homes}
    unit_of: dict[str, str] = {}
    for step in cases:
        match step.command:
            case ReceiveComplaint(category="repair", unit=str(unit)) if unit in at_home:
                unit_of[step.command.complaint] = unit
            case StartHandling(complaint=case) if case in unit_of:
                e = Errand(team, at_home[unit_of.pop(case)], step.at, rng)
                if e.now > free[e.home.unit] and e.chance(0.8):
                    yield from _for_repair(e, case, step.by or "")
                    free[e.home.unit] = e.now
            case _:
                pass


def _for_repair(e: Errand, case: str, handler: str) -> Steps:
    """Take the owner's key for a case, lend it, and give it back, at times a day late."""
    key, until = e.home.door_key(1), e.now + timedelta(days=3)
    yield e.does(
        e.desk(),
        k.EntrustKey(key=key, resident=e.home.owner, purpose="repair", complaint=case, until=until),
    )
    due = e.now + timedelta(hours=4)
    lend = k.LendKey(key=key, to=handler, complaint=case, due_back=due)
    yield e.does(e.desk(), lend)
    e.pass_minutes(60, 220) if e.chance(0.8) else e.pass_minutes(300, 1800)
    yield e.does(e.desk(), k.ReturnKey(key=key))
    e.pass_minutes(10, 200)
    yield e.does(e.desk(), k.ReturnKey(key=key))


def cards(team: Team, homes: Sequence[Home], rng: Random) -> Steps:
    """Yield a card lost for good, a lock changed, one found and issued again, one given up."""
    for home, fate in zip(homes, (_written_off, _locked_out, _found, _given_up), strict=False):
        e = Errand(team, home, home.moves_in, rng)
        e.pass_days(15, 100)
        yield from fate(e)


def _written_off(e: Errand) -> Steps:
    card = e.home.card(1)
    yield e.does(e.desk(), k.ReportKeyLost(key=card))
    e.pass_days(30, 40)
    e.until_head()
    yield e.does(e.team.head, k.DestroyKey(key=card, reason=words.WRITTEN_OFF))


def _locked_out(e: Errand) -> Steps:
    key = e.home.card(2)
    yield e.does(e.desk(), k.ReportKeyLost(key=key))
    e.pass_days(1, 6)
    yield e.does(e.desk(), k.ReportKeyLost(key=key, lock_changed=True))


def _found(e: Errand) -> Steps:
    card = e.home.card(1)
    yield e.does(e.desk(), k.ReportKeyLost(key=card))
    e.pass_days(1, 9)
    yield e.does(e.desk(), k.ReturnKey(key=card))
    e.pass_days(1, 5)
    issue = k.IssueKey(key=card, resident=e.home.owner, signature=f"QS-{card}")
    yield e.does(e.desk(), issue)


def _given_up(e: Errand) -> Steps:
    card = e.home.card(2)
    record = f"YJ-{card}"
    yield e.does(e.desk(), k.SurrenderKey(key=card, record=record, signed_by_both=True))


def counted(
    team: Team, steps: Iterable[Step], start: datetime, end: datetime, rng: Random
) -> Steps:
    """Yield the count of each month: mostly right, at times a key is missing or too many."""
    moves = sorted(steps, key=lambda step: step.at)
    day = start + timedelta(days=30, hours=9)
    while day < end:
        at = team.hours.office(day) + timedelta(minutes=rng.randint(0, 100))
        hanging = _hanging(step for step in moves if step.at <= at)
        found = sorted(hanging)
        if found and rng.random() > team.profile.careful - 0.15:
            found.remove(rng.choice(found))
        if rng.random() > team.profile.careful:
            found.append(f"{team.profile.prefix}-0")
        command = CountKeys(centre=team.code, found=tuple(found))
        yield Step(at, team.on_call(at).account, command)
        day += timedelta(days=30)


def _hanging(steps: Iterator[Step]) -> set[str]:
    """Return what hangs in the cabinet after these steps."""
    hanging: set[str] = set()
    for step in steps:
        match step.command:
            case k.ReceiveKey(key=key) | k.EntrustKey(key=key) | k.SurrenderKey(key=key):
                hanging.add(key)
            case HandOverUnit():
                hanging -= {*step.command.keys, *step.command.cards}
            case k.ReturnKey(key=key) if key not in hanging:
                hanging.add(key)
            case k.KeyCommand(key=key):
                hanging.discard(key)
            case _:
                pass
    return hanging
