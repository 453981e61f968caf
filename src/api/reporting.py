"""The departments' reports over HTTP: JSON, CSV, a workbook or Parquet, of the caller's rows."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from ..domain.messages import Id
from ..labels import Language
from ..reports import FORMATS, REPORTS, Issue, Period, Question, issue, report
from .callers import Caller, CallerNow, OfficeHere
from .errors import NotAcceptable, NotForThisPost, OtherSpan
from .negotiation import preferred
from .problems import responses
from .rights import may_have
from .views import AsOf, Position

JSON = "application/json"
FILES = {form.media.partition(";")[0]: ending for ending, form in FORMATS.items()}
MONTH, DAY = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"
router = APIRouter(tags=["reports"])


def _day(text: str) -> date:
    if not re.fullmatch(DAY, text):
        raise ValueError
    return date.fromisoformat(text)


Month = Annotated[str, Field(pattern=MONTH)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


class Listed(BaseModel):
    """A report: its name, the span it speaks of, and its title in both languages."""

    name: str = Field(examples=["opinion-monthly"])
    period: Period
    zh: str
    en: str


class Section(BaseModel):
    """The rows of one section, with its title in both languages."""

    name: str
    zh: str
    en: str
    rows: list[dict[str, Any]]


class Issued(BaseModel):
    """A report made; ``provenance`` has everything that is needed to make it again."""

    provenance: dict[str, str]
    sections: list[Section]


@router.get("/reports", responses=responses(401))
def reports(_: CallerNow) -> list[Listed]:
    """List the reports."""
    return [Listed(**one.model_dump(include={*Listed.model_fields})) for one in REPORTS.values()]


@router.get(
    "/reports/{name}",
    response_class=Response,
    responses={
        200: {
            "model": Issued,
            "content": {form: {"schema": {"type": "string"}} for form in FILES},
        },
        **responses(400, 401, 403, 404, 406, 409, 422, 503),
    },
)
def make(
    request: Request,
    name: str,
    office: OfficeHere,
    caller: CallerNow,
    month: Annotated[
        Month | SkipJsonSchema[None], Query(description="Default: the last that is over.")
    ] = None,
    week: Annotated[
        Day | SkipJsonSchema[None], Query(description="Any day of it; weekly ones only.")
    ] = None,
    centre: Annotated[Id | SkipJsonSchema[None], Query(description="Of one centre alone.")] = None,
    as_of: AsOf = None,
    position: Position = None,
    lang: Annotated[Language, Query(description="The headings' language in a file.")] = "both",
) -> Response:
    """Make a report. A centre's posts get that of their own centre; ``Accept`` chooses the form."""
    definition = report(name)
    form = preferred(request.headers.get("accept"), (JSON, *FILES))
    if form is None:
        raise NotAcceptable
    if week and (month or definition.period != "week"):
        raise OtherSpan
    if not may_have(caller, definition):
        raise NotForThisPost
    first = date.fromisoformat(f"{month}-01") if month else None
    asked = Question(definition, first, week, _place(caller, centre), as_of, position)
    made = issue(office, asked, lang)
    headers = {
        "Guanjia-As-Of": made.as_of.isoformat(),
        "Guanjia-Position": str(made.question.position),
        "Vary": "Accept",
    }
    return Response(_written(made, form), media_type=form, headers=headers)


def _place(caller: Caller, centre: str | None) -> str | None:
    """Return the centre to report on; raises ``NotForThisPost`` for another than the caller's."""
    if centre is not None and not caller.sees(centre):
        raise NotForThisPost
    return caller.centre or centre


def _written(made: Issue, form: str) -> bytes:
    if form in FILES:
        return FORMATS[FILES[form]].write(made)
    sections = [
        Section(
            name=block.section.name,
            zh=block.section.zh,
            en=block.section.en,
            rows=block.plain(),
        )
        for block in made.blocks
    ]
    return Issued(provenance=made.provenance(), sections=sections).model_dump_json().encode()
