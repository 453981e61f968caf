"""The HTTP interface of an office, as an application of its own or mounted into another."""

from __future__ import annotations

from collections.abc import Collection
from importlib.metadata import version

from fastapi import FastAPI

from ..office import Office
from . import (
    audit,
    commands,
    disclosures,
    health,
    problems,
    proofs,
    receivers,
    records,
    reporting,
    statements,
    streaming,
    views,
)
from .limiting import Limiter
from .observing import Observed
from .paths import Whole
from .settings import Settings
from .tokens import Trust
from .webhooks import Webhooks

ABOUT = """Commands are posted to what they are about and answer with their place in the store;
questions go to the views. Who calls is in the token, what the caller may do in the roster."""
ROUTERS = (
    commands,
    records,
    views,
    reporting,
    statements,
    disclosures,
    audit,
    proofs,
    streaming,
    receivers,
    health,
    problems,
)


def create_app(
    office: Office,
    trusts: Collection[Trust],
    settings: Settings | None = None,
    webhooks: Webhooks | None = None,
) -> FastAPI:
    """Return the application that serves an open office; closing the office stays the caller's.

    ``trusts`` say whose tokens are accepted; ``webhooks`` are those that something delivers
    (default: kept in memory, not delivered). Mount it with ``app.mount("/guanjia", …)``.
    """
    settings = settings or Settings()
    app = FastAPI(
        title="guanjia",
        version=version("guanjia"),
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.office = office
    app.state.trusts = tuple(trusts)
    app.state.settings = settings
    app.state.webhooks = webhooks or Webhooks(office)
    app.state.limiter = Limiter(settings)
    for module in ROUTERS:
        app.include_router(module.router)
    problems.install(app)
    app.add_middleware(Whole)
    app.add_middleware(Observed, failing=problems.unexpected)
    return app
