"""Owners' data over HTTP: each request is in the record before anything is shown."""

from __future__ import annotations

import io
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import BaseModel, Field

from ..domain.disclosure.commands import PAGE, About, Ask
from ..domain.matrix import PersonalField, Purpose
from ..domain.messages import Id, Message
from .callers import Caller, OfficeHere
from .limiting import limited_by
from .problems import responses
from .strict import StrictRoute

router = APIRouter(
    route_class=StrictRoute,
    tags=["disclosures"],
    responses=responses(401, 403, 404, 409, 413, 422, 429, 503),
)


class Asked(Message):
    """Whose values, which, and what for; ``complaint`` is the case they are needed for."""

    about: tuple[About, ...] = Field(min_length=1, max_length=PAGE)
    fields: tuple[PersonalField, ...] = Field(min_length=1, max_length=20)
    purpose: Purpose
    complaint: Id | None = None
    glass: Id | None = None


class Clear(BaseModel):
    """One clear value: whose, which field, and which event brought it."""

    kind: str
    id: str
    field: str
    resident: str | None
    topic: str
    at: str
    value: str


class Disclosed(BaseModel):
    """The values, and the position of the event that recorded who asked for them."""

    position: int
    values: list[Clear]


EXAMPLE = {
    "about": [{"kind": "complaint", "id": "N-1"}],
    "fields": ["phone"],
    "purpose": "callback",
}


@router.post("/disclosures", status_code=201)
def disclose(
    body: Annotated[Asked, Body(examples=[EXAMPLE])],
    office: OfficeHere,
    caller: Annotated[Caller, Depends(limited_by("disclosures"))],
    response: Response,
) -> Disclosed:
    """See clear values, if the permission matrix grants all of them. Denials are recorded too."""
    given = body.model_dump(exclude={"fields"})
    ask = Ask.model_validate({**given, "asked": body.fields, "origin": "api"})
    with office.gateway.disclose(ask, by=caller.account) as seen:
        response.headers["Guanjia-Position"] = str(seen.position)
        values = [
            Clear(
                kind=value.about.kind,
                id=value.about.id,
                field=value.name,
                resident=value.resident,
                topic=value.topic,
                at=value.at.isoformat(),
                value=value.clear,
            )
            for field in dict.fromkeys(body.fields)
            for value in seen.of(field)
        ]
        return Disclosed(position=seen.position, values=values)


class Number(Message):
    """The telephone number of somebody who calls; it is in no log and no event."""

    phone: str = Field(min_length=1, max_length=50, examples=["13800138000"])


class Known(BaseModel):
    """Whose number it is: a resident of a home, or the contact of a case or parcel, in masks."""

    kind: str = Field(examples=["unit"])
    id: str = Field(examples=["U1"])
    centre: str
    unit: str | None
    resident: str | None
    name: str | None = Field(examples=["张**"])
    phone: str | None = Field(examples=["138****8000"])


class LookedUp(BaseModel):
    """Those of the caller's centre who have the number, as far as the matrix shows their names."""

    found: list[Known]


@router.post("/look-ups", status_code=201)
def look_up(
    body: Number,
    office: OfficeHere,
    caller: Annotated[Caller, Depends(limited_by("look_ups"))],
) -> LookedUp:
    """Ask whose telephone number it is. The question is recorded, found or not."""
    found = office.gateway.look_up(body.phone, by=caller.account, origin="api")
    return LookedUp(
        found=[
            Known(
                kind=one.about.kind,
                id=one.about.id,
                centre=one.about.centre,
                unit=one.about.unit,
                resident=one.resident,
                name=one.name,
                phone=one.phone,
            )
            for one in found
        ]
    )


@router.post(
    "/exports/{export}/releases",
    status_code=201,
    response_class=Response,
    responses={201: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def release(
    export: Annotated[Id, Path(examples=["X1"])],
    office: OfficeHere,
    caller: Annotated[Caller, Depends(limited_by("disclosures"))],
) -> Response:
    """Have an approved export written, once, by who asked for it; each row says who has it."""
    file = io.StringIO(newline="")
    position = office.release(export, file, by=caller.account)
    headers = {
        "Content-Disposition": 'attachment; filename="export.csv"',
        "Guanjia-Position": str(position),
    }
    content = file.getvalue().encode("utf-8-sig")
    return Response(content, 201, headers, media_type="text/csv")
