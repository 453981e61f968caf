"""The roster: who holds which account and post, where, and from when (domain section 1).

A person can hold several accounts; rules that say "not the same person" compare persons. The roster
has no order of ``at``: a posting may be typed in late, so an account's first posting also speaks
for the time before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from . import errors, posts
from .messages import Command, Event, Id, stored_as
from .posts import Post


class PostStaff(Command):
    """Give a person an account with a post; company posts carry no centre and no department."""

    do: Literal["post_staff"] = "post_staff"
    staff: Id
    person: Id
    post: Post
    centre: Id | None = None
    department: Id | None = None


class TransferStaff(Command):
    """Move an account to another post, centre or department; what is left out stays."""

    do: Literal["transfer_staff"] = "transfer_staff"
    staff: Id
    post: Post | None = None
    centre: Id | None = None
    department: Id | None = None


class StaffLeaves(Command):
    """End an account's posting: its holder leaves."""

    do: Literal["staff_leaves"] = "staff_leaves"
    staff: Id


RosterCommand = PostStaff | TransferStaff | StaffLeaves


class _Posting(Event):
    staff: str
    holder: str
    held: Post
    centre: str | None = None
    department: str | None = None


@stored_as("roster.posted.1")
class StaffPosted(_Posting):
    """``holder`` (a person) has the account ``staff`` and the post ``held`` from ``at`` on."""


@stored_as("roster.transferred.1")
class StaffTransferred(_Posting):
    """The account has this post, centre and department from ``at`` on."""


@stored_as("roster.left.1")
class StaffLeft(Event):
    """The account's holder left at ``at``."""

    staff: str
    holder: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with the person, post and place it has at that moment."""

    account: str
    person: str | None
    post: str
    centre: str | None = None
    department: str | None = None

    def acts_in(self, centre: str) -> bool:
        """Return whether this post may act in ``centre``: its own, or any for the company's."""
        return self.centre is None or self.centre == centre


SYSTEM = Actor(posts.SYSTEM, None, posts.SYSTEM)


@dataclass(frozen=True, slots=True)
class Roster:
    """Every posting of every account, by account, in order of ``at``."""

    postings: dict[str, tuple[_Posting | StaffLeft, ...]] = field(default_factory=dict)
    centres: frozenset[str] = frozenset()

    def at(self, account: str, moment: datetime) -> Actor:
        """Return who the account is at ``moment``; raises ``UnknownStaff`` or ``NotPosted``."""
        return _actor(self.posting(account, moment))

    def posting(self, account: str, moment: datetime) -> _Posting:
        """Return the posting that holds at ``moment``; raises as ``at`` does."""
        entry = self._entry(account, moment)
        if isinstance(entry, StaffLeft):
            raise errors.NotPosted(account)
        return entry

    def last_known(self, account: str, moment: datetime) -> Actor:
        """Return who the account was, at ``moment`` or before it left."""
        entry = self._entry(account, moment)
        if isinstance(entry, StaffLeft):
            held = [e for e in self.postings[account] if isinstance(e, _Posting)]
            before = [posting for posting in held if posting.at <= moment]
            entry = before[-1] if before else held[0]
        return _actor(entry)

    def has_left(self, account: str, moment: datetime) -> bool:
        """Return whether the account's holder had left by ``moment``."""
        return isinstance(self._entry(account, moment), StaffLeft)

    def _entry(self, account: str, moment: datetime) -> _Posting | StaffLeft:
        entries = self.postings.get(account)
        if not entries:
            raise errors.UnknownStaff(account)
        past = [entry for entry in entries if entry.at <= moment]
        return past[-1] if past else entries[0]


def _actor(entry: _Posting) -> Actor:
    return Actor(entry.staff, entry.holder, entry.held, entry.centre, entry.department)


def decide(roster: Roster, command: RosterCommand, facts: dict[str, Any]) -> Event:
    """Return the event of one roster command; ``facts`` are the event's envelope fields."""
    match command:
        case PostStaff():
            return _post(roster, command, facts)
        case TransferStaff():
            return _transfer(roster, command, facts)
        case StaffLeaves():
            holder = roster.posting(command.staff, facts["at"]).holder
            return StaffLeft(staff=command.staff, holder=holder, **facts)


def _post(roster: Roster, command: PostStaff, facts: dict[str, Any]) -> Event:
    if command.staff == posts.SYSTEM:
        raise errors.StaffExists(posts.SYSTEM)
    entries = roster.postings.get(command.staff, ())
    if entries and not isinstance(entries[-1], StaffLeft):
        raise errors.StaffExists(command.staff)
    _check_place(command.post, command.centre, command.department)
    return StaffPosted(
        staff=command.staff,
        holder=command.person,
        held=command.post,
        centre=command.centre,
        department=command.department,
        **facts,
    )


def _transfer(roster: Roster, command: TransferStaff, facts: dict[str, Any]) -> Event:
    before = roster.posting(command.staff, facts["at"])
    post = command.post or before.held
    company = post in posts.COMPANY
    centre = command.centre or (None if company else before.centre)
    department = command.department or (None if company else before.department)
    _check_place(post, centre, department)
    return StaffTransferred(
        staff=command.staff,
        holder=before.holder,
        held=post,
        centre=centre,
        department=department,
        **facts,
    )


def _check_place(post: str, centre: str | None, department: str | None) -> None:
    if post in posts.COMPANY and (centre or department):
        raise errors.PostWithoutCentre(post)
    if post in posts.CENTRE and not centre:
        raise errors.PostWithoutCentre(post)


def evolve(roster: Roster, event: Event) -> Roster:
    """Return the roster after one more event."""
    if not isinstance(event, _Posting | StaffLeft):
        return roster
    entries = sorted((*roster.postings.get(event.staff, ()), event), key=lambda entry: entry.at)
    postings = {**roster.postings, event.staff: tuple(entries)}
    centres = roster.centres
    if isinstance(event, _Posting) and event.centre:
        centres |= {event.centre}
    return replace(roster, postings=postings, centres=centres)
