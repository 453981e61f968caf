"""Who works in the three centres and at the company, and how that changes during the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from ..domain.posts import Post
from ..domain.roster import PostStaff, RosterCommand, StaffLeaves, TransferStaff
from .timing import Hours


@dataclass(frozen=True, slots=True)
class Profile:
    """A centre's name and character; the shares are chances between 0 and 1."""

    code: str
    prefix: str
    name: str
    size: float
    buildings: int
    prompt: float
    careful: float
    pleasing: float
    attentive: float


PROFILES = (
    Profile("north", "BY", "北苑", 1.0, 12, 0.96, 0.97, 0.95, 0.9),
    Profile("garden", "HY", "花园里", 0.9, 9, 0.94, 0.955, 0.94, 0.82),
    Profile("river", "JP", "江畔", 1.1, 16, 0.84, 0.9, 0.88, 0.55),
)


@dataclass(frozen=True, slots=True)
class Member:
    """An account with its person, post and place, from and until."""

    account: str
    person: str
    post: Post
    centre: str | None = None
    department: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def works_at(self, moment: datetime) -> bool:
        """Whether the account is in this place at ``moment``."""
        return (self.since is None or self.since <= moment) and (
            self.until is None or moment < self.until
        )


@dataclass(frozen=True, slots=True)
class Leave:
    """The head's days off, from and until."""

    start: datetime
    until: datetime


class Staff:
    """Everybody, and who is asked for what at a moment."""

    def __init__(self, start: datetime, hours: Hours) -> None:
        self.start = start
        self.hours = hours
        self.leaves_at = hours.office(start + timedelta(days=150))
        self.moves_at = hours.office(start + timedelta(days=210))
        self.leaves = {
            profile.code: self._leave(start + timedelta(days=days))
            for profile, days in zip(PROFILES, (250, 95, 180), strict=True)
        }
        company: tuple[tuple[str, Post], ...] = (
            ("quality", "quality"),
            ("commissioner", "complaint_commissioner"),
            ("representative", "management_representative"),
            ("manager", "general_manager"),
            ("auditor", "auditor"),
        )
        self.company = tuple(Member(f"hq.{name}", f"P-hq-{name}", post) for name, post in company)
        self.members = {profile.code: self._centre(profile.code) for profile in PROFILES}

    def _leave(self, day: datetime) -> Leave:
        first = self.hours.office(day)
        return Leave(first, (first + timedelta(days=9)).replace(hour=23, minute=59, second=59))

    def _centre(self, centre: str) -> tuple[Member, ...]:
        lines: list[tuple[str, Post, str]] = [
            ("head", "department_head", "service"),
            ("supervisor", "supervisor", "service"),
            ("desk1", "front_desk", "service"),
            ("desk2", "front_desk", "service"),
            ("duty1", "duty", "service"),
            ("duty2", "duty", "service"),
            ("steward1", "steward", "service"),
            ("steward2", "steward", "service"),
            ("tech1", "technician", "engineering"),
            ("tech2", "technician", "engineering"),
            ("tech3", "technician", "engineering"),
            ("guard1", "security", "order"),
            ("guard2", "security", "order"),
            ("custodian", "data_custodian", "service"),
            ("finance", "finance", "service"),
        ]
        people = [
            Member(f"{centre}.{name}", f"P-{centre}-{name}", post, centre, department)
            for name, post, department in lines
        ]
        return tuple(self._changed(centre, people))

    def _changed(self, centre: str, people: list[Member]) -> Iterator[Member]:
        """Apply what happens in the year: one leaves and is replaced, one moves house."""
        for member in people:
            name = member.account.partition(".")[2]
            if (centre, name) == ("river", "tech2"):
                yield replace(member, until=self.leaves_at)
                yield _successor(member, "tech4", self.leaves_at)
            elif (centre, name) == ("garden", "steward2"):
                yield replace(member, until=self.moves_at)
                yield _successor(member, "steward3", self.moves_at)
            else:
                yield member
            if name == "steward1":
                account = f"{centre}.desk3"
                yield Member(account, member.person, "front_desk", centre, "service")
        if centre == "north":
            moved = next(m for m in self._stewards("garden") if m.account == "garden.steward2")
            yield Member(moved.account, moved.person, "steward", centre, "service", self.moves_at)

    def _stewards(self, centre: str) -> Iterator[Member]:
        for name in ("steward1", "steward2"):
            yield Member(f"{centre}.{name}", f"P-{centre}-{name}", "steward", centre, "service")

    def postings(self) -> Iterator[tuple[datetime, RosterCommand]]:
        """Yield the roster's commands with their times."""
        everybody = [*self.company, *(m for team in self.members.values() for m in team)]
        before = self.start - timedelta(days=30)
        for member in everybody:
            if member.account == "garden.steward2" and member.centre == "north":
                yield self.moves_at, TransferStaff(staff=member.account, centre=member.centre)
                continue
            yield (
                member.since or before,
                PostStaff(
                    staff=member.account,
                    person=member.person,
                    post=member.post,
                    centre=member.centre,
                    department=member.department,
                ),
            )
        yield self.leaves_at, StaffLeaves(staff="river.tech2")

    def at_company(self, post: Post) -> Member:
        """Return the company's holder of a post."""
        return next(member for member in self.company if member.post == post)


def _successor(member: Member, name: str, moment: datetime) -> Member:
    account, person = f"{member.centre}.{name}", f"P-{member.centre}-{name}"
    return replace(member, account=account, person=person, since=moment)


class Team:
    """One centre's people, and who is asked for what at a moment."""

    def __init__(self, profile: Profile, staff: Staff) -> None:
        self.profile = profile
        self.staff = staff
        self.hours = staff.hours
        self.code = profile.code
        self.people = staff.members[profile.code]
        self.leave = staff.leaves[profile.code]

    def post(self, post: Post) -> Member:
        """Return the first holder of a post."""
        return next(member for member in self.people if member.post == post)

    def account(self, name: str) -> Member:
        """Return an account of this centre by its short name."""
        return next(member for member in self.people if member.account == f"{self.code}.{name}")

    @property
    def head(self) -> Member:
        """The department head."""
        return self.post("department_head")

    @property
    def supervisor(self) -> Member:
        """The supervisor: during the head's leave the delegate."""
        return self.post("supervisor")

    def head_is_away(self, moment: datetime) -> bool:
        """Whether the head is on leave."""
        return self.leave.start <= moment <= self.leave.until

    def on_call(self, moment: datetime) -> Member:
        """Return who answers the phone: the front desk by day, duty by night."""
        turn = moment.date().toordinal() % 2
        if self.hours.is_day(moment):
            return self.account(f"desk{turn + 1}")
        night = (moment - timedelta(hours=8)).date().toordinal() % 2
        return self.account(f"duty{night + 1}")

    def revisitor(self, moment: datetime, handlers: set[str]) -> Member:
        """Return a desk post who did not handle the case."""
        turn = moment.date().toordinal() % 3
        desks = ("desk1", "desk2", "supervisor")
        order = [self.account(desks[(turn + n) % 3]) for n in range(3)]
        return next(member for member in order if member.person not in handlers)

    def handler(self, department: str, moment: datetime, rng: Random) -> Member:
        """Return somebody of the department who works here at ``moment``."""
        posts = {"engineering": "technician", "order": "security"}
        post = posts.get(department, "steward")
        return rng.choice([m for m in self.people if m.post == post and m.works_at(moment)])

    def two_accounts(self) -> tuple[Member, Member]:
        """Return the two accounts of the one person who has two."""
        return self.account("steward1"), self.account("desk3")
