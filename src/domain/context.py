"""What a decision may look at besides its aggregate: who, when, and the organisation's facts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import errors
from .centre import Centre
from .errors import Rejected
from .messages import ContactRefs
from .policy import Policies
from .roster import Actor, Roster
from .workdays import Calendars, Counting


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation's facts in force: its people, policies and calendars."""

    roster: Roster
    policies: Policies
    calendars: Calendars


def _nobody(_: str) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that arrives with a command; times are in the organisation's zone.

    ``refs`` maps the command's sealed fields to vault references. ``keep_irregular`` records what
    a rule refuses, and ``passed_over`` collects those refusals' codes. ``same_contact`` tells, by
    the names of their keys, whose telephone number is also that of the one named.
    """

    actor: Actor
    at: datetime
    recorded_at: datetime
    now: datetime
    organisation: Organisation
    centre: Centre
    counting: Counting
    refs: Mapping[str, str]
    imported: bool = False
    keep_irregular: bool = False
    passed_over: list[str] = field(default_factory=list)
    same_contact: Callable[[str], Collection[str]] = field(default=_nobody)

    def require(self, holds: object, refusal: Rejected) -> None:
        """Raise ``refusal`` unless ``holds``; irregular history is noted and let pass."""
        if holds:
            return
        if not (self.keep_irregular and refusal.keepable):
            raise refusal
        if refusal.code not in self.passed_over:
            self.passed_over.append(refusal.code)

    def require_post(self, allowed: frozenset[str], centre: str) -> None:
        """Require one of the posts, acting in its own centre where it is a centre's."""
        self.require(self.actor.post in allowed, errors.WrongPost(self.actor.post))
        self.require(self.actor.acts_in(centre), errors.OtherCentre(centre))

    def require_import(self, value: object) -> None:
        """Refuse a field that only the history import may give."""
        if value is not None and not self.imported:
            raise errors.ImportOnly

    def is_head(self, actor: Actor, centre: str) -> bool:
        """Return whether the actor is a head of ``centre``."""
        return actor.post == "department_head" and actor.centre == centre

    def signed_by_head(self, account: str | None, centre: str) -> bool:
        """Return whether ``account`` is a head of ``centre`` at the time of the command."""
        if account is None:
            return False
        roster = self.organisation.roster
        signer = roster.last_known(account, self.at)
        return self.is_head(signer, centre) and not roster.has_left(account, self.at)

    def named(self, account: str) -> Actor:
        """Return who an account that the command names is; its holder must not have left."""
        roster = self.organisation.roster
        self.require(not roster.has_left(account, self.at), errors.StaffLeft(account))
        return roster.last_known(account, self.at)

    def contact_refs(self, path: str) -> ContactRefs:
        """Return the vault references of a contact's fields."""
        return ContactRefs(
            **{name: self.refs.get(f"{path}.{name}") for name in ContactRefs.model_fields}
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The envelope's fields as every event carries them."""
        return {
            "at": self.at,
            "recorded_at": self.recorded_at,
            "by": self.actor.account,
            "person": self.actor.person,
            "post": self.actor.post,
            "irregular": tuple(self.passed_over),
        }
