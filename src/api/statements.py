"""Analysts' SQL over HTTP: one SELECT over the views, in a process that reaches nothing else."""

from __future__ import annotations

from typing import Annotated

import pyarrow as pa
from fastapi import APIRouter, Body, Depends, Request, Response
from pydantic import Field

from ..domain.messages import Message
from ..domain.moments import Moment
from ..domain.posts import COMPANY, HEAD
from ..projections import Result, sandbox
from ..projections.errors import SqlFailed
from . import rights
from .callers import Caller, OfficeHere
from .limiting import limited_by, limiter_of
from .problems import responses
from .strict import StrictRoute
from .views import ANSWERED, FORMS, form_of, headers_of

ANALYSTS = COMPANY | HEAD
LONGEST = 20_000
UNWRITABLE = "Conversion Error: a value has no form but an Arrow stream's"
EXAMPLE = {"sql": "select centre, count(*) as missed from sla where outcome = 'missed' group by 1"}
router = APIRouter(route_class=StrictRoute, tags=["views"])


class Statement(Message):
    """One SELECT; a view has ``_`` for the ``-`` of its name."""

    sql: str = Field(min_length=1, max_length=LONGEST)
    as_of: Moment | None = None


@router.post(
    "/sql",
    response_class=Response,
    responses={**ANSWERED, **responses(400, 401, 403, 406, 413, 422, 429, 503)},
)
def sql(
    request: Request,
    body: Annotated[Statement, Body(examples=[EXAMPLE])],
    office: OfficeHere,
    caller: Annotated[Caller, Depends(limited_by("statements"))],
) -> Response:
    """Ask in SQL. The views hold the rows that are for the caller; at most 10,000 are answered."""
    rights.require_reader(caller, ANALYSTS)
    form = form_of(request)
    moment = (body.as_of or office.application.clock()).astimezone(office.zone)
    position = office.views.catch_up()

    def rows_of(view: str) -> pa.Table:
        return rights.rows(office, caller, view, {}, as_of=moment, position=position).table

    with limiter_of(request).turn():
        table = sandbox.run(
            body.sql, office.zone.key, rows_of, request.app.state.settings.statement
        )
    answer = Result("sql", moment, position, office.zone, table)
    try:
        content = FORMS[form](answer, None)
    except (ValueError, OverflowError, pa.ArrowException):
        # A year beyond Python's, or a time in nanoseconds: Arrow alone has a form for it.
        raise SqlFailed(UNWRITABLE) from None
    return Response(content, media_type=form, headers=headers_of(answer))
