"""Registering webhooks: for the posts that administer the organisation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from ..domain.messages import Id, Message
from ..domain.posts import ADMINISTRATION
from .callers import CallerNow
from .problems import responses
from .rights import require_reader
from .strict import StrictRoute
from .webhooks import Webhook, Webhooks

router = APIRouter(
    prefix="/webhooks",
    route_class=StrictRoute,
    tags=["webhooks"],
    responses=responses(401, 403, 404, 409, 413, 422),
)
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
URL = rf"^(https://{LABEL}(\.{LABEL}){{0,20}}\.?|http://(127\.0\.0\.1|localhost))(:[0-9]{{1,5}})?(/[!-~]*)?$"
"""Where nobody on the way can read what is sent."""


class Registration(Message):
    """Where to send, of which centre (left out: all), and how long before a promise is due."""

    id: Id
    url: str = Field(max_length=500, pattern=URL, examples=["https://example.com/hook"])
    centre: Id | None = None
    lead: int = Field(900, ge=1, le=604_800)


class Shown(BaseModel):
    """A webhook: how far it was told, what it is owed, and whether it was given up.

    ``failure`` is the code of what keeps it from being told, such as views that do not answer.
    """

    id: str
    url: str
    centre: str | None
    lead: int
    position: int
    owed: int
    parked_at: str | None
    last_status: int | None
    failure: str | None


class Registered(BaseModel):
    """The webhook's signing secret; it is shown this once."""

    id: str
    secret: str


def administered(request: Request, caller: CallerNow) -> Webhooks:
    """Return the webhooks to a post that may register them."""
    require_reader(caller, ADMINISTRATION)
    webhooks: Webhooks = request.app.state.webhooks
    return webhooks


Administered = Annotated[Webhooks, Depends(administered)]
Named = Annotated[Id, Path()]


@router.post("", status_code=201)
def register(body: Registration, webhooks: Administered) -> Registered:
    """Let another system be told of promises and broken glass from now on."""
    made = webhooks.add(body.id, body.url, body.centre, body.lead)
    return Registered(id=made.id, secret=made.secret)


@router.get("")
def receivers(webhooks: Administered) -> list[Shown]:
    """Show every webhook, and which of them are parked."""
    return [_shown(webhook, webhooks) for webhook in webhooks.all()]


@router.post("/{id}/resumptions", status_code=204)
def resume(id: Named, webhooks: Administered) -> None:
    """Send again to a webhook that was parked."""
    webhooks.resume(id)


@router.delete("/{id}", status_code=204)
def remove(id: Named, webhooks: Administered) -> None:
    """Forget a webhook and what it is owed."""
    webhooks.remove(id)


def _shown(webhook: Webhook, webhooks: Webhooks) -> Shown:
    told = {name: value for name, value in webhook._asdict().items() if name in Shown.model_fields}
    return Shown(**told, owed=webhooks.owed(webhook.id), failure=webhooks.failure(webhook.id))
