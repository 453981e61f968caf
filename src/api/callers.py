"""Who calls: the token names an account, the roster says what it may do, at every request anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ..domain.errors import UnknownStaff
from ..domain.roster import Actor
from ..office import Office
from .errors import PostedElsewhere, TokenInvalid
from .tokens import Trust, account_of

BEARER = HTTPBearer(auto_error=False, description="A token of `guanjia token` or of your provider.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that calls, with the post and place it has now."""

    account: str
    actor: Actor

    @property
    def post(self) -> str:
        """The post it has now."""
        return self.actor.post

    @property
    def centre(self) -> str | None:
        """The only centre whose rows this caller sees; None sees all."""
        return self.actor.centre

    def sees(self, centre: str | None) -> bool:
        """Return whether what belongs to ``centre`` is for this caller to see."""
        return self.centre is None or self.centre == centre


def office_of(request: Request) -> Office:
    """Return the office that the application serves."""
    office: Office = request.app.state.office
    return office


async def office_here(request: Request) -> Office:
    """Return the same, without a thread."""
    return office_of(request)


def caller_of(request: Request, credentials: Credentials) -> Caller:
    """Return who calls; raises ``TokenInvalid`` also for somebody who left or was never posted."""
    token = credentials.credentials if credentials else ""
    caller = called_by(token, request.app.state.trusts, office_of(request))
    request.state.account = caller.account
    return caller


def called_by(token: str, trusts: Collection[Trust], office: Office) -> Caller:
    """Return who has this token, as the roster has it now; raises ``TokenInvalid``."""
    account = account_of(token, trusts)
    application = office.application
    roster, now = application.roster(), application.clock()
    try:
        if roster.has_left(account, now):
            raise TokenInvalid
        return Caller(account, roster.last_known(account, now))
    except UnknownStaff:
        raise TokenInvalid from None


def require_posted_then(office: Office, caller: Caller, at: datetime) -> None:
    """Require that the caller had today's post and place at ``at``; raises ``PostedElsewhere``.

    Otherwise whoever was moved could go on with the rights of before by giving an old time.
    """
    if office.application.roster().last_known(caller.account, at) != caller.actor:
        raise PostedElsewhere


CallerNow = Annotated[Caller, Depends(caller_of)]
OfficeHere = Annotated[Office, Depends(office_here)]
