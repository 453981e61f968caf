"""The views over HTTP: as JSON, CSV or an Arrow stream, page by page, as of any moment."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Annotated, Any

import pyarrow as pa
from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from ..domain.moments import Moment
from ..projections import PUBLIC_VIEWS, Part, Result
from . import cursors, rights
from .callers import CallerNow, OfficeHere
from .errors import NotAcceptable
from .negotiation import preferred
from .problems import responses

JSON, CSV, ARROW = "application/json", "text/csv", "application/vnd.apache.arrow.stream"
PAGE, LARGEST_PAGE = 200, 100_000
OWN = {"as_of", "position", "limit", "cursor"}
router = APIRouter(tags=["views"])

At = Annotated[int, Field(ge=0, le=2**62)]
Written = Annotated[str, Field(max_length=500)]
Value = Annotated[str, Field(max_length=200)]
AsOf = Annotated[
    Moment | SkipJsonSchema[None], Query(description="Answer from what had been recorded by then.")
]
Position = Annotated[At | SkipJsonSchema[None], Query(description="An older store state.")]
After = Annotated[Written | SkipJsonSchema[None], Query(description="The `next` of a page.")]
Equal = Annotated[Value | SkipJsonSchema[None], Query(description="Only rows that have this.")]


class Listed(BaseModel):
    """A view: its name, what one row of it is, and its title in both languages."""

    name: str
    grain: str
    zh: str
    en: str


class Answer(BaseModel):
    """Rows with the moment and store position they answer from; ``next`` leads to more of them."""

    name: str = Field(examples=["sla"])
    as_of: str = Field(examples=["2026-01-05T09:00:00+08:00"])
    position: int = Field(examples=[1042])
    rows: list[dict[str, Any]] = Field(
        examples=[[{"subject": "N-1", "centre": "north", "commitment": "reply", "outcome": "met"}]]
    )
    next: str | None = None


TEXT = {"schema": {"type": "string"}}
ANSWERED: dict[int | str, dict[str, Any]] = {
    200: {"model": Answer, "content": {CSV: TEXT, ARROW: TEXT}}
}
"""What OpenAPI says of rows in the form that is asked for."""


def form_of(request: Request) -> str:
    """Return the form of rows to answer in; raises ``NotAcceptable``."""
    form = preferred(request.headers.get("accept"), (JSON, CSV, ARROW))
    if form is None:
        raise NotAcceptable
    return form


def headers_of(answer: Result, following: str | None = None) -> dict[str, str]:
    """Return the headers that tell moment, position, and the cursor of the next page."""
    told = {
        "Guanjia-As-Of": answer.as_of.isoformat(),
        "Guanjia-Position": str(answer.position),
        "Vary": "Accept",
    }
    return told | ({"Guanjia-Next": following} if following else {})


@router.get("/views", responses=responses(401))
def views(_: CallerNow) -> list[Listed]:
    """List the views."""
    return [
        Listed(**view.model_dump(include={*Listed.model_fields})) for view in PUBLIC_VIEWS.values()
    ]


@router.get(
    "/views/{name}",
    response_class=Response,
    responses={**ANSWERED, **responses(401, 403, 404, 406, 422, 503)},
)
def view(
    request: Request,
    name: str,
    office: OfficeHere,
    caller: CallerNow,
    as_of: AsOf = None,
    position: Position = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    cursor: Annotated[str | SkipJsonSchema[None], Query(max_length=500)] = None,
    centre: Equal = None,  # noqa: ARG001  these five are read with all other columns
    month: Equal = None,  # noqa: ARG001
    unit: Equal = None,  # noqa: ARG001
    person: Equal = None,  # noqa: ARG001
    outcome: Equal = None,  # noqa: ARG001
) -> Response:
    """Ask a view. Any column is a filter: ``?outcome=missed&commitment=revisit``.

    ``Accept`` chooses the form. The headers tell moment and position, and the cursor of the next
    page if there is one.
    """
    form = form_of(request)
    filters = _filters(request)
    question = [name, sorted(filters.items()), caller.centre]
    start = 0
    if cursor:
        as_of, position, start = cursors.read(cursor, question)
    # One row more than the page tells whether another page follows.
    part = Part(start, limit + 1)
    answer = rights.rows(office, caller, name, filters, as_of=as_of, position=position, part=part)
    more = answer.table.num_rows > limit
    place = cursors.Cursor(answer.as_of, answer.position, start + limit)
    following = place.written(question) if more else None
    page = Result(name, *place[:2], answer.zone, answer.table.slice(0, limit))
    return Response(
        FORMS[form](page, following), media_type=form, headers=headers_of(page, following)
    )


def _filters(request: Request) -> dict[str, str]:
    """Return the columns asked for; one named twice is refused, so that none can hide another."""
    given = request.query_params.multi_items()
    if len({name for name, _ in given}) != len(given):
        fault = {"type": "repeated", "loc": ("query",), "msg": "a parameter is given twice"}
        raise RequestValidationError([fault])
    return {name: value for name, value in given if name not in OWN}


def _json(page: Result, following: str | None) -> bytes:
    answer = {
        "name": page.name,
        "as_of": page.as_of.isoformat(),
        "position": page.position,
        "rows": page.plain(),
        "next": following,
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def _csv(page: Result, _: str | None) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, page.columns, lineterminator="\n")
    writer.writeheader()
    for row in page.plain():
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue().encode()


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _arrow(page: Result, _: str | None) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, page.table.schema) as writer:
        writer.write_table(page.table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


FORMS: dict[str, Callable[[Result, str | None], bytes]] = {JSON: _json, CSV: _csv, ARROW: _arrow}
