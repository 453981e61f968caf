"""The households' papers: lent and missed, and the numbered copies that follow what changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

from ...domain.unit import commands as u
from ..people import Member, Team
from ..tale import Step
from .home import Errand, Home, Steps

CHANGES = (
    u.RegisterResident,
    u.ChangeOwner,
    u.EndResidence,
    u.UpdateContact,
    u.AssignParking,
    u.EndParking,
)

COPIES = 6
"""So many homes have a paper copy out."""


def lent(team: Team, homes: Sequence[Home], end: datetime, rng: Random) -> Steps:
    """Yield documents borrowed and back, late, still out; copied, missed and found."""
    for number, home in enumerate(homes[:5]):
        e = Errand(team, home, home.moves_in, rng)
        e.pass_days(20, 120)
        yield _copied(e)
        e.pass_days(1, 30)
        yield _borrowed(e, team.account("finance"), days=5)
        e.pass_days(7, 11) if number == 1 else e.pass_days(1, 3)
        yield e.does(e.desk(), u.ReturnDocument(unit=home.unit, document=home.document(1)))
    overdue = Errand(team, homes[5], end - timedelta(days=13), rng)
    overdue.until_office()
    yield _borrowed(overdue, team.supervisor, days=6)
    yield from _missed(team, homes[6], rng, found=True)
    yield from _missed(team, homes[7], rng, found=False)


def _copied(e: Errand) -> Step:
    command = u.CopyDocument(unit=e.home.unit, document=e.home.document(3), to=e.steward().account)
    return e.does(e.team.account("custodian"), command)


def _borrowed(e: Errand, borrower: Member, *, days: int) -> Step:
    """Lend a document under the head's signature."""
    due = (e.now + timedelta(days=days)).replace(hour=18, minute=0, second=0)
    command = u.BorrowDocument(
        unit=e.home.unit,
        document=e.home.document(1),
        borrower=borrower.account,
        signed_by=e.team.head.account,
        due_back=due,
    )
    return e.does(e.team.account("custodian"), command)


def _missed(team: Team, home: Home, rng: Random, *, found: bool) -> Steps:
    e, keeper = Errand(team, home, home.moves_in, rng), team.account("custodian")
    e.pass_days(60, 130)
    document = home.document(4)
    yield e.does(keeper, u.ReportDocumentMissing(unit=home.unit, document=document))
    if found:
        e.pass_days(2, 15)
        yield e.does(keeper, u.ReturnDocument(unit=home.unit, document=document))


def copied(team: Team, homes: Sequence[Home], changes: Iterable[Step], rng: Random) -> Steps:
    """Yield numbered copies: pages follow each change, one copy's never do, one is recalled."""
    steps = [step for step in changes if isinstance(step.command, CHANGES)]
    for number, home in enumerate(homes[:COPIES], 1):
        e = Errand(team, home, home.moves_in, rng)
        copy, keeper = f"SK-{e.profile.prefix}-{number:03}", team.account("custodian")
        e.pass_days(1, 4)
        to = e.steward().account
        yield e.does(keeper, u.IssuePaperCopy(unit=home.unit, copy_=copy, to=to))
        own = [s.at for s in steps if getattr(s.command, "unit", None) == home.unit]
        if number != 2:
            yield from _renewed(e, copy, [at for at in own if at > e.now])
        if number == 1:
            e.pass_days(30, 60)
            yield e.does(keeper, u.RecallPaperCopy(unit=home.unit, copy_=copy))


def _renewed(e: Errand, copy: str, changes: Sequence[datetime]) -> Steps:
    """Replace the pages some days after each change."""
    for at in sorted(changes):
        e.until(at)
        e.pass_days(0, 3)
        page = e.rng.randint(1, 6)
        pages = u.ReplaceCopyPages(unit=e.home.unit, copy_=copy, pages=(page, page + 1))
        yield e.does(e.team.account("custodian"), pages)


def kept(team: Team, homes: Sequence[Home], rng: Random) -> Steps:
    """Yield what those get who leave the centre or move soon after, and do not give back."""
    for member in team.people:
        if member.until:
            home = homes[COPIES]
            e = Errand(team, home, member.until - timedelta(days=14), rng)
            e.until_office()
            copy = f"SK-{e.profile.prefix}-0{COPIES + 4}"
            issue = u.IssuePaperCopy(unit=home.unit, copy_=copy, to=member.account)
            yield e.does(team.account("custodian"), issue)
            if member.post == "steward":
                yield _borrowed(e, member, days=5)
