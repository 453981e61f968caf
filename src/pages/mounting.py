"""Puts the pages under /pages of an application that ``create_app`` made."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from importlib.resources import files
from typing import NamedTuple

from fastapi import FastAPI, Request
from nicegui import app as nicegui
from nicegui import ui
from starlette.responses import RedirectResponse, Response

from ..api.errors import ApiError, TokenInvalid
from ..api.negotiation import preferred
from ..domain.errors import Rejected
from ..projections import ProjectionError
from ..storage import StorageError
from . import (
    audit,
    behind,
    board,
    downloads,
    operations,
    owner_statement,
    projector,
    quality,
    record,
    signing,
)
from .failing import Nameless, unexpected
from .frame import framed, refused
from .headers import Guarded
from .visit import Visit, visit
from .words import LOCALES, Tongue, Words

PLACE = "/pages"
RESPONSE_SECONDS = 30.0
"""How long a page may take; a question to the views takes parts of a second."""
RECONNECT_SECONDS = 30.0
"""How long a browser that went silent finds its page again as it was."""
REFUSALS = (ApiError, Rejected, ProjectionError, StorageError)


class Page(NamedTuple):
    """A page: the phrase that names it, its path, and what builds it."""

    name: str
    path: str
    build: Callable[[Visit], Awaitable[None]]


PAGES = (
    Page("board", "board", board.build),
    Page("quality", "quality", quality.build),
    Page("behind", "quality/cases", behind.build),
    Page("operations", "operations", operations.build),
    Page("reports", "reports", downloads.build),
    Page("audit", "audit", audit.build),
    Page("statement", "audit/statement", owner_statement.build),
    Page("projector", "projector", projector.build),
    Page("record", "{kind}/{id:path}", record.build),
)


def add_pages(app: FastAPI) -> None:
    """Serve the pages under ``/pages`` for the office, tokens and limits that ``app`` has.

    NiceGUI has one application a process, so pages can be added to one application only.
    """
    nicegui.state.office = app.state.office
    nicegui.state.trusts = app.state.trusts
    nicegui.state.limiter = app.state.limiter
    nicegui.add_middleware(Guarded)
    nicegui.include_router(signing.router)
    nicegui.include_router(downloads.router)
    style = files("guanjia.pages").joinpath("style.css")
    nicegui.add_static_file(local_file=str(style), url_path="/style.css")
    for tongue in LOCALES:
        _register(tongue)
    app.add_api_route(PLACE, _entered, include_in_schema=False)
    nicegui.on_page_exception(unexpected)
    logging.getLogger("nicegui").addFilter(Nameless())
    ui.run_with(
        app,
        mount_path=PLACE,
        reconnect_timeout=RECONNECT_SECONDS,
        tailwind=False,
        show_welcome_message=False,
    )


def _entered(request: Request) -> Response:
    """Lead to the first page, in the language that the browser prefers."""
    tongue = preferred(request.headers.get("accept-language"), tuple(LOCALES)) or "zh"
    return RedirectResponse(f"{request.scope.get('root_path', '')}{PLACE}/{tongue}/board")


def _register(tongue: Tongue) -> None:
    """Register every page in one language."""
    words = Words(tongue)
    page = partial(ui.page, language=LOCALES[tongue], response_timeout=RESPONSE_SECONDS)
    page(f"/{tongue}/sign-in", title=words("title", page=words("sign_in")))(_sign_in(words))
    for one in PAGES:
        title = words("title", page=words(one.name))
        page(f"/{tongue}/{one.path}", title=title)(_shown(one, tongue))


def _sign_in(words: Words) -> Callable[[Request], None]:
    def shown(request: Request) -> None:
        signing.sign_in(request, words)

    return shown


def _shown(page: Page, tongue: Tongue) -> Callable[[Request], Awaitable[object]]:
    """Return what answers a request for a page: the page, or the way to the sign-in."""

    async def shown(request: Request) -> Response | None:
        try:
            visitor = await visit(request, tongue)
        except TokenInvalid:
            return signing.sign_in_first(request, tongue)
        with framed(visitor, page.name):
            try:
                await page.build(visitor)
            except REFUSALS as refusal:
                refused(visitor.words, refusal.code)
        return None

    return shown
