"""One visit to a page: who comes, in which language, and what the address asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ParamSpec, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Request

from ..api import rights
from ..api.callers import Caller, called_by, office_of
from ..domain import moments
from ..domain.errors import Malformed
from ..office import Office
from ..projections import Result
from .words import Tongue, Words

COOKIE = "guanjia"
"""The cookie that holds the token somebody signed in with."""

P = ParamSpec("P")
R = TypeVar("R")


async def threaded(work: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
    """Do in a thread what waits for a database: the loop serves everybody's pages."""
    return await asyncio.to_thread(work, *given, **named)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor whose token was good when the page was made; ``again`` asks once more."""

    request: Request
    words: Words
    caller: Caller

    @property
    def office(self) -> Office:
        """The office whose pages these are."""
        return office_of(self.request)

    async def again(self) -> Visit:
        """Return the visit with the rights of now; raises ``TokenInvalid``."""
        return replace(self, caller=await _caller(self.request))

    def asked(self, name: str, default: str = "") -> str:
        """Return a parameter of the address."""
        return self.request.query_params.get(name, default).strip()

    @property
    def as_of(self) -> datetime | None:
        """The moment asked about, without offset in the organisation's zone; raises Malformed."""
        written = self.asked("as_of")
        if not written:
            return None
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            raise Malformed("as_of") from None
        if not moments.FIRST_YEAR <= moment.year <= moments.LAST_GIVEN_YEAR:
            raise Malformed("as_of")
        placed = moment if moment.tzinfo else moment.replace(tzinfo=self.office.zone)
        return moments.checked(placed.replace(microsecond=0))

    def here(self, page: str, **query: str | None) -> str:
        """Return the address of a page in this language; what is empty is left out."""
        return address(self.request, self.words.tongue, page, **query)

    async def rows(
        self,
        view: str,
        filters: Mapping[str, str] | None = None,
        position: int | None = None,
    ) -> Result:
        """Answer a view, as of the moment asked about, with the rows this visitor may see."""
        wanted = {column: value for column, value in (filters or {}).items() if value}
        return await threaded(
            rights.rows,
            self.office,
            self.caller,
            view,
            wanted,
            as_of=self.as_of,
            position=position,
        )


async def visit(request: Request, tongue: Tongue) -> Visit:
    """Return the visit that a request is; raises ``TokenInvalid``."""
    return Visit(request, Words(tongue), await _caller(request))


async def _caller(request: Request) -> Caller:
    token = request.cookies.get(COOKIE, "")
    caller = await threaded(called_by, token, request.app.state.trusts, office_of(request))
    request.state.account = caller.account
    return caller


def address(request: Request, tongue: Tongue, page: str, **query: str | None) -> str:
    """Return the address of a page in a language; what is empty is left out."""
    wanted = {name: value for name, value in query.items() if value}
    path = f"{request.scope.get('root_path', '')}/{tongue}/{quote(page)}"
    return f"{path}?{urlencode(wanted)}" if wanted else path
