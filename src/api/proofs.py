"""For auditors: proofs of what was recorded, to take away and to check with guanjia.verifier."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from ..domain.messages import Message
from ..storage import Audit
from .callers import Caller, CallerNow, OfficeHere
from .limiting import limited_by, limiter_of
from .problems import responses
from .rights import AUDITORS, require_reader
from .strict import StrictRoute

PAGE, LARGEST_PAGE = 100, 1000
LARGEST_NOTE = 16_384
BYTES = "application/octet-stream"
STATUSES = (401, 403, 404, 422, 503)
router = APIRouter(
    prefix="/audit", route_class=StrictRoute, tags=["proofs"], responses=responses(*STATUSES)
)


class Key(BaseModel):
    """The public key that verifies the checkpoints; get it from elsewhere than the proofs."""

    key: str = Field(examples=["guanjia+6dd25b2e+AVyTNeTfPBnOq60SttY0p2/Mc4z9u9jGCdTTmzGVHAqd"])


class Signed(BaseModel):
    """The log as it stood: how many events, and the text that was signed of them."""

    size: int = Field(examples=[1042])
    note: str


class Checkpoints(BaseModel):
    """Checkpoints, the smallest first; ``next`` is what to give as ``after`` for more of them."""

    checkpoints: list[Signed]
    next: int | None = None


class Found(BaseModel):
    """Something that is not as it was recorded, and the positions it is about."""

    code: str = Field(examples=["event_altered"])
    text: str
    first: int | None
    last: int | None


class Verified(BaseModel):
    """What a verification came to; ``signed`` is the largest size whose checkpoint agrees."""

    ok: bool
    events: int
    checkpoints: int
    signed: int
    findings: list[Found]


class Verification(Message):
    """What to verify against: a checkpoint that was kept elsewhere, if there is one."""

    checkpoint: str | None = Field(None, max_length=LARGEST_NOTE)


def audited(office: OfficeHere, caller: CallerNow) -> Audit:
    """Return the log to a post that answers for it."""
    require_reader(caller, AUDITORS)
    return office.audit


Audited = Annotated[Audit, Depends(audited)]
At = Annotated[int, Path(ge=1, le=2**62, description="The event's place in the store.")]


@router.get("/key")
def key(audit: Audited) -> Key:
    """Show the public key that verifies this log."""
    return Key(key=audit.key)


@router.get("/checkpoints")
def checkpoints(
    audit: Audited,
    after: Annotated[int, Query(ge=-1, le=2**62, description="The size seen last.")] = -1,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
) -> Checkpoints:
    """Show what was signed of the log, and when it had how many events."""
    page = [Signed(size=size, note=note) for size, note in audit.stored(after, limit + 1)]
    following = page[limit - 1].size if len(page) > limit else None
    return Checkpoints(checkpoints=page[:limit], next=following)


@router.post("/checkpoints", status_code=201)
def sign(audit: Audited) -> Signed:
    """Sign the log as it stands; keep the text where this service cannot change it."""
    made = audit.checkpoint()
    return Signed(size=made.size, note=made.note)


@router.get("/receipts/{position}", response_class=PlainTextResponse)
def receipt(position: At, audit: Audited) -> PlainTextResponse:
    """Prove that an event is in the log: a receipt that anyone can check offline."""
    return PlainTextResponse(audit.receipt(position)[0])


@router.get(
    "/receipts/{position}/event",
    response_class=Response,
    responses={200: {"content": {BYTES: {"schema": {"type": "string"}}}}},
)
def event(position: At, audit: Audited) -> Response:
    """Show the stored bytes that a receipt is about; what is sealed is not in them."""
    return Response(audit.receipt(position)[1], media_type=BYTES)


@router.get("/updates", response_class=PlainTextResponse)
def update(
    audit: Audited,
    since: Annotated[
        int, Query(ge=0, le=2**62, description="The size of the checkpoint that one has.")
    ],
) -> PlainTextResponse:
    """Prove that the log of an older checkpoint is the beginning of the newest."""
    return PlainTextResponse(audit.update(since))


@router.post("/verifications", responses=responses(413, 429))
def verify(
    request: Request,
    audit: Audited,
    _: Annotated[Caller, Depends(limited_by("statements"))],
    body: Annotated[Verification | SkipJsonSchema[None], Body()] = None,
) -> Verified:
    """Compute the log anew from the stored bytes, and name each event that differs."""
    with limiter_of(request).turn():
        report = audit.verify(body.checkpoint if body else None)
    return Verified(
        ok=report.ok,
        events=report.events,
        checkpoints=report.checkpoints,
        signed=report.signed,
        findings=[Found(**finding._asdict()) for finding in report.findings],
    )
