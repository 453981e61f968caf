"""Who calls: the token names an account, the roster says what it may do, at every request anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ..domain.errors import UnknownStaff
from ..domain.roster import Actor
from ..office import Office
from .tokens import TokenInvalid, Trust, account_of

BEARER = HTTPBearer(auto_error=False, description="A token of `guanjia token` or of your provider.")


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that calls, with the post and place it has now."""

    account: str
    actor: Actor

    @property
    def centre(self) -> str | None:
        """The only centre whose rows this caller sees; None sees all."""
        return self.actor.centre


def office_of(request: Request) -> Office:
    """Return the office that the application serves."""
    office: Office = request.app.state.office
    return office


def caller_of(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
) -> Caller:
    """Return who calls; raises ``TokenInvalid`` also for somebody who left or was never posted."""
    trusts: tuple[Trust, ...] = request.app.state.trusts
    if credentials is None:
        raise TokenInvalid
    account = account_of(credentials.credentials, trusts)
    return posted(office_of(request), account)


def posted(office: Office, account: str) -> Caller:
    """Return the account as the roster has it now; raises ``TokenInvalid``."""
    application = office.application
    roster, now = application.roster(), application.clock()
    try:
        if roster.has_left(account, now):
            raise TokenInvalid
        return Caller(account, roster.last_known(account, now))
    except UnknownStaff:
        raise TokenInvalid from None


CallerNow = Annotated[Caller, Depends(caller_of)]
OfficeHere = Annotated[Office, Depends(office_of)]
